"""Letters that were made and did not leave: the next one of the same reader takes with it what they were to tell.

So there is one letter after a downtime of the mail server too, as after one of the workers. What may have left, or is
in a worker's hands, stays the letter that it is: told again under another Message-ID, its reader would have it twice.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, update

from .. import mail
from ..db import among, db
from ..models import Digest, Event, Notification
from ..rules.audience import UNSTOPPABLE
from . import sending


def taken_back(people: Collection[int], now: datetime) -> list[Row]:
    """Close these people's letters that have not left, and return what they were to tell, as far as it is not old news.

    Links to sign in stay in letters of their own.
    """
    letters = db.session.scalars(
        select(Digest.id)
        .where(among(Digest.person_id, people), *_waits(now), ~_has_a_link())
        .with_for_update(skip_locked=True, of=Digest)
    ).all()
    if not letters:
        return []
    told = db.session.execute(
        select(
            Notification.id,
            Notification.person_id,
            Notification.digest_id,
            Notification.due_at,
            Notification.rhythm,
            Event.kind,
        )
        .join(Event, Event.id == Notification.event_id)
        .where(
            among(Notification.person_id, people),
            among(Notification.digest_id, letters),
            Notification.read_at.is_(None),
        )
    ).all()
    old = {row.digest_id for row in told if row.due_at <= now - sending.KEPT_TRYING}
    closed = update(Digest).values(closed_at=now)
    db.session.execute(closed.where(among(Digest.id, letters)))
    # nothing is lost with these, so they are no failures
    whole = among(Digest.id, set(letters) - old)
    db.session.execute(closed.values(last_error=None).where(whole))
    return [row for row in told if row.due_at > now - sending.KEPT_TRYING]


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Not sent for certain, and in nobody's hands: never taken up, given back, or put off for longer than any lease."""
    given_back = Digest.next_try_at <= Digest.composed_at
    put_off = Digest.next_try_at > now + 2 * sending.lease()
    failed = and_(Digest.last_error.is_not(None), ~Digest.last_error.startswith(mail.BROKE))
    return (
        Digest.sent_at.is_(None),
        Digest.closed_at.is_(None),
        or_(given_back, put_off),
        or_(Digest.attempts == 0, failed),
    )


def _has_a_link() -> ColumnElement[bool]:
    links = select(Event.id).where(Event.kind.in_(UNSTOPPABLE))
    return exists().where(
        Notification.person_id == Digest.person_id,
        Notification.digest_id == Digest.id,
        Notification.event_id.in_(links),
    )
