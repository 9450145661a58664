"""What changed, in print: marks that are seen, copied and read aloud, and a list of the sections."""

import pytest

from tests.typesetting.sample import (
    contract,
    faults,
    open_pdf,
    section,
    structure,
    text_of,
    words_of,
)
from workflow.rules.text import changed
from workflow.typesetting import Pdf, typeset

OLD = """District heat warms half of all homes.[^moste] It was coal.

## Gone heading

| Energy source | CO2 |
|---|---|
| District heat | 0.319 |
| Natural gas | 0.2 |

```
a = 1
```

[^moste]: From the plant.
"""
NEW = """District heat warms [almost half](https://example.org/heat) of all homes.[^moste] It was coal.

- A new measure[^new]

| Energy source | CO2 | Method |
|---|---|---|
| District heat | 0.405 | city mix |
| Natural gas | 0.2 | city mix |

[^moste]: From the plant in Moste.
[^new]: Decided in 2026.
"""
CHANGES = {
    "note": ["1 section has another text than in manifest 2."],
    "rows": [{"code": "A-2", "title": "Heat", "was": 3, "now": 5, "added": 17, "removed": 8}],
}


def changed_contract(**given) -> dict:
    text = section("A-2", "Heat", NEW)
    text["nodes"] = changed.of(OLD, NEW)
    text["changed"] = {"author": "Maja Hribernik", "at": "2026-03-04T10:00:00+00:00"}
    made = contract(copy="What changed", changes=CHANGES, **given)
    made["components"][0]["modules"][0]["sections"] = [text]
    return made


@pytest.fixture(scope="module")
def compiled() -> Pdf:
    return typeset(changed_contract())


def test_an_independent_validator_finds_nothing(compiled):
    assert compiled.standards == ("ua-1", "a-2a")
    assert faults(compiled.bytes) == []


def test_marks_are_copied_and_read_aloud(compiled):
    words = words_of(compiled.bytes)
    assert "warms [+almost +]half of all homes" in words
    assert "[−Gone heading−]" in words
    assert "[+A new measure" in words
    assert "0.[−319−][+405+]" in words
    assert "[− a = 1 −]" in words
    assert "From the plant[+ in Moste+]." in words


def test_marks_are_lines_in_the_structure_as_well(compiled):
    lines = {
        str(attribute.get("/TextDecorationType", ""))
        for element in structure(open_pdf(compiled.bytes))
        for attribute in element.get("/A", [])
        if hasattr(attribute, "get")
    }
    assert {"/Underline", "/LineThrough"} <= lines


def test_the_list_says_which_sections_have_another_text(compiled):
    text = text_of(compiled.bytes, "-layout")
    assert "1 section has another text than in manifest 2." in text
    [row] = [
        line.split()
        for line in text.splitlines()
        if line.split()[:2] == ["A-2", "Heat"] and line.split()[-1] == "8"
    ]
    assert row == ["A-2", "Heat", "3", "5", "17", "8"]
