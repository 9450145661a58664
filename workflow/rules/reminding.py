"""When somebody is reminded, and how far up the chain a reminder goes: person, then organisation, then coordinator."""

from datetime import date, timedelta
from enum import IntEnum

from .vocabulary import ReminderKind


class Rung(IntEnum):
    """Who hears of a reminder: whoever owes it, besides him who speaks for his organisation, besides coordinators."""

    PERSON = 0
    ORGANISATION = 1
    COORDINATOR = 2


MARKS: dict[ReminderKind, tuple[int, ...]] = {
    ReminderKind.ROUND_CLOSING: (7, 2),
    ReminderKind.SECTION_DUE: (7, 2, -1, -7, -14),
    ReminderKind.POSITION_AWAITED: (2, -1, -7, -14),
    ReminderKind.SIGNATURE_AWAITED: (14, 3, -1, -7, -14),
    ReminderKind.QUESTION_DUE: (7, 2, -1, -7),
    ReminderKind.ANSWERS_DUE: (7, 2, -1, -7, -14, -21, -28),
}
"""Days before the due day, negative ones after it, at which each kind reminds. Of a voice that is awaited somebody
reminds by hand, so it has no marks."""

ABOUT_A_TEXT = frozenset(
    {ReminderKind.SECTION_DUE, ReminderKind.POSITION_AWAITED, ReminderKind.ANSWERS_DUE}
)
"""Kinds whose letter says what blocks the approval of the text; nobody can do them while the contract stands still."""

DAYS_TO_JUDGE = 7
"""How long after its submission a text waits for positions before they are late."""

DAYS_TO_ANSWER = 21
"""How long after a round the remarks of a section may wait for their answers."""

ESCALATES = ((-7, Rung.COORDINATOR), (-1, Rung.ORGANISATION))
"""From which mark on a reminder reaches how far up."""


def soonest(kind: ReminderKind, today: date) -> date:
    """The latest due day of which the kind reminds today."""
    return today + timedelta(days=max(MARKS[kind]))


def mark(kind: ReminderKind, due_on: date, today: date) -> int | None:
    """The last mark that was reached: after days of silence one reminder comes, not many. None: it is early yet, or
    the kind has nothing to say after its day."""
    left = (due_on - today).days
    if left < 0 <= min(MARKS[kind]):
        return None
    return min((day for day in MARKS[kind] if left <= day), default=None)


def rung(at_mark: int) -> Rung:
    """How far up the chain the mark reaches."""
    return next((far for day, far in ESCALATES if at_mark <= day), Rung.PERSON)
