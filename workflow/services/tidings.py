"""What letters may tell, as plain values, and what of it is remembered from one batch of letters to the next.

Hundreds of letters tell the same remarks. The rows behind those are read anew for every batch and compared, value by
value, with what they were: only a remark of which nothing changed is told from memory, as it was worded before.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ..db import among, db
from ..models import (
    Comment,
    Decision,
    Document,
    Event,
    GuestLink,
    Manifest,
    Notification,
    Person,
    Revision,
    Round,
    Section,
    Signatory,
    SignatoryEntry,
    Thread,
    section_sector,
)
from ..rules.vocabulary import EventKind, Reason
from .memory import Memory

REMEMBERED = frozenset(
    {
        EventKind.REMARK_MADE,
        EventKind.REPLY_MADE,
        EventKind.REMARK_ANSWERED,
        EventKind.ANSWER_CONTESTED,
    }
)
"""Kinds that say nothing but what stands in the rows of `_named`; of others more has to be asked each time."""

MOST = 4_096
"""Events that are remembered."""


class Tiding(NamedTuple):
    """An event as letters look at it, and why it is told.

    `version` is another number as soon as anything that it says is another; `place` is the same for the news of one
    place that reads the same. `about` are the people whose names it bears. The `key` stands for version and reason.
    """

    event: Event
    event_id: int
    kind: EventKind
    contract_id: int | None
    section_id: int | None
    thread_id: int | None
    about: frozenset[int]
    remark: Comment | None
    version: int
    place: tuple[int, ...]
    reason: Reason | None = None
    key: int = 0


def of(notifications: Iterable[Notification], memory: Memory) -> list[Tiding]:
    """What these notifications tell, for a letter that is written alone."""
    notifications = list(notifications)
    remarks = _remarks(db.session, (one.event for one in notifications))
    return [
        told(_tiding(one.event, remarks, memory.number()), one.reason, memory)
        for one in notifications
    ]


def told(tiding: Tiding, reason: Reason, memory: Memory) -> Tiding:
    """The same, for somebody who hears of it for this reason."""
    return tiding._replace(reason=reason, key=memory.alike((tiding.version, reason)))


def rows(load: Callable) -> list:
    """How the rows that events name are read: all in one query for one person, in one query each for many."""

    def name(relation):
        return load(relation).lazyload(Person.memberships)

    return [
        name(Event.actor),
        name(Event.person),
        load(Event.contract),
        load(Event.section).options(joinedload(Section.contract)),
        load(Event.thread).options(
            name(Thread.author),
            joinedload(Thread.organisation),
            joinedload(Thread.duplicate_of),
            joinedload(Thread.round),
            load(Thread.section).options(joinedload(Section.contract)),
        ),
        load(Event.comment).undefer(Comment.hidden_because),
        load(Event.decision).joinedload(Decision.undone_by),
        load(Event.position),
        load(Event.revision).load_only(Revision.number, Revision.summary),
        load(Event.document).load_only(Document.state),
        load(Event.reminder),
        load(Event.round).selectinload(Round.sections),
        load(Event.organisation),
        load(Event.signatory).options(
            joinedload(Signatory.organisation), joinedload(Signatory.contract)
        ),
        load(Event.signatory_entry).joinedload(SignatoryEntry.manifest),
        load(Event.question),
        load(Event.hook),
        load(Event.manifest).selectinload(Manifest.entries),
        load(Event.guest_link).options(
            joinedload(GuestLink.organisation), selectinload(GuestLink.person)
        ),
    ]


def _tiding(
    event: Event,
    remarks: dict[int, Comment],
    version: int,
    place: tuple[int, ...] | None = None,
) -> Tiding:
    thread = event.thread
    about = {event.person_id, event.actor_id, thread.author_id if thread else None}
    return Tiding(
        event=event,
        event_id=event.id,
        kind=event.kind,
        contract_id=event.contract_id,
        section_id=event.section_id,
        thread_id=event.thread_id,
        about=frozenset(about - {None}),
        remark=remarks.get(event.thread_id),
        version=version,
        place=place or (version,),
    )


def _remarks(session: Session, events: Iterable[Event]) -> dict[int, Comment]:
    """The first comment of each thread: the remark itself."""
    threads = {event.thread_id for event in events} - {None}
    if not threads:
        return {}
    first = (
        select(func.min(Comment.id))
        .where(among(Comment.thread_id, threads))
        .group_by(Comment.thread_id)
    )
    found = session.scalars(select(Comment).where(Comment.id.in_(first)))
    return {comment.thread_id: comment for comment in found}


Key = tuple[Table, int]
"""A row, by its table and its id; of the sectors of a section, by the section's."""


