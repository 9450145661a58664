"""The reviewer's copy: numbered lines, and numbers in the text that lead to the remarks and back."""

import pytest

from tests.typesetting.sample import (
    contract,
    faults,
    open_pdf,
    remark,
    section,
    target_of,
    text_of,
    words_of,
)
from workflow.rules.text import marking
from workflow.rules.text.render import render
from workflow.typesetting import Pdf, typeset

TEXT = """District heat warms almost half of all homes. **It was mostly coal** in 2018.

| Energy source | CO2 (t/MWh) |
|---|---|
| Electricity | 0.405 |

""" + "\n\n".join(f"Sentence number {n} of a text that goes on for many lines." for n in range(20))


def marked(passages: dict[str, str]) -> list:
    plain = render(TEXT).plain
    spans = {
        name: (plain.index(words), plain.index(words) + len(words))
        for name, words in passages.items()
    }
    return marking.of(TEXT, spans).nodes


def copy(**what) -> dict:
    text = section("A-2", "Heat", TEXT)
    text["nodes"] = marked({"71": "mostly coal", "72": "0.405", "99": "goes on"})
    given = contract(copy="Reviewer's copy", **what)
    given["components"][0]["modules"][0]["sections"] = [text]
    given["annex"]["sections"][0]["remarks"] = [
        remark("1", "Before or after sinks?", id="71"),
        remark("2", "Which mix?", id="72"),
        remark("3", "This is about all of it.", id="73", quote=""),
    ]
    return given


@pytest.fixture(scope="module")
def compiled() -> Pdf:
    return typeset(copy(lined=True))


def test_an_independent_validator_finds_nothing(compiled):
    assert compiled.standards == ("ua-1", "a-2a")
    assert compiled.warnings == ()
    assert faults(compiled.bytes) == []


def test_the_title_page_says_what_copy_it_is(compiled):
    assert "Reviewer's copy" in words_of(compiled.bytes).replace("’", "'")


def test_a_remark_has_its_number_at_the_end_of_its_passage(compiled):
    text = " ".join(text_of(compiled.bytes).split())
    assert "mostly coal[1] in 2018" in text
    assert "0.405[2]" in text


def test_the_number_of_a_remark_that_is_not_printed_is_not_there(compiled):
    assert "[3]" not in text_of(compiled.bytes)
    assert "99" not in text_of(compiled.bytes)


def test_numbers_lead_to_the_list_and_back(compiled):
    pdf = open_pdf(compiled.bytes)
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    links = [
        (number, pages[target_of(pdf, annotation).objgen])
        for number, page in enumerate(pdf.pages)
        for annotation in page.get("/Annots", [])
        if "/URI" not in annotation.get("/A", {})
    ]
    assert any(source < target for source, target in links)
    assert any(source > target for source, target in links)


def test_every_fifth_line_of_the_texts_has_its_number(compiled):
    unlined = text_of(typeset(copy()).bytes).split()
    for number in ("5", "10", "15"):
        assert text_of(compiled.bytes).split().count(number) > unlined.count(number)
