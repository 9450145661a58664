"""The inbox: what a person was told of, read or unread. What is read is not mailed any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from .. import clock
from ..db import db
from ..models import Event, Notification, Person, Section

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UNDO_WITHIN = timedelta(minutes=5)
"""How long what was marked as read can be made unread again."""


@dataclass(frozen=True, slots=True)
class Marked:
    """How many notices were marked as read at one moment, which is what they are found by."""

    count: int
    at: datetime

    @property
    def number(self) -> int:
        """The moment as a form and an address name it, to the microsecond."""
        return (self.at - EPOCH) // timedelta(microseconds=1)


def moment(number: str | None) -> datetime | None:
    """The moment that such a number names; None for anything else."""
    if not number or not (number.isascii() and number.isdecimal()) or len(number) > 16:
        return None
    return EPOCH + timedelta(microseconds=int(number))


def read(
    person: Person,
    *,
    notice_id: int | None = None,
    section: Section | None = None,
    about: ColumnElement[bool] | None = None,
    only: Collection[ColumnElement[bool]] = (),
) -> Marked:
    """Mark what the person was told of as read: one notice, those of one section, those of events that are `about`
    something, those that `only` lets through, or all."""
    chosen = list(only)
    if notice_id is not None:
        chosen.append(Notification.id == notice_id)
    events = [] if section is None else [Event.section_id == section.id]
    if about is not None:
        events.append(about)
    if events:
        chosen.append(Notification.event_id.in_(select(Event.id).where(*events)))
    at = clock.now()
    return Marked(_set(person, Notification.read_at.is_(None), *chosen, read_at=at), at)


def unread(person: Person, at: datetime) -> int:
    """Make unread again what was marked at that moment, if it was a moment ago; says how many that were."""
    if not may_undo(at):
        return 0
    return _set(person, Notification.read_at == at, read_at=None)


def may_undo(at: datetime) -> bool:
    return timedelta(0) <= clock.now() - at <= UNDO_WITHIN


def _set(person: Person, *chosen: ColumnElement[bool], read_at: datetime | None) -> int:
    done = db.session.execute(
        update(Notification)
        .where(Notification.person_id == person.id, *chosen)
        .values(read_at=read_at),
        execution_options={"synchronize_session": False},
    )
    return done.rowcount
