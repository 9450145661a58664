"""The only place that notices that rows changed, so that whoever asks whether a page is still true need not read it.

A transaction either records an event or makes the pulse beat, unless it touched nothing but `QUIET` tables. A table
that nobody thought of beats. The beat is the last statement before the commit, so that nobody waits for it for long.
"""

from sqlalchemy import Insert, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from .db import db
from .models import (
    Bounce,
    CalendarEntry,
    Delivery,
    Digest,
    Document,
    Draft,
    Event,
    Hook,
    Inbound,
    LifeSign,
    Notification,
    Pulse,
    Reminder,
    Seal,
    Subscription,
    Visit,
)

QUIET = frozenset(
    model.__tablename__
    for model in (
        Bounce,
        CalendarEntry,
        Delivery,
        Digest,
        Document,
        Draft,
        Event,
        Hook,
        Inbound,
        LifeSign,
        Notification,
        Pulse,
        Reminder,
        Seal,
        Subscription,
        Visit,
    )
)
"""Tables that are written all the time and that a page shows to nobody, or of which it shows only what is its reader's
own or who is there: `queries.pulse` looks at that much of them by itself."""

INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def watch() -> None:
    """Listen to every session. Called once, by the assembly."""
    if not event.contains(db.session, "before_commit", _beat):
        event.listen(db.session, "after_flush", _flushed)
        event.listen(db.session, "do_orm_execute", _executed)
        event.listen(db.session, "before_commit", _beat)
        event.listen(db.session, "after_soft_rollback", _forget)


def _touched(session: Session) -> set[str]:
    return session.info.setdefault("touched", set())


def _flushed(session: Session, _context) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        recorded = row in session.new and isinstance(row, Event)
        _touched(session).add("recorded" if recorded else row.__tablename__)


def _executed(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        table = asked.statement.table.name
        recorded = asked.is_insert and table == Event.__tablename__
        _touched(asked.session).add("recorded" if recorded else table)


def _beat(session: Session) -> None:
    session.flush()
    touched = _touched(session)
    if touched - QUIET and "recorded" not in touched:
        insert = INSERTS[session.get_bind().dialect.name]
        session.execute(_once_more(insert(Pulse).values(id=1, beats=1)))
    touched.clear()


def _once_more(beat: Insert) -> Insert:
    return beat.on_conflict_do_update(index_elements=["id"], set_={"beats": Pulse.beats + 1})


def _forget(session: Session, undone: SessionTransaction) -> None:
    """What was touched before a savepoint stays touched; whether an event is left that tells of it nobody knows."""
    if undone.parent is None:
        _touched(session).clear()
    else:
        _touched(session).discard("recorded")
