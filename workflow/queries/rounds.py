"""What the list of rounds answers: when was which round, how much was said in it, how much of that is answered?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from ..db import db
from ..models import Contract, Display, Person, Round, Section, Thread
from .navigation import ContractRef, answers_in, contract_ref, leads_in
from .outline import how_many
from .visibility import readable

OUTSIDE = 0
"""The number by which addresses name what was said outside of any round."""


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round; `number` 0 and no dates: what was said outside of any."""

    id: int | None
    number: int
    title: str
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundLine:
    round: RoundRef
    sections: int | None
    remarks: int
    answered: int


@dataclass(frozen=True, slots=True)
class RoundsPage:
    contract: ContractRef
    rounds: list[RoundLine]
    may_record: bool
    may_plan: bool
    late: int


def find(contract: Contract, number: int) -> RoundRef | None:
    """The round of that number; 0 means outside of any."""
    if number == OUTSIDE:
        return RoundRef(None, OUTSIDE, "", None, None, None, None)
    found = db.session.scalar(
        select(Round).where(Round.contract_id == contract.id, Round.number == number)
    )
    return _ref(found) if found else None


def _ref(one: Round) -> RoundRef:
    return RoundRef(
        one.id,
        one.number,
        one.title,
        one.opened_at,
        one.closes_at,
        one.closed_at,
        one.answers_published_at,
        one.opens_at,
    )


def within(asked: RoundRef) -> ColumnElement[bool]:
    """The condition on `Thread` that it was said in the round, or outside of any."""
    return Thread.round_id.is_(None) if asked.id is None else Thread.round_id == asked.id


def index(contract: Contract, person: Person) -> RoundsPage:
    """All rounds, the newest first, with what this reader may read of them; what came outside of any comes last."""
    shown = dict(
        db.session.execute(
            select(Display.round_id, func.count(Display.section_id.distinct()))
            .join(Section, Section.id == Display.section_id)
            .where(Section.contract_id == contract.id)
            .group_by(Display.round_id)
        ).all()
    )
    said = {
        row.round_id: row
        for row in db.session.execute(
            select(
                Thread.round_id,
                func.count().label("remarks"),
                how_many(Thread.answered_at.is_not(None)).label("answered"),
                how_many(Thread.late).label("late"),
            )
            .join(Section, Section.id == Thread.section_id)
            .where(
                Section.contract_id == contract.id,
                Thread.withdrawn_at.is_(None),
                Thread.addressed,
                readable(person),
            )
            .group_by(Thread.round_id)
        )
    }
    held = db.session.scalars(
        select(Round).where(Round.contract_id == contract.id).order_by(Round.number.desc())
    )
    lines = [_line(_ref(one), shown.get(one.id, 0), said.get(one.id)) for one in held]
    if outside := said.get(None):
        lines.append(_line(find(contract, OUTSIDE), None, outside))
    return RoundsPage(
        contract_ref(contract, person.language),
        lines,
        answers_in(person, contract.id),
        leads_in(person, contract.id),
        outside.late if outside else 0,
    )


def _line(asked: RoundRef, sections: int | None, said) -> RoundLine:
    return RoundLine(asked, sections, said.remarks if said else 0, said.answered if said else 0)
