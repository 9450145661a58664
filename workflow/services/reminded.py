"""Whom a reminder means, and whether what it reminds of is still owed when the letter is sent."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Select, and_, exists, false, literal, or_, select

from .. import clock
from ..db import db
from ..models import Event, Membership, Organisation, Person, Signatory, Thread
from ..rules import policy, signing
from ..rules.reminding import Rung
from ..rules.signing import Hold
from ..rules.vocabulary import (
    Act,
    Mandate,
    ReminderKind,
    Role,
    Stage,
)
from . import asked, freezing, owed, positions, seats

SPEAKERS = policy.SPEAKERS


def anybody(event: Event) -> bool:
    """Whether the reminder reaches somebody on the rungs that it has climbed."""
    return db.session.scalar(select(or_(*(exists(finder(event)) for finder in FINDERS))))


def owing(event: Event) -> Select:
    """Who owes it: people that can hear of it."""
    ids = PEOPLE[event.reminder.kind](event).subquery()
    return select(Person.id).where(
        Person.id.in_(select(ids.c[0])), Person.active, Person.password_hash.is_not(None)
    )


def speaking(event: Event) -> Select:
    """Who speaks for the organisation of those who owe it, from the second rung on."""
    if event.reminder.rung < Rung.ORGANISATION:
        return select(Person.id).where(false())
    organisations = select(Membership.organisation_id).where(
        Membership.contract_id == event.contract_id,
        Membership.organisation_id.is_not(None),
        Membership.person_id.in_(owing(event)),
    )
    if event.signatory_id:
        organisations = select(Organisation.id).where(
            Organisation.id == event.signatory.organisation_id
        )
    return _members(event.contract_id).where(
        Membership.mandate.in_(SPEAKERS), Membership.organisation_id.in_(organisations)
    )


def coordinating(event: Event) -> Select:
    """The coordinators, on the last rung."""
    if event.reminder.rung < Rung.COORDINATOR:
        return select(Person.id).where(false())
    return _members(event.contract_id).where(Membership.role == Role.COORDINATOR)


FINDERS = (owing, speaking, coordinating)


def _members(contract_id: int) -> Select:
    return (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.contract_id == contract_id,
            Person.active,
            Person.password_hash.is_not(None),
        )
    )


def _owner(event: Event) -> Select:
    return select(Person.id).where(Person.id == event.section.owner_id)


def _assignee(event: Event) -> Select:
    return select(Person.id).where(Person.id == event.question.assignee_id)


def _signer(event: Event) -> Select:
    """The delegate; where there is none, its substitutes, else whoever belongs to the organisation."""
    members = _members(event.contract_id).where(
        Membership.organisation_id == event.signatory.organisation_id
    )
    delegates = members.where(Membership.mandate == Mandate.DELEGATE)
    speakers = members.where(Membership.mandate.in_(SPEAKERS))
    return members.where(
        or_(
            Membership.mandate == Mandate.DELEGATE,
            and_(Membership.mandate.in_(SPEAKERS), ~delegates.exists()),
            ~speakers.exists(),
        )
    )


def _judges(event: Event) -> Select:
    """Whoever is asked for a position now and has taken none; who leads, and may judge anywhere, only where it lies
    with nobody else."""
    awaited = positions.ballot(event.section).awaited
    leading = {seat.person_id for seat in seats.held(event.contract_id, policy.STEERING)}
    return select(Person.id).where(Person.id.in_(awaited - leading or awaited))


def _silent(event: Event) -> Select:
    """Whoever is asked in the round and has said nothing in it."""
    return asked.silent(event.round)


def _voices(event: Event) -> Select:
    """Whoever speaks for the organisation, else its members who may comment."""
    members = _members(event.contract_id).where(
        Membership.organisation_id == event.organisation_id,
        Membership.role.in_(policy.GRANTS[Act.COMMENT]),
    )
    speakers = members.where(Membership.mandate.in_(SPEAKERS))
    return members.where(or_(Membership.mandate.in_(SPEAKERS), ~speakers.exists()))


PEOPLE: dict[ReminderKind, Callable[[Event], Select]] = {
    ReminderKind.ROUND_CLOSING: _silent,
    ReminderKind.SECTION_DUE: _owner,
    ReminderKind.POSITION_AWAITED: _judges,
    ReminderKind.SIGNATURE_AWAITED: _signer,
    ReminderKind.QUESTION_DUE: _assignee,
    ReminderKind.ANSWERS_DUE: _owner,
    ReminderKind.VOICE_AWAITED: _voices,
}
"""Who owes what a reminder is about."""


def _waits(event: Event) -> bool:
    section = event.section
    return section.stage is Stage.REVISION and db.session.scalar(
        select(exists().where(Thread.section_id == section.id, owed.UNANSWERED))
    )


def _still_silent(event: Event) -> bool:
    """Nobody has spoken for the organisation since, and there is time."""
    spoken = exists().where(
        Thread.organisation_id == event.organisation_id,
        Thread.addressed,
        Thread.created_at >= event.at,
    )
    in_time = event.reminder.due_on >= clock.now().date()
    return in_time and not db.session.scalar(select(spoken))


def unsigned(signatory: Signatory) -> bool:
    """Nobody signed, or what is in force now is not what was signed."""
    there = freezing.in_force(signatory.contract)
    hold = signing.held(signatory.status, signatory.manifest_id, there.id if there else None)
    return signatory.status in signing.UNSIGNED or hold is Hold.EARLIER


DUE: dict[ReminderKind, Callable[[Event], date | None]] = {
    ReminderKind.ROUND_CLOSING: lambda event: event.round.closes_at.date(),
    ReminderKind.SECTION_DUE: lambda event: event.section.due_on,
    ReminderKind.SIGNATURE_AWAITED: lambda event: event.signatory.due_on,
    ReminderKind.QUESTION_DUE: lambda event: event.question.due_on,
}
"""Days that somebody set and may set anew; the letter names the day as it was."""

STILL_OWED: dict[ReminderKind, Callable[[Event], bool]] = {
    ReminderKind.ROUND_CLOSING: lambda event: event.round.closed_at is None,
    ReminderKind.SECTION_DUE: lambda event: event.section.stage is not Stage.APPROVED,
    ReminderKind.POSITION_AWAITED: lambda event: event.section.stage is Stage.REVIEW,
    ReminderKind.SIGNATURE_AWAITED: lambda event: unsigned(event.signatory),
    ReminderKind.QUESTION_DUE: lambda event: event.question.answered_at is None,
    ReminderKind.ANSWERS_DUE: _waits,
    ReminderKind.VOICE_AWAITED: _still_silent,
}

STOPPED = frozenset(
    {ReminderKind.SECTION_DUE, ReminderKind.POSITION_AWAITED, ReminderKind.ANSWERS_DUE}
)
"""What nobody can do while the contract stands still."""


def still_owed(event: Event, person: Person) -> bool:
    """Whether the letter would still be true, and still be for this person."""
    kind, due_on = event.reminder.kind, event.reminder.due_on
    if kind in STOPPED and event.section.place.frozen:
        return False
    if DUE.get(kind, lambda event: due_on)(event) != due_on or not STILL_OWED[kind](event):
        return False
    return db.session.scalar(
        select(or_(*(literal(person.id).in_(finder(event)) for finder in FINDERS)))
    )
