"""Rounds of consultation: opened with their first section, closed with their last."""

from datetime import datetime

from sqlalchemy import func, select

from ..db import db
from ..models import Display, Person, Round, Section


def joined(section: Section, *, by: Person, at: datetime, closes_at: datetime) -> Round:
    """The open round that closes at the same moment, else a new one with the next number."""
    running = db.session.scalar(
        select(Round).where(
            Round.contract_id == section.contract_id,
            Round.closed_at.is_(None),
            Round.closes_at == closes_at,
        )
    )
    return running or Round(
        contract_id=section.contract_id,
        number=_next_number(section.contract_id),
        opened_by_id=by.id,
        opens_at=at,
        opened_at=at,
        closes_at=closes_at,
    )


def current(section: Section) -> Round | None:
    """The round in which the section is on display now; None for a remark that comes outside of any."""
    return db.session.scalar(
        select(Round)
        .join(Display, Display.round_id == Round.id)
        .where(Display.section_id == section.id, Display.closed_at.is_(None))
        .limit(1)
    )


def close_finished(contract_id: int, *, at: datetime) -> None:
    """Close every round of which no section is on display any more."""
    still_shown = select(Display.round_id).where(
        Display.closed_at.is_(None), Display.round_id.is_not(None)
    )
    for finished in db.session.scalars(
        select(Round).where(
            Round.contract_id == contract_id,
            Round.closed_at.is_(None),
            Round.id.not_in(still_shown),
        )
    ):
        finished.closed_at = at


def _next_number(contract_id: int) -> int:
    return db.session.scalar(
        select(func.coalesce(func.max(Round.number), 0) + 1).where(Round.contract_id == contract_id)
    )
