"""Letters that did not leave: given up in the last weeks, or tried in vain and waiting, with the server's last word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from ..db import db
from ..models import Digest, Person
from ..rules.vocabulary import Rhythm
from .mail import GIVEN_UP, UNSENT

SHOWN_FOR = timedelta(days=30)
"""What was given up longer ago is history."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that did not leave; it will be tried at `next_try_at`, or never again."""

    id: int
    to: str
    rhythm: Rhythm
    due_at: datetime
    attempts: int
    next_try_at: datetime | None
    given_up_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Pile:
    """The newest of them, and how many there are."""

    letters: list[Undelivered]
    total: int


def undelivered(now: datetime, *, most: int, since: datetime | None = None) -> Pile:
    """Given up since then (in the last weeks, unless told), or still tried; the newest first, in one query."""
    since = since or now - SHOWN_FOR
    rows = db.session.execute(
        select(Digest, Person.email, func.count().over().label("total"))
        .join(Person, Person.id == Digest.person_id)
        .where(or_(and_(GIVEN_UP, Digest.closed_at >= since), and_(GIVEN_UP, UNSENT)))
        .order_by(Digest.due_at.desc(), Digest.id.desc())
        .limit(most)
    ).all()
    return Pile([_line(row.Digest, row.email) for row in rows], rows[0].total if rows else 0)


def _line(letter: Digest, to: str) -> Undelivered:
    return Undelivered(
        id=letter.id,
        to=to,
        rhythm=letter.rhythm,
        due_at=letter.due_at,
        attempts=letter.attempts,
        next_try_at=None if letter.closed_at else letter.next_try_at,
        given_up_at=letter.closed_at,
        error=letter.last_error,
    )
