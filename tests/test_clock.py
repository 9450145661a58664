"""Which day it is: around midnight, and where the clocks are changed."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

import tasks
import workflow
from workflow import clock

ZONES = st.sampled_from(
    [
        "Europe/Ljubljana",
        "Europe/Riga",
        "Europe/Lisbon",
        "Atlantic/Azores",
        "Atlantic/Reykjavik",
        "Asia/Beirut",  # changes its clocks at midnight
        "America/Havana",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Asia/Kathmandu",
        "UTC",
    ]
)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MOMENT = timedelta(seconds=1)


@given(DAYS, ZONES)
def test_a_day_ends_where_the_next_one_begins_also_when_the_clocks_are_changed(day, zone):
    begins, ends = clock.start_of_day(day, zone), clock.end_of_day(day, zone)
    assert clock.day_of(begins, zone) == clock.day_of(ends, zone) == day
    assert clock.day_of(begins - MOMENT, zone) == day - timedelta(days=1)
    assert clock.day_of(ends + MOMENT, zone) == day + timedelta(days=1)
    assert ends + MOMENT == clock.start_of_day(day + timedelta(days=1), zone)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)), ZONES)  # noqa: DTZ001
def test_every_moment_is_on_the_day_in_which_it_lies(moment, zone):
    day = clock.day_of(moment, zone)
    assert clock.start_of_day(day, zone) <= moment
    assert moment < clock.start_of_day(day + timedelta(days=1), zone)


@given(DAYS, ZONES, st.integers(0, 60))
def test_so_many_days_are_left_all_day_long(day, zone, left):
    last = clock.end_of_day(day + timedelta(days=left), zone)
    for moment in (clock.start_of_day(day, zone), clock.end_of_day(day, zone)):
        with time_machine.travel(moment, tick=False):
            assert clock.today(zone) == day
            assert clock.days_until(last, zone) == left
            assert clock.midnight(zone) == clock.end_of_day(day, zone) + MOMENT


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 3, 30), 24), (date(2026, 10, 25), 25)]
)
def test_the_day_on_which_the_clocks_are_changed_is_an_hour_shorter_or_longer(day, hours):
    zone = "Europe/Ljubljana"
    long = clock.end_of_day(day, zone) + MOMENT - clock.start_of_day(day, zone)
    assert long == timedelta(hours=hours)


def test_a_zone_that_nobody_knows_goes_by_utc_and_stops_nobody():
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert clock.day_of(late, "Europe/Atlantis") == date(2026, 3, 1)


KNOW_THE_ZONE = {
    "workflow/clock.py",
    "workflow/dates.py",  # writes what was told it on the clock of whoever reads
    "workflow/filters.py",  # the reader's own clock
    "workflow/rules/cadence.py",  # the same, for letters
    "workflow/demo/calendar.py",  # an invented city
}


def test_nowhere_else_is_a_moment_made_a_day():
    """Whoever writes `moment.date()` has the day of UTC: just after midnight in the city that is yesterday."""
    root = Path(workflow.__file__).parent.parent
    files = [
        path
        for package in (workflow, tasks)
        for path in Path(package.__file__).parent.rglob("*.py")
        if str(path.relative_to(root)) not in KNOW_THE_ZONE
    ]
    assert len(files) > 300
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("date", "today")
        and not node.args
    ]
    assert found == []
