"""Whatever people type is printed as they typed it: never run, never lost, never a reason to have no document."""

import re

import pytest

from tests.typesetting.sample import contract, faults, remark, text_of, with_text, words_of
from workflow.typesetting import typeset

ENGINE_SYNTAX = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0": *',
    "#{1 + 1}",
    "$x^2$",
    "<label>",
    "@reference",
    "#panic(1)",
    "// comment",
    "/* c */",
    "#set page(width: 1cm)",
    "[#sys.inputs]",
]


@pytest.mark.parametrize("typed", ENGINE_SYNTAX)
def test_engine_syntax_is_printed_literally(typed):
    made = typeset(with_text(f"`{typed}`\n\nAnd so: \\{typed} — said."))
    assert words_of(made.bytes).count(typed) >= 2


def test_engine_syntax_in_titles_names_and_remarks_is_printed_literally():
    document = contract(city="#panic()", title="$x$ <a> #read(1)")
    document["annex"]["sections"][0]["remarks"] = [
        remark("#1", '#read("/etc/passwd")', author="<a> $y$", answer="#import @b")
    ]
    words = words_of(typeset(document).bytes)
    for typed in ("#panic()", "$x$ <a> #read(1)", '#read("/etc/passwd")', "<a> $y$", "#import @b"):
        assert typed in words
    assert "root:" not in words


def test_html_and_broken_markdown_are_words():
    words = words_of(
        typeset(with_text("<script>alert(1)</script> **open [link]( | a |\n|--")).bytes
    )
    assert "<script>alert(1)</script> **open [link]( | a |" in words


def test_a_word_of_ten_thousand_letters_is_broken_over_lines():
    made = typeset(with_text("W" * 10_000))
    letters = re.sub(r"[^W]|\s", "", text_of(made.bytes))
    assert len(letters) >= 10_000
    assert made.pages > 5
    assert faults(made.bytes) == []


def test_emoji_and_right_to_left_text_are_shown_when_the_fonts_are_there():
    made = typeset(with_text("Sun ☀ and 🌍\n\nשלום עולם\n\nمرحبا بالعالم"))
    words = words_of(made.bytes)
    assert "שלום" in words
    assert faults(made.bytes) == []


def test_a_sign_that_no_font_has_is_spelled_out_and_reported(tmp_path):
    made = typeset(with_text("Our planet 🌍 and 中."), fonts=tmp_path / "nowhere")
    assert "Our planet [earth globe europe-africa] and [U+4E2D]." in words_of(made.bytes)
    assert [(w.kind, w.details) for w in made.warnings] == [("missing_glyphs", ("中", "🌍"))]
    assert made.standards == ("ua-1", "a-2a")


def test_control_characters_are_made_visible_and_reported():
    document = contract()
    document["annex"]["sections"][0]["remarks"] = [
        remark("1", "a\x07b \u202edesrever \ue000 \ud800")
    ]
    made = typeset(document)
    assert "a[U+0007]b [U+202E]desrever [U+E000] [U+D800]" in words_of(made.bytes)
    assert made.warnings[0].kind == "control_characters"
    assert faults(made.bytes) == []


def test_skipped_heading_levels_are_closed_and_reported():
    made = typeset(with_text("# One\n\n#### Far below\n\n## Two"))
    assert [w.kind for w in made.warnings] == ["heading_levels"]
    assert faults(made.bytes) == []


def test_a_table_of_many_columns_and_rows_is_set_whole():
    head = "| " + " | ".join(f"Heading {n}" for n in range(14)) + " |\n" + "|---" * 14 + "|\n"
    rows = "\n".join("| " + " | ".join(f"r{r}c{c}" for c in range(14)) + " |" for r in range(300))
    made = typeset(with_text(head + rows))
    text = text_of(made.bytes)
    assert all(f"r{row}c13" in text for row in range(300))
    assert faults(made.bytes) == []


def test_a_cell_longer_than_a_page_runs_on():
    made = typeset(with_text("| a | b |\n|---|---|\n| " + "word " * 4000 + "end | 1 |"))
    assert words_of(made.bytes).count("word") == 4000


@pytest.mark.parametrize(
    "markdown",
    [
        ">" * 60 + " deep",
        "\n".join("  " * n + f"- level {n}" for n in range(60)),
        "*a " * 300 + "b*" * 300,
        "x[^1]\n\n[^1]: y[^2]\n[^2]: z[^1]\n",
        "x[^1]\n\n[^1]: itself[^1]\n",
        "x[^0]\n\n" + "\n".join(f"[^{n}]: note {n}[^{n + 1}]" for n in range(200)),
        "![](  ) [x](#here) [y](javascript:z) [z](http://)",
        "|a|\n|-|\n",
    ],
    ids=[
        "quotes",
        "lists",
        "emphasis",
        "notes in a ring",
        "note in itself",
        "chain of notes",
        "links",
        "no rows",
    ],
)
def test_nesting_and_rings_do_no_harm(markdown):
    made = typeset(with_text(markdown))
    assert faults(made.bytes) == []


def test_pictures_are_named_in_their_place_and_reported():
    made = typeset(with_text("![Map of the heat network](https://example.org/map.png)"))
    assert "[Image: Map of the heat network]" in words_of(made.bytes)
    assert [w.kind for w in made.warnings] == ["images"]
