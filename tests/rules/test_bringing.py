"""Where pieces of a brought contract go: by code, by title, along with what stands above; never by a silent guess."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.bringing import Outline, Target, Why, bare, code_of, plan, texts
from workflow.rules.manuscript import of_markdown
from workflow.rules.text.render import render
from workflow.rules.text.typed import Run, escaped, line

OUTLINE = Outline(
    [
        Target(1, ("AP-A-1", "A-1"), ("GHG emissions baseline",), ("A-1.1", "A-1.2"), "10", "ap"),
        Target(2, ("AP-B-2-E",), ("Energy systems",), ("B-2.1",), "11", "ap"),
        Target(3, ("AP-B-2-T",), ("Mobility and transport",), ("B-2.1",), "11", "ap"),
        Target(4, ("IP-A-1", "A-1"), ("Finance today",), (), "20", "ip"),
        Target(5, ("AP-I",), ("Introduction",), (), "12", "ap"),
    ],
    {"ap": ("Action Plan",), "ip": ("Investment Plan",)},
)


def go(markdown: str, chosen=None) -> list[tuple[str, int | None, Why, int | None]]:
    pieces = of_markdown(markdown).pieces
    placed = plan(pieces, OUTLINE, chosen or {})
    return [
        (piece.title, one.section, one.why, one.perhaps)
        for piece, one in zip(pieces, placed, strict=True)
    ]


@pytest.mark.parametrize(
    ("title", "code", "words"),
    [
        ("Module A-1 Greenhouse gases", "A-1", "Greenhouse gases"),
        ("Modul B – 2: Portfolio", "B-2", "Portfolio"),
        ("3.1 A-1.3 Activity by sector", "A-1.3", "Activity by sector"),
        ("AP-B-2-E Energy", "AP-B-2-E", "Energy"),
        ("3.2.1 Energy", "", "Energy"),
        ("Co-benefits", "", "Co-benefits"),
        ("A-100km ring", "", "A-100km ring"),
    ],
)
def test_a_heading_begins_with_a_code_or_a_number_or_neither(title, code, words):
    assert (code_of(title), bare(title)) == (code, words)


def test_what_stands_below_a_heading_goes_along():
    assert go(
        "# AP-B-2-E\n\nHeat.\n\n## Wind\n\nIt blows.\n\n# Mobility & transport\n\nTrams."
    ) == [
        ("AP-B-2-E", 2, Why.CODE, None),
        ("Wind", 2, Why.WITHIN, None),
        ("Mobility & transport", 3, Why.TITLE, None),
    ]


def test_the_same_code_means_the_module_of_the_component_that_is_being_read():
    read = go("# Action Plan\n\n## A-1 Baseline\n\nx\n\n# Investment Plan\n\n## A-1 Money\n\ny")
    assert [one[1] for one in read] == [None, 1, None, 4]


def test_a_code_that_several_sections_share_decides_nothing():
    assert go("# A-1 Something\n\nx")[0][1:3] == (None, Why.NOWHERE)
    assert go("# B-2.1 Portfolios\n\nx")[0][1:3] == (None, Why.NOWHERE)


def test_a_similar_title_is_named_but_not_taken():
    [(_, section, why, perhaps)] = go("# Energy system plan\n\nx")
    assert (section, why, perhaps) == (None, Why.NOWHERE, 2)


def test_a_chapter_keeps_its_own_introduction():
    assert go("# A-1.1 Energy use\n\nx\n\n## Introduction\n\ny")[1][1:3] == (1, Why.WITHIN)
    assert go("# AP-B-2-E\n\nx\n\n## Introduction\n\ny")[1][1:3] == (2, Why.WITHIN)


def test_what_somebody_chose_goes_there_and_takes_along_what_stands_below():
    text = "# Our energy\n\nx\n\n## Wind\n\ny\n\n## Sun\n\nz"
    assert [one[1] for one in go(text)] == [None, None, None]
    assert [one[1] for one in go(text, {1: "2"})] == [2, 2, 2]
    assert [one[1] for one in go(text, {1: "2", 2: "out", 3: "3"})] == [2, None, 3]
    assert [one[1] for one in go("# AP-B-2-E\n\nx\n\n# Trams\n\ny", {2: "above"})] == [2, None]


def test_a_section_gets_its_pieces_in_order_with_headings_below_its_title():
    pieces = of_markdown(
        "# Action Plan\n\n## Module AP-A-1 Baseline\n\nIntro.[^a]\n\n"
        "### A-1.1 Use\n\nMWh.\n\n#### Gas\n\nLess.\n\n[^a]: Note"
    ).pieces
    made = texts(pieces, plan(pieces, OUTLINE, {}), OUTLINE)
    assert made == {
        1: "Intro.[^a]\n\n# A-1.1 Use\n\nMWh.\n\n## Gas\n\nLess.\n\n[^a]: Note\n",
    }


def test_footnotes_follow_the_piece_that_refers_to_them():
    pieces = of_markdown(
        "# AP-B-2-E\n\nHeat.[^1]\n\n# AP-B-2-T\n\nTrams.[^2]\n\n[^1]: Moste\n[^2]: LPP\n\n    more\n"
    ).pieces
    made = texts(pieces, plan(pieces, OUTLINE, {}), OUTLINE)
    assert made == {
        2: "Heat.[^1]\n\n[^1]: Moste\n",
        3: "Trams.[^2]\n\n[^2]: LPP\n\n    more\n",
    }


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs")), max_size=12)
SIGNS = st.text("ab1 .)(#*_~`[]!<>&;:|\\-+=^\"'", max_size=24)


@given(st.lists(st.one_of(WORDS, SIGNS), max_size=5).map(" ".join))
def test_words_typed_elsewhere_are_shown_as_they_were_typed(text):
    wanted = " ".join(unicodedata.normalize("NFC", text).split())
    assert " ".join(render(escaped(text)).plain.split()) == wanted


@given(st.lists(st.builds(Run, SIGNS, st.booleans(), st.booleans(), st.booleans()), max_size=5))
def test_marks_never_change_the_words(runs):
    bare = line([Run(run.text) for run in runs])
    assert render(line(runs)).plain == render(bare).plain


def test_marks_are_read_as_they_were_meant():
    assert line([Run("a "), Run("bold ", strong=True), Run("b")]) == "a **bold** b"
    assert line([Run("see "), Run("here", href="https://x.org")]) == "see [here](https://x.org)"
    assert line([Run("x", href="javascript:alert(1)")]) == "x"
    assert line([Run("a"), Run(breaks=True), Run("# b")]) == "a\\\n\\# b"


def test_a_piece_before_every_heading_has_no_place_of_its_own():
    assert go("Words first.\n\n# AP-I\n\nx")[0] == ("", None, Why.NOWHERE, None)
