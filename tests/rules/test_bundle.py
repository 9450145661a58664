"""A contract as files of Markdown, out and in again: the same texts, and nothing that means harm."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pictures import drawn
from workflow.rules import bringing, bundle
from workflow.rules.bringing import Outline, Target
from workflow.rules.bundle import Text
from workflow.rules.manuscript import Lost
from workflow.rules.picture_files import rewritten
from workflow.rules.refusals import Invalid
from workflow.rules.text.dialect import canonical

MARKDOWN = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                "# A",
                "---",
                "code: 1",
                "| a | b |\n|---|---|",
                "[^1]",
                "[^1]: x",
                "- a",
                "    b",
                "::: city",
                ":::",
            ]
        ),
        max_size=8,
    ).map("\n\n".join),
)


def there_and_back(markdown: dict[str, str]) -> dict[int, str]:
    texts = [
        Text(code, {"title": f"Title {code}"}, canonical(said)) for code, said in markdown.items()
    ]
    read = bundle.read(bundle.write(texts, "# Contract\n"))
    targets = [Target(n, (code,), (f"Title {code}",)) for n, code in enumerate(markdown)]
    outline = Outline(targets)
    return bringing.texts(read.pieces, bringing.plan(read.pieces, outline, {}), outline)


@given(st.lists(MARKDOWN, min_size=1, max_size=4))
def test_texts_come_back_as_they_left(texts):
    markdown = {f"AP-A-{n}": text for n, text in enumerate(texts)}
    wanted = {n: canonical(text) for n, text in enumerate(texts) if canonical(text).strip()}
    assert there_and_back(markdown) == wanted


def test_the_same_texts_are_the_same_bytes():
    texts = [Text("A-1", {"title": "Heat", "revision": 2}, "Wood.\n")]
    assert bundle.write(texts, "x") == bundle.write(list(texts), "x")
    with zipfile.ZipFile(io.BytesIO(bundle.write(texts, "x"))) as packed:
        assert packed.namelist() == ["README.md", "sections/001-A-1.md"]
        assert packed.read("sections/001-A-1.md").decode() == (
            '---\ncode: "A-1"\ntitle: "Heat"\nrevision: 2\n---\n\nWood.\n'
        )


def test_a_text_that_lacks_blocks_says_so():
    content = bundle.write([Text("A-1", {"title": "Heat", "whole": False}, "Wood.\n")], "x")
    assert [(one.kind, one.words) for one in bundle.read(content).missed] == [
        (Lost.FEWER_EYES, "A-1 Heat")
    ]


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        packed(**{"a.md": b"no front matter"}),
        packed(**{"a.md": b'---\ncode: "A\n---\n\nx'}),
        packed(**{"a.md": b"---\ncode: 7\n---\n\nx"}),
        packed(**{"a.md": b"\xff\xfe"}),
        packed(**{"a.md": b"0" * 60_000_000}),
        packed(**{f"{n}.md": b"" for n in range(2_001)}),
        packed(**{"a.md": b'---\ncode: "A"\n---\n\nx'})[:-30],
    ],
    ids=["front", "json", "number", "utf-8", "bomb", "many", "cut off"],
)
def test_what_is_no_bundle_is_refused_in_words(content):
    with pytest.raises(Invalid):
        bundle.read(content)


PICTURES = [
    rewritten(drawn((20 + n, 30), kind=kind, colour=colour))
    for n, (kind, colour) in enumerate([("PNG", "red"), ("JPEG", "blue"), ("PNG", "green")])
]


@given(st.lists(st.tuples(MARKDOWN, st.sets(st.integers(0, 2))), min_size=1, max_size=3))
def test_texts_and_the_pictures_they_show_come_back_with_the_same_hashes(given_):
    texts, shown = [], {}
    for n, (markdown, which) in enumerate(given_):
        for one in which:
            made = PICTURES[one]
            shown[made.sha256[:32]] = made
            markdown += f"\n\n![Seen](picture:{made.sha256[:32]})"
        texts.append(Text(f"AP-A-{n}", {"title": "T"}, canonical(markdown)))
    files = {bundle.picture_name(one.sha256, one.ending): one.content for one in shown.values()}
    read = bundle.read(bundle.write(texts, "x", files))
    assert {name: one.made for name, one in read.pictures.items()} == shown
    back = {piece.code: piece.markdown for piece in read.pieces}
    assert back == {text.code: text.markdown for text in texts}


def test_a_picture_that_somebody_changed_is_another_one_and_named_so():
    name = "a" * 64
    told = Text("A-1", {"title": "T"}, f"![Seen](picture:{name[:32]})\n")
    files = {
        f"pictures/{name}.png": drawn(colour="red"),
        f"pictures/{'b' * 64}.png": drawn(colour="green"),
        f"pictures/{'c' * 64}.png": b"<svg/>",
    }
    read = bundle.read(bundle.write([told], "x", files))
    made = rewritten(drawn(colour="red"))
    assert list(read.pictures) == [made.sha256[:32]]
    assert read.pieces[0].markdown == f"![Seen](picture:{made.sha256[:32]})\n"
