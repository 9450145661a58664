"""What is on display: from when to when people were asked about which text, and to which round a remark belongs."""

from datetime import datetime

from sqlalchemy import Row, bindparam, select, update

from .. import clock
from ..db import db
from ..models import Display, Person, Revision, Round, Section, Thread
from ..rules.refusals import Invalid
from ..rules.vocabulary import EventKind
from . import outbox
from .locking import locked


def current(section: Section) -> Round | None:
    """The round in which the section is on display now."""
    shown = _open(section)
    return shown.round if shown else None


def for_remark(section: Section, at: datetime) -> tuple[int | None, bool]:
    """The id of the round that a remark made now belongs to, and whether it comes too late for the one that is over.

    What is late belongs to no round until the next one of its section opens. What comes at the announced end or after
    it is late, whether or not the job has closed the round yet.
    """
    last = db.session.execute(_LAST_TIMES, {"section": section.id}).one_or_none()
    if last is None:
        return None, False
    return (last.round_id, False) if is_open(last, at) else (None, True)


def is_open(display: Display | Row, at: datetime) -> bool:
    """Whether what is said at that moment belongs to the display's round, and does not come too late for it."""
    return display.closed_at is None and at < display.closes_at


def hold(section: Section) -> None:
    """Take the round of the section before the section itself, in the order in which every verb takes them."""
    if running := current(section):
        locked(running)


def show(section: Section, round: Round, *, by: Person, at: datetime) -> Display:
    """Put the current text on display in the round; late remarks that wait in the tray join it."""
    section.closes_at = round.closes_at
    shown = _display(section, round, section.current, by=by, at=at)
    db.session.execute(
        update(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.late,
            Thread.round_id.is_(None),
            Thread.withdrawn_at.is_(None),
        )
        .values(round_id=round.id)
        .execution_options(synchronize_session="fetch")
    )
    return shown


def replace(section: Section, revision: Revision, *, by: Person, at: datetime) -> Display:
    """End the display of one text and begin that of its correction, in the same round."""
    before = _open(section)
    before.closed_at = at
    return _display(section, before.round, revision, by=by, at=at, like=before)


def hide(section: Section, *, at: datetime) -> Round | None:
    """End the display of the section, and with the last section that of its round; returns a round that is over."""
    shown = _open(section)
    section.closes_at = None
    if shown is None:
        return None
    shown.closed_at = at
    db.session.flush()
    others = select(Display.id).where(
        Display.round_id == shown.round_id, Display.closed_at.is_(None)
    )
    if shown.round is None or db.session.scalar(others.limit(1)):
        return None
    shown.round.closed_at = at
    return shown.round


def hide_again(section: Section) -> None:
    """Take the section off display as if it had not been shown: what had waited in the tray waits there again.

    The display stays as evidence, from when to when. Nobody is told here.
    """
    shown = _open(section)
    hide(section, at=clock.now())
    if shown and shown.round_id:
        db.session.execute(
            update(Thread)
            .where(Thread.section_id == section.id, Thread.late, Thread.round_id == shown.round_id)
            .values(round_id=None)
            .execution_options(synchronize_session="fetch")
        )


def show_again(section: Section, *, by: Person) -> Display:
    """Put the section on display again in the round that it was taken from, with the closing time as it was.

    Raises `Invalid` when that time has passed. Nobody is told here.
    """
    at = clock.now()
    if is_over(section, at):
        raise Invalid("closes_at", "The closing time of the round has passed. Open a new round.")
    last = _last(section)
    if last.round:
        last.round.closed_at = None
    section.closes_at = last.closes_at
    return _display(section, last.round, section.current, by=by, at=at, like=last)


def is_over(section: Section, at: datetime) -> bool:
    """Whether the closing time of what was on display last has passed: then it is not shown again."""
    last = _last(section)
    return last is None or last.closes_at <= at


_LAST = (
    select(Display)
    .where(Display.section_id == bindparam("section"))
    .order_by(Display.id.desc())
    .limit(1)
)
_LAST_TIMES = _LAST.with_only_columns(Display.round_id, Display.closes_at, Display.closed_at)


def _last(section: Section) -> Display | None:
    return db.session.scalar(_LAST, {"section": section.id})


def told_open(round: Round, *, by: Person | None) -> None:
    """Everybody who is asked hears that the round is open: once, whatever the number of sections."""
    tell(EventKind.ROUND_OPENED, round, by)


def told_closed(round: Round, *, by: Person | None) -> None:
    """The round is over."""
    tell(EventKind.ROUND_CLOSED, round, by)


def tell(kind: EventKind, round: Round, by: Person | None) -> None:
    """Something happened to a round; where it has but one section, it happened there."""
    section = round.sections[0] if len(round.sections) == 1 else None
    outbox.record(kind, actor=by, contract_id=round.contract_id, round=round, section=section)


def _open(section: Section) -> Display | None:
    return db.session.scalar(
        select(Display)
        .where(Display.section_id == section.id, Display.closed_at.is_(None))
        .order_by(Display.id.desc())
        .limit(1)
    )


def _display(
    section: Section,
    round: Round | None,
    revision: Revision,
    *,
    by: Person,
    at: datetime,
    like: Display | None = None,
) -> Display:
    shown = Display(
        section_id=section.id,
        round=round,
        revision_id=revision.id,
        opened_by_id=by.id,
        opened_at=at,
        closes_at=round.closes_at if round else like.closes_at,
        announcement=round.announcement if round else like.announcement,
    )
    db.session.add(shown)
    db.session.flush()
    return shown
