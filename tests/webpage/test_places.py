"""Places on a page that something leads to: each is there once, also in a part of a contract."""

from tests.typesetting.sample import with_text
from tests.webpage.test_webpage import one, page_of, words


def test_a_chart_and_a_figure_of_a_part_have_places_of_their_own():
    picture = "![A map](picture:0123456789abcdef0123456789abcdef)\n\nFigure: A map\n"
    text = f"{picture}\n::: chart baseline\nEmissions\n:::\n"
    document = with_text(text)
    section = document["components"][0]["modules"][0]["sections"][0]
    section["before"] = {"fig": 1, "tbl": 0}
    page, _packed = page_of(document)
    assert words(one(page, "a", href="#figure-2")) == "Figure 2 A map"
    assert words(one(page, "a", href="#figure-3")) == "Figure 3 Emissions"
