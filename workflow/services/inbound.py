"""Mail that comes back: stored as a row before anybody is told yes, then acted on by a job, each message for itself."""

import hashlib
import logging
from datetime import datetime, timedelta
from random import random

from sqlalchemy import func, select, update

from .. import clock
from ..db import db
from ..models import Inbound, Person
from ..rules import cadence
from ..rules import received as reading
from ..rules.vocabulary import MailOutcome, MailProblem, Rhythm
from . import addresses, bouncing, people, replying
from .addresses import Purpose
from .upserts import INSERTS

log = logging.getLogger(__name__)

LARGEST = 12 * 1024 * 1024
"""Bytes of a message; what is larger is refused at the door, and the sender's server says so. Of one that came into a
mailbox all the same only its head is noted."""

AN_HOUR = 60
"""Messages that one person's addresses take in an hour; the rest is asked to come later."""

TRIES = 5
"""After so many attempts a message is given up, and kept for an operator to look at."""

REMEMBERED = timedelta(days=30)
"""How long the bytes of a message are kept after it was acted on."""


class TooMuch(Exception):
    """More mail than anybody writes: not now."""


def receive(raw: bytes, *, recipient: str, sender: str) -> None:
    """Keep a message that came to an address of ours. The same message again, by whatever way, changes nothing.

    Raises `TooMuch` when the person's addresses have taken more than a person writes.
    """
    _write(raw, recipient, sender, key=_key(raw), raw=raw)


def set_aside(raw: bytes, *, recipient: str, sender: str) -> None:
    """Note that a message came which is larger than what is kept, once, for an operator to look at.

    Raises `TooMuch` as `receive` does.
    """
    key, error = _key(raw[:LARGEST]), f"{len(raw)} bytes are too many: {LARGEST} are the most"
    given_up = {
        "handled_at": clock.now(),
        "outcome": MailOutcome.FAILED,
        "problem": MailProblem.UNREADABLE,
        "last_error": error,
    }
    if _write(raw, recipient, sender, key=key, raw=None, **given_up):
        log.warning("message %s from %s is set aside: %s", key, sender, error)


def _write(message: bytes, recipient: str, sender: str, *, key: str, **state) -> bool:
    """One row for the message at this address; False when there is one already, or the address is not ours."""
    opened = addresses.opened(recipient)
    if opened is None:
        return False
    now = clock.now()
    person_id = opened.ids[0]
    if _lately(person_id, now) >= AN_HOUR:
        raise TooMuch(recipient)
    row = INSERTS[db.engine.dialect.name](Inbound).values(
        message_id=key,
        recipient=recipient.strip().lower()[:254],
        sender=sender[:254],
        sha256=hashlib.sha256(message).hexdigest(),
        size=len(message),
        received_at=now,
        next_try_at=now,
        attempts=0,
        person_id=db.session.scalar(select(Person.id).where(Person.id == person_id)),
        **state,
    )
    written = row.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return bool(db.session.execute(written).rowcount)


def _key(raw: bytes) -> str:
    """What tells messages apart. One that cannot be read at all is told by its bytes."""
    try:
        return reading.read(raw).key
    except Exception:
        log.exception("a message could not be read at the door")
        return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _lately(person_id: int, now: datetime, *conditions) -> int:
    return db.session.scalar(
        select(func.count())
        .select_from(Inbound)
        .where(
            Inbound.person_id == person_id,
            Inbound.received_at > now - timedelta(hours=1),
            *conditions,
        )
    )


def claim(now: datetime) -> int | None:
    """The id of the message that waits longest, put off until its next turn in case its reader dies; None when none."""
    row = db.session.scalar(
        select(Inbound)
        .where(Inbound.handled_at.is_(None), Inbound.next_try_at <= now)
        .order_by(Inbound.next_try_at, Inbound.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Inbound)
    )
    if row is None:
        return None
    row.attempts += 1
    row.next_try_at = cadence.retry_at(now, row.attempts, chance=random())
    if row.attempts > TRIES:
        _close(row, MailOutcome.FAILED, MailProblem.UNREADABLE, now)
    return row.id


def read(inbound_id: int) -> reading.Message | None:
    """The message of a row that waits, read; it takes as long as it takes, and holds nothing."""
    raw = db.session.scalar(
        select(Inbound.raw).where(Inbound.id == inbound_id, Inbound.handled_at.is_(None))
    )
    db.session.rollback()
    return reading.read(raw) if raw is not None else None


def act(inbound_id: int, message: reading.Message, now: datetime) -> None:
    """Do what the message asks for, once: a second call finds it done."""
    row = db.session.scalar(
        select(Inbound)
        .where(Inbound.id == inbound_id, Inbound.handled_at.is_(None))
        .with_for_update(of=Inbound)
    )
    if row is None:
        return
    opened = addresses.opened(row.recipient)
    if opened is None or row.person is None:
        _close(row, MailOutcome.IGNORED, None, now)
        return
    ACTS[opened.purpose](row, opened, message, now)


def _reply(row: Inbound, opened: addresses.Opened, message: reading.Message, now: datetime) -> None:
    """A reply in the thread, or a letter that says why not. Programs are never answered."""
    if message.automatic or row.sender in ("", "<>"):
        _close(row, MailOutcome.IGNORED, MailProblem.AUTOMATIC, now)
        return
    person, thread_id = row.person, opened.ids[1]
    comment, problem = None, MailProblem.TOO_MANY
    if _lately(person.id, now, Inbound.comment_id.is_not(None)) < replying.AN_HOUR:
        comment, problem = replying.take(person, thread_id, message)
    row.comment = comment
    silent = _lately(person.id, now, Inbound.event_id.is_not(None)) >= replying.RETURNED_AN_HOUR
    if problem and not silent:
        row.event = replying.give_back(person, thread_id)
    refused = MailOutcome.IGNORED if silent else MailOutcome.RETURNED
    _close(row, MailOutcome.REPLIED if comment else refused, problem, now)


def _stop(row: Inbound, opened: addresses.Opened, message: reading.Message, now: datetime) -> None:
    """What the way out on the page does. Mail programs send this for their reader, so a machine's word counts."""
    people.prefer(row.person, rhythm=Rhythm.OFF)
    _close(row, MailOutcome.STOPPED, None, now)


def _bounce(
    row: Inbound, opened: addresses.Opened, message: reading.Message, now: datetime
) -> None:
    """A letter came back. What reports no failure of the address, such as a note of absence, is left alone."""
    found = reading.bounced(row.raw)
    if found is None:
        _close(row, MailOutcome.IGNORED, None, now)
        return
    bouncing.note(row.person, opened.ids[1], found.kind, found.said, now=now)
    _close(row, MailOutcome.BOUNCED, None, now)


ACTS = {Purpose.REPLY: _reply, Purpose.UNSUBSCRIBE: _stop, Purpose.BOUNCE: _bounce}


def _close(row: Inbound, outcome: MailOutcome, problem: MailProblem | None, now: datetime) -> None:
    row.outcome, row.problem, row.handled_at = outcome, problem, now


def failed(inbound_id: int, error: str) -> None:
    """Note why a message could not be acted on; it waits for its next turn."""
    db.session.execute(
        update(Inbound).where(Inbound.id == inbound_id).values(last_error=error[:2000])
    )


def forget(now: datetime) -> int:
    """Let go of the bytes of messages that were acted on long ago; returns of how many."""
    old = Inbound.handled_at < now - REMEMBERED, Inbound.raw.is_not(None)
    return db.session.execute(update(Inbound).where(*old).values(raw=None)).rowcount
