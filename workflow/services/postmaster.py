"""What an operator does with letters that did not leave: try one again, stop one, let what was put off go now.

Whatever is done with a single letter stands in the record. `by` is the administrator at a page; nobody is named for
whoever has the machine's own command line.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from ..db import db
from ..models import Digest, Notification, Person
from ..rules import policy
from ..rules.vocabulary import Act, EventKind
from . import outbox, sending


def resend(ids: Collection[int], *, by: Person | None = None, now: datetime) -> list[int]:
    """Let these letters be tried once more, under their Message-IDs; returns those for which that makes sense.

    A letter that left, or that had nothing to say, stays as it is. One that a worker may have in its hands keeps its
    turn, which is near: nobody works on it twice.
    """
    _require(by)
    again = db.session.scalars(
        select(Digest)
        .where(Digest.id.in_(ids), Digest.sent_at.is_(None), Digest.last_error.is_not(None))
        .order_by(Digest.id)
        .with_for_update()
    ).all()
    for letter in again:
        letter.closed_at = None
        if not _in_hand(letter, now):
            letter.next_try_at = now
        _record(EventKind.LETTER_RESENT, by, letter.person_id)
    return [letter.id for letter in again]


def stop(ids: Collection[int], *, by: Person | None = None, now: datetime) -> list[int]:
    """Let these letters, tried in vain so far, rest for good; returns those that were still waiting.

    What they tell stays in the inbox of their reader.
    """
    _require(by)
    stopped = db.session.execute(
        update(Digest)
        .where(
            Digest.id.in_(ids),
            Digest.sent_at.is_(None),
            Digest.closed_at.is_(None),
            Digest.last_error.is_not(None),
        )
        .values(closed_at=now)
        .returning(Digest.id, Digest.person_id)
    ).all()
    for _, person_id in stopped:
        _record(EventKind.LETTER_STOPPED, by, person_id)
    return sorted(letter_id for letter_id, _ in stopped)


def hasten(*, now: datetime) -> int:
    """Let every letter that was put off be tried now; returns how many."""
    return db.session.execute(
        update(Digest)
        .where(
            Digest.sent_at.is_(None),
            Digest.closed_at.is_(None),
            Digest.next_try_at > now + sending.lease(),
        )
        .values(next_try_at=now)
    ).rowcount


def hasten_for(person: Person, *, now: datetime) -> int:
    """Let what waits for the person's next letter go now; returns how many notices."""
    return db.session.execute(
        update(Notification)
        .where(
            Notification.person_id == person.id,
            Notification.digest_id.is_(None),
            Notification.read_at.is_(None),
            Notification.due_at > now,
        )
        .values(due_at=now)
    ).rowcount


def _require(by: Person | None) -> None:
    if by is not None:
        policy.require_somewhere(by, Act.OPERATE)


def _record(kind: EventKind, by: Person | None, person_id: int) -> None:
    outbox.record(kind, actor=by, contract_id=None, person_id=person_id)


def _in_hand(letter: Digest, now: datetime) -> bool:
    """Whether a worker's lease may still run; a try that is put off for less is near anyway."""
    return now < letter.next_try_at <= now + sending.lease()
