"""Who has to agree, and in which order: the steps of approval of a contract, or of one of its sections."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from ..db import db
from ..models import ApprovalStep, Contract, Person, Section
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, Role, Stage
from .locking import locked


def add(
    contract: Contract,
    section: Section | None,
    *,
    by: Person,
    title: str,
    order: int,
    quorum: int = 1,
    role: Role | None = None,
    people: Collection[Person] = (),
) -> ApprovalStep:
    """One more step, for the section or (None) for every section without steps of its own; the same again is no second.

    Raises `Denied` or `Invalid`.
    """
    _require(contract, section, by)
    contract = locked(contract)
    title = " ".join(title.split())
    if not 1 <= len(title) <= 120:
        raise Invalid("title", "Please give the step a name of at most 120 characters.")
    if role is None and not people:
        raise Invalid("role", "Please choose a role, or name the people who are asked.")
    for person in people:
        if not policy.grants(person, Act.TAKE_POSITION, place_of(contract, section)):
            raise Invalid("people", "Only reviewers, approvers and coordinators can be asked.")
    if people and quorum > len(people):
        raise Invalid("quorum", "More people have to agree than are asked.")
    role = None if people else role
    said = {"title": title, "order": order, "quorum": quorum, "role": role}
    if known := _twin(contract, section, said, set(people)):
        return known
    step = ApprovalStep(
        contract_id=contract.id,
        section_id=section.id if section else None,
        order=order,
        title=title,
        role=role,
        quorum=quorum,
    )
    step.people = list(people)
    db.session.add(step)
    db.session.flush()
    return step


def _twin(
    contract: Contract, section: Section | None, said: dict, people: set[Person]
) -> ApprovalStep | None:
    """The step that was added like this already."""
    where = {"contract_id": contract.id, "section_id": section.id if section else None}
    alike = db.session.scalars(select(ApprovalStep).filter_by(**where, **said))
    return next((step for step in alike if set(step.people) == people), None)


def remove(step: ApprovalStep, contract: Contract, section: Section | None, *, by: Person) -> None:
    """One step less. Positions that were taken stay in the record."""
    _require(contract, section, by)
    db.session.delete(step)


def place_of(contract: Contract, section: Section | None) -> Place:
    """Where the steps hold, whatever the stage."""
    return replace(section.place, stage=None) if section else Place(contract.id)


def _require(contract: Contract, section: Section | None, by: Person) -> None:
    """Nobody changes the rules while they are being played by."""
    policy.require(by, Act.ASSIGN, place_of(contract, section))
    if judging(contract, section):
        raise Invalid(
            "title",
            "A text is under review by the steps as they are. Change them when it is decided.",
        )


def judging(contract: Contract, section: Section | None) -> bool:
    """Whether a text is under review by the steps."""
    judged = select(Section.id).where(
        Section.contract_id == contract.id, Section.stage == Stage.REVIEW
    )
    if section:
        judged = judged.where(Section.id == section.id)
    return db.session.scalar(judged.limit(1)) is not None
