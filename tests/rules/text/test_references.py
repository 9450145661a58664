"""Labels and references: counted over a whole contract, and the words that were typed wherever nobody counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.text.reading import markdown, sentence
from workflow.rules.text import canonical, changed, eyes, merge, nodes, references, render, typed
from workflow.rules.text.references import Text, faults, index, indexes, numbered, shown
from workflow.rules.text.sources import source_of
from workflow.rules.vocabulary import Visibility

NAME = "0123456789abcdef" * 2
PICTURE = f"![The network](picture:{NAME})"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"
CITY = frozenset(Visibility)


def text(number: int, markdown: str) -> Text:
    return Text(number, f"B-1.{number}", indexes(markdown))


def page(markdown: str, texts: list[Text], number: int = 1, language: str = "en") -> str:
    def address(target, label):
        return f"/{target.section}#{label}"

    html = render(markdown, language=language).html
    return shown(html, numbered(texts), number, language=language, address=address)


def test_a_label_is_no_word_of_the_text():
    labelled = f"{PICTURE}{{#fig:net}}\n\nFigure: Pipes\n\nTable: Costs {{#tbl:costs}}\n\n{TABLE}"
    bare = f"{PICTURE}\n\nFigure: Pipes\n\nTable: Costs\n\n{TABLE}"
    assert render(labelled).plain == render(bare).plain
    assert 'id="t-fig:net"' in render(labelled).html
    assert '<table id="t-tbl:costs"' in render(labelled).html
    figure, table = nodes.of(labelled)
    assert (figure["key"], figure["count"], figure["caption"]) == ("fig:net", 1, ["Pipes"])
    assert (table["key"], table["count"], table["caption"]) == ("tbl:costs", 1, ["Costs"])


def test_a_label_may_stand_at_the_end_of_the_caption_of_a_picture():
    (figure,) = nodes.of(f"{PICTURE}\n\nFigure: Pipes {{#fig:net}}")
    assert (figure["key"], figure["caption"]) == ("fig:net", ["Pipes"])


def test_what_has_a_label_is_counted_also_without_a_caption():
    assert index(f"{PICTURE}{{#fig:net}}").labels == (("fig:net", 1),)
    assert "<figcaption" in page(f"{PICTURE}{{#fig:net}}", [text(1, f"{PICTURE}{{#fig:net}}")])


@pytest.mark.parametrize(
    "written",
    [
        f"{PICTURE}{{#tbl:net}}",
        f"{PICTURE} and more {{#fig:net}}",
        f"Table: Costs \\{{#tbl:costs}}\n\n{TABLE}",
        "Words {#fig:net}",
        f"{PICTURE}{{#fig:}}",
    ],
)
def test_what_only_looks_like_a_label_stays_words(written):
    assert index(written).labels == ()
    assert "{#" in render(written).plain


def test_a_reference_is_read_by_those_who_count_and_typed_for_all_others():
    rendered = render("See [@fig:net] and [-@tbl:costs].")
    assert rendered.plain == "See [@fig:net] and [-@tbl:costs]."
    place = source_of(rendered, 4, 14)
    assert rendered.markdown[place.start : place.end] == "[@fig:net]"
    assert index(rendered.markdown).references == ("fig:net", "tbl:costs")


@pytest.mark.parametrize(
    "written", ["\\[@fig:net]", "`[@fig:net]`", "[@fig:]", "[@ann:x]", "[@fig:a](https://a.b)"]
)
def test_what_only_looks_like_a_reference_stays_words(written):
    assert index(written).references == ()


def test_numbers_run_over_the_texts_in_their_order():
    first = f"{PICTURE}\n\nFigure: One\n\nTable: One\n\n{TABLE}"
    second = f"{PICTURE}{{#fig:two}}\n\nFigure: Two\n\nTable: Two {{#tbl:two}}\n\n{TABLE}"
    third = "See [@fig:two], [@tbl:two], [-@tbl:two] and [@sec:B-1.1]."
    texts = [text(1, first), text(2, second), text(3, third)]
    html = page(third, texts, 3)
    assert 'href="/2#fig:two"><span class="shown" role="img" aria-label="Figure\u00a02"' in html
    assert 'href="/2#tbl:two"><span class="shown" role="img" aria-label="Table\u00a02"' in html
    assert 'href="/2#tbl:two"><span class="shown" role="img" aria-label="2"' in html
    assert (
        'href="/1#sec:B-1.1"><span class="shown" role="img" aria-label="section\u00a0B-1.1"' in html
    )
    assert 'data-number="Figure 2"' in page(second, texts, 2)
    assert 'data-number="Tabela 2"' in page(second, texts, 2, language="sl")


def test_the_text_of_the_page_stays_what_remarks_count_in():
    written = f"See [@fig:net].\n\n{PICTURE}{{#fig:net}}\n\nFigure: Pipes"
    html = page(written, [text(1, written)])
    assert '<span class="typed" aria-hidden="true">[@fig:net]</span>' in html
    assert html.count("data-start") == render(written).html.count("data-start")


def test_a_reference_without_a_target_stays_as_typed_and_can_be_jumped_to():
    html = page("See [@fig:gone].", [text(1, "See [@fig:gone].")])
    assert '<span class="reference lost" id="lost-1">[@fig:gone]</span>' in html


def test_a_label_that_is_there_twice_can_be_jumped_to():
    twice = f"{PICTURE}{{#fig:net}}"
    html = page(twice, [text(1, twice), text(2, twice)])
    assert '<span id="lost-1"></span><figure id="t-fig:net">' in html
    assert "lost-1" not in page(twice, [text(1, twice)])


def test_what_leads_nowhere_and_what_is_there_twice_is_a_fault():
    twice = f"{PICTURE}{{#fig:net}}"
    found = faults([text(1, twice), text(2, twice), text(3, "See [@fig:net] and [@tbl:gone].")])
    assert found == {1: ("{#fig:net}",), 2: ("{#fig:net}",), 3: ("[@tbl:gone]",)}
    assert faults([text(1, f"{twice} [@fig:net]"), text(2, "[@sec:B-1.1]")]) != {}
    assert faults([text(1, twice), text(2, "[@fig:net], [@sec:B-1.1]")]) == {}


def test_a_public_reference_to_what_only_the_city_sees_is_a_fault():
    hidden = f"::: city\n{PICTURE}{{#fig:net}}\n\nFigure: Pipes\n:::\n\n{PICTURE}\n\nFigure: Open"
    assert faults([text(1, hidden), text(2, "See [@fig:net].")]) == {2: ("[@fig:net]",)}
    assert faults([text(1, hidden), text(2, "::: city\nSee [@fig:net].\n:::")]) == {}


def test_who_does_not_see_a_figure_does_not_see_it_counted():
    hidden = f"::: city\n{PICTURE}\n\nFigure: Pipes\n:::\n\n{PICTURE}{{#fig:open}}\n\nFigure: Open"
    texts = [text(1, hidden)]
    everybody = references.level({Visibility.PUBLIC})
    assert numbered(texts).targets["fig:open"].number == "2"
    assert numbered(texts, everybody).targets["fig:open"].number == "1"
    seen = eyes.shown(render(hidden), {Visibility.PUBLIC}).html
    html = shown(seen, numbered(texts, everybody), 1, language="en", address=lambda *_: None)
    assert 'data-number="Figure 1"' in html


def test_a_reference_that_came_or_is_gone_is_marked_as_words_are():
    came = str(changed.of("See it.", "See [@fig:net]."))
    assert "'to': 'fig:net'" in came
    gone = changed.of("See [@fig:net].", "See it.")
    assert {"t": "gone", "c": ["[@fig:net]"]} in gone[0]["c"]


@given(markdown)
def test_nodes_and_pages_count_alike(written):
    counted = [
        node["count"]
        for node in every(nodes.of(written))
        if node["t"] in ("figure", "table") and node["count"]
    ]
    assert sum(index(written).counts.values()) >= len(counted)
    assert canonical(canonical(written)) == canonical(written)


def every(several) -> list[dict]:
    if isinstance(several, list):
        return [node for inner in several for node in every(inner)]
    if not isinstance(several, dict):
        return []
    return [several, *(node for inner in several.values() for node in every(inner))]


@given(st.text(alphabet="[]@-#{}:figtblsec a.1\\", max_size=30))
def test_words_from_elsewhere_never_become_references_or_labels(words):
    written = typed.escaped(words)
    assert index(written).references == ()
    assert render(written).plain == " ".join(words.split())


@given(sentence, sentence)
def test_a_merge_keeps_references_of_both(mine, theirs):
    base = "First.\n\nSecond.\n"
    one, two = f"{mine} [@fig:a].\n\nSecond.\n", f"First.\n\n{theirs} [@tbl:b].\n"
    merged = merge.three_way(base, one, two)
    assert not merged.conflicts
    assert set(index(merged.markdown).references) == {"fig:a", "tbl:b"}
