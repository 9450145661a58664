"""From what happened to who hears of it: one notification per person and event, with the reason and the due time."""

from collections.abc import Sequence
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
    update,
    values,
)

from .. import clock
from ..db import db
from ..models import Digest, Event, Notification, Person
from ..rules import cadence
from ..rules.audience import (
    AUDIENCE,
    HEARS_OWN,
    MODERATED,
    OF_ONES_WORDS,
    PAST_MUTE,
    UNSTOPPABLE,
)
from ..rules.cadence import Preference
from ..rules.vocabulary import Reason, Rhythm
from ..rules.wishes import pace
from . import knowing, listeners, wishes
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


def tell_again(happened: ColumnElement[bool], *, since: datetime) -> None:
    """Let people hear of events whose words could not be told since then, and now can be.

    Whoever was passed over is told as if it were new; what a letter left out since then waits for the next letter.
    """
    told = Event.kind.in_(set(AUDIENCE) - MODERATED - OF_ONES_WORDS)
    events = select(Event.id).where(happened, told)
    left_out = select(Digest.id).where(
        Digest.last_error.is_(None), or_(Digest.sent_at >= since, Digest.closed_at >= since)
    )
    unsaid = Notification.event_id.in_(events), Notification.read_at.is_(None)
    for change in (
        update(Notification)
        .where(*unsaid, Notification.digest_id.in_(left_out))
        .values(digest_id=None),
        update(Event).where(Event.id.in_(events)).values(relayed_at=None, attempts=0),
    ):
        db.session.execute(change, execution_options={"synchronize_session": False})


def behind() -> bool:
    """Whether something happened that nobody was told of yet; what backs off does not count."""
    return db.session.scalar(
        select(exists().where(Event.relayed_at.is_(None), Event.attempts == 0))
    )


def due_at(at: datetime, preference: Preference) -> datetime | None:
    """When the letter about what happened `at` is due; None for whoever wants none."""
    return cadence.due_at(at, preference, burst=burst())


def burst() -> timedelta:
    """How long what is told at once waits for what follows on its heels."""
    return timedelta(seconds=current_app.config["BURST_SECONDS"])


CLOCK = ("digest_hour", "digest_weekday", "time_zone", "quiet_from", "quiet_until")
"""What decides of a person when his letters are due: the fields of `Preference` behind the rhythm, in their order."""

MAILED = (Rhythm.IMMEDIATE, Rhythm.DAILY, Rhythm.WEEKLY)


def _moments(event: Event, clocks: Sequence[Row]) -> CTE:
    """For each clock that somebody lives by, when a letter of each rhythm is due."""
    columns = [column(name, getattr(Person, name).type) for name in CLOCK]
    columns += [column(rhythm, Notification.due_at.type) for rhythm in MAILED]
    rows = [
        (*one, *(due_at(event.at, Preference(rhythm, *one)) for rhythm in MAILED)) for one in clocks
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
    rhythm = _rhythm(event, reasons, hearers)
    rows = (
        select(
            literal(event.id, Integer).label("event_id"),
            hearers.c.id.label("person_id"),
            reason.label("reason"),
            rhythm.label("rhythm"),
            _due(event, hearers, rhythm, moments).label("due_at"),
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


def _rhythm(event: Event, reasons: tuple[Reason, ...], hearers: Subquery) -> ColumnElement[Rhythm]:
    """`wishes.pace`, as SQL: where it differs from the rhythm at which somebody hears of the place."""
    ways = [
        (and_(hearers.c.rank == rank, hearers.c.kept == kept), literal(told, Person.rhythm.type))
        for rank, reason in enumerate(reasons)
        for kept in Rhythm
        if (told := pace(event.kind, reason, kept)) is not kept
    ]
    return case(*ways, else_=hearers.c.kept) if ways else hearers.c.kept


def _due(
    event: Event, hearers: Subquery, rhythm: ColumnElement[Rhythm], moments: CTE
) -> ColumnElement[datetime | None]:
    """`due_at`, as SQL. Whose clock was set a moment ago hears at once; a link to sign in waits for nothing. Whose
    letters come back hears in the inbox only."""
    at = Notification.due_at.type
    if event.kind in UNSTOPPABLE:
        return literal(event.at, at)
    unknown = (
        moments.c.time_zone.is_(None),
        literal(due_at(event.at, Preference(Rhythm.IMMEDIATE)), at),
    )
    ways = [(rhythm == one, moments.c[one]) for one in MAILED]
    silent = or_(rhythm == Rhythm.OFF, hearers.c.mail_suspended_at.is_not(None))
    return case((silent, null()), unknown, *ways)


def _hearers(event: Event, reasons: tuple[Reason, ...]) -> Subquery:
    """The people meant who want to hear, were not told yet, and may read what it is about.

    Each comes with the rhythm that he keeps to there; the lowest rank is the reason that counts.
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
    spoken = wishes.spoken(event)
    past = [rank for rank, reason in enumerate(reasons) if reason in PAST_MUTE]
    query = (
        select(
            Person.id,
            *(getattr(Person, name) for name in CLOCK),
            wishes.rhythm(spoken).label("kept"),
            func.min(meant.c.rank).label("rank"),
            Person.mail_suspended_at,
        )
        .join(meant, meant.c.person_id == Person.id)
        .outerjoin(spoken, spoken.c.person_id == Person.id)
        .where(Person.active, ~told, or_(meant.c.rank.in_(past), ~wishes.muted(spoken)))
        .group_by(Person.id, spoken.c.named)
    )
    if event.kind not in UNSTOPPABLE:
        query = query.where(
            or_(Person.password_hash.is_not(None), Person.guest),
            knowing.may_know(event, listeners.place_of(event)),
        )
    if event.kind not in HEARS_OWN and event.actor_id is not None:
        query = query.where(Person.id != event.actor_id)
    return query.subquery("hearers")
