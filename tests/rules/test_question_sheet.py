"""How cells of a sheet of reviewers' questions are read."""

from datetime import date

import pytest

from workflow.rules.question_sheet import (
    HEADINGS,
    LAYOUT,
    Column,
    body,
    checklist_item,
    day,
    understood,
)
from workflow.rules.sheet_layout import Why
from workflow.rules.vocabulary import ReviewBody

ROW = {"reference": "EC-4", "question": "Why?", "asked_on": "2025-07-01"}


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_heading_that_we_offer_is_understood(language):
    headings = [HEADINGS[column][language].upper() for column in Column]
    assert list(LAYOUT.found(headings).values()) == list(Column)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-09-30", date(2025, 9, 30)),
        ("2025-09-30T00:00:00", date(2025, 9, 30)),
        ("30.9.2025", date(2025, 9, 30)),
        ("30. 09. 2025", date(2025, 9, 30)),
        ("30/9/2025", date(2025, 9, 30)),
        ("9/30/2025", None),
        ("30.2.2025", None),
        ("next week", None),
        ("0000-01-01", None),
        ("", None),
    ],
)
def test_days_are_read_with_the_year_or_the_day_first(said, meant):
    assert day(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("12", 12), ("Item 12", 12), ("no. 3", 3), ("12.", 12), ("Točka 7", 7), ("0", None)]
    + [("100", None), ("twelve", None), ("1.2", None), ("-4", None)],
)
def test_items_of_the_checklist_are_numbers(said, meant):
    assert checklist_item(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("JRC", ReviewBody.COMMISSION),
        ("European Commission", ReviewBody.COMMISSION),
        ("NetZeroCities", ReviewBody.MISSION_PLATFORM),
        ("Platforma misije", ReviewBody.MISSION_PLATFORM),
        ("commission", ReviewBody.COMMISSION),
        ("other", ReviewBody.OTHER),
        ("the neighbours", None),
    ],
)
def test_who_asks_is_known_by_many_names(said, meant):
    assert body(said) == meant


def test_an_empty_cell_means_what_the_form_said():
    entry, faults = understood(ROW | {"asked_on": ""}, {"asked_on": "2025-06-02", "body": "jrc"})
    assert faults == []
    assert (entry.asked_on, entry.body) == (date(2025, 6, 2), ReviewBody.COMMISSION)


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"reference": ""}, Column.REFERENCE, Why.MISSING),
        ({"question": " "}, Column.QUESTION, Why.MISSING),
        ({"asked_on": ""}, Column.ASKED_ON, Why.MISSING),
        ({"asked_on": "soon"}, Column.ASKED_ON, Why.UNKNOWN),
        ({"due_on": "soon"}, Column.DUE_ON, Why.UNKNOWN),
        ({"due_on": "2025-06-30"}, Column.DUE_ON, Why.EARLY),
        ({"body": "the neighbours"}, Column.BODY, Why.UNKNOWN),
        ({"checklist": "many"}, Column.CHECKLIST, Why.UNKNOWN),
        ({"reference": "r" * 61}, Column.REFERENCE, Why.LONG),
        ({"quote": "q" * 5_001}, Column.QUOTE, Why.LONG),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(cells, column, why):
    _entry, faults = understood(ROW | cells, {})
    assert [(fault.column, fault.why) for fault in faults] == [(column, why)]
