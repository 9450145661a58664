"""How letters leave: some digests are taken up under a lease, written together, sent one by one, and each is settled.

Of two workers one sends a digest, and what a killed worker had taken up comes back by itself: at most the letter that
the mail server had in its hands is repeated then, under the same Message-ID.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, islice, takewhile
from random import random

from flask import current_app
from sqlalchemy import SQLColumnExpression, Update, bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from .. import mail
from ..db import among, db
from ..messages import Letter
from ..models import Digest, Membership, Person
from ..rules import cadence
from ..rules.audience import UNSTOPPABLE
from . import letters, standing
from . import shelf as shelves
from .memory import Memory
from .recipients import Envelope
from .shelf import Shelf
from .tidings import Tiding, Tidings

log = logging.getLogger(__name__)

TOGETHER = (1000, 20, 1)
"""Digests that one worker takes up and writes together: of those never tried, of those tried once, of the others.

One that brings down its worker so takes ever fewer with it, and in the end none.
"""

KEPT_TRYING = timedelta(days=3)
"""After so long a letter is old news: the next ones say what is new then."""


class Fate(StrEnum):
    """What became of an attempt to send."""

    SENT = "sent"
    NOTHING_LEFT = "nothing left to say"
    DELAYED = "delayed"
    REFUSED = "refused"


Told = tuple[Envelope, list[Tiding]]
"""A digest, and what it may tell."""


@dataclass(frozen=True, slots=True)
class Written:
    """A digest that was taken up, with its letter; without one when nothing is left to say or an error says why not."""

    digest_id: int
    letter: Letter | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """`shut` means that no other letter would have gone either."""

    digest_id: int
    fate: Fate
    subject: str | None = None
    error: str | None = None
    shut: bool = False


def claim(now: datetime) -> list[int]:
    """The ids of the digests that waited longest, taken under a lease; none when none waits.

    Those that were tried equally often are taken together.
    """
    waiting = db.session.execute(
        select(Digest.id, Digest.attempts)
        .where(*_unsent(), Digest.next_try_at <= now)
        .order_by(Digest.next_try_at, Digest.id)
        .limit(TOGETHER[0])
        .with_for_update(skip_locked=True)
    ).all()
    tries = waiting[0].attempts if waiting else 0
    alike = takewhile(lambda row: row.attempts == tries, waiting)
    ids = [row.id for row in islice(alike, TOGETHER[min(tries, len(TOGETHER) - 1)])]
    _move(ids, tries=1, next_try_at=now + lease())
    return ids


def release(ids: list[int]) -> None:
    """Give back what was taken up and not tried: it is as it was when it was made."""
    _move(ids, tries=-1, next_try_at=Digest.composed_at)


def lease() -> timedelta:
    """How long a digest belongs to the worker that took it up."""
    return timedelta(seconds=current_app.config["MAIL_LEASE_SECONDS"])


def _move(
    ids: list[int], *, tries: int, next_try_at: datetime | SQLColumnExpression[datetime]
) -> None:
    if ids:
        db.session.execute(
            update(Digest)
            .where(among(Digest.id, ids), *_unsent())
            .values(attempts=Digest.attempts + tries, next_try_at=next_try_at)
        )


def _unsent() -> tuple:
    return Digest.sent_at.is_(None), Digest.closed_at.is_(None)


def write(ids: list[int], happened: Tidings | None = None) -> list[Written]:
    """The letters of these digests from what is true now. Whatever is wrong with one of them stays its own problem.

    What earlier letters told alike is not worded again when it is given in `happened`.
    """
    happened = happened or Tidings(Memory())
    try:
        told = standing.of_digests(ids, happened)
        _load_for_links(told)
        letters_to_be = [(digest.person, some, digest.rhythm) for digest, some in told]
        shelf = shelves.fill(letters_to_be, happened.memory)
    except OperationalError:
        raise  # a database that is gone is no letter's fault
    except Exception as fault:
        log.exception("letters %s could not be read", ids)
        if len(ids) == 1:
            return [_failed(ids[0], fault)]
        db.session.rollback()
        return [one for digest_id in ids for one in write([digest_id], happened)]
    made = {}
    for language, some in _by_language(told):
        with letters.in_the_words(language):
            for digest, notifications in some:
                made[digest.id] = _written(digest, notifications, shelf)
    db.session.rollback()  # nothing is held while the mail server thinks
    return [made[digest.id] for digest, _ in told]


def _by_language(told: list[Told]) -> Iterator[tuple[str, Iterator[Told]]]:
    """Letters in one language after the other: which one is in force is said once for all of them."""

    def language(one: Told) -> str:
        return one[0].person.language

    return groupby(sorted(told, key=language), key=language)


def _load_for_links(told: list[Told]) -> None:
    """Have the people at hand whose letters hold links that only they may use."""
    named = [digest.person_id for digest, some in told if some and some[0].kind in UNSTOPPABLE]
    if named:
        organisations = joinedload(Person.memberships).joinedload(Membership.organisation)
        people = select(Person).where(Person.id.in_(named)).options(organisations)
        db.session.scalars(people).unique().all()


def _written(digest: Envelope, told: list[Tiding], shelf: Shelf) -> Written:
    digest_id = digest.id
    try:
        return Written(digest_id, letters.write(digest, told, shelf))
    except OperationalError:
        raise
    except Exception as fault:
        log.exception("letter %s could not be written", digest_id)
        return _failed(digest_id, fault)


def _failed(digest_id: int, fault: Exception) -> Written:
    db.session.rollback()
    return Written(digest_id, error=repr(fault))


def send(
    written: Written, door: mail.Door, *, now: datetime, ready: Callable[[], None] | None = None
) -> Attempt:
    """Hand the letter over, if there is one; returns what became of the digest.

    `ready` is called before a word of it leaves.
    """
    digest_id, letter = written.digest_id, written.letter
    if written.error:
        return Attempt(digest_id, Fate.DELAYED, error=written.error)
    if letter is None:
        return Attempt(digest_id, Fate.NOTHING_LEFT)
    try:
        door.send(letter, at=now, ready=ready)
    except mail.Refused as refusal:
        return Attempt(digest_id, Fate.REFUSED, error=str(refusal))
    except mail.Delayed as delay:
        shut = isinstance(delay, mail.Unreachable)
        return Attempt(digest_id, Fate.DELAYED, error=str(delay), shut=shut)
    except OperationalError:
        raise  # the database is gone, and the letter is still here
    except Exception as fault:
        log.exception("letter %s could not be handed over", digest_id)
        return Attempt(digest_id, Fate.DELAYED, error=repr(fault))
    return Attempt(digest_id, Fate.SENT, subject=letter.subject)


def settle(
    attempt: Attempt, now: datetime, *, keep: Callable[[Update, dict], object] | None = None
) -> None:
    """Keep what became of the attempt: sent, closed for good, or waiting for its next turn.

    It is one statement, which `keep` may commit by itself; else it belongs to the transaction that is open.
    """
    if attempt.error:
        log.warning("letter %s was %s: %s", attempt.digest_id, attempt.fate, attempt.error)
    (keep or db.session.execute)(SETTLED, _became(attempt, now))


def _became(attempt: Attempt, now: datetime) -> dict[str, object]:
    what = {"digest_id": attempt.digest_id, "last_error": attempt.error}
    match attempt.fate:
        case Fate.SENT:
            return what | {"sent_at": now, "subject": attempt.subject}
        case Fate.DELAYED:
            return what | _again(attempt.digest_id, now)
        case _:
            return what | {"closed_at": now}


_rows = Digest.__table__
SETTLED = update(_rows).where(_rows.c.id == bindparam("digest_id"))


def _again(digest_id: int, now: datetime) -> dict[str, datetime]:
    """Its next turn, or its end when it is old news."""
    composed_at, attempts = db.session.execute(
        select(Digest.composed_at, Digest.attempts).where(Digest.id == digest_id)
    ).one()
    if now - composed_at >= KEPT_TRYING:
        return {"closed_at": now}
    return {"next_try_at": cadence.retry_at(now, attempts, chance=random())}
