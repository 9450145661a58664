"""Who is asked to agree to a section, step by step, and what each has said of the text under review."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from ..db import among, db
from ..models import ApprovalStep, Decision, Position, Revision, Section, approval_step_person
from ..rules import approval, policy
from ..rules.approval import Step
from ..rules.policy import Place
from ..rules.vocabulary import Act, Role, Stage, Stance
from . import seats
from .seats import Seat

JUDGING = policy.GRANTS[Act.TAKE_POSITION]
"""Roles that may be asked for a position."""


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
    """How the section stands with those who have to agree to it."""
    return ballots(section.contract_id, [section.place])[section.id]


def ballots(
    contract_id: int, places: Collection[Place], held: Collection[Seat] | None = None
) -> dict[int, Ballot]:
    """How sections stand with those who have to agree to them: three queries, however many they are.

    `held` are the seats of the contract, when the caller knows them; then it is two.
    """
    if not places:
        return {}
    if held is None:
        held = seats.held(contract_id, JUDGING)
    ids = [place.section_id for place in places]
    plans = _plans(contract_id, ids)
    found = _spoken(ids)
    return {
        place.section_id: Ballot(
            steps=tuple(_steps(plans.get(place.section_id) or plans.get(None, []), place, held)),
            taken=found[place.section_id].taken,
            authors=frozenset(found[place.section_id].authors),
            review_id=found[place.section_id].review_id,
        )
        for place in places
    }


PLANS = (
    select(
        ApprovalStep.id,
        ApprovalStep.section_id,
        ApprovalStep.order,
        ApprovalStep.title,
        ApprovalStep.role,
        ApprovalStep.quorum,
        approval_step_person.c.person_id,
    )
    .outerjoin(approval_step_person, approval_step_person.c.step_id == ApprovalStep.id)
    .where(
        ApprovalStep.contract_id == bindparam("contract"),
        or_(
            ApprovalStep.section_id.in_(bindparam("ids", expanding=True)),
            ApprovalStep.section_id.is_(None),
        ),
    )
    .order_by(ApprovalStep.order, ApprovalStep.id)
)


def _plans(contract_id: int, ids: Collection[int]) -> dict[int | None, list[tuple]]:
    """The steps that sections have of their own, and under None the contract's: each with the people it names."""
    found: dict[int | None, dict[int, tuple]] = defaultdict(dict)
    for row in db.session.execute(PLANS, {"contract": contract_id, "ids": ids}):
        _row, named = found[row.section_id].setdefault(row.id, (row, set()))
        if row.person_id is not None:
            named.add(row.person_id)
    return {section_id: list(steps.values()) for section_id, steps in found.items()}


def _steps(plan: list[tuple], place: Place, held: Iterable[Seat]) -> list[Step]:
    """The planned steps at the place; where none of them is for judges alone, a judge approves last."""
    holders = _holders(place, held)
    judges = frozenset().union(*(holders[role] for role in policy.GRANTS[Act.APPROVE]))
    steps = [
        Step(
            order=row.order,
            asked=frozenset(named or holders[row.role]),
            quorum=row.quorum,
            title=row.title,
            id=row.id,
        )
        for row, named in plan
    ]
    if not any(step.asked and step.asked <= judges for step in steps):
        last = max((step.order for step in steps), default=0) + 1
        steps.append(Step(order=last, asked=judges))
    return steps


def _holders(place: Place, held: Iterable[Seat]) -> dict[Role, set[int]]:
    """Who may take a position at the place, by role."""
    found: dict[Role, set[int]] = defaultdict(set)
    for seat in held:
        if seat.role in JUDGING and policy.covers(seat, place, Act.TAKE_POSITION):
            found[seat.role].add(seat.person_id)
    return found


@dataclass(slots=True)
class Spoken:
    """The decision that submitted a text, who wrote since the last approval, and each person's last position."""

    review_id: int | None
    authors: set[int]
    taken: dict[int, Position]


