from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.reminding import MARKS, Rung, mark, rung, soonest
from workflow.rules.vocabulary import ReminderKind

DUE = date(2026, 12, 1)


def on(days_left: int) -> date:
    return DUE - timedelta(days=days_left)


@pytest.mark.parametrize(
    ("days_left", "reached"),
    [(8, None), (7, 7), (6, 7), (3, 7), (2, 2), (0, 2), (-1, -1), (-6, -1), (-7, -7), (-99, -14)],
)
def test_a_section_is_reminded_of_at_the_last_mark_that_was_reached(days_left, reached):
    assert mark(ReminderKind.SECTION_DUE, DUE, on(days_left)) == reached


def test_nobody_is_reminded_of_a_round_that_is_over():
    assert mark(ReminderKind.ROUND_CLOSING, DUE, on(0)) == 2
    assert mark(ReminderKind.ROUND_CLOSING, DUE, on(-1)) is None


@pytest.mark.parametrize("kind", MARKS)
def test_every_kind_has_its_marks_in_the_order_of_time(kind):
    assert list(MARKS[kind]) == sorted(MARKS[kind], reverse=True)


@given(kind=st.sampled_from(list(MARKS)), start=st.integers(-60, 60), days=st.integers(0, 120))
def test_over_any_stretch_of_days_each_mark_comes_once_and_in_order(kind, start, days):
    reached = [mark(kind, DUE, on(start - passed)) for passed in range(days)]
    given_marks = [one for one in reached if one is not None]
    assert given_marks == sorted(given_marks, reverse=True)
    assert set(given_marks) <= set(MARKS[kind])


@given(kind=st.sampled_from(list(MARKS)), left=st.integers(-60, 60))
def test_what_is_further_away_than_the_first_mark_is_not_looked_at(kind, left):
    if soonest(kind, on(left)) < DUE:
        assert mark(kind, DUE, on(left)) is None


def test_a_reminder_climbs_the_longer_it_is_overdue():
    assert [rung(one) for one in (7, 2, -1, -7, -14)] == [
        Rung.PERSON,
        Rung.PERSON,
        Rung.ORGANISATION,
        Rung.COORDINATOR,
        Rung.COORDINATOR,
    ]
