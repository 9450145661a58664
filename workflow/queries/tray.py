"""The late tray: what was said after a round was over and waits for the next one of its section."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..db import db
from ..models import Comment, Contract, Organisation, Person, Section, Thread
from .navigation import ContractRef, contract_ref
from .outline import titled
from .visibility import readable

MOST = 200


@dataclass(frozen=True, slots=True)
class Late:
    thread_id: int
    number: int
    section_id: int
    section: str
    kind: str
    organisation: str | None
    text: str
    language: str
    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class TrayPage:
    contract: ContractRef
    remarks: list[Late]


def page(contract: Contract, person: Person) -> TrayPage:
    """What waits, as far as this reader may read it, by section."""
    rows = db.session.execute(
        select(
            Thread.id,
            Thread.number,
            Thread.kind,
            Thread.created_at,
            Thread.answered_at,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Organisation.name,
            Comment.text,
            Comment.language,
        )
        .join(Section, Section.id == Thread.section_id)
        .join(Comment, Comment.id == _first())
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .where(
            Section.contract_id == contract.id,
            Thread.late,
            Thread.round_id.is_(None),
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            readable(person),
        )
        .order_by(Section.module_id, Section.position, Thread.number)
        .limit(MOST)
    )
    return TrayPage(
        contract_ref(contract, person.language),
        [
            Late(
                row.id,
                row.number,
                row.section_id,
                f"{row.code} {titled(row.titles, person.language)}",
                row.kind,
                row.name,
                row.text,
                row.language,
                row.created_at,
                row.answered_at is not None,
            )
            for row in rows
        ],
    )


def _first():
    """The comment that is the remark itself."""
    return (
        select(Comment.id)
        .where(Comment.thread_id == Thread.id)
        .order_by(Comment.id)
        .limit(1)
        .correlate(Thread)
        .scalar_subquery()
    )
