"""The only place that reads the clock. Rules receive time as an argument; everything stored is UTC."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The current moment, in UTC."""
    return datetime.now(UTC)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last second of the day on the wall clocks of the time zone."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
