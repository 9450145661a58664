"""What the review page answers: may this be approved, by whom, and if not, what blocks it? And the ledger behind it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Decision, Person, Revision, Section
from ..rules import policy
from ..rules.lifecycle import UNDO_WITHIN
from ..rules.vocabulary import Act
from ..services import gatekeeping, undoing
from ..services import positions as ballots
from . import gates, positions, sections
from .navigation import ContractRef, contract_ref
from .permits import Permit, permits
from .positions import Positions
from .views import Check, DecisionView, RevisionRef, Step, person_ref, revision_ref


@dataclass(frozen=True, slots=True)
class Undo:
    """The reader's own last step, which he can still take back, and until when."""

    decision_id: int
    act: Act
    until: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    contract: ContractRef
    section: sections.SectionHead
    revision: RevisionRef | None
    stages: list[Step]
    gate: list[Check]
    acts: dict[str, Permit]
    ledger: list[DecisionView]
    changes_since: RevisionRef | None
    positions: Positions | None
    undo: Undo | None


def review(section: Section, person: Person) -> ReviewPage:
    """May this be approved, by whom, and if not, what blocks it?"""
    ledger = decisions(section)
    reviewed = next(
        (d.revision for d in ledger if d.act in (Act.APPROVE, Act.REQUEST_CHANGES) and d.revision),
        None,
    )
    ballot = ballots.ballot(section)
    return ReviewPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        revision=revision_ref(section.current) if section.current else None,
        stages=sections.steps(section),
        gate=gates.checks(
            section,
            gatekeeping.facts(section, by=person, ballot=ballot),
            edits=policy.may(person, Act.EDIT, section.place),
        ),
        acts=permits(person, section.place),
        ledger=[decision_view(decision) for decision in ledger],
        changes_since=revision_ref(reviewed)
        if reviewed and reviewed.id != section.current_id
        else None,
        positions=positions.shown(section, ballot, person),
        undo=_undo(section, ledger, person),
    )


def _undo(section: Section, ledger: list[Decision], person: Person) -> Undo | None:
    if not ledger or not undoing.possible(ledger[0], by=person, at=clock.now()):
        return None
    last = ledger[0]
    return Undo(last.id, Act(last.act), last.at + UNDO_WITHIN)


def decisions(section: Section) -> list[Decision]:
    """The ledger, newest first."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(Decision.section_id == section.id)
            .options(
                joinedload(Decision.by).lazyload(Person.memberships),
                joinedload(Decision.revision)
                .joinedload(Revision.author)
                .lazyload(Person.memberships),
            )
            .order_by(Decision.number.desc())
        )
    )


def decision_view(decision: Decision) -> DecisionView:
    return DecisionView(
        decision.at,
        person_ref(decision.by),
        Act(decision.act),
        decision.from_stage,
        decision.to_stage,
        decision.reason or None,
        decision.revision.number if decision.revision else None,
        decision.sha256,
    )
