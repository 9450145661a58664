"""From what happened to who hears of it: one notification per person and event, with the reason and the due time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import random

from flask import current_app
from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Integer,
    Row,
    Subquery,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
    values,
)

from .. import clock
from ..db import db
from ..models import Event, Notification, Person, Subscription
from ..rules import cadence
from ..rules.audience import AT_THE_HOUR, AUDIENCE, HEARS_OWN, PAST_MUTE, PROMPT, UNSTOPPABLE
from ..rules.cadence import Preference
from ..rules.vocabulary import Reason, Rhythm
from . import knowing, listeners
from .upserts import INSERTS


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

    Two statements, however many people: by which clocks they live, then one row for each of them with the moment that
    goes with his wish. Doing it again adds only who was missed.
    """
    count = 0
    if reasons := AUDIENCE.get(event.kind):
        clocks = db.session.execute(select(*(getattr(Person, name) for name in CLOCK)).distinct())
        telling = _telling(event, reasons, _moments(event, clocks.all()))
        count = db.session.execute(telling).rowcount
    event.relayed_at = clock.now()
    return count


def postpone(event_id: int, now: datetime) -> None:
    """Put an event that could not be relayed to the side for a while."""
    event = db.session.get(Event, event_id)
    event.attempts += 1
    event.next_try_at = cadence.retry_at(now, event.attempts, chance=random())


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
    return _due_at(event, preference)


def _due_at(event: Event, preference: Preference) -> datetime | None:
    burst = timedelta(seconds=current_app.config["BURST_SECONDS"])
    return cadence.due_at(event.at, preference, burst=burst)


CLOCK = ("digest_hour", "digest_weekday", "time_zone")
"""What decides of a person when his day and his week of letters end."""

MAILED = (Rhythm.IMMEDIATE, Rhythm.DAILY, Rhythm.WEEKLY)


def _moments(event: Event, clocks: Sequence[Row]) -> CTE:
    """For each clock that somebody lives by, when a letter of each rhythm is due."""
    columns = [column(name, getattr(Person, name).type) for name in CLOCK]
    columns += [column(rhythm, Notification.due_at.type) for rhythm in MAILED]
    rows = [
        (*one, *(_due_at(event, Preference(rhythm, *one)) for rhythm in MAILED)) for one in clocks
    ]
    return values(*columns).data(rows).cte("moments", nesting=True)


def _telling(event: Event, reasons: tuple[Reason, ...], moments: CTE) -> Insert:
    """One notification for each hearer."""
    hearers = _hearers(event, reasons)
    reason = case(
        *(
            (hearers.c.rank == rank, literal(one, Notification.reason.type))
            for rank, one in enumerate(reasons)
        )
    )
    rows = (
        select(
            literal(event.id, Integer).label("event_id"),
            hearers.c.id.label("person_id"),
            reason.label("reason"),
            _due(event, reasons, hearers, moments).label("due_at"),
            literal(clock.now(), Notification.created_at.type).label("created_at"),
        )
        .outerjoin_from(
            hearers, moments, and_(*(moments.c[name] == hearers.c[name] for name in CLOCK))
        )
        .subquery("rows")
    )
    # SQLite counts only what begins with INSERT, and takes ON CONFLICT for a join's condition where no WHERE stands
    told = select(*rows.c).where(true())
    insert = INSERTS[db.engine.dialect.name](Notification.__table__)
    return (
        insert.from_select(list(rows.c.keys()), told)
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )


def _due(
    event: Event, reasons: tuple[Reason, ...], hearers: Subquery, moments: CTE
) -> ColumnElement[datetime | None]:
    """`due_at`, as SQL. Whose clock was set a moment ago hears at once."""
    at = Notification.due_at.type
    at_once = _due_at(event, Preference(Rhythm.IMMEDIATE))
    if event.kind in UNSTOPPABLE:
        return literal(event.at, at)
    prompt = [rank for rank, reason in enumerate(reasons) if reason in PROMPT]
    ways = [(hearers.c.rhythm == Rhythm.OFF, null())]
    if event.kind in AT_THE_HOUR:
        ways.append((true(), moments.c[Rhythm.DAILY]))
    ways.append((hearers.c.rank.in_(prompt), moments.c[Rhythm.IMMEDIATE]))
    ways += [(hearers.c.rhythm == rhythm, moments.c[rhythm]) for rhythm in MAILED]
    unknown = moments.c.time_zone.is_(None), literal(at_once, at)
    return case(ways[0], unknown, *ways[1:])


def _hearers(event: Event, reasons: tuple[Reason, ...]) -> Subquery:
    """The people meant who want to hear, were not told yet, and may read what it is about; each with his wish.

    The lowest rank is the reason that counts.
    """
    meant = union_all(
        *(
            select(
                listeners.people(event, reason).subquery().c[0].label("person_id"),
                literal(rank, Integer).label("rank"),
            )
            for rank, reason in enumerate(reasons)
        )
    ).subquery("meant")
    told = exists().where(Notification.event_id == event.id, Notification.person_id == Person.id)
    query = (
        select(
            Person.id,
            Person.rhythm,
            Person.digest_hour,
            Person.digest_weekday,
            Person.time_zone,
            func.min(meant.c.rank).label("rank"),
        )
        .join(meant, meant.c.person_id == Person.id)
        .where(Person.active, ~told, _not_muted(event, meant))
        .group_by(Person.id)
    )
    if event.kind not in UNSTOPPABLE:
        query = query.where(
            or_(Person.password_hash.is_not(None), Person.guest),
            knowing.may_know(event, listeners.place_of(event)),
        )
    if event.kind not in HEARS_OWN and event.actor_id is not None:
        query = query.where(Person.id != event.actor_id)
    return query.subquery("hearers")


def _not_muted(event: Event, meant: Subquery) -> ColumnElement[bool]:
    personal = [rank for rank, reason in enumerate(AUDIENCE[event.kind]) if reason in PAST_MUTE]
    muted = exists().where(
        Subscription.section_id == event.section_id,
        Subscription.person_id == Person.id,
        Subscription.muted,
    )
    return or_(meant.c.rank.in_(personal), ~muted)
