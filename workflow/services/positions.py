"""Who is asked to agree to a section, step by step, and what each has said of the text under review."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from ..db import db
from ..models import (
    ApprovalStep,
    Decision,
    Membership,
    Position,
    Revision,
    Section,
    approval_step_person,
)
from ..rules import approval, policy
from ..rules.approval import Step
from ..rules.vocabulary import Act, Role, Stance


@dataclass(frozen=True, slots=True)
class Ballot:
    """The steps of a section, each person's last position in this review, and who wrote since the last approval."""

    steps: tuple[Step, ...]
    taken: dict[int, Position]
    authors: frozenset[int]
    review_id: int | None

    @property
    def stances(self) -> dict[int, Stance]:
        return {person: position.stance for person, position in self.taken.items()}

    @property
    def lacking(self) -> int:
        return approval.lacking(self.steps, self.stances)

    @property
    def objecting(self) -> set[int]:
        return approval.objecting(self.steps, self.stances)

    @property
    def approving(self) -> set[int]:
        return approval.approving(self.steps, self.stances)

    @property
    def awaited(self) -> set[int]:
        """Who is asked now and silent; where only authors approve, everybody else who is asked."""
        found = approval.awaited(self.steps, self.stances)
        if self.lacking == 0 and not approval.four_eyes(self.approving, self.authors):
            asked = {person for step in self.steps for person in step.asked}
            found |= asked - self.authors - self.approving
        return found

    def may_speak(self, person_id: int) -> bool:
        return approval.may_speak(person_id, self.steps, self.stances)


def ballot(section: Section) -> Ballot:
    """How the section stands with those who have to agree to it: five queries, however many they are."""
    review_id = under_review(section)
    return Ballot(
        steps=tuple(plan(section)),
        taken=_taken(section, review_id),
        authors=frozenset(_authors(section)),
        review_id=review_id,
    )


def plan(section: Section) -> list[Step]:
    """The section's own steps, else the contract's, else one: a judge approves."""
    rows = db.session.scalars(
        select(ApprovalStep)
        .where(
            ApprovalStep.contract_id == section.contract_id,
            or_(ApprovalStep.section_id == section.id, ApprovalStep.section_id.is_(None)),
        )
        .order_by(ApprovalStep.order, ApprovalStep.id)
    ).all()
    own = [row for row in rows if row.section_id is not None] or rows
    named = defaultdict(set)
    for step_id, person_id in db.session.execute(
        select(approval_step_person).where(
            approval_step_person.c.step_id.in_([row.id for row in own])
        )
    ):
        named[step_id].add(person_id)
    holders = _holders(section)
    if not own:
        judges = frozenset().union(*(holders[role] for role in policy.GRANTS[Act.APPROVE]))
        return [Step(order=1, asked=judges)]
    return [
        Step(
            order=row.order,
            asked=frozenset(named[row.id] or holders[row.role]),
            quorum=row.quorum,
            title=row.title,
            id=row.id,
        )
        for row in own
    ]


def _holders(section: Section) -> dict[Role, set[int]]:
    """Who may take a position at the section, by role."""
    found: dict[Role, set[int]] = defaultdict(set)
    place = section.place
    for membership in db.session.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.contract_id,
            Membership.sector_id,
            Membership.section_id,
        ).where(
            Membership.contract_id == section.contract_id,
            Membership.role.in_(policy.GRANTS[Act.TAKE_POSITION]),
        )
    ):
        if policy.covers(membership, place, Act.TAKE_POSITION):
            found[membership.role].add(membership.person_id)
    return found


def under_review(section: Section) -> int | None:
    """The decision that submitted the text: with it a review begins, and with it no positions."""
    return db.session.scalar(
        select(func.max(Decision.id)).where(
            Decision.section_id == section.id, Decision.act == Act.SUBMIT
        )
    )


def taken_back(section: Section) -> Select:
    """The steps of the section that were wrong clicks."""
    return select(Decision.undoes_id).where(
        Decision.section_id == section.id, Decision.undoes_id.is_not(None)
    )


def _taken(section: Section, review_id: int | None) -> dict[int, Position]:
    """The last position of each person on exactly this text in this review."""
    if section.current is None:
        return {}
    rows = db.session.scalars(
        select(Position)
        .where(
            Position.section_id == section.id,
            Position.review_id == review_id
            if review_id is not None
            else Position.review_id.is_(None),
            Position.sha256 == section.current.sha256,
        )
        .order_by(Position.id)
    )
    return {row.person_id: row for row in rows}


def _authors(section: Section) -> set[int]:
    """Who wrote any revision since the last approved one, and so is no second pair of eyes."""
    approved = (
        select(func.max(Revision.number))
        .join(Decision, Decision.revision_id == Revision.id)
        .where(
            Decision.section_id == section.id,
            Decision.act == Act.APPROVE,
            Decision.id.not_in(taken_back(section)),
        )
    ).scalar_subquery()
    return set(
        db.session.scalars(
            select(Revision.author_id).where(
                Revision.section_id == section.id, Revision.number > func.coalesce(approved, 0)
            )
        )
    )
