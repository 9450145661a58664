"""Reminders: what is owed is found every day, and each mark on the way to its day is told once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from .. import clock
from ..db import db
from ..models import Contract, Event, Person, Question, Reminder, Round, Section, Signatory, Thread
from ..rules import reminding
from ..rules.refusals import Invalid
from ..rules.reminding import Rung
from ..rules.signing import UNSIGNED
from ..rules.vocabulary import EventKind, ReminderKind, SignatoryStatus, Stage
from . import freezing, outbox, reminded
from .owed import UNANSWERED
from .upserts import INSERTS

WHERE_DAYS_BEGIN = "Pacific/Kiritimati"
"""Nowhere is it a later day than there."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that somebody owes by a day; `about` names its rows for the event."""

    contract_id: int
    subject_id: int
    due_on: date
    about: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Now:
    """The moment it is, and the time zone of the city of each contract."""

    at: datetime
    zones: Mapping[int, str]

    @classmethod
    def read(cls, at: datetime) -> "Now":
        """That moment, with the time zones as the database has them."""
        return cls(at, dict(db.session.execute(select(Contract.id, Contract.time_zone)).all()))

    def day_of(self, moment: datetime, contract_id: int) -> date:
        """The day that a moment is on in the city."""
        return clock.day_of(moment, self.zones[contract_id])

    def today(self, contract_id: int) -> date:
        """The day that it is in the city."""
        return self.day_of(self.at, contract_id)


def _rounds(until: date, now: Now) -> Iterator[Owed]:
    for one in db.session.scalars(
        select(Round).where(
            Round.opened_at.is_not(None), Round.closed_at.is_(None), Round.closes_at > now.at
        )
    ):
        last = now.day_of(one.closes_at, one.contract_id)
        yield Owed(one.contract_id, one.id, last, {"round": one})


def _sections(until: date, now: Now) -> Iterator[Owed]:
    for one in _in_outline(Section.due_on <= until, Section.stage != Stage.APPROVED):
        yield Owed(one.contract_id, one.id, one.due_on, {"section": one})


def _positions(until: date, now: Now) -> Iterator[Owed]:
    for one in _in_outline(Section.stage == Stage.REVIEW):
        since = now.day_of(one.stage_since, one.contract_id)
        late = since + timedelta(days=reminding.DAYS_TO_JUDGE)
        yield Owed(one.contract_id, one.id, late, {"section": one})


def _answers(until: date, now: Now) -> Iterator[Owed]:
    waiting = exists().where(Thread.section_id == Section.id, UNANSWERED)
    for one in _in_outline(Section.stage == Stage.REVISION, waiting):
        since = now.day_of(one.stage_since, one.contract_id)
        late = since + timedelta(days=reminding.DAYS_TO_ANSWER)
        yield Owed(one.contract_id, one.id, late, {"section": one})


def _signatures(until: date, now: Now) -> Iterator[Owed]:
    """Who has not signed, or not what is in force now."""
    earlier = and_(
        Signatory.status == SignatoryStatus.SIGNED, Signatory.manifest_id != freezing.IN_FORCE
    )
    for one in db.session.scalars(
        select(Signatory)
        .join(Contract, Contract.id == Signatory.contract_id)
        .where(Signatory.due_on <= until, or_(Signatory.status.in_(UNSIGNED), earlier))
        .order_by(Signatory.id)
    ):
        yield Owed(one.contract_id, one.id, one.due_on, {"signatory": one})


def _questions(until: date, now: Now) -> Iterator[Owed]:
    for one in db.session.scalars(
        select(Question).where(Question.due_on <= until, Question.answered_at.is_(None))
    ):
        yield Owed(
            one.contract_id, one.id, one.due_on, {"question": one, "section_id": one.section_id}
        )