def under_review_of(section_id) -> ScalarSelect:
    """The same question about a column of a query."""
    return (
        select(func.max(Decision.id))
        .where(Decision.section_id == section_id, Decision.act == Act.SUBMIT)
        .correlate_except(Decision)
        .scalar_subquery()
    )


def _approved(section_id) -> ScalarSelect:
    """The number of the revision that was approved last, and not by a wrong click."""
    approved, back = aliased(Revision), aliased(Decision)
    undone = select(back.id).where(back.undoes_id == Decision.id).correlate(Decision).exists()
    return (
        select(func.max(approved.number))
        .join(Decision, Decision.revision_id == approved.id)
        .where(Decision.section_id == section_id, Decision.act == Act.APPROVE, ~undone)
        .correlate_except(approved, Decision)
        .scalar_subquery()
    )


def _speaking() -> Select:
    """Each of some sections with its review, its authors and the positions on its text, in all their pairs."""
    review = under_review_of(Section.id)
    wrote = (
        select(Revision.section_id, Revision.author_id)
        .where(
            Revision.section_id.in_(bindparam("ids", expanding=True)),
            Revision.number > func.coalesce(_approved(Revision.section_id), 0),
        )
        .distinct()
        .subquery()
    )
    current = aliased(Revision)
    return (
        select(Section.id, review.label("review_id"), wrote.c.author_id, Position)
        .outerjoin(wrote, wrote.c.section_id == Section.id)
        .outerjoin(current, current.id == Section.current_id)
        .outerjoin(
            Position,
            and_(
                Position.section_id == Section.id,
                Position.review_id.is_not_distinct_from(review),
                Position.sha256 == current.sha256,
            ),
        )
        .where(Section.id.in_(bindparam("ids", expanding=True)))
        .order_by(Section.id, Position.id)
    )


SPEAKING = _speaking()


def _spoken(ids: Collection[int]) -> dict[int, Spoken]:
    """What was said of exactly these texts in this review, and by whom they were written."""
    found: dict[int, Spoken] = {}
    for section_id, review_id, author_id, position in db.session.execute(SPEAKING, {"ids": ids}):
        spoken = found.setdefault(section_id, Spoken(review_id, set(), {}))
        if author_id is not None:
            spoken.authors.add(author_id)
        if position is not None:
            spoken.taken[position.person_id] = position
    return found


def under_review(section: Section) -> int | None:
    """The decision that submitted the text: with it a review begins, and with it no positions."""
    return db.session.scalar(select(under_review_of(section.id)))


def has_spoken(person_id: int, current: type[Revision]) -> ColumnElement[bool]:
    """The same of one person, as a column of a query about sections with their `current` texts."""
    last = (
        select(Position.stance)
        .where(
            Position.person_id == person_id,
            Position.section_id == Section.id,
            Position.review_id.is_not_distinct_from(under_review_of(Section.id)),
            Position.sha256 == current.sha256,
        )
        .order_by(Position.id.desc())
        .limit(1)
        .correlate(Section, current)
        .scalar_subquery()
    )
    spoken = func.coalesce(last, literal(Stance.NONE, Position.stance.type)) != Stance.NONE
    return and_(Section.stage == Stage.REVIEW, spoken)


def spoken_by(people: Collection[int]) -> dict[int, set[int]]:
    """The sections under review on whose very text each of these people has taken a position, in one query."""
    current = aliased(Revision)
    last = {
        (row.person_id, row.section_id): row.stance
        for row in db.session.execute(
            select(Position.person_id, Position.section_id, Position.stance)
            .join(Section, Section.id == Position.section_id)
            .join(current, current.id == Section.current_id)
            .where(
                among(Position.person_id, people),
                Section.stage == Stage.REVIEW,
                Position.review_id.is_not_distinct_from(under_review_of(Section.id)),
                Position.sha256 == current.sha256,
            )
            .order_by(Position.id)
        )
    }
    found: dict[int, set[int]] = defaultdict(set)
    for (person_id, section_id), stance in last.items():
        if stance is not Stance.NONE:
            found[person_id].add(section_id)
    return found
