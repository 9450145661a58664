"""One text has one spelling, and spelling it canonically changes nothing that is read."""

import unicodedata

from hypothesis import example, given, settings

from tests.rules.text.reading import corpus, markdown
from tests.support.complete import many
from workflow.rules.text import canonical, dialect, fingerprint, render


@settings(max_examples=many(150))
@given(markdown)
@example("a\\    \nb")
@example("`a  \nb`")
def test_doing_it_twice_changes_nothing(source):
    assert canonical(canonical(source)) == canonical(source)


@settings(max_examples=many(150))
@given(markdown)
def test_the_canonical_text_is_clean(source):
    text = canonical(source)
    assert text == unicodedata.normalize("NFC", text)
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in text if char not in "\n\t"
    )
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
    for line in text.split("\n"):
        assert line == line.rstrip(" \t") or line.rstrip(" \t").endswith("\\")
    text.encode()


def test_the_meaning_of_every_example_of_commonmark_stays():
    for case in corpus("commonmark-0.31.2-spec-tests.json"):
        text = canonical(case["markdown"])
        tokens = dialect.parser().parse(case["markdown"], {})
        again = dialect.parser().parse(text, {})
        if case["section"] not in ("Code spans", "Fenced code blocks", "Indented code blocks"):
            assert [token.type for token in tokens] == [token.type for token in again], case


def test_two_spaces_that_break_a_line_become_visible():
    assert canonical("one  \ntwo") == "one\\\ntwo\n"
    assert canonical("one  \n\ntwo  ") == "one\n\ntwo\n"
    assert canonical("```\none  \ntwo\n```") == "```\none\ntwo\n```\n"
    assert "<br>" not in render("one\\ \ntwo").html


def test_line_ends_and_accents_have_one_form():
    assert canonical("a\r\nb\rc\u2028d\u2029e\x85f") == "a\nb\nc\nd\n\ne\nf\n"
    assert canonical("e\u0301") == "\u00e9\n"
    assert canonical("\ufeffa\x00\x07b\x9fc") == "abc\n"
    assert canonical("\n\n  \n") == ""


def test_the_same_text_has_the_same_fingerprint():
    assert fingerprint("a \r\n") == fingerprint("a")
    assert fingerprint("a") != fingerprint("b")


def test_a_column_of_numbers_is_known_by_its_cells():
    def classes(*cells):
        rows = "\n".join(f"| {cell} |" for cell in cells)
        tokens = dialect.parser().parse(f"| head |\n|---|\n{rows}\n", {})
        return {token.attrs.get("class") for token in tokens if token.type == "td_open"}

    assert classes("12 %", "–", "1.234,5", "€ 3", "~5 kt CO2e") == {"number"}
    assert classes("12 %", "about a dozen") == {None}
    assert classes("–", "n/a", "") == {None}
