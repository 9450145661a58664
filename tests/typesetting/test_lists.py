"""The lists of tables and figures: all captions begin at the same place, whatever their numbers."""

import re
import subprocess

from tests.typesetting.sample import CHART, faults, text_of, with_text
from workflow.typesetting import typeset

WORD = re.compile(r'<word xMin="([\d.]+)"[^>]*>(.*?)</word>')
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"


def captioned(number: int) -> str:
    return "\n\n".join(f"Table: Measures {at}\n\n{TABLE}" for at in range(number))


def begin(pdf: bytes, word: str) -> set[str]:
    """Where a word begins on the pages before the texts."""
    command = ["pdftotext", "-bbox", "-l", "3", "-", "-"]
    found = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return {left for left, said in WORD.findall(found) if said == word}


def test_captions_begin_at_the_same_place_before_and_after_the_tenth():
    made = typeset(with_text(captioned(12))).bytes
    assert "Table 12" in text_of(made).replace("\u00a0", " ")
    assert len(begin(made, "Measures")) == 1
    assert faults(made) == []


def test_a_chart_that_has_no_number_stands_below_the_others():
    figures = "::: chart one\nChart one\n:::\n\n::: chart one\n:::\n"
    made = typeset(
        with_text(figures) | {"charts": {"one": CHART | {"title": "Chart of emissions"}}}
    ).bytes
    words = text_of(made)
    assert "List of figures" in words
    assert len(begin(made, "Chart")) == 1


def test_there_is_no_list_of_nothing():
    made = typeset(with_text("::: chart one\nEmissions\n:::\n")).bytes
    assert "Emissions" in text_of(made)
    assert "List of figures" not in text_of(made)
