"""When a letter is due: the windows of a rhythm in a person's own time zone. Time is always an argument.

Windows are half-open, `[start, end)`, so that each moment belongs to exactly one; they are computed from local wall
time, so that a digest ordered for 7 o'clock comes at 7 o'clock on both sides of a daylight-saving change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .vocabulary import Rhythm

BURST = timedelta(seconds=60)
"""How long an immediate letter waits for what follows on its heels."""

HOME = "Europe/Ljubljana"
"""The time zone of whoever has not said another."""

WINDOWS = frozenset({Rhythm.DAILY, Rhythm.WEEKLY})
"""Rhythms that gather what happened until their hour comes."""


@dataclass(frozen=True, slots=True)
class Preference:
    """How a person wants to hear: hours 0–23 local, `weekday` 0 = Monday.

    Nothing is sent at once from `quiet_from` until `quiet_until`, perhaps past midnight; the same hour twice is never.
    """

    rhythm: Rhythm = Rhythm.DAILY
    hour: int = 7
    weekday: int = 0
    time_zone: str = HOME
    quiet_from: int = 0
    quiet_until: int = 0


def due_at(at: datetime, preference: Preference, *, burst: timedelta = BURST) -> datetime | None:
    """The moment (UTC) at which something that happened `at` (UTC) should be mailed; None for `off`."""
    match preference.rhythm:
        case Rhythm.OFF:
            return None
        case Rhythm.IMMEDIATE:
            return after_quiet(at + burst, preference)
        case Rhythm.DAILY:
            return _next(at, preference, preference.hour)
        case Rhythm.WEEKLY:
            return _next(at, preference, preference.hour, weekday=preference.weekday)


def quiet(at: datetime, preference: Preference) -> bool:
    """Whether the person's clock shows a quiet hour: half-open, so that a letter may come at the very end."""
    hour = at.astimezone(zone(preference.time_zone)).hour
    length = (preference.quiet_until - preference.quiet_from) % 24
    return (hour - preference.quiet_from) % 24 < length


def after_quiet(at: datetime, preference: Preference) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    while quiet(at, preference):
        at = _next(at, preference, preference.quiet_until)
    return at


def _next(
    at: datetime, preference: Preference, hour: int, *, weekday: int | None = None
) -> datetime:
    """The first local `hour` (on the weekday, when given) strictly after `at`, in UTC."""
    there = zone(preference.time_zone)
    day = at.astimezone(there).date()
    while True:
        candidate = datetime.combine(day, time(hour), tzinfo=there).astimezone(UTC)
        if candidate > at and weekday in (None, day.weekday()):
            return candidate
        day += timedelta(days=1)


def zone(name: str) -> tzinfo:
    """The zone, or UTC for a name that this machine does not know: one odd row must not stop everybody's letters."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


SPREAD = 0.1
"""By how much of its wait a retry may come sooner, so that what failed together does not come back all at once."""


def retry_at(now: datetime, attempts: int, *, chance: float = 0.0) -> datetime:
    """When to try again after `attempts` failures: each wait is longer than the last, up to two hours.

    `chance`, from 0 to 1, says where in the spread it comes.
    """
    wait = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return now + wait * (1 - SPREAD * chance)
