"""The steps of approval as their page shows them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..db import db
from ..labels import label
from ..models import ApprovalStep, Contract, Membership, Person, Section
from ..rules import policy
from ..rules.vocabulary import Act
from ..services import approval_plans
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import SectionRef


@dataclass(frozen=True, slots=True)
class PlannedStep:
    id: int
    order: int
    title: str
    quorum: int
    asked: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`inherited`: the section has no steps of its own, and these are the contract's. `judging`: they hold for a text
    that is under review, and cannot be changed."""

    contract: ContractRef
    section: SectionRef | None
    steps: list[PlannedStep]
    inherited: bool
    judging: bool
    people: list[tuple[int, str]]
    own: list[SectionRef]


def plan(contract: Contract, section: Section | None, person: Person) -> PlanPage:
    """The steps of a section, or of the contract, and the sections that have steps of their own."""
    rows = db.session.scalars(
        select(ApprovalStep)
        .where(ApprovalStep.contract_id == contract.id)
        .options(selectinload(ApprovalStep.people).lazyload(Person.memberships))
        .order_by(ApprovalStep.order, ApprovalStep.id)
    ).all()
    own = [row for row in rows if row.section_id == (section.id if section else None)]
    general = [row for row in rows if row.section_id is None]
    return PlanPage(
        contract=contract_ref(contract, person.language),
        section=SectionRef(section.id, section.code, section.title(person.language), section.stage)
        if section
        else None,
        steps=[_step(row) for row in own or general],
        inherited=section is not None and not own,
        judging=approval_plans.judging(contract, section),
        people=judges(contract),
        own=[] if section else _sections({row.section_id for row in rows} - {None}, person),
    )


def judges(contract: Contract) -> list[tuple[int, str]]:
    """Everybody who may take a position somewhere in the contract."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.contract_id == contract.id,
            Membership.role.in_(policy.GRANTS[Act.TAKE_POSITION]),
            Person.active,
        )
        .distinct()
        .order_by(Person.name)
    )
    return [(row.id, row.name) for row in rows]


def _step(row: ApprovalStep) -> PlannedStep:
    asked = ", ".join(person.name for person in row.people) or label(row.role)
    return PlannedStep(row.id, row.order, row.title, row.quorum, asked)


def _sections(ids: set[int], person: Person) -> list[SectionRef]:
    rows = db.session.execute(
        select(Section.id, Section.code, Section.titles, Section.stage)
        .where(Section.id.in_(ids))
        .order_by(Section.code)
    )
    return [
        SectionRef(row.id, row.code, titled(row.titles, person.language), row.stage) for row in rows
    ]
