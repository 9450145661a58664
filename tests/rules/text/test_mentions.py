"""Who is named in a remark: exactly these names, and nowhere where an @ means something else."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.text.reading import read
from workflow.rules.text import may_name, mentions, remark_html

PEOPLE = ("Ana Novak", "Ana", "Ana Novak Kos", "Špela Žnidaršič", "Jože O’Brien")
ADDRESS = re.compile(r"https?://\S+|[^\s@]+@[^\s@]+\.\w+|`[^`\n]*`", re.IGNORECASE)


def said(text, names=PEOPLE):
    return [one.name for one in mentions(text, names)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana Novak, please look.", ["Ana Novak"]),
        ("@Ana Novak Kos and @Ana Kos", ["Ana Novak Kos", "Ana"]),
        ("(@ana novak) “@ŠPELA ŽNIDARŠIČ”", ["Ana Novak", "Špela Žnidaršič"]),
        ("cc @Ana Novak's figures, @Jože O’Brien.", ["Ana Novak", "Jože O’Brien"]),
        ("@Ana\u00a0Novak!\n@Ana\nNovak", ["Ana Novak", "Ana"]),
        ("@S\u030cpela Z\u030cnidars\u030cic\u030c", ["Špela Žnidaršič"]),
    ],
)
def test_a_name_after_an_at_names_somebody_the_longest_one_that_fits(text, names):
    assert said(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Ana Novak",
        "@ Ana Novak",
        "@Anamarija",
        "@Ana-Marija",
        "@Ana.si",
        "@Ana@example.org",
        "ana@Ana",
        "mail.to-@Ana",
        "https://example.org/@Ana",
        "https://example.org/?q=(@Ana",
        "www.example.org/@Ana",
        "`@Ana`",
        "``` a\n@Ana\n```",
        "``` @Ana and no end",
        "@Anaa\u0301",
        "@Ana\u0301",
        "@@Ana",
    ],
)
def test_in_words_addresses_and_code_nobody_is_named(text):
    assert said(text) == []


PIECES = ["@", "Ana", "Novak", " ", "\n", "Kos", ".", "https://a.b/", "`", "-", "'s", "(", ",", "x"]
PIECES += ["a@b.si", "@Ana Novak", "Š", "š", "\u030c", "ß", "İ", "\u00a0", "```"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text()


@given(TEXTS, st.sets(st.sampled_from([*PEOPLE, "Š", "x", "", " ", "İ ß"])))
def test_whoever_is_named_stands_there_as_a_word_of_its_own(text, names):
    shut = [match.span() for match in ADDRESS.finditer(text)]
    past = 0
    for one in mentions(text, names):
        assert one.name in names and one.name.strip()
        assert past <= one.start < one.end <= len(text)
        past = one.end
        assert text[one.start] == "@"
        assert alike(text[one.start + 1 : one.end]) == alike(one.name)
        assert not text[one.start - 1 : one.start].isalnum()
        assert not text[one.end : one.end + 1].isalnum()
        assert not any(start <= one.start < end for start, end in shut)
    assert may_name(text) or not mentions(text, names)


def alike(name):
    return " ".join(normalize("NFC", name).casefold().split())


@given(TEXTS)
def test_marking_names_changes_no_character_of_what_was_typed(text):
    plain, marked = read(remark_html(text)), read(remark_html(text, PEOPLE))
    assert (marked.text, marked.dangers) == (plain.text, [])
    typed = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert marked.tags.count("span") == len(mentions(typed, PEOPLE))


def test_a_name_is_marked_and_leads_nowhere():
    assert (
        remark_html("Ask @Ana & @Tine", ["Ana"])
        == '<p>Ask <span class="mention">@Ana</span> &amp; @Tine</p>'
    )
