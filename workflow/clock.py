"""The only place that reads the clock, and that says on which day a moment is. Rules receive time as an argument;
everything stored is UTC.

A day is one of some place's calendar. Papers, deadlines and what happens once a day go by the city's, which is that of
`contract.time_zone`; what a reader is told of his own days goes by his, that of `person.time_zone`.
"""

from datetime import UTC, date, datetime, time, timedelta

from .rules.cadence import zone


def now() -> datetime:
    """The current moment, in UTC."""
    return datetime.now(UTC)


def local(at: datetime, time_zone: str) -> datetime:
    """The moment as the wall clocks of the time zone show it."""
    return at.astimezone(zone(time_zone))


def day_of(at: datetime, time_zone: str) -> date:
    """The day that the moment is on in the time zone."""
    return local(at, time_zone).date()


def today(time_zone: str) -> date:
    """The day that it is in the time zone."""
    return day_of(now(), time_zone)


def at_wall(wall: datetime, time_zone: str) -> datetime:
    """The moment (UTC) at which the wall clocks of the time zone show this time."""
    return wall.replace(tzinfo=zone(time_zone)).astimezone(UTC)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first moment of the day in the time zone."""
    return datetime.combine(day, time.min, tzinfo=zone(time_zone)).astimezone(UTC)


def days_until(at: datetime, time_zone: str) -> int:
    """Days on the calendar of the time zone until the moment; negative when its day is over."""
    return (day_of(at, time_zone) - today(time_zone)).days


def midnight(time_zone: str) -> datetime:
    """When the day ends that it is in the time zone."""
    return start_of_day(today(time_zone) + timedelta(days=1), time_zone)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last second of the day in the time zone."""
    return start_of_day(day + timedelta(days=1), time_zone) - timedelta(seconds=1)
