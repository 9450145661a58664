"""Whom a reminder means, and whether what it reminds of is still owed when the letter is sent."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import (
    Integer,
    Select,
    and_,
    exists,
    false,
    literal,
    or_,
    select,
    union_all,
)

from .. import clock
from ..db import among, db
from ..models import Contract, Event, Membership, Organisation, Person, Signatory, Thread
from ..rules import policy, signing
from ..rules.reminding import ABOUT_A_TEXT, Rung
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


Judges = Mapping[int, Collection[int]]
"""Whose position is awaited on sections, by their ids, as far as that is known already."""

UNKNOWN: Judges = MappingProxyType({})


def owing(event: Event, judges: Judges = UNKNOWN) -> Select:
    """Who owes it: people that can hear of it."""
    judged = event.reminder.kind is ReminderKind.POSITION_AWAITED
    meant = _judges(event, judges) if judged else PEOPLE[event.reminder.kind](event)
    ids = meant.subquery()
    return select(Person.id).where(
        Person.id.in_(select(ids.c[0])), Person.active, Person.password_hash.is_not(None)
    )


def speaking(event: Event, judges: Judges = UNKNOWN) -> Select:
    """Who speaks for the organisation of those who owe it, from the second rung on."""
    if event.reminder.rung < Rung.ORGANISATION:
        return select(Person.id).where(false())
    organisations = select(Membership.organisation_id).where(
        Membership.contract_id == event.contract_id,
        Membership.organisation_id.is_not(None),
        Membership.person_id.in_(owing(event, judges)),
    )
    if event.signatory_id:
        organisations = select(Organisation.id).where(
            Organisation.id == event.signatory.organisation_id
        )
    return _members(event.contract_id).where(
        Membership.mandate.in_(SPEAKERS), Membership.organisation_id.in_(organisations)
    )


def coordinating(event: Event, judges: Judges = UNKNOWN) -> Select:
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


def _judges(event: Event, judges: Judges = UNKNOWN) -> Select:
    known = judges if event.section_id in judges else _awaited([event])
    return select(Person.id).where(Person.id.in_(known[event.section_id]))


def _awaited(events: Collection[Event]) -> Judges:
    """Whoever is asked for a position on the section of an event now and has taken none; who leads, and may judge
    anywhere, only where it lies with nobody else. A few queries for each contract."""
    places = defaultdict(list)
    for event in events:
        places[event.contract_id].append(event.section.place)
    found: dict[int, Collection[int]] = {}
    for contract_id, some in places.items():
        leading = {seat.person_id for seat in seats.held(contract_id, policy.STEERING)}
        for section_id, ballot in positions.ballots(contract_id, some).items():
            found[section_id] = ballot.awaited - leading or ballot.awaited
    return found


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


def unsigned(signatory: Signatory) -> bool:
    """Nobody signed, or what is in force now is not what was signed."""
    there = freezing.in_force(signatory.contract)
    return _not_signed(signatory, there.id if there else None)


def _not_signed(signatory: Signatory, there: int | None) -> bool:
    hold = signing.held(signatory.status, signatory.manifest_id, there)
    return signatory.status in signing.UNSIGNED or hold is Hold.EARLIER


DUE: dict[ReminderKind, Callable[[Event], date | None]] = {
    ReminderKind.ROUND_CLOSING: lambda event: clock.day_of(
        event.round.closes_at, event.contract.time_zone
    ),
    ReminderKind.SECTION_DUE: lambda event: event.section.due_on,
    ReminderKind.SIGNATURE_AWAITED: lambda event: event.signatory.due_on,
    ReminderKind.QUESTION_DUE: lambda event: event.question.due_on,
}
"""Days that somebody set and may set anew; the letter names the day as it was."""

AT_ONCE = 50
"""Reminders of which one statement asks whom they mean; databases count the parts of a statement."""


def still_owed(event: Event, person: Person) -> bool:
    """Whether the letter would still be true, and still be for this person."""
    return person.id in owing_still([event], [person.id])[event.id]


def owing_still(events: Collection[Event], people: Collection[int]) -> dict[int, set[int]]:
    """By each of these reminders, those of the people for whom it would still be true; read together."""
    found: dict[int, set[int]] = {event.id: set() for event in events}
    true = _true(events)
    judges = _awaited([one for one in true if one.reminder.kind is ReminderKind.POSITION_AWAITED])
    for at in range(0, len(true), AT_ONCE):
        meant = union_all(
            *(
                select(literal(event.id, Integer), finder(event, judges).subquery().c[0])
                for event in true[at : at + AT_ONCE]
                for finder in FINDERS
            )
        ).subquery()
        event_id, person_id = meant.c
        for one, somebody in db.session.execute(select(meant).where(among(person_id, people))):
            found[one].add(somebody)
    return found


def _true(events: Collection[Event]) -> list[Event]:
    """Those of the reminders that name the day that is due now, and of what is owed still."""
    by_kind = defaultdict(list)
    for event in events:
        kind, due_on = event.reminder.kind, event.reminder.due_on
        stopped = kind in ABOUT_A_TEXT and event.section.contract.frozen_id is not None
        if not stopped and DUE.get(kind, lambda event, day=due_on: day)(event) == due_on:
            by_kind[kind].append(event)
    return [event for kind, some in by_kind.items() for event in STILL_OWED[kind](some)]


def _where(holds: Callable[[Event], bool]) -> Callable[[list[Event]], list[Event]]:
    return lambda events: [event for event in events if holds(event)]


def _with_open_remarks(events: list[Event]) -> list[Event]:
    waiting = [event for event in events if event.section.stage is Stage.REVISION]
    ids = {event.section_id for event in waiting}
    query = select(Thread.section_id).where(among(Thread.section_id, ids), owed.UNANSWERED)
    found = set(db.session.scalars(query.distinct()))
    return [event for event in waiting if event.section_id in found]


def _unspoken(events: list[Event]) -> list[Event]:
    """Those for whose organisation nobody has spoken since, and there is time."""
    in_time = [
        event for event in events if event.reminder.due_on >= clock.today(event.contract.time_zone)
    ]
    spoken = (
        select(Event.id)
        .join(Thread, Thread.organisation_id == Event.organisation_id)
        .where(
            among(Event.id, [event.id for event in in_time]),
            Thread.addressed,
            Thread.created_at >= Event.at,
        )
    )
    found = set(db.session.scalars(spoken.distinct()))
    return [event for event in in_time if event.id not in found]


def _unsigned(events: list[Event]) -> list[Event]:
    ids = {event.signatory.contract_id for event in events}
    query = select(Contract.id, freezing.IN_FORCE).where(among(Contract.id, ids))
    there = dict(db.session.execute(query).all())
    return [
        event
        for event in events
        if _not_signed(event.signatory, there[event.signatory.contract_id])
    ]


STILL_OWED: dict[ReminderKind, Callable[[list[Event]], list[Event]]] = {
    ReminderKind.ROUND_CLOSING: _where(lambda event: event.round.closed_at is None),
    ReminderKind.SECTION_DUE: _where(lambda event: event.section.stage is not Stage.APPROVED),
    ReminderKind.POSITION_AWAITED: _where(lambda event: event.section.stage is Stage.REVIEW),
    ReminderKind.SIGNATURE_AWAITED: _unsigned,
    ReminderKind.QUESTION_DUE: _where(lambda event: event.question.answered_at is None),
    ReminderKind.ANSWERS_DUE: _with_open_remarks,
    ReminderKind.VOICE_AWAITED: _unspoken,
}
"""Which of some reminders of a kind are of what is owed still."""
