"""How the letters are doing, for operators: what waits, since when, what failed, what left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from ..db import db
from ..models import Digest, Event, Notification


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
    last_sent: datetime | None


def status(now: datetime) -> MailStatus:
    """The state of the path from event to letter, in one query over the rows that wait and the last day's."""
    untold = Event.relayed_at.is_(None)
    due = and_(
        Notification.digest_id.is_(None),
        Notification.read_at.is_(None),
        Notification.due_at <= now,
    )
    waiting = and_(Digest.sent_at.is_(None), Digest.closed_at.is_(None))
    refused = and_(Digest.closed_at >= now - timedelta(days=1), Digest.last_error.is_not(None))
    row = db.session.execute(
        select(
            _count(Event, untold),
            _count(Event, untold, Event.attempts > 0),
            _one(func.min(Event.at), untold),
            _count(Notification, due),
            _one(func.min(Notification.due_at), due),
            _count(Digest, waiting),
            _count(Digest, waiting, Digest.last_error.is_not(None)),
            _one(func.min(Digest.due_at), waiting),
            _count(Digest, refused),
            _count(Digest, Digest.sent_at >= now - timedelta(hours=1)),
            _one(func.max(Digest.sent_at), Digest.sent_at.is_not(None)),
        )
    ).one()
    return MailStatus(*row)


def _count(model: type, *conditions):
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _one(value, *conditions):
    return select(value).where(*conditions).scalar_subquery()
