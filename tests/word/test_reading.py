"""Word files read as our Markdown: of every language of Word, with everything Word puts beside the words."""

import io
import zipfile

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.complete import many
from tests.support.pictures import drawn
from tests.typesetting.sample import contract, section
from tests.word.strange import changed, word
from workflow.rules.manuscript import Lost
from workflow.rules.picture_files import rewritten
from workflow.rules.refusals import Invalid
from workflow.rules.text.render import render
from workflow.word import read, write


def only(fill) -> str:
    """The Markdown of a document without headings."""
    [piece] = read(word(fill)).pieces
    return piece.markdown


def lost(fill) -> list[tuple[Lost, str]]:
    return [(one.kind, one.words) for one in read(word(fill)).missed]


def put(paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def test_headings_cut_the_text_into_pieces():
    def fill(document):
        document.add_paragraph("Before.")
        document.add_heading("Action Plan", 0)
        document.add_heading("A-1 Baseline", 1)
        document.add_paragraph("Coal.")
        document.add_heading("Gas & oil", 2)

    assert [(p.number, p.level, p.title, p.markdown) for p in read(word(fill)).pieces] == [
        (1, 0, "", "Before.\n\nAction Plan"),
        (2, 1, "A-1 Baseline", "Coal."),
        (3, 2, "Gas & oil", ""),
    ]


@pytest.mark.parametrize(
    ("name", "level"),
    [("Naslov 1", 1), ("Überschrift 2", 2), ("Heading 3", 3), ("Titre 1", 1), ("Naslov2", 2)],
)
def test_headings_are_known_in_the_words_of_every_word(name, level):
    def fill(document):
        if name not in [one.name for one in document.styles]:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Toplota", style=name)

    [piece] = read(word(fill)).pieces
    assert (piece.level, piece.title) == (level, "Toplota")


def test_a_style_or_a_paragraph_of_the_citys_own_is_a_heading_by_its_outline_level():
    def fill(document):
        own = document.styles.add_style("Mestni slog", WD_STYLE_TYPE.PARAGRAPH)
        level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>')
        own.element.get_or_add_pPr().append(level)
        child = document.styles.add_style("Mestni slog modri", WD_STYLE_TYPE.PARAGRAPH)
        child.base_style = own
        document.add_paragraph("Heat", style="Mestni slog modri")
        paragraph = document.add_paragraph("Coal")
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="2"/>'))

    assert [(one.title, one.level) for one in read(word(fill)).pieces] == [("Heat", 2), ("Coal", 3)]


def test_looks_lists_links_and_quotations():
    def fill(document):
        paragraph = document.add_paragraph("Coal is ")
        paragraph.add_run("bold ").bold = True
        paragraph.add_run("and quiet").italic = True
        for words, style in [
            ("one", "List Bullet"),
            ("within", "List Bullet 2"),
            ("two", "List Bullet"),
            ("first", "List Number"),
            ("second", "List Number"),
            ("Said.", "Quote"),
            ("1. is no list", "Normal"),
        ]:
            document.add_paragraph(words, style=style)

    assert only(fill) == (
        "Coal is **bold** *and quiet*\n\n- one\n  - within\n- two\n\n1. first\n2. second\n\n"
        "> Said.\n\n1\\. is no list"
    )


def test_tables_keep_their_captions_and_say_where_cells_were_merged():
    def fill(document):
        document.add_paragraph("Table 3: Heat sold", style="Caption")
        table = document.add_table(3, 2)
        for row, cells in enumerate([("Year", "MWh"), ("2018", "1|2"), ("", "")]):
            for cell, words in zip(table.rows[row].cells, cells, strict=True):
                cell.text = words
        table.cell(2, 0).merge(table.cell(2, 1)).text = "all"
        table.cell(0, 0).add_paragraph("A. D.")

    assert only(fill) == (
        "Table: Heat sold\n\n| Year · A. D. | MWh |\n|---|---|\n| 2018 | 1\\|2 |\n| all |  |"
    )
    assert lost(fill) == [(Lost.MERGED, "all")]
    assert "<caption" in render(only(fill)).html


def test_tracked_changes_are_read_as_accepted_and_told():
    def fill(document):
        paragraph = document.add_paragraph("We heat with ")
        put(paragraph, '<w:del w:author="A"><w:r><w:delText>coal</w:delText></w:r></w:del>')
        put(paragraph, '<w:ins w:author="A"><w:r><w:t>wood</w:t></w:r></w:ins>')

    assert only(fill) == "We heat with wood"
    assert lost(fill) == [(Lost.DELETED, "coal"), (Lost.INSERTED, "wood")]


def test_comments_hidden_words_fields_and_contents_are_no_text():
    def fill(document):
        document.styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Heat ........ 3", style="TOC 1")
        paragraph = document.add_paragraph("See table ")
        put(paragraph, '<w:r><w:fldChar w:fldCharType="begin"/></w:r>')
        put(paragraph, "<w:r><w:instrText>REF x</w:instrText></w:r>")
        put(paragraph, '<w:r><w:fldChar w:fldCharType="separate"/></w:r>')
        put(paragraph, "<w:r><w:t>4</w:t></w:r>")
        put(paragraph, '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        put(paragraph, "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>")
        document.add_comment(paragraph.runs[0], text="Which one?", author="Maja")

    assert only(fill) == "See table 4"
    assert lost(fill) == [
        (Lost.CONTENTS, ""),
        (Lost.HIDDEN, "secret"),
        (Lost.COMMENT, "Maja: Which one?"),
    ]


TEXT = """District heat warms almost half of all homes.[^1] **It was mostly coal** in 2018.

# Where it comes from

1. First
2. Second
   - within

> Quoted words

See [the plan](https://example.org/plan).

Table: Heat sold

| Year | MWh |
|---|---|
| 2018 | 1,144,719 |

[^1]: From the plant in *Moste*.
"""


def ours(markdown: str) -> bytes:
    made = contract()
    made["components"][0]["modules"][0]["sections"] = [section("A-2", "Heat", markdown)]
    return write(made).bytes


def test_what_we_write_for_word_is_read_again():
    pieces = read(ours(TEXT)).pieces
    at = next(n for n, piece in enumerate(pieces) if "Heat" in piece.title)
    first, second = pieces[at : at + 2]
    assert (
        "District heat warms almost half of all homes.[^1] **It was mostly coal** in 2018."
        in first.markdown
    )
    assert second.title == "Where it comes from"
    assert second.markdown.startswith("1. First\n2. Second\n   - within\n\n> Quoted words")
    assert "See [the plan](https://example.org/plan)." in second.markdown
    assert "| Year | MWh |\n|---|---|\n| 2018 | 1,144,719 |" in second.markdown
    assert first.notes == {"1": "[^1]: From the plant in *Moste*."}


WORDS = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x24F, exclude_categories=("Cc",), exclude_characters="\xa0"
    ),
    max_size=30,
)


