"""What a person's calendar answers: which days and hours of his contracts concern him, as far as he may read of them.

What reminders remind of stands in it, on the day that they go by, from when it is known until it is done.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from .. import clock
from ..db import db
from ..labels import label
from ..models import (
    ApprovalStep,
    Contract,
    Person,
    Position,
    Question,
    Round,
    Section,
    Thread,
    approval_step_person,
    round_section,
    section_sector,
)
from ..models.person import organisation_sector
from ..rules import policy, reminding
from ..rules.vocabulary import Act, Reason, RoundAudience, Stage
from ..services import owed, wishes
from . import outline, signatory
from .readiness import named_round
from .tasks import signing
from .visibility import contracts_of, internal_at, reached, within_reach

LOOKS_BACK = timedelta(days=90)
"""So long a round that is over and a milestone that has passed stay where they were."""

JUDGES = policy.GRANTS[Act.APPROVE] - policy.STEERING


@dataclass(frozen=True, slots=True)
class Deadline:
    """`key` names it for good. `on` is a day, or a moment where the hour counts."""

    key: str
    on: date | datetime
    title: str
    text: str
    url: str


def deadlines(person: Person) -> list[Deadline]:
    """All that concerns the person, in six queries; the same rows give the same list."""
    contracts = {
        one.id: one
        for one in db.session.scalars(
            select(Contract)
            .where(Contract.id.in_(contracts_of(person)))
            .options(joinedload(Contract.milestones))
        ).unique()
    }
    if not contracts:
        return []
    found = [
        *_contracts(contracts.values(), person),
        *_rounds(contracts, person),
        *_sections(contracts, person),
        *_signatures(contracts, person),
        *_questions(contracts, person),
    ]
    return sorted(found, key=lambda one: one.key)


def of_round(contract: Contract, one: Round, person: Person) -> list[Deadline]:
    """When this round opens, if it is yet to, and when it closes; nothing of one that was cancelled."""
    return list(_of_round(contract, one, person))


@dataclass(frozen=True, slots=True)
class Told:
    """Deadlines of one contract, as they are told to one person."""

    contract: Contract
    person: Person

    def of(
        self, key: str, on: date | datetime, title: str, why: Reason, endpoint: str, **where
    ) -> Deadline:
        because = _("In your calendar because %(reason)s.", reason=label(why))
        return Deadline(
            key=key,
            on=on,
            title=f"{self.contract.city}: {title}",
            text=f"{self.contract.title(self.person.language)}\n{because}",
            url=url_for(endpoint, slug=self.contract.slug, _external=True, **where),
        )


def _contracts(contracts: Iterable[Contract], person: Person) -> Iterator[Deadline]:
    since = outline.today_of(person) - LOOKS_BACK
    for contract in contracts:
        told = Told(contract, person)
        days = [(f"milestone-{one.id}", one.on, one.label) for one in contract.milestones]
        if contract.submit_on:
            days.append((f"submission-{contract.id}", contract.submit_on, _("Submission")))
        for key, on, title in days:
            if on >= since:
                yield told.of(key, on, title, Reason.PARTICIPANT, "progress.show")


def _rounds(contracts: Mapping[int, Contract], person: Person) -> Iterator[Deadline]:
    recent = Round.closed_at >= clock.now() - LOOKS_BACK
    for one in db.session.scalars(
        select(Round).where(
            Round.contract_id.in_(contracts),
            or_(Round.closed_at.is_(None), and_(Round.opened_at.is_not(None), recent)),
            _concerns(person),
        )
    ):
        yield from _of_round(contracts[one.contract_id], one, person)


def _of_round(contract: Contract, one: Round, person: Person) -> Iterator[Deadline]:
    if one.closed_at and one.opened_at is None:
        return
    name = named_round(one.number, one.title)
    moments = [("closes", one.closed_at or one.closes_at, _("%(round)s closes", round=name))]
    if one.opened_at is None:
        moments.insert(0, ("opens", one.opens_at, _("%(round)s opens", round=name)))
    for what, at, title in moments:
        key = f"round-{one.id}-{what}"
        where = {"endpoint": "rounds.show", "number": one.number}
        yield Told(contract, person).of(key, at, title, Reason.PARTICIPANT, **where)


def _concerns(person: Person) -> ColumnElement[bool]:
    """Rounds for the public, and those about a section where the person has a voice, that he follows, or that
    belongs to a sector of his organisation when organisations are asked."""
    mine = {m.organisation_id for m in person.memberships if m.organisation_id is not None}
    of_sectors = (
        select(section_sector.c.section_id)
        .join(organisation_sector, organisation_sector.c.sector_id == section_sector.c.sector_id)
        .where(organisation_sector.c.organisation_id.in_(mine))
    )
    about = (
        select(round_section.c.section_id)
        .join(Section, Section.id == round_section.c.section_id)
        .where(
            round_section.c.round_id == Round.id,
            or_(
                within_reach(person, Act.COMMENT),
                wishes.follows(person),
                and_(Round.audience == RoundAudience.ORGANISATIONS, Section.id.in_(of_sectors)),
            ),
        )
    )
    return or_(Round.audience == RoundAudience.PUBLIC, about.exists())


def _sections(contracts: Mapping[int, Contract], person: Person) -> Iterator[Deadline]:
    """Days of the sections that the person carries or follows, and texts under review that wait for his position."""
    mine = func.coalesce(Section.owner_id == person.id, False)
    concerns = or_(mine, wishes.follows(person))
    due = and_(concerns, Section.due_on.is_not(None), Section.stage != Stage.APPROVED)
    waits = exists().where(Thread.section_id == Section.id, owed.UNANSWERED)
    answers = and_(mine, Section.stage == Stage.REVISION, waits)
    position = and_(Section.stage == Stage.REVIEW, _judges(person), ~_spoken(person))
    rows = db.session.execute(
        select(
            Section.id,
            Section.contract_id,
            Section.code,
            Section.titles,
            Section.due_on,
            Section.stage_since,
            mine.label("mine"),
            due.label("due"),
            answers.label("answers"),
            position.label("position"),
        ).where(Section.contract_id.in_(contracts), or_(due, answers, position))
    )
    for row in rows:
        told = Told(contracts[row.contract_id], person)
        where = {"section_id": row.id}
        name = f"{row.code} {outline.titled(row.titles, person.language)}"
        since = clock.day_of(row.stage_since, contracts[row.contract_id].time_zone)
        if row.due:
            title = _("%(section)s is due", section=name)
            key = f"section-{row.id}-due"
            why = Reason.OWNER if row.mine else Reason.FOLLOWER
            yield told.of(key, row.due_on, title, why, "sections.show", **where)
        if row.answers:
            title = _("Comments on %(section)s wait for an answer", section=name)
            key, on = f"section-{row.id}-answers", since + timedelta(days=reminding.DAYS_TO_ANSWER)
            yield told.of(key, on, title, Reason.OWNER, "sections.show", **where)
        if row.position:
            title = _("Your position on %(section)s is awaited", section=name)
            key, on = f"section-{row.id}-position", since + timedelta(days=reminding.DAYS_TO_JUDGE)
            yield told.of(key, on, title, Reason.JUDGE, "sections.review", **where)


def _judges(person: Person) -> ColumnElement[bool]:
    """Where the person judges, or is named in a step of the section, or of the contract where it has none."""
    step = aliased(ApprovalStep)
    own = exists().where(step.section_id == Section.id)
    named = (
        select(approval_step_person.c.step_id)
        .join(ApprovalStep, ApprovalStep.id == approval_step_person.c.step_id)
        .where(
            approval_step_person.c.person_id == person.id,
            ApprovalStep.contract_id == Section.contract_id,
            or_(
                ApprovalStep.section_id == Section.id,
                and_(ApprovalStep.section_id.is_(None), ~own),
            ),
        )
        .correlate(Section)
    )
    return or_(reached(person, JUDGES), named.exists())


def _spoken(person: Person) -> ColumnElement[bool]:
    """Whether the person has taken a position since the text was submitted."""
    return exists().where(
        Position.section_id == Section.id,
        Position.person_id == person.id,
        Position.at >= Section.stage_since,
    )


def _signatures(contracts: Mapping[int, Contract], person: Person) -> Iterator[Deadline]:
    for contract_id, some in signatory.awaited_in(contracts.values(), person).items():
        told = Told(contracts[contract_id], person)
        for one in some:
            if one.due_on:
                key, where = f"signature-{one.id}", {"signatory_id": one.id}
                title, page = signing(one), "signatories.show"
                yield told.of(key, one.due_on, title, Reason.DELEGATE, page, **where)


def _questions(contracts: Mapping[int, Contract], person: Person) -> Iterator[Deadline]:
    """Reviewers' questions that lie before the person, while he is one of the city's own people there."""
    for one in db.session.scalars(
        select(Question)
        .outerjoin(Section, Section.id == Question.section_id)
        .where(
            Question.contract_id.in_(contracts),
            Question.assignee_id == person.id,
            Question.answered_at.is_(None),
            Question.addendum_id.is_(None),
            Question.due_on.is_not(None),
            internal_at(person, Question.contract_id, Question.section_id),
        )
    ):
        title = _("The answer to the reviewers' question %(question)s is due", question=one.number)
        key, where = f"question-{one.id}", {"endpoint": "questions.show", "number": one.number}
        told = Told(contracts[one.contract_id], person)
        yield told.of(key, one.due_on, title, Reason.ASSIGNED, **where)
