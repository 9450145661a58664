"""From what happened to who hears of it: one notification per person and event, with the reason and the due time."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Subquery,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from .. import clock
from ..db import db
from ..models import Event, Membership, Notification, Person, Subscription
from ..rules import cadence
from ..rules.audience import AT_THE_HOUR, AUDIENCE, HEARS_OWN, PAST_MUTE, PROMPT, UNSTOPPABLE
from ..rules.cadence import Preference
from ..rules.vocabulary import Reason, Rhythm
from . import listeners


@dataclass(frozen=True, slots=True)
class Reader:
    """As much of a person as the policy asks for."""

    id: int
    guest: bool
    memberships: list[Row]


def next_event(now: datetime) -> Event | None:
    """The oldest event that nobody was told of, held until the transaction ends.

    What another worker holds, or what backs off, is passed over.
    """
    return db.session.scalars(
        select(Event)
        .where(
            Event.relayed_at.is_(None),
            or_(Event.next_try_at.is_(None), Event.next_try_at <= now),
        )
        .order_by(Event.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Event)
    ).first()


def fan_out(event: Event) -> int:
    """Tell everyone who should hear of the event, and nobody twice; returns how many were told.

    The number of queries does not depend on the number of people. Doing it again adds only who was missed.
    """
    reasons = AUDIENCE.get(event.kind, ())
    told = _entitled(event, _meant(event, reasons)) if reasons else []
    if told:
        db.session.execute(insert(Notification), _rows(event, told))
    event.relayed_at = clock.now()
    return len(told)


def postpone(event_id: int, now: datetime) -> None:
    """Put an event that could not be relayed to the side for a while."""
    event = db.session.get(Event, event_id)
    event.attempts += 1
    event.next_try_at = cadence.retry_at(now, event.attempts)


def behind() -> bool:
    """Whether something happened that nobody was told of yet; what backs off does not count."""
    return db.session.scalar(
        select(exists().where(Event.relayed_at.is_(None), Event.attempts == 0))
    )


def due_at(event: Event, reason: Reason, preference: Preference) -> datetime | None:
    """When the letter is due; None for whoever wants none, unless he could not sign in without it."""
    if event.kind in UNSTOPPABLE:
        return event.at
    if preference.rhythm is not Rhythm.OFF:
        if event.kind in AT_THE_HOUR:
            preference = replace(preference, rhythm=Rhythm.DAILY)
        elif reason in PROMPT:
            preference = replace(preference, rhythm=Rhythm.IMMEDIATE)
    burst = timedelta(seconds=current_app.config["BURST_SECONDS"])
    return cadence.due_at(event.at, preference, burst=burst)


def _meant(event: Event, reasons: tuple[Reason, ...]) -> Subquery:
    """(person_id, rank) for every reason that means a person; the lowest rank is the reason that counts."""
    ranked = [
        select(listeners.people(event, reason).subquery().c[0].label("person_id"), rank)
        for reason, rank in zip(reasons, _ranks(reasons), strict=True)
    ]
    return union_all(*ranked).subquery("meant")


def _ranks(reasons: tuple[Reason, ...]) -> list[ColumnElement[int]]:
    return [literal(rank, Integer).label("rank") for rank in range(len(reasons))]


def _entitled(event: Event, meant: Subquery) -> list[Row]:
    """The people meant who want to hear, were not told yet, and may read what it is about."""
    found = db.session.execute(_hearers(event, meant)).all()
    if event.kind in UNSTOPPABLE or not found:
        return list(found)
    held = defaultdict(list)
    for membership in db.session.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.contract_id,
            Membership.sector_id,
            Membership.section_id,
            Membership.organisation_id,
        ).where(
            Membership.contract_id == event.contract_id,
            Membership.person_id.in_(select(meant.c.person_id)),
        )
    ):
        held[membership.person_id].append(membership)
    return [
        row for row in found if listeners.may_know(Reader(row.id, row.guest, held[row.id]), event)
    ]


def _hearers(event: Event, meant: Subquery):
    told = exists().where(Notification.event_id == event.id, Notification.person_id == Person.id)
    query = (
        select(
            Person.id,
            Person.guest,
            Person.rhythm,
            Person.digest_hour,
            Person.digest_weekday,
            Person.time_zone,
            func.min(meant.c.rank).label("rank"),
        )
        .join(meant, meant.c.person_id == Person.id)
        .where(Person.active, ~told, _not_muted(event, meant))
        .group_by(Person.id)
        .order_by(Person.id)
    )
    if event.kind not in UNSTOPPABLE:
        query = query.where(or_(Person.password_hash.is_not(None), Person.guest))
    if event.kind not in HEARS_OWN and event.actor_id is not None:
        query = query.where(Person.id != event.actor_id)
    return query


def _not_muted(event: Event, meant: Subquery) -> ColumnElement[bool]:
    personal = [rank for rank, reason in enumerate(AUDIENCE[event.kind]) if reason in PAST_MUTE]
    muted = exists().where(
        Subscription.section_id == event.section_id,
        Subscription.person_id == Person.id,
        Subscription.muted,
    )
    return or_(meant.c.rank.in_(personal), ~muted)


def _rows(event: Event, told: list[Row]) -> list[dict]:
    """One row per person; the due time is worked out once for each wish, not once for each person."""
    reasons = AUDIENCE[event.kind]
    moments: dict[tuple, datetime | None] = {}
    rows = []
    for person in told:
        reason = reasons[person.rank]
        wish = (person.rhythm, person.digest_hour, person.digest_weekday, person.time_zone)
        if (reason, wish) not in moments:
            moments[reason, wish] = due_at(event, reason, Preference(*wish))
        rows.append(
            {
                "event_id": event.id,
                "person_id": person.id,
                "reason": reason,
                "due_at": moments[reason, wish],
            }
        )
    return rows
