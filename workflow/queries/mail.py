"""How the letters are doing, for operators: what waits, since when, what failed, what left, and who is at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, not_, or_, select

from ..db import db
from ..models import Digest, Event, LifeSign, Notification
from ..rules import wellbeing
from ..rules.vocabulary import Part, Rhythm, Trouble

MAILED = (Rhythm.IMMEDIATE, Rhythm.DAILY, Rhythm.WEEKLY)
"""The rhythms in which letters go."""

PUT_OFF = and_(Digest.last_error.like("4__ %"), not_(Digest.last_error.like("421 %")))
"""The recipient's server asked to come again: its own matter, unlike a door that is shut."""

UNSENT = and_(Digest.sent_at.is_(None), Digest.closed_at.is_(None))

GIVEN_UP = and_(Digest.sent_at.is_(None), Digest.last_error.is_not(None))
"""With a `closed_at`: what will never leave, and not because there was nothing left to say."""


@dataclass(frozen=True, slots=True)
class MailStatus:
    """Numbers of rows; `oldest_…` is the moment since which the one that waits longest has been waiting."""

    events_waiting: int
    events_failing: int
    oldest_event: datetime | None
    notices_due: int
    oldest_notice: datetime | None
    letters_waiting: int
    letters_retrying: int
    oldest_letter: datetime | None
    letters_failed: int
    sent_last_hour: int
    last_sent_by: dict[Rhythm, datetime | None]
    late_untried: int
    late_in_vain: int
    last_beat: datetime | None
    workers: int

    @property
    def last_sent(self) -> datetime | None:
        return max(filter(None, self.last_sent_by.values()), default=None)

    @property
    def oldest(self) -> datetime | None:
        waiting = (self.oldest_event, self.oldest_notice, self.oldest_letter)
        return min(filter(None, waiting), default=None)

    def troubles(self, now: datetime) -> list[Trouble]:
        """What is wrong with the service, the worst first."""
        return wellbeing.troubles(self.signs(), now)

    def signs(self, started_at: datetime | None = None) -> wellbeing.Signs:
        """What says whether the service is well, for a process that has been there since `started_at`."""
        return wellbeing.Signs(
            self.late_untried,
            self.late_in_vain,
            self.last_sent,
            self.workers,
            self.last_beat,
            started_at,
        )


def status(now: datetime) -> MailStatus:
    """The state of the path from event to letter, in one query over the rows that wait and the last day's."""
    untold = Event.relayed_at.is_(None)
    due = and_(
        Notification.digest_id.is_(None),
        Notification.read_at.is_(None),
        Notification.due_at <= now,
    )
    given_up = and_(GIVEN_UP, Digest.closed_at >= now - timedelta(days=1))
    sent = Digest.sent_at >= now - timedelta(hours=1)
    seen = LifeSign.at >= now - wellbeing.SILENT
    late = now - wellbeing.LATE
    late_notices = and_(due, Notification.due_at <= late, Notification.created_at <= late)
    row = db.session.execute(
        select(
            _count(Event, untold).label("events_waiting"),
            _count(Event, untold, Event.attempts > 0).label("events_failing"),
            _one(func.min(Event.at), untold).label("oldest_event"),
            _count(Notification, due).label("notices_due"),
            _one(func.min(Notification.due_at), due).label("oldest_notice"),
            _count(Digest, UNSENT).label("letters_waiting"),
            _count(Digest, UNSENT, Digest.last_error.is_not(None)).label("letters_retrying"),
            _one(func.min(Digest.due_at), UNSENT).label("oldest_letter"),
            _count(Digest, given_up).label("letters_failed"),
            _count(Digest, Digest.rhythm.in_(MAILED), sent).label("sent_last_hour"),
            (
                _count(Event, untold, Event.attempts == 0, Event.at <= late)
                + _count(Notification, late_notices)
                + _count(Digest, UNSENT, Digest.due_at <= late, _not_put_off())
            ).label("late_untried"),
            (
                _count(Event, untold, Event.attempts > 0, Event.at <= late)
                + _count(Digest, UNSENT, Digest.due_at <= late, PUT_OFF)
            ).label("late_in_vain"),
            _one(func.max(LifeSign.at), LifeSign.part == Part.BEAT).label("last_beat"),
            _count(LifeSign, LifeSign.part == Part.WORKER, seen).label("workers"),
            *(_last(rhythm).label(rhythm) for rhythm in MAILED),
        )
    ).one()
    numbers = row._asdict()
    last = {rhythm: numbers.pop(rhythm) for rhythm in MAILED}
    return MailStatus(**numbers, last_sent_by=last)


def _not_put_off():
    return or_(Digest.last_error.is_(None), not_(PUT_OFF))


def _last(rhythm: Rhythm):
    return _one(func.max(Digest.sent_at), Digest.rhythm == rhythm, Digest.sent_at.is_not(None))


def _count(model: type, *conditions):
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _one(value, *conditions):
    return select(value).where(*conditions).scalar_subquery()
