"""The only place that moves the demo's invented dates: one constant, so that everything keeps its distance."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..clock import at_wall, day_of
from ..rules.cadence import HOME

ROUND_CLOSES = date(2026, 4, 1)
DAYS_LEFT = 12

ASSIGNED = date(2026, 1, 12)
FIRST_TEXT = date(2026, 2, 2)
OPENED = date(2026, 3, 2)
SENT_STRAIGHT_TO_REVIEW = date(2026, 3, 9)
CLOSED_EARLY = date(2026, 3, 16)
REVISED = date(2026, 3, 17)
SENT_TO_REVIEW = date(2026, 3, 18)
APPROVED = date(2026, 3, 19)
SUBMITTED = date(2026, 6, 30)
DAYS_TO_AN_ANSWER = 3


@dataclass(frozen=True, slots=True)
class Calendar:
    """Dates of the demo file in the time of whoever loads it."""

    shift: timedelta

    @classmethod
    def ending(cls, now: datetime) -> "Calendar":
        """The calendar in which the open round closes twelve days after `now`."""
        return cls(day_of(now, HOME) + timedelta(days=DAYS_LEFT) - ROUND_CLOSES)

    def day(self, written: date | str) -> date:
        """The shifted day; months alone (`2023-01`) count from their first day."""
        return _day(written) + self.shift

    def moment(self, written: date | str, clock: str) -> datetime:
        """The shifted day at a time of day in the city, in UTC."""
        return at_wall(datetime.combine(self.day(written), time.fromisoformat(clock)), HOME)


def public_day(written: str) -> date:
    """A day that everybody can look up stays where it is."""
    return _day(written)


def _day(written: date | str) -> date:
    if isinstance(written, date):
        return written
    return date.fromisoformat(written if len(written) == 10 else f"{written}-01")
