"""A chart is named in the text and drawn from figures; its caption is words like others."""

import pytest
from hypothesis import given

from tests.rules.text.reading import markdown
from workflow.rules.text import canonical, changed, eyes, merge, nodes, references, render, units
from workflow.rules.vocabulary import Visibility

CHART = "::: chart baseline {#fig:base}\nBy *sector* in 2018\n:::\n"


def test_what_stands_in_it_is_its_caption_and_it_is_counted_as_a_figure():
    rendered = render(f"Before.\n\n{CHART}\nAfter.")
    assert rendered.plain == "Before.\n\nBy sector in 2018\n\nAfter."
    assert 'id="t-fig:base"' in rendered.html
    assert '<div class="chart-place" data-chart="baseline"></div>' in rendered.html
    _before, chart, _after = nodes.of(f"Before.\n\n{CHART}\nAfter.")
    assert chart == {
        "t": "chart",
        "name": "baseline",
        "caption": ["By ", {"t": "em", "c": ["sector"]}, " in 2018"],
        "source": None,
        "key": "fig:base",
        "count": 1,
    }
    index = references.index(CHART)
    assert (index.labels, index.charts) == ((("fig:base", 1),), ("baseline",))


def test_it_needs_no_words_and_may_have_a_source():
    (chart,) = nodes.of("::: chart gap\n:::\n\nSource: the city")
    assert (chart["caption"], chart["source"], chart["count"]) == ([], ["the city"], 1)


def test_a_label_and_the_word_of_a_caption_may_stand_inside():
    (chart,) = nodes.of("::: chart gap\nFigure: The way {#fig:way}\n:::")
    assert (chart["caption"], chart["key"]) == (["The way"], "fig:way")


def test_what_else_stands_in_it_follows_it():
    kinds = [node["t"] for node in nodes.of("::: chart gap\nOne\n\nTwo\n\n- Three\n:::")]
    assert kinds == ["chart", "p", "ul"]


@pytest.mark.parametrize("written", ["::: chart\n:::", "::: chart a b c\n:::", "chart baseline"])
def test_what_names_no_chart_stays_words(written):
    assert references.index(written).charts == ()
    assert [node["t"] for node in nodes.of(written)] == ["p"]


def test_a_chart_for_fewer_eyes_is_not_there_for_others():
    text = f":::: city\n{CHART}::::\n\nOpen.\n"
    assert eyes.without(text, {Visibility.PUBLIC}) == "Open.\n"
    assert "data-chart" not in eyes.shown(render(text), {Visibility.PUBLIC}).html
    assert not eyes.restricted(CHART)


def test_a_merge_never_parts_it():
    assert [unit.text for unit in units.split(f"One.\n\n{CHART}\nTwo.\n")] == [
        "One.",
        CHART.strip(),
        "Two.",
    ]
    mine, theirs = f"One!\n\n{CHART}\nTwo.\n", f"One.\n\n{CHART.replace('2018', '2021')}\nTwo.\n"
    merged = merge.three_way(f"One.\n\n{CHART}\nTwo.\n", mine, theirs)
    assert merged.markdown == f"One!\n\n{CHART.replace('2018', '2021')}\nTwo.\n"


def test_changes_of_a_chart_are_those_of_its_words():
    (kept,) = changed.of(CHART, CHART.replace("2018", "2021"))
    assert kept["t"] == "chart"
    assert {"t": "ins", "c": ["2021"]} in kept["caption"]
    (gone,) = [node for node in changed.of(CHART, "Nothing.") if node.get("mark") == "gone"][:1]
    assert gone["t"] == "p"
    came = changed.of("Nothing.", CHART)
    assert [node["caption"][0]["t"] for node in came if node["t"] == "chart"] == ["ins"]


@given(markdown)
def test_charts_never_change_the_canonical_form_or_break_a_page(written):
    text = canonical(f"{written}\n\n{CHART}")
    assert canonical(text) == text
    assert render(text).html.count("<figure") == render(text).html.count("</figure>")
    nodes.of(text)