@settings(max_examples=many(40), deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_whatever_stands_in_paragraphs_is_read_as_it_stands(paragraphs):
    wanted = [" ".join(words.split()) for words in paragraphs]

    def fill(document):
        document.add_paragraph("Begin")
        for words in paragraphs:
            document.add_paragraph(words)

    shown = render(only(fill)).plain.split("\n\n")
    assert shown == ["Begin", *filter(None, wanted)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: good[: len(good) // 2],
        lambda good: b"PK\x03\x04 nonsense",
        lambda good: changed(good, lambda name, part: b"<broken" if "document" in name else part),
        lambda good: changed(
            good,
            lambda name, part: (
                part.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1)
                if name == "word/document.xml"
                else part
            ),
        ),
        lambda good: changed(good, lambda name, part: part, **{"word/vbaProject.bin": b"x"}),
        lambda good: changed(
            good,
            lambda name, part: part.replace(
                b"wordprocessingml.document.main", b"x.macroEnabled.main"
            ),
        ),
        lambda good: changed(
            good, lambda name, part: part, **{"word/media/a.png": b"0" * 30_000_000}
        ),
        lambda good: changed(
            good, lambda name, part: part, **{f"{n}.xml": b"" for n in range(6_001)}
        ),
    ],
    ids=["cut off", "no zip", "broken", "entities", "macros", "macro document", "bomb", "parts"],
)
def test_what_is_broken_or_means_harm_is_refused_in_words(spoil):
    good = word(lambda document: document.add_paragraph("Words"))
    with pytest.raises(Invalid) as refused:
        read(spoil(good))
    assert refused.value.name == "file"


