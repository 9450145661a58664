"""Addresses whose letters come back: counted, suspended at a limit, and given another chance when somebody says so.

To a suspended address nothing goes by mail but what was asked for there: links to sign in. Everything else stays in the
inbox.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from ..db import db
from ..models import Bounce, Digest, Event, Notification, Person
from ..rules import bouncing
from ..rules.audience import UNSTOPPABLE
from ..rules.refusals import Invalid
from ..rules.vocabulary import BounceKind, EventKind
from . import outbox, people
from .locking import locked

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=3)
"""How long after it was given up a letter may still be counted."""


def note(person: Person, digest_id: int, kind: BounceKind, said: str, *, now: datetime) -> None:
    """A letter to the person came back. A second word about the same letter replaces the first one if it is worse."""
    person = locked(person)
    letter = db.session.get(Digest, digest_id)
    if letter is None or letter.person_id != person.id or letter.composed_at < _since(person):
        return
    known = db.session.scalar(select(Bounce).where(Bounce.digest_id == digest_id))
    if known is None:
        db.session.add(
            Bounce(person_id=person.id, digest_id=digest_id, kind=kind, said=said, at=now)
        )
    elif kind is BounceKind.PERMANENT and known.kind is not kind:
        known.kind, known.said = kind, said
    db.session.flush()
    counted = select(Bounce.kind, Bounce.at).where(Bounce.person_id == person.id)
    if bouncing.dead([tuple(row) for row in db.session.execute(counted)], now):
        suspend(person, now=now)


def _since(person: Person) -> datetime:
    return person.mail_resumed_at or person.created_at


def count_refused(now: datetime) -> int:
    """Count the letters that the mail server refused because of their address, each once; returns how many.

    What it refused for another reason says nothing of the address, and may be our own fault.
    """
    refused = db.session.execute(
        select(Digest.id, Digest.person_id, Digest.last_error)
        .outerjoin(Bounce, Bounce.digest_id == Digest.id)
        .where(
            Bounce.id.is_(None),
            Digest.sent_at.is_(None),
            Digest.last_error.is_not(None),
            Digest.closed_at > now - LOOKED_BACK,
        )
        .order_by(Digest.id)
    ).all()
    dead = [row for row in refused if bouncing.kind(row.last_error) is BounceKind.PERMANENT]
    for row in dead:
        person = db.session.get(Person, row.person_id)
        note(person, row.id, BounceKind.PERMANENT, row.last_error, now=now)
    return len(dead)


def suspend(person: Person, *, now: datetime) -> None:
    """Send nothing more to the address but links to sign in; what else waits to be mailed stays in the inbox."""
    person = locked(person)
    if person.mail_suspended_at is not None:
        return
    person.mail_suspended_at = now
    db.session.execute(
        update(Notification)
        .where(
            Notification.person_id == person.id,
            Notification.digest_id.is_(None),
            Notification.due_at.is_not(None),
            Notification.event_id.not_in(select(Event.id).where(Event.kind.in_(UNSTOPPABLE))),
        )
        .values(due_at=None)
    )
    log.warning("letters to person %s are suspended", person.id)
    outbox.record(EventKind.ADDRESS_SUSPENDED, actor=None, contract_id=None, person=person)


def resume(person: Person, *, by: Person | None = None, now: datetime) -> None:
    """The address works again: letters go there from now on, and what came back before is forgotten.

    Says so the owner, or an administrator at a page; nobody is named for the command line.
    """
    person = locked(person)
    if person.mail_suspended_at is not None:
        outbox.record(EventKind.ADDRESS_RESUMED, actor=by, contract_id=None, person=person)
    person.mail_suspended_at, person.mail_resumed_at = None, now
    db.session.execute(delete(Bounce).where(Bounce.person_id == person.id))


def correct(person: Person, email: str, *, now: datetime) -> None:
    """Give the person another address, and letters there another chance. Raises `Invalid` for one that is taken."""
    address = people.checked_address(email)
    known = people.find(address)
    if known is not None and known.id != person.id:
        raise Invalid("email", "Somebody else has this address.")
    locked(person).email = address
    resume(person, now=now)
