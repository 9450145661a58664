"""Two texts as one to be printed: what is left without the marks is one text or the other."""

from hypothesis import example, given, settings

from tests.rules.text.reading import markdown, prose
from tests.support.complete import many
from workflow.rules.text import changed, nodes

TABLE = """Table: Factors

| Source | CO2 |
|---|---|
| District heat | 1 |
| Gas | 2 |
"""


def side(value, drop: str, keep: str):
    """The nodes as one of the two texts has them: without what is marked `drop`, `keep` unwrapped."""
    if isinstance(value, list):
        kept: list = []
        for inner in value:
            if isinstance(inner, dict) and inner.get("t") == drop:
                continue
            if isinstance(inner, dict) and inner.get("mark") == drop:
                continue
            made = side(inner, drop, keep)
            kept += made if isinstance(inner, dict) and inner.get("t") == keep else [made]
        return kept
    if isinstance(value, dict):
        if value.get("t") == keep:
            return side(value["c"], drop, keep)
        made = dict(value)
        if marks := made.pop("row_marks", None):
            made["rows"] = [
                row for row, mark in zip(made["rows"], marks, strict=True) if mark != drop
            ]
        made.pop("mark", None)
        return {key: side(inner, drop, keep) for key, inner in made.items()}
    return value


def words(value) -> str:
    """All words in their order, notes where they are called."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(filter(None, map(words, value)))
    keys = ("caption", "c", "s", "alt", "head", "rows", "items", "blocks", "source")
    return " ".join(words(value[key]) for key in keys if value.get(key))


def letters(value) -> str:
    return "".join(words(value).split())


@settings(max_examples=many(300), deadline=None)
@given(prose, prose)
def test_without_what_is_gone_it_is_the_new_text(old, new):
    made = changed.of(old, new)
    assert letters(side(made, "gone", "ins")) == letters(nodes.of(new))
    assert letters(side(made, "ins", "gone")) == letters(nodes.of(old))


@settings(max_examples=many(300), deadline=None)
@given(markdown, markdown)
@example("[^1]\n\n[^1]: a", "[^1] b\n\n[^1]: c")
def test_whatever_was_typed_the_new_text_is_in_it(old, new):
    made = changed.of(old, new)
    assert letters(side(made, "gone", "ins")) == letters(nodes.of(new))


@settings(max_examples=many(100), deadline=None)
@given(markdown)
def test_the_same_text_has_no_marks(text):
    assert "'ins'" not in str(changed.of(text, text)) or "'ins'" in text
    assert letters(changed.of(text, text)) == letters(nodes.of(text))


def test_changed_words_are_marked_within_their_paragraph():
    made = changed.of("It was **coal** in 2018.", "It was **coal** until 2020.")
    assert made == [
        {
            "t": "p",
            "c": [
                "It was ",
                {"t": "strong", "c": ["coal"]},
                " ",
                {"t": "gone", "c": ["in 2018"]},
                {"t": "ins", "c": ["until 2020"]},
                ".",
            ],
        }
    ]


def test_a_paragraph_that_came_and_one_that_is_gone_are_marked_whole():
    made = changed.of("# Old\n\nStays as it is.", "Stays as it is.\n\nCame today.")
    gone, _same, came = made
    assert (gone["t"], gone["mark"]) == ("p", "gone")
    assert came == {"t": "p", "c": [{"t": "ins", "c": ["Came today."]}], "mark": "ins"}


def test_a_table_is_compared_by_cell_row_and_column():
    new = """Table: Factors

| Source | Method | CO2 |
|---|---|---|
| District heat | mix | 3 |
| Wood | mix | 0 |
"""
    [table] = changed.of(TABLE, new)
    assert table["head"] == [["Source"], [{"t": "ins", "c": ["Method"]}], ["CO2"]]
    assert sorted(table["row_marks"]) == ["", "gone", "ins"]
    heat = table["rows"][table["row_marks"].index("")]
    assert heat[2] == [{"t": "gone", "c": ["1"]}, {"t": "ins", "c": ["3"]}]
    gas = table["rows"][table["row_marks"].index("gone")]
    assert gas == [[{"t": "gone", "c": ["Gas"]}], [], [{"t": "gone", "c": ["2"]}]]
    assert len(table["align"]) == 3


def test_a_table_that_is_gone_is_no_numbered_table_any_more():
    caption, table = changed.of(TABLE, "")
    assert caption["mark"] == "gone"
    assert (table["caption"], table["row_marks"]) == (None, ["gone", "gone"])


def test_notes_that_are_gone_are_words_and_those_that_stay_are_compared():
    old = "One.[^a] Two.[^b]\n\n[^a]: First note.\n[^b]: Second note."
    new = "One.[^b] Two.\n\n[^b]: First remark."
    [paragraph] = changed.of(old, new)
    notes = [piece for piece in paragraph["c"] if isinstance(piece, dict) and piece["t"] == "note"]
    assert [one["blocks"] for one in notes] == [
        [
            {
                "t": "p",
                "c": [
                    "First ",
                    {"t": "gone", "c": ["note"]},
                    {"t": "ins", "c": ["remark"]},
                    ".",
                ],
            }
        ]
    ]
    assert {"t": "gone", "c": [" [Second note.]"]} in paragraph["c"]


def test_another_form_of_the_same_words_is_marked_too():
    [paragraph] = changed.of("[Plan](https://a.example)", "[Plan](https://b.example)")
    assert [piece["t"] for piece in paragraph["c"]] == ["gone", "ins"]
    [gone, heading] = changed.of("## Heat", "### Heat")
    assert (gone["mark"], heading["mark"], heading["t"]) == ("gone", "ins", "h")


def test_another_picture_is_gone_and_came_with_its_words():
    name = "picture:" + "a" * 32
    old = f"![A map of heat]({name})\n\nFigure: Heat in 2018"
    new = f"![A map of heat]({name.replace('a', 'b')})\n\nFigure: Heat in 2018"
    gone, came = changed.of(old, new)
    assert gone == {
        "t": "p",
        "c": [{"t": "gone", "c": ["A map of heat Heat in 2018"]}],
        "mark": "gone",
    }
    assert (came["t"], came["caption"]) == ("figure", [{"t": "ins", "c": ["Heat in 2018"]}])
    assert changed.of(old, old) == nodes.of(old)