@dataclass(frozen=True, slots=True)
class Known:
    """A remembered event, and the number that each row which it names had then."""

    tiding: Tiding
    rows: dict[Key, int]


class Tidings:
    """The events of one batch of letters after the other."""

    def __init__(self, memory: Memory):
        self.memory = memory
        self._known: dict[int, Known] = {}
        self._rows: dict[Key, tuple[Any, int]] = {}

    def read(self, ids: Collection[int]) -> dict[int, Tiding]:
        """These events as they are now, by their ids."""
        if len(self._known) > MOST:
            self._known.clear()
            self._rows.clear()
        found = self._unchanged(ids)
        missing = set(ids) - found.keys()
        if missing:
            found |= self._remember(missing)
        if others := missing - found.keys():
            found |= self._others(others)
        return found

    def _unchanged(self, ids: Collection[int]) -> dict[int, Tiding]:
        """What of these events is known and still says the same."""
        known = [self._known[one] for one in ids if one in self._known]
        asked = defaultdict(set)
        for table, row_id in set().union(*(one.rows for one in known)):
            asked[table].add(row_id)
        numbers = {}
        for table, wanted in asked.items():
            values = _values_now(table, wanted)
            for row_id in wanted:
                numbers[table, row_id] = self._number((table, row_id), values.get(row_id))
        return {
            one.tiding.event_id: one.tiding
            for one in known
            if all(numbers[key] == number for key, number in one.rows.items())
        }

    def _number(self, key: Key, values: Any) -> int:
        """The number of a row that has these values now."""
        before = self._rows.get(key)
        if before and before[0] == values:
            return before[1]
        number = self.memory.number()
        self._rows[key] = values, number
        return number

    def _remember(self, ids: Collection[int]) -> dict[int, Tiding]:
        """Those of them that can be remembered, read in a session that lets go of them."""
        with Session(db.session.connection(), autoflush=False) as session:
            events = _read(session, among(Event.id, ids), Event.kind.in_(REMEMBERED))
            remarks = _remarks(session, events)
            session.expunge_all()
        for event in events:
            numbers = {
                key: self._number(key, values)
                for key, values in _named(event, remarks.get(event.thread_id))
            }
            place = tuple(
                number
                for key, number in numbers.items()
                if key in ((_CONTRACT, event.contract_id), (_SECTION, event.section_id))
            )
            tiding = _tiding(event, remarks, self.memory.number(), place)
            self._known[event.id] = Known(tiding, numbers)
        return {event.id: self._known[event.id].tiding for event in events}

    def _others(self, ids: Collection[int]) -> dict[int, Tiding]:
        events = _read(db.session, among(Event.id, ids))
        remarks = _remarks(db.session, events)
        return {event.id: _tiding(event, remarks, self.memory.number()) for event in events}


_CONTRACT, _SECTION = (inspect(one).local_table for one in (Event.contract.mapper, Section))


def _read(session: Session, *conditions) -> list[Event]:
    return session.scalars(select(Event).where(*conditions).options(*rows(selectinload))).all()


def _named(event: Event, remark: Comment | None) -> Iterator[tuple[Key, Any]]:
    """All rows that a remembered event and who may know of it look at, with their values as they were read."""
    thread = event.thread
    found = [event, event.actor, event.person, event.contract, event.section, event.organisation]
    found += [thread.section, thread.author, thread.organisation, thread.duplicate_of]
    found += [thread, thread.round, event.comment, remark]
    for row in filter(None, found):
        table = inspect(row).mapper.local_table
        held = row.__dict__
        yield (table, row.id), tuple(held[name] for name in _names(type(row)))
    for section in filter(None, (event.section, thread.section)):
        yield (section_sector, section.id), frozenset(one.id for one in section.sectors)


@cache
def _names(model: type) -> list[str]:
    """The attributes of a model that are columns of its table, in the order of the columns."""
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).key for column in mapper.local_table.columns]


def _values_now(table: Table, ids: Collection[int]) -> dict[int, Any]:
    """What stands in these rows."""
    if table is section_sector:
        sectors = {section_id: set() for section_id in ids}
        pairs = select(table.c.section_id, table.c.sector_id).where(among(table.c.section_id, ids))
        for section_id, sector_id in db.session.execute(pairs):
            sectors[section_id].add(sector_id)
        return {section_id: frozenset(found) for section_id, found in sectors.items()}
    rows = db.session.execute(select(table).where(among(table.c.id, ids)))
    return {row.id: tuple(row) for row in rows}
