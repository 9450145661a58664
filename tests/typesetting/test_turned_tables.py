"""Tables too wide for the page as it stands come on pages that lie on their side, in their place, with their heads."""

import pytest

from tests.typesetting.sample import (
    contract,
    faults,
    open_pdf,
    section,
    structure,
    text_of,
    with_text,
    words_of,
)
from workflow.rules.text import nodes
from workflow.typesetting import tables, typeset

HEAD = ["Intervention", "Systemic barriers addressed", "Leadership", "Stakeholders", "Impact"]
WORDS = "Neighbourhood assemblies decide with the administration which street is changed first. "


def table(rows: int, *, columns: int = 6) -> str:
    head = [*HEAD, *(f"Effect {n}" for n in range(columns - len(HEAD)))]
    lines = [
        f"| Measure {row} | " + " | ".join([WORDS * 4] * (columns - 1)) + " |"
        for row in range(rows)
    ]
    return "\n".join(
        ["Table: Interventions", "", "| " + " | ".join(head) + " |", "|---" * columns + "|", *lines]
    )


def shapes(pdf: bytes) -> list[bool]:
    """For each page whether it lies on its side."""
    boxes = [[float(edge) for edge in page.MediaBox] for page in open_pdf(pdf).pages]
    return [box[2] - box[0] > box[3] - box[1] for box in boxes]


@pytest.fixture(scope="module")
def compiled():
    return typeset(with_text(f"Before it.\n\n{table(14)}\n\nAfter it."))


def test_its_pages_lie_on_their_side_and_no_other(compiled):
    lying = shapes(compiled.bytes)
    pages = text_of(compiled.bytes, "-layout").rstrip("\f").split("\f")
    with_rows = ["Measure" in page and "Systemic" in page for page in pages]
    assert lying == with_rows
    assert sum(lying) >= 2
    assert not lying[0]
    assert not lying[-1]
    assert all("/Rotate" not in page for page in open_pdf(compiled.bytes).pages)


def test_its_head_stands_on_each_of_its_pages(compiled):
    pages = text_of(compiled.bytes, "-layout").rstrip("\f").split("\f")
    for page, lies in zip(pages, shapes(compiled.bytes), strict=True):
        assert page.count("Leadership") == lies


def test_it_is_read_in_its_place_as_one_table(compiled):
    words = words_of(compiled.bytes)
    assert words.index("Before it.") < words.index("Measure 0") < words.index("Measure 13")
    assert words.index("Measure 13") < words.index("After it.")
    pdf = open_pdf(compiled.bytes)
    tables = [one for one in structure(pdf) if str(one.S) == "/Table"]
    parts = [[str(one.S) for one in structure(pdf, table)] for table in tables]
    turned = next(at for at, kinds in enumerate(parts) if kinds.count("/TH") == 6)
    assert parts[turned].count("/TR") == 1 + 14
    assert parts[turned].count("/THead") == 1
    heads = [one for one in structure(pdf, tables[turned]) if str(one.S) == "/TH"]
    assert all("/Column" in [str(a.get("/Scope")) for a in one.A] for one in heads)
    assert faults(compiled.bytes) == []
    assert compiled.standards == ("ua-1", "a-2a")


def test_heads_of_pages_and_their_numbers_go_on(compiled):
    pages = text_of(compiled.bytes, "-layout").rstrip("\f").split("\f")
    lying = [number for number, lies in enumerate(shapes(compiled.bytes), 1) if lies]
    for number in lying:
        assert f"{number} of {compiled.pages}" in pages[number - 1]
        assert "Action Plan" in pages[number - 1].strip().splitlines()[0]


def test_rows_stay_whole(compiled):
    pages = text_of(compiled.bytes, "-layout").rstrip("\f").split("\f")
    for row in range(14):
        assert sum(f"Measure {row} " in page for page in pages) == 1


def test_two_that_follow_each_other_share_pages():
    one = shapes(typeset(with_text(table(1))).bytes)
    two = shapes(typeset(with_text(f"{table(1)}\n\n{table(1)}")).bytes)
    assert sum(one) == sum(two) == 1


def test_the_title_of_a_section_that_opens_with_it_stands_above_it():
    made = contract()
    made["components"][0]["modules"][0]["sections"] = [
        section("X-1", "Interventions at large", table(1))
    ]
    pdf = typeset(made).bytes
    pages = text_of(pdf, "-layout").split("\f")
    [page] = [page for page, lies in zip(pages, shapes(pdf), strict=False) if lies]
    for words in ("A-1", "Emissions inventory", "X-1", "Interventions at large", "Measure 0"):
        assert words in page
    assert faults(pdf) == []


def test_an_appendix_that_opens_with_it_lies_on_its_side_from_its_title_on():
    parts = [{"title": "", "nodes": nodes.of(table(1))}]
    pdf = typeset(
        contract(appendices=[{"title": "Matrix", "note": ["All of it."], "parts": parts}])
    )
    pages = text_of(pdf.bytes, "-layout").split("\f")
    [page] = [page for page, lies in zip(pages, shapes(pdf.bytes), strict=False) if lies]
    for words in ("Matrix", "All of it.", "Measure 0"):
        assert words in page
    assert faults(pdf.bytes) == []


def test_a_table_within_a_quotation_stays_where_it_is():
    quoted = "\n".join(f"> {line}" for line in table(2).splitlines())
    assert not any(shapes(typeset(with_text(quoted)).bytes))


@pytest.mark.parametrize(
    ("columns", "words", "turned"),
    [
        (12, "1,234", False),
        (4, "A long sentence of many words " * 8, False),
        (6, "A long sentence of many words " * 8, True),
        (9, "Stakeholderverantwortung", True),
        (16, "123456,78", True),
    ],
)
def test_only_what_does_not_fit_is_turned(columns, words, turned):
    node = {"t": "table", "head": [["Head"]] * columns, "rows": [[[words]] * columns] * 3}
    tables.measure(node)
    tables.turn(node)
    assert node.get("turned", False) is turned
