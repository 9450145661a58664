"""Passages are marked in what is printed, and the marks change nothing but themselves."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import corpus
from tests.support.complete import many
from workflow.rules.text import marking, nodes
from workflow.rules.text.render import render

TEXT = """## Heat

The network serves **74 % of all homes**. By 2030 no home is heated with `coal`.

Table: Energy

| Carrier | MWh |
|---|---|
| Gas | 1,240 |
| Oil | 80 |

Source: city

- One [link](https://example.org) here
- Two[^1]

```
code stays
```

[^1]: The note about the second.
"""


def span(text: str, passage: str) -> tuple[int, int]:
    start = render(text).plain.index(passage)
    return start, start + len(passage)


WORDLESS = {"t", "align", "url", "id", "level", "start", "key", "count", "to", "bare"}


def between(several, name: str) -> str:
    """The words between the marks of a passage."""
    found, inside = [], False

    def walk(value):
        nonlocal inside
        if isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            found.append(value if inside else "")
        elif value and value["t"] in ("from", "to"):
            inside = value["t"] == "from" if value["n"] == name else inside
        elif value:
            for key, inner in value.items():
                if key not in WORDLESS:
                    walk(inner)

    walk(several)
    return "".join(found)


@pytest.mark.parametrize(
    "passage",
    ["74 % of all homes", "serves 74 %", "2030", "Heat", "Gas", "1,240", "link here", "coal"],
)
def test_a_passage_is_marked_where_it_begins_and_where_it_ends(passage):
    made = marking.of(TEXT, {"1": span(TEXT, passage)})
    assert made.left_out == ()
    assert between(made.nodes, "1") == passage


def test_a_passage_may_reach_over_blocks():
    start, _ = span(TEXT, "By 2030")
    _, end = span(TEXT, "Gas")
    made = marking.of(TEXT, {"1": (start, end)})
    assert made.left_out == ()
    assert "By 2030" in between(made.nodes, "1")
    assert between(made.nodes, "1").endswith("Gas")


def test_several_passages_at_the_same_place_are_told_apart():
    spans = {"1": span(TEXT, "serves 74 %"), "2": span(TEXT, "74 % of"), "3": span(TEXT, "74 %")}
    made = marking.of(TEXT, spans)
    assert {name: between(made.nodes, name) for name in spans} == {
        "1": "serves 74 %",
        "2": "74 % of",
        "3": "74 %",
    }


def test_numbers_stay_to_the_right():
    made = marking.of(TEXT, {"1": span(TEXT, "1,240"), "2": span(TEXT, "80")})
    (table,) = [node for node in made.nodes if node["t"] == "table"]
    assert table["align"] == ["left", "right"]


def test_a_mark_within_a_block_of_code_stands_after_it():
    made = marking.of(TEXT, {"1": span(TEXT, "stays")})
    at = next(n for n, node in enumerate(made.nodes) if node["t"] == "code")
    assert made.nodes[at]["s"] == "code stays"
    assert [mark["t"] for mark in made.nodes[at + 1]["c"]] == ["from", "to"]


def test_a_mark_that_would_change_how_the_text_reads_is_left_out():
    text = "See https://example.org/a-page for more."
    made = marking.of(text, {"1": span(text, "https://example.org/a-page")})
    assert marking.unmarked(made.nodes) == nodes.of(text)


def test_places_outside_of_the_text_are_left_out():
    assert marking.of("Heat.", {"1": (2, 99), "2": (3, 3)}).left_out == ("1", "2")


PIECES = st.sampled_from(
    ["Heat ", "**bold** ", "*em* ", "`code` ", "[a](b) ", "\n\n", "- item\n", "# H\n\n", "> q\n\n"]
    + ["| a | b |\n|---|---|\n| 1 | 2 |\n\n", "74 % ", "\\* ", "&amp; ", "a**(x)** ", "snake_case "]
    + ["https://example.org ", "![alt](x.png) ", "Source: city\n\n", "Table: T\n\n", "1. one\n"]
)


@settings(max_examples=many(300), deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join), st.data())
def test_marks_never_change_a_word(markdown, data):
    plain = render(markdown).plain
    places = st.tuples(st.integers(0, len(plain)), st.integers(0, len(plain)))
    spans = {
        str(n): tuple(sorted(p)) for n, p in enumerate(data.draw(st.lists(places, max_size=5)))
    }
    made = marking.of(markdown, spans)
    assert marking.unmarked(made.nodes) == marking.unmarked(nodes.of(markdown))
    assert len(set(re.findall(r"'to', 'n': '(\d+)'", str(made.nodes))) | set(made.left_out)) == len(
        spans
    )


def test_every_example_of_commonmark_keeps_its_words():
    for example in corpus("commonmark-0.31.2-spec-tests.json"):
        markdown = example["markdown"]
        length = len(render(markdown).plain)
        spans = {"all": (0, length), "first": (0, 1), "last": (max(length - 1, 0), length)}
        made = marking.of(markdown, spans)
        assert marking.unmarked(made.nodes) == marking.unmarked(nodes.of(markdown)), markdown
