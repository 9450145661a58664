from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.cadence import BACK_OFF, Preference, due_at, quiet, retry_at
from workflow.rules.vocabulary import Rhythm

ZONES = ["Europe/Ljubljana", "Atlantic/Azores", "Europe/Helsinki", "America/St_Johns", "UTC"]
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    datetime(2031, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
preferences = st.builds(
    Preference,
    st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]),
    st.integers(0, 23),
    st.integers(0, 6),
    st.sampled_from(ZONES),
)


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def test_an_immediate_letter_waits_a_moment_for_what_follows():
    at = utc(2026, 5, 4, 10)
    assert due_at(at, Preference(Rhythm.IMMEDIATE)) == at + timedelta(minutes=1)


def test_off_means_never():
    assert due_at(utc(2026, 5, 4), Preference(Rhythm.OFF)) is None


def test_a_daily_letter_comes_at_seven_on_both_sides_of_the_change_of_the_clocks():
    daily = Preference(Rhythm.DAILY, hour=7)
    assert due_at(utc(2026, 3, 28, 12), daily) == utc(2026, 3, 29, 5)
    assert due_at(utc(2026, 3, 27, 12), daily) == utc(2026, 3, 28, 6)
    assert due_at(utc(2026, 10, 24, 12), daily) == utc(2026, 10, 25, 6)


def test_what_happens_at_the_very_hour_goes_into_the_next_window():
    daily = Preference(Rhythm.DAILY, hour=7, time_zone="UTC")
    assert due_at(utc(2026, 5, 4, 7), daily) == utc(2026, 5, 5, 7)


def test_four_weeks_across_the_change_of_the_clocks_are_four_windows():
    weekly = Preference(Rhythm.WEEKLY, hour=7, weekday=0)
    windows = {due_at(utc(2026, 10, 5, 12) + timedelta(hours=h), weekly) for h in range(4 * 7 * 24)}
    assert len(windows) == 4 + 1
    assert all(w.astimezone(ZoneInfo("Europe/Ljubljana")).hour == 7 for w in windows)


@given(moments, preferences)
def test_a_letter_is_due_after_the_event_and_within_its_window(at, preference):
    due = due_at(at, preference)
    longest = timedelta(days=1 if preference.rhythm is Rhythm.DAILY else 7, hours=1)
    assert at < due <= at + longest
    assert due_at(due - timedelta(seconds=1), preference) == due


@given(moments, moments, preferences)
def test_windows_never_change_the_order_of_events(one, other, preference):
    first, second = sorted([one, other])
    assert due_at(first, preference) <= due_at(second, preference)


def chained(start: datetime, preference: Preference, count: int) -> list[datetime]:
    """The next `count` windows, each asked for at the very moment at which the one before ends."""
    found = []
    for _ in range(count):
        start = due_at(start, preference)
        found.append(start)
    return found


@given(moments, preferences)
def test_months_of_windows_have_one_letter_for_each_day_or_week_and_no_gap(at, preference):
    windows = chained(at, preference, 200)
    days = [window.astimezone(ZoneInfo(preference.time_zone)).date() for window in windows]
    step = 1 if preference.rhythm is Rhythm.DAILY else 7
    gaps = {(later - day).days for day, later in pairwise(days)}
    assert gaps == {step}


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ((2026, 3, 29), utc(2026, 3, 29, 1)),  # 2 o'clock does not exist: at 3, the same moment
        ((2026, 10, 25), utc(2026, 10, 25, 0)),  # 2 o'clock exists twice: the first time
    ],
)
def test_an_hour_that_is_missing_or_there_twice_makes_one_letter(day, moment):
    daily = Preference(Rhythm.DAILY, hour=2)
    asked = (utc(*day) - timedelta(hours=2) + timedelta(minutes=m) for m in range(0, 24 * 60, 5))
    zone = ZoneInfo("Europe/Ljubljana")
    due = {due_at(at, daily) for at in asked}
    assert {one for one in due if one.astimezone(zone).date() == moment.date()} == {moment}


def test_each_wait_before_a_retry_is_longer_up_to_the_last():
    now = utc(2026, 5, 4)
    waits = [retry_at(now, attempts) - now for attempts in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == BACK_OFF[-1]
    soonest = [retry_at(now, attempts, chance=1) - now for attempts in range(1, 8)]
    assert soonest == sorted(soonest)
    assert all(wait * 0.9 <= soon < wait for wait, soon in zip(waits, soonest, strict=True))


def test_what_failed_together_does_not_come_back_at_once():
    now = utc(2026, 5, 4)
    assert len({retry_at(now, 1, chance=tenth / 10) for tenth in range(11)}) == 11


hours = st.integers(0, 23)
resting = st.builds(
    Preference,
    st.just(Rhythm.IMMEDIATE),
    hours,
    st.integers(0, 6),
    st.sampled_from(ZONES),
    hours,
    hours,
)
MINUTE = timedelta(minutes=1)


@given(moments, resting)
def test_nothing_comes_at_once_in_quiet_hours_and_nothing_is_lost_or_late(at, preference):
    due = due_at(at, preference)
    assert due >= at + MINUTE
    assert not quiet(due, preference)
    if not quiet(at + MINUTE, preference):
        assert due == at + MINUTE
    else:
        assert quiet(due - timedelta(microseconds=1), preference)
        assert due <= at + MINUTE + timedelta(days=2)


@given(moments, moments, resting)
def test_quiet_hours_never_change_the_order_of_events(one, other, preference):
    first, second = sorted([one, other])
    assert due_at(first, preference) <= due_at(second, preference)


@given(moments, hours, st.sampled_from(ZONES))
def test_the_same_hour_twice_means_no_quiet_hours(at, hour, zone):
    awake = Preference(Rhythm.IMMEDIATE, time_zone=zone, quiet_from=hour, quiet_until=hour)
    assert not quiet(at, awake)


@given(moments, preferences, hours, hours)
def test_a_letter_for_a_day_or_a_week_comes_at_its_hour_all_the_same(at, preference, start, end):
    assert due_at(at, replace(preference, quiet_from=start, quiet_until=end)) == due_at(
        at, preference
    )


NIGHT = Preference(Rhythm.IMMEDIATE, quiet_from=22, quiet_until=7)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (utc(2026, 11, 24, 20, 58), utc(2026, 11, 24, 20, 59)),  # 21:58 in Ljubljana
        (utc(2026, 11, 24, 20, 59), utc(2026, 11, 25, 6)),  # would come at 22:00
        (utc(2026, 11, 25, 2), utc(2026, 11, 25, 6)),
        (utc(2026, 11, 25, 5, 59), utc(2026, 11, 25, 6)),
        (utc(2026, 3, 28, 22), utc(2026, 3, 29, 5)),  # a night of eight hours
        (utc(2026, 10, 24, 22), utc(2026, 10, 25, 6)),  # a night of ten
    ],
)
def test_a_night_ends_at_seven_on_both_sides_of_the_change_of_the_clocks(at, due):
    assert due_at(at, NIGHT) == due


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1)),  # 2 o'clock does not exist: at 3
        (utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 0)),  # 2 o'clock exists twice: the first time
    ],
)
def test_quiet_hours_end_once_where_their_end_is_missing_or_there_twice(at, due):
    assert due_at(at, replace(NIGHT, quiet_until=2)) == due
