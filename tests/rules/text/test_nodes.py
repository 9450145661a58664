"""Markdown becomes nodes for printing: every word once, nothing left to interpret."""

import json

from workflow.rules.text import nodes


def words(value) -> str:
    """Every string that would be printed, joined."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(map(words, value))
    if isinstance(value, dict):
        return " ".join(words(inner) for key, inner in value.items() if key not in {"t", "align"})
    return ""


def test_a_paragraph_holds_its_inline_content():
    assert nodes.of("Cut *two* thirds of `x`.") == [
        {
            "t": "p",
            "c": ["Cut ", {"t": "em", "c": ["two"]}, " thirds of ", {"t": "code", "s": "x"}, "."],
        }
    ]


def test_html_stays_text():
    assert nodes.of("<b>bold</b>") == [{"t": "p", "c": ["<b>bold</b>"]}]


def test_a_table_brings_its_caption_its_source_and_its_figures_to_the_right():
    (table,) = nodes.of(
        "Table: Energy\n\n| Carrier | MWh |\n|---|---|\n| Gas | 1,240 |\n\nSource: *city*"
    )
    assert table["caption"] == ["Energy"]
    assert table["source"] == [{"t": "em", "c": ["city"]}]
    assert table["align"] == ["left", "right"]
    assert table["head"] == [["Carrier"], ["MWh"]]
    assert table["rows"] == [[["Gas"], ["1,240"]]]


def test_a_source_line_away_from_a_table_is_a_paragraph():
    assert nodes.of("Source: hearsay") == [{"t": "p", "c": ["Source: hearsay"]}]


def test_a_note_is_printed_at_its_first_call_and_referred_to_later():
    (paragraph,) = nodes.of("One[^a] two[^a].\n\n[^a]: The note.")
    first, second = (piece for piece in paragraph["c"] if isinstance(piece, dict))
    assert first == {"t": "note", "id": 0, "blocks": [{"t": "p", "c": ["The note."]}]}
    assert second == {"t": "note", "id": 0}


def test_notes_within_notes_lose_no_word():
    chain = "x[^0]\n\n" + "\n".join(f"[^{n}]: word{n}[^{n + 1}]" for n in range(30))
    printed = words(nodes.of(chain))
    assert all(f"word{n}" in printed for n in range(30))


def test_deep_nesting_is_flattened_and_loses_no_word():
    made = nodes.of(">" * 35 + " quoted\n\n" + "*a " * 200 + "b*" * 200)
    printed = words(made)
    assert "quoted" in printed
    assert printed.count("a") >= 200
    assert json.dumps(made).count('"quote"') <= 12


def test_lists_keep_their_first_number():
    (listed,) = nodes.of("3. three\n4. four")
    assert (listed["t"], listed["start"], len(listed["items"])) == ("ol", 3, 2)


def test_an_empty_text_has_no_nodes():
    assert nodes.of("") == []
