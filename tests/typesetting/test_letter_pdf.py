"""The answer letter as a reader, a screen reader and a validator find it; hostile words stay words."""

import pytest

from tests.typesetting.sample import faults, open_pdf, structure, text_of, words_of
from workflow.typesetting import Pdf, typeset

LONG = "A new paragraph on district heating. " * 60


def answered(number: str, **given) -> dict:
    return {
        "number": number,
        "asked": "European Commission EC-4, 1 July 2025",
        "about": "A-2.3 Emissions gap",
        "language": "en",
        "quote": "The gap is 950,514 t.",
        "question": "How does it follow from the target?\n\nPlease name the source.",
        "answer": "It is the target less what existing plans avoid.",
        "changed": "Revision 1 → revision 2",
        "changes": [
            [
                {"kind": "same", "s": "The gap is "},
                {"kind": "removed", "s": "950,514 t"},
                {"kind": "added", "s": "950,000 t"},
                {"kind": "same", "s": "."},
            ]
        ],
        "more": "and 3 more changes",
    } | given


def letter(**given) -> dict:
    return {
        "city": "Ljubljana",
        "title": "Climate City Contract of Ljubljana",
        "kind": "Answers to the questions of the reviewers",
        "language": "en",
        "date": "2026-11-20",
        "date_words": "20 November 2026",
        "addressed": ["European Commission"],
        "addendum": "Addendum 2",
        "manifest": "ab12" * 16,
        "opening": "Dear reviewers,\n\nthank you for your questions.",
        "disclaimer": "",
        "entries": [
            answered("1"),
            answered("2", quote="", changed="", changes=[], more="", about=""),
        ],
    } | given


@pytest.fixture(scope="module")
def compiled() -> Pdf:
    return typeset(letter(), template="letter")


def test_an_independent_validator_finds_nothing(compiled):
    assert compiled.standards == ("ua-1", "a-2a")
    assert compiled.warnings == ()
    assert faults(compiled.bytes) == []


def test_it_holds_questions_answers_and_what_changed(compiled):
    words = words_of(compiled.bytes)
    for told in (
        "20 November 2026",
        "Dear reviewers,",
        "Question 1",
        "“The gap is 950,514 t.”",
        "It is the target less what existing plans avoid.",
        "The gap is 950,514 t 950,000 t.",
        "and 3 more changes",
        "Addendum 2",
        "ab12" * 16,
    ):
        assert told in words
    assert words.index("Question 1") < words.index("Question 2")


def test_its_headings_are_a_title_and_the_questions(compiled):
    levels = [str(e.S) for e in structure(open_pdf(compiled.bytes)) if str(e.S).startswith("/H")]
    assert levels == ["/H1", "/H2", "/H2"]


def test_the_same_letter_gives_the_same_bytes(compiled):
    assert typeset(letter(), template="letter").bytes == compiled.bytes


def test_a_long_letter_has_numbered_pages():
    entries = [answered(str(n), answer=LONG) for n in range(1, 9)]
    made = typeset(letter(entries=entries), template="letter")
    pages = text_of(made.bytes, "-layout").rstrip("\f").split("\f")
    assert made.pages == len(pages) > 4
    assert f"2 of {made.pages}" in pages[1]


@pytest.mark.parametrize(
    "words", ['#read("/etc/passwd")', "$ x $ _a_ *b* @c <d> `e`", "\u202edelrow", "ž" * 400, "🏳️‍🌈"]
)
def test_what_people_typed_is_printed_and_never_read_as_code(words):
    entry = answered("1", question=words, answer=words, quote=words)
    entry["changes"] = [[{"kind": "added", "s": words}]]
    made = typeset(letter(entries=[entry], opening=words), template="letter")
    assert made.pages >= 1
    assert "root:" not in words_of(made.bytes)