OWED: dict[ReminderKind, Callable[[date, Now], Iterable[Owed]]] = {
    ReminderKind.ROUND_CLOSING: _rounds,
    ReminderKind.SECTION_DUE: _sections,
    ReminderKind.POSITION_AWAITED: _positions,
    ReminderKind.SIGNATURE_AWAITED: _signatures,
    ReminderKind.QUESTION_DUE: _questions,
    ReminderKind.ANSWERS_DUE: _answers,
}
"""Who looks for what is owed, given the last due day of interest and the moment it is."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is owed and has reached a mark."""

    kind: ReminderKind
    owed: Owed
    mark: int


def due(kind: ReminderKind, now: datetime) -> list[Due]:
    """What of the kind reached a mark; it may have been told already."""
    it_is = Now.read(now)
    until = reminding.soonest(kind, clock.day_of(now, WHERE_DAYS_BEGIN))
    found = list(OWED[kind](until, it_is))
    marks = [
        (owed, reminding.mark(kind, owed.due_on, it_is.today(owed.contract_id))) for owed in found
    ]
    return [Due(kind, owed, mark) for owed, mark in marks if mark is not None]


def remind(one: Due) -> bool:
    """One reminder, as far up the chain as the mark says, further where nobody is there to hear it; each mark once."""
    owed = one.owed
    reminder_id = _claimed(one.kind, owed, one.mark)
    if reminder_id is None:
        return False
    reminder = db.session.get_one(Reminder, reminder_id)
    event = outbox.record(
        EventKind.REMINDER_DUE,
        actor=None,
        contract_id=owed.contract_id,
        reminder=reminder,
        **owed.about,
    )
    db.session.flush()
    while reminder.rung < Rung.COORDINATOR and not reminded.anybody(event):
        reminder.rung += 1
    return True


def by_hand(kind: ReminderKind, owed: Owed, *, by: Person) -> Event | None:
    """A reminder that somebody gives; None where one was given today already, whatever day was named in it.

    Raises `Invalid` when nobody who owes it can be reached.
    """
    time_zone = db.session.get_one(Contract, owed.contract_id).time_zone
    today = clock.today(time_zone)
    if _told_since(clock.start_of_day(today, time_zone), kind, owed.subject_id):
        return None
    reminder_id = _claimed(kind, owed, (owed.due_on - today).days, rung=Rung.PERSON)
    if reminder_id is None:
        return None
    event = outbox.record(
        EventKind.REMINDER_DUE,
        actor=by,
        contract_id=owed.contract_id,
        reminder=db.session.get_one(Reminder, reminder_id),
        **owed.about,
    )
    db.session.flush()
    if not reminded.anybody(event):
        raise Invalid("organisation", "There is nobody to remind: no member has an account yet.")
    return event


def _claimed(kind: ReminderKind, owed: Owed, mark: int, rung: Rung | None = None) -> int | None:
    """The id of a new reminder, or None where this mark was told already, here or by another worker just now."""
    insert = INSERTS[db.engine.dialect.name](Reminder).values(
        contract_id=owed.contract_id,
        kind=kind,
        subject_id=owed.subject_id,
        due_on=owed.due_on,
        mark=mark,
        rung=reminding.rung(mark) if rung is None else rung,
        at=clock.now(),
    )
    return db.session.scalar(insert.on_conflict_do_nothing().returning(Reminder.id))


def _told_since(moment: datetime, kind: ReminderKind, subject_id: int) -> bool:
    told = exists().where(
        Reminder.kind == kind, Reminder.subject_id == subject_id, Reminder.at >= moment
    )
    return db.session.scalar(select(told))


def _in_outline(*conditions) -> Iterable[Section]:
    """Sections on which somebody can still work."""
    return db.session.scalars(
        select(Section)
        .join(Contract, Contract.id == Section.contract_id)
        .where(Contract.frozen_id.is_(None), *conditions)
        .options(selectinload(Section.sectors))
        .order_by(Section.id)
    ).all()


def last() -> datetime | None:
    """When a reminder was given last; None when none ever was."""
    return db.session.scalar(select(func.max(Reminder.at)))