def _part(content: bytes, name: str) -> int:
    """Where the bytes of a part begin."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.getinfo(name).header_offset + 30 + len(name)


def test_a_file_that_was_damaged_on_its_way_is_refused_in_words():
    good = word(lambda document: document.add_paragraph("Words"))
    at = _part(good, "word/document.xml")
    with pytest.raises(Invalid):
        read(good[:at] + b"\xff" * 4 + good[at + 4 :])


def test_a_picture_under_a_password_is_told_of_and_the_words_come():
    good = word(
        lambda document: (
            document.add_paragraph("Words"),
            document.add_picture(io.BytesIO(drawn())),
        )
    )
    name = b"word/media/image1.png"
    listed = good.rindex(name) - 46
    marked = bytearray(good)
    marked[listed + 8] |= 1
    found = read(bytes(marked))
    assert [piece.markdown for piece in found.pieces] == ["Words"]
    assert [one.kind for one in found.missed] == [Lost.PICTURE]


def test_a_file_without_words_and_a_file_that_is_no_document_are_refused():
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as file:
        file.writestr("x.txt", "x")
    for content in (word(lambda document: None), empty.getvalue()):
        with pytest.raises(Invalid):
            read(content)


def test_pictures_and_embedded_things_are_named_by_their_descriptions():
    def fill(document):
        paragraph = document.add_paragraph("Map: ")
        run = paragraph.add_run()
        run._r.append(
            parse_xml(
                f'<w:drawing {nsdecls("w", "wp")}><wp:inline><wp:docPr id="1" name="x" descr="A map"/></wp:inline>'
                "</w:drawing>"
            )
        )

    assert only(fill) == "Map:"
    assert lost(fill) == [(Lost.PICTURE, "A map")]


def pictured(document) -> None:
    """A heading, a picture with its description and caption, one without, and one of a kind that is not taken."""
    document.add_heading("A-1 Heat", 1)
    paragraph = document.add_paragraph("Where it comes from: ")
    paragraph.add_run().add_picture(io.BytesIO(drawn()))
    document.inline_shapes[0]._inline.docPr.set("descr", "A  map [of] heat")
    document.add_paragraph("Figure 3. Heat for all", style="Caption")
    document.add_paragraph("Table 1: Values", style="Caption")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Head"
    table.cell(0, 1).paragraphs[0].add_run().add_picture(io.BytesIO(drawn(colour="red")))
    document.add_picture(io.BytesIO(drawn(colour="blue")))
    document.inline_shapes[2]._inline.docPr.set("descr", "Drawing")


def spoiled(name: str, content: bytes) -> bytes:
    """The last picture is none that we take."""
    return b"EMF" if name.endswith("image3.png") else content


def test_pictures_come_along_with_what_they_show_and_their_captions():
    read_ = read(changed(word(pictured), spoiled))
    [piece] = read_.pieces
    first, second = read_.pictures
    assert piece.markdown == (
        f"Where it comes from:\n\n![A map \\[of\\] heat](picture:{first})\n\nFigure: Heat for all\n\n"
        f"Table: Values\n\n| Head |  |\n|---|---|\n\n![](picture:{second})"
    )
    assert [one.alt for one in read_.pictures.values()] == ["A map [of] heat", ""]
    assert read_.pictures[first].made == rewritten(drawn())
    assert [(one.kind, one.words) for one in read_.missed] == [
        (Lost.UNDESCRIBED, "image2.png"),
        (Lost.PICTURE, "Drawing (PNG)"),
    ]


def test_pictures_in_notes_or_elsewhere_in_the_world_are_only_named():
    def linked(document):
        document.add_picture(io.BytesIO(drawn()))
        document.inline_shapes[0]._inline.docPr.set("descr", "Far away")
        blip = next(document.element.body.iter(qn("a:blip")))
        blip.set(qn("r:link"), blip.attrib.pop(qn("r:embed")))
        document.add_paragraph("Words")

    assert only(linked) == "Words"
    assert lost(linked) == [(Lost.PICTURE, "Far away")]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_we_wrote_for_word_is_the_same_picture_again(kind, tmp_path):
    made = rewritten(drawn((90, 60), kind=kind))
    file = tmp_path / made.sha256
    file.write_bytes(made.content)
    name = made.sha256[:32]
    markdown = f"Heat.\n\n![A map](picture:{name})\n\nFigure: Heat\n\nSource: the city"
    document = contract()
    known = {"sha256": made.sha256, "ending": made.ending, "width": 90, "height": 60}
    document["components"][0]["modules"][0]["sections"] = [
        section("A-2", "Heat", markdown, pictures={name: known})
    ]
    back = read(write(document, files={made.sha256: file}).bytes)
    assert list(back.pictures) == [name]
    assert back.pictures[name].made == made
    assert any(
        f"![A map](picture:{name})\n\nFigure: Heat\n\nSource: the city" in one.markdown
        for one in back.pieces
    )
