"""Rounds of consultation: planned, opened, extended and closed, by people or at the announced time."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update

from .. import clock
from ..db import db
from ..models import Contract, Display, Person, Round, RoundEntry, Section
from ..rules import lifecycle, policy
from ..rules.refusals import Invalid, Unready
from ..rules.vocabulary import Act, EventKind, RoundAudience, RoundChange, Stage
from . import displays, planning, reviews
from .asked import asked, silent
from .locking import locked

__all__ = ["asked", "silent"]

MAX_REASON = 4_000


def plan(
    contract: Contract,
    sections: Collection[Section],
    *,
    by: Person,
    closes_at: datetime | None,
    opens_at: datetime | None = None,
    audience: RoundAudience = RoundAudience.INVITED,
    title: str = "",
    announcement: str = "",
) -> Round:
    """A round of these sections, opened now, or by the clock at `opens_at` when that is still to come.

    All sections open or none. Asking for the same again makes no second round. Raises `Denied`, `Unready` with every
    section that cannot be opened, or `Invalid`.
    """
    contract = planning.alone(contract.id)
    _may(Act.CONSULT, by, sections)
    at = clock.now()
    later = opens_at is not None and opens_at > at
    if closes_at is None:
        raise Invalid("closes_at", "Please say until when the round is open.")
    asked = {
        "by": by,
        "sections": sections,
        "closes_at": closes_at,
        "audience": audience,
        "title": title,
        "announcement": announcement,
    }
    if known := planning.again(contract, opens_at=opens_at if later else None, **asked):
        return known
    sections = _held(contract, sections, by=by)
    if opens_at is not None and opens_at < at - planning.AT_ONCE:
        raise Invalid("opens_at", "The opening time has to lie in the future.")
    made = planning.written(
        contract,
        opens_at=opens_at if later else at,
        opened_at=None if later else at,
        **asked | {"sections": sections},
    )
    if later:
        displays.tell(EventKind.ROUND_PLANNED, made, by)
        return made
    for section in sections:
        reviews.move(section, Act.CONSULT, by=by, seen=section.current, round=made)
    displays.told_open(made, by=by)
    return made


def change(
    round: Round,
    sections: Collection[Section],
    *,
    by: Person,
    opens_at: datetime | None,
    closes_at: datetime | None,
    audience: RoundAudience,
    title: str,
    announcement: str,
) -> Round:
    """Plan a round anew that has not opened yet. Raises like `plan`."""
    round = _planned(round)
    contract = planning.alone(round.contract_id)
    _may(Act.CONSULT, by, round.sections)
    sections = _held(contract, sections, by=by)
    if opens_at is None or opens_at <= clock.now():
        raise Invalid("opens_at", "The opening time has to lie in the future.")
    if closes_at is None:
        raise Invalid("closes_at", "Please say until when the round is open.")
    planning.describe(
        round,
        contract,
        sections=sections,
        opens_at=opens_at,
        closes_at=closes_at,
        audience=audience,
        title=title,
        announcement=announcement,
    )
    db.session.flush()
    displays.tell(EventKind.ROUND_PLANNED, round, by)
    return round


def cancel(round: Round, *, by: Person) -> Round:
    """Give up a round that has not opened yet. Nobody was told of it, so nobody is told now."""
    _may(Act.CONSULT, by, round.sections)
    round = _planned(round)
    round.closed_at = clock.now()
    displays.tell(EventKind.ROUND_CLOSED, round, by)
    return round


def begin(round: Round, *, by: Person) -> Round:
    """Open a planned round now instead of at its time. Raises `Unready` or `Invalid`."""
    round = _planned(round)
    contract = db.session.get_one(Contract, round.contract_id)
    sections = _held(contract, round.sections, by=by)
    at = clock.now()
    planning.check_length(contract, round.audience, at, round.closes_at)
    round.opens_at = round.opened_at = at
    for section in sections:
        reviews.move(section, Act.CONSULT, by=by, seen=section.current, round=round)
    displays.told_open(round, by=by)
    return round


def extend(round: Round, *, by: Person, closes_at: datetime | None, reason: str) -> Round:
    """Keep a running round open for longer; everybody who was asked hears why and until when.

    Raises `Invalid` when it would not be longer, when the round is over, or without a reason.
    """
    _may(Act.EXTEND, by, round.sections)
    round = _running(round)
    reason = checked_reason(reason)
    if closes_at is None or closes_at <= round.closes_at or closes_at <= clock.now():
        raise Invalid("closes_at", "The new closing time has to be later than the announced one.")
    db.session.add(
        RoundEntry(
            round_id=round.id,
            change=RoundChange.EXTENDED,
            closes_before=round.closes_at,
            closes_after=closes_at,
            by_id=by.id,
            reason=reason,
            at=clock.now(),
        )
    )
    round.closes_at = closes_at
    for section in _on_display(round):
        locked(section).closes_at = closes_at
    db.session.execute(
        update(Display)
        .where(Display.round_id == round.id, Display.closed_at.is_(None))
        .values(closes_at=closes_at)
        .execution_options(synchronize_session="fetch")
    )
    db.session.flush()
    displays.tell(EventKind.ROUND_EXTENDED, round, by)
    return round


def close(round: Round, *, by: Person, reason: str = "") -> Round:
    """End a running round now, with all its sections."""
    round = _running(round)
    sections = _on_display(round)
    for section in sections:
        policy.require(by, Act.CLOSE, section.place)
    for section in sections:
        reviews.move(section, Act.CLOSE, by=by, seen=section.current, reason=reason, round=round)
    return round


def due(now: datetime) -> list[int]:
    """The rounds whose time to open or to close has come."""
    planned = (Round.opened_at.is_(None)) & (Round.opens_at <= now)
    over = (Round.opened_at.is_not(None)) & (Round.closes_at <= now)
    return list(
        db.session.scalars(
            select(Round.id)
            .where(Round.closed_at.is_(None), planned | over)
            .order_by(Round.closes_at, Round.id)
        )
    )


def keep_time(round_id: int, now: datetime) -> bool:
    """Open or close one round if its time has come and nobody else is at it; says whether anything was done.

    A planned round of which a section cannot be opened, or of which too little is left, stays planned, and its page
    says so.
    """
    found = db.session.scalar(
        select(Round)
        .where(Round.id == round_id, Round.closed_at.is_(None))
        .with_for_update(skip_locked=True, of=Round)
        .execution_options(populate_existing=True)
    )
    if found is None:
        return False
    if found.opened_at is None:
        return found.opens_at <= now and _open_on_time(found, now)
    return found.closes_at <= now and _close_on_time(found)


def unready(sections: Collection[Section]) -> list[tuple[int, str]]:
    """Which of the sections cannot be opened as they are, and why."""
    found = []
    for section in sections:
        has_text = section.current is not None and bool(section.current.plain.strip())
        if why := why_not(section.stage, frozen=section.place.frozen, has_text=has_text):
            found.append((section.id, why))
    return found


def why_not(stage: Stage, *, frozen: bool, has_text: bool) -> str | None:
    """Why a section cannot be opened: `frozen`, the name of its stage, or `text`; None when it can."""
    if frozen:
        return "frozen"
    if not lifecycle.allowed(stage, Act.CONSULT):
        return stage.value
    return None if has_text else "text"


def checked_reason(reason: str) -> str:
    """The reason as it is kept; everybody concerned reads it."""
    reason = reason.strip()
    if not reason:
        raise Invalid("reason", "Please say why: it goes into the letter and into the record.")
    if len(reason) > MAX_REASON:
        raise Invalid("reason", "This is too long. Please keep it under 4,000 characters.")
    return reason


def _open_on_time(round: Round, now: datetime) -> bool:
    sections = [locked(section) for section in _in_order(round.sections)]
    if not sections or unready(sections) or planning.too_late(round, now):
        return False
    round.opened_at = now
    for section in sections:
        reviews.by_the_clock(
            section, Act.CONSULT, by=round.opened_by, reason=_on_time(round), round=round
        )
    displays.told_open(round, by=None)
    return True


def _close_on_time(round: Round) -> bool:
    for section in _on_display(round):
        reviews.by_the_clock(
            section, Act.CLOSE, by=round.opened_by, reason=_on_time(round), round=round
        )
    if round.closed_at is None:
        round.closed_at = clock.now()
    return True


def _on_time(round: Round) -> str:
    with force_locale(round.contract.language):
        return _("At the announced time.")


def _held(contract: Contract, sections: Collection[Section], *, by: Person) -> list[Section]:
    """The sections of a round, taken in one order, if all of them can be opened."""
    if not sections:
        raise Invalid("sections", "Please choose at least one section.")
    if any(section.contract_id != contract.id for section in sections):
        raise Invalid("sections", "This section belongs to another contract.")
    _may(Act.CONSULT, by, sections)
    held = [locked(section) for section in _in_order(sections)]
    if hindered := unready(held):
        raise Unready(Act.CONSULT, hindered)
    return held


def _may(act: Act, by: Person, sections: Collection[Section]) -> None:
    """Raise `Denied` unless the person may do it in each of the sections, whatever their stages."""
    for section in sections:
        place = section.place
        policy.require(by, act, policy.Place(place.contract_id, place.section_id, place.sector_ids))


def _planned(round: Round) -> Round:
    round = locked(round)
    if round.opened_at or round.closed_at:
        raise Invalid("round", "This round is no longer planned: it was opened or cancelled.")
    return round


def _running(round: Round) -> Round:
    round = locked(round)
    if round.opened_at is None or round.closed_at is not None:
        raise Invalid("round", "This round is not running.")
    return round


def _on_display(round: Round) -> list[Section]:
    """The sections of the round that are on display now, in the order in which they are taken."""
    shown = select(Display.section_id).where(
        Display.round_id == round.id, Display.closed_at.is_(None)
    )
    return list(
        db.session.scalars(select(Section).where(Section.id.in_(shown)).order_by(Section.id))
    )


def _in_order(sections: Collection[Section]) -> list[Section]:
    return sorted({section.id: section for section in sections}.values(), key=lambda one: one.id)
