"""The Word file as Word and whoever reads it find it: styles, tables, notes, comments and tracked changes."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from tests.rules.text.reading import corpus
from tests.support.complete import many
from tests.typesetting.sample import contract, remark, section
from tests.typesetting.test_changes import CHANGES
from workflow.rules.text import changed, marking, nodes
from workflow.rules.text.render import render
from workflow.word import write

TEXT = """District heat warms almost half of all homes.[^moste] **It was mostly coal** in 2018.[^moste]

1. First
2. Second
   - within

   going on

> Quoted words

See [the plan](https://example.org/plan).

[^moste]: From the plant in *Moste*.
"""


def opened(document: dict):
    return docx.Document(io.BytesIO(write(document).bytes))


def reviewed(**remarks: dict):
    """A copy for reviewers; each remark is about the words of its quote."""
    plain = render(TEXT).plain
    spans = {
        one["id"]: (plain.index(one["quote"]), plain.index(one["quote"]) + len(one["quote"]))
        for one in remarks.values()
        if one["quote"]
    }
    text = section("A-2", "Heat", TEXT, nodes=marking.of(TEXT, spans).nodes)
    made = contract(lined=True)
    made["components"][0]["modules"][0]["sections"] = [text]
    made["annex"]["sections"] = [
        {"code": "A-2", "title": "Heat", "remarks": list(remarks.values())}
    ]
    return opened(made)


def words(element, tag: str = "w:t") -> str:
    return "".join(text.text for text in element.iter(qn(tag)))


@pytest.fixture(scope="module")
def file():
    return opened(contract())


def test_headings_are_words_own_and_in_their_order(file):
    found = [
        (paragraph.style.name, paragraph.text)
        for paragraph in file.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert ("Heading 1", "Action Plan") in found
    assert ("Heading 2", "A-1 Emissions inventory") in found
    assert ("Heading 3", "A-1-E Heat and power") in found
    assert ("Heading 4", "What follows") in found
    levels = [int(name[-1]) for name, _text in found]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_contents_lead_to_the_headings(file):
    anchors = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))}
    names = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    assert len(anchors) > 5
    assert anchors <= names
    assert "TOC" in words(file.element.body, "w:instrText")


def test_tables_repeat_their_head_and_stress_their_totals(file):
    table = file.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Energy source", "CO2 (t/MWh)", "Method"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert table.cell(3, 0).paragraphs[0].runs[0].bold
    assert len(file.tables[1].rows) == 121
    captions = [one.text for one in file.paragraphs if one.style.name == "Caption"]
    assert captions == ["Table 1  Emission factors applied"]


def test_lists_count_for_themselves_and_keep_their_depth():
    file = reviewed()
    found = [
        (
            one.style.name,
            one.text,
            one._p.pPr.numPr.ilvl.val if one._p.pPr.numPr is not None else None,
        )
        for one in file.paragraphs
        if one.style.name.startswith("List")
    ]
    assert found == [
        ("List Number", "First", 0),
        ("List Number", "Second", 0),
        ("List Bullet", "within", 1),
        ("List Continue", "going on", None),
    ]
    assert [one.text for one in file.paragraphs if one.style.name == "Quote"] == ["Quoted words"]


def test_notes_are_footnotes_and_a_second_call_repeats_the_number():
    made = write(contract(components=[_component(TEXT)])).bytes
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        notes, body = (
            file.read("word/footnotes.xml").decode(),
            file.read("word/document.xml").decode(),
        )
    assert "From the plant in " in notes
    assert body.count("<w:footnoteReference") == 1
    assert body.count("NOTEREF _note1") == 1


def test_links_lead_where_they_led():
    file = opened(contract(components=[_component(TEXT)]))
    assert "https://example.org/plan" in {rel.target_ref for rel in file.part.rels.values()}


def test_a_remark_is_a_comment_at_its_passage_with_replies_and_answer():
    file = reviewed(
        one=remark(
            "1",
            "Which share?",
            id="71",
            quote="mostly coal",
            at="2026-03-04T10:00:00+00:00",
            replies=[{"author": "Ana", "organisation": "", "date": "", "text": "I second this."}],
        )
    )
    said = [(one.author, one.text) for one in file.comments]
    assert said == [
        ("Luka Čeh · Društvo Zelena kotlina", "#1 Question\nWhich share?"),
        ("Ana", "I second this."),
        ("Maja Hribernik", "Answer of the city: Accepted\nBefore sinks; a sentence now says so."),
    ]
    assert next(iter(file.comments)).timestamp.isoformat().startswith("2026-03-04T10:00:00")
    body = file.element.body
    inside, found = set(), ""
    for element in body.iter(qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:t")):
        if element.tag == qn("w:t"):
            found += element.text if "0" in inside else ""
        elif element.tag == qn("w:commentRangeStart"):
            inside.add(element.get(qn("w:id")))
        else:
            inside.discard(element.get(qn("w:id")))
    assert found == "mostly coal"


def test_a_remark_on_the_whole_section_stands_at_its_title():
    file = reviewed(one=remark("1", "On all of it.", id="71", quote=""))
    [heading] = [
        one for one in file.paragraphs if (one.style.name, one.text) == ("Heading 3", "A-2 Heat")
    ]
    assert heading._p.find(qn("w:commentRangeStart")) is not None
    assert "Comments and answers" not in [one.text for one in file.paragraphs]


def test_an_open_suggestion_is_a_tracked_change_by_its_author():
    file = reviewed(
        one=remark(
            "1", "Better so.", id="71", quote="in 2018", replacement="until 2018", disposition=""
        )
    )
    body = file.element.body
    [deleted], [inserted] = list(body.iter(qn("w:del"))), list(body.iter(qn("w:ins")))
    assert words(deleted, "w:delText") == "in 2018"
    assert words(inserted) == "until 2018"
    assert deleted.get(qn("w:author")) == inserted.get(qn("w:author")) == "Luka Čeh"
    assert deleted.get(qn("w:id")) != inserted.get(qn("w:id"))


def test_a_suggestion_over_several_paragraphs_stays_a_comment():
    file = reviewed(
        one=remark("1", "So.", id="71", quote="First\n\nSecond", replacement="One", disposition="")
    )
    assert list(file.element.body.iter(qn("w:del"))) == []
    assert [one.text for one in file.comments] == ["#1 Question\nSo.\nSuggested text: One"]


def test_changes_are_tracked_with_who_made_them_and_when():
    old = "It was coal.\n\nGone whole.\n\n| A | B |\n|---|---|\n| one | two |"
    new = "It was [mostly coal](https://example.org).\n\n- Came whole\n\n"
    new += "| A | B |\n|---|---|\n| one | two |\n| three | four |"
    made = contract(components=[_component(new)], changes=CHANGES)
    text = made["components"][0]["modules"][0]["sections"][0]
    text["nodes"] = changed.of(old, new)
    text["changed"] = {"author": "Maja Hribernik", "at": "2026-03-04T10:00:00+00:00"}
    file = opened(made)
    body = file.element.body
    deleted = [words(one, "w:delText") for one in body.iter(qn("w:del"))]
    inserted = [words(one) for one in body.iter(qn("w:ins"))]
    assert "Gone whole." in deleted
    assert {"mostly ", "Came whole", "three", "four"} <= set(inserted)
    [link] = [one for one in body.iter(qn("w:hyperlink")) if one.get(qn("r:id"))]
    assert words(link) == "mostly coal"
    signed = [*body.iter(qn("w:ins")), *body.iter(qn("w:del"))]
    assert {(one.get(qn("w:author")), one.get(qn("w:date"))) for one in signed} == {
        ("Maja Hribernik", "2026-03-04T10:00:00+00:00")
    }
    numbers = [one.get(qn("w:id")) for one in signed]
    assert len(numbers) == len(set(numbers))
    paragraphs = [
        one
        for one in file.paragraphs
        if one._p.find(f".//{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None
    ]
    assert len(paragraphs) == 1
    assert file.tables[1].rows[2]._tr.trPr.find(qn("w:ins")) is not None
    assert [cell.text for cell in file.tables[0].rows[1].cells] == ["A-2 Heat", "3", "5", "17", "8"]


def test_a_copy_to_read_has_the_remarks_at_its_end(file):
    texts = [one.text for one in file.paragraphs]
    assert "Comments and answers" in texts
    assert "Before or after sinks?" in texts
    assert list(file.comments) == []


def test_the_file_says_its_title_its_language_and_its_day(file):
    about = file.core_properties
    assert (about.title, about.author, about.language) == (
        "Climate City Contract",
        "Ljubljana",
        "en-GB",
    )
    assert about.created.date().isoformat() == "2026-03-24"


def test_text_in_another_language_is_marked_as_such():
    made = contract(components=[_component("Besedilo.", language="sl")])
    languages = [tag.get(qn("w:val")) for tag in opened(made).element.body.iter(qn("w:lang"))]
    assert set(languages) == {"sl-SI"}


def test_the_same_document_gives_the_same_bytes():
    assert write(contract()).bytes == write(contract()).bytes


def test_naughty_strings_are_written_as_they_were_typed():
    strings = [one for one in corpus("naughty-strings.json") if one.strip()]
    made = contract(components=[_component("")])
    text = made["components"][0]["modules"][0]["sections"][0]
    text["nodes"] = [{"t": "p", "c": [one]} for one in strings]
    file = opened(made)
    written = [one.text for one in file.paragraphs if one.style.name == "Normal"]
    kept = [one for one in strings if one.isprintable()]
    assert set(kept) <= set(written)


@settings(max_examples=many(60), deadline=None)
@given_(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_whatever_was_typed_can_be_opened(texts):
    markdown = "\n\n".join(texts)
    opened(contract(components=[_component(markdown)]))


def test_a_build_that_is_given_up_stops_at_the_next_section():
    def give_up(step, _percent):
        if step == "pages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(contract(), on_step=give_up)


def _component(markdown: str, **given) -> dict:
    text = section("A-1", "Heat", markdown, **given) | {"nodes": nodes.of(markdown)}
    module = {"code": "A", "title": "Module", "sections": [text]}
    return {"code": "AP", "title": "Action Plan", "modules": [module]}


def test_abbreviations_are_a_table_after_the_contents():
    listed = [{"short": "GHG", "long": "greenhouse gas", "language": "en"}]
    first = opened(contract(abbreviations=listed)).tables[0]
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["Abbreviation", "Meaning"],
        ["GHG", "greenhouse gas"],
    ]


def test_headings_bear_the_citys_colour_where_it_has_one():
    def colours(**what) -> set[str]:
        styles = opened(contract() | what).styles
        names = ("Heading 2", "Caption", "Eyebrow", "Hyperlink")
        return {str(styles[name].font.color.rgb) for name in names}

    assert colours() == {"0B5D5B"}
    assert colours(colour="#7a1f3d") == {"7A1F3D"}


def wide(columns: int) -> str:
    head = "|" + " Stakeholderverantwortung |" * columns
    return f"{head}\n|{' --- |' * columns}\n" + f"|{' 123456,78 |' * columns}\n" * 2


def test_tables_that_are_too_wide_come_on_pages_that_lie_on_their_side():
    text = f"Before.\n\n{wide(9)}\n{wide(10)}\nSource: the plan\n\nBetween.\n\n{wide(2)}\nAfter.\n"
    made = contract(lined=True)
    made["components"][0]["modules"][0]["sections"] = [section("A-2", "Heat", text)]
    file = opened(made)
    pages = [(one.page_width > one.page_height, one.orientation) for one in file.sections]
    assert pages == [(False, 0), (True, 1), (False, 0)]
    lying = file.sections[1]
    room = lying.page_width - lying.left_margin - lying.right_margin
    across = [
        sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) * 635
        for table in file.tables
    ]
    assert all(one == pytest.approx(room, rel=0.02) for one in across[:2])
    assert across[2] < room * 0.7
    assert file.sections[1].header.is_linked_to_previous
    assert file.sections[0].header.paragraphs[0].text
    numbered = [one._sectPr.find(qn("w:lnNumType")) is not None for one in file.sections]
    assert numbered == [True, True, True]
    assert [one.different_first_page_header_footer for one in file.sections] == [True, False, False]
    ends = [
        words(one)
        for one in file.element.body.iter(qn("w:p"))
        if one.find(f".//{qn('w:sectPr')}") is not None
    ]
    assert ends == ["", "Source: the plan"]
