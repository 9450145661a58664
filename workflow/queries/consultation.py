"""What the page of a round answers: what is asked, until when, who was heard, and what happened while it ran."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..db import db
from ..models import (
    Contract,
    Display,
    Organisation,
    Person,
    Revision,
    Round,
    RoundEntry,
    Section,
    Thread,
)
from ..models.round import round_section
from ..rules.vocabulary import Act, RoundAudience, RoundChange
from ..services import asked, planning, rounds
from .navigation import ContractRef, contract_ref
from .outline import how_many, titled
from .views import SectionRef
from .visibility import readable, within_reach


@dataclass(frozen=True, slots=True)
class AskedSection:
    """A section of the round, with what was said about it as far as this reader may read it."""

    section: SectionRef
    has_text: bool
    shown: bool
    remarks: int
    answered: int
    late: int


@dataclass(frozen=True, slots=True)
class Change:
    """An extension, or the correction of a text."""

    change: RoundChange
    at: datetime
    by: str
    reason: str
    closes_before: datetime | None
    closes_after: datetime | None
    section: SectionRef | None
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class RoundPage:
    contract: ContractRef
    id: int
    number: int
    title: str
    audience: RoundAudience
    announcement: str
    by: str
    opens_at: datetime
    opened_at: datetime | None
    closes_at: datetime
    closed_at: datetime | None
    state: str
    days_left: int | None
    sections: list[AskedSection]
    changes: list[Change]
    asked: int
    heard: list[str]
    may_steer: bool
    hindered: list[tuple[SectionRef, str]]
    too_late: bool


def find(contract: Contract, number: int) -> Round | None:
    """The round of that number with its sections and changes."""
    return db.session.scalar(
        select(Round)
        .where(Round.contract_id == contract.id, Round.number == number)
        .options(
            joinedload(Round.opened_by),
            selectinload(Round.changes).options(
                joinedload(RoundEntry.by),
                joinedload(RoundEntry.section),
                joinedload(RoundEntry.before).load_only(Revision.number, Revision.sha256),
                joinedload(RoundEntry.after).load_only(Revision.number, Revision.sha256),
            ),
        )
    )


def state_of(one: Round, now: datetime) -> str:
    """planned, cancelled, open, ending (the time has come, the job has not) or over."""
    if one.opened_at is None:
        return "cancelled" if one.closed_at else "planned"
    if one.closed_at:
        return "over"
    return "open" if now < one.closes_at else "ending"


def page(contract: Contract, one: Round, person: Person) -> RoundPage:
    now = clock.now()
    state = state_of(one, now)
    sections = _sections(one, person)
    invited, heard = _organisations(one, person)
    return RoundPage(
        contract=contract_ref(contract, person.language),
        id=one.id,
        number=one.number,
        title=one.title,
        audience=one.audience,
        announcement=one.announcement,
        by=one.opened_by.name,
        opens_at=one.opens_at,
        opened_at=one.opened_at,
        closes_at=one.closes_at,
        closed_at=one.closed_at,
        state=state,
        days_left=clock.days_until(one.closes_at, person.time_zone) if state == "open" else None,
        sections=[line for line, _steers in sections],
        changes=[change(entry, person.language) for entry in one.changes],
        asked=invited,
        heard=heard,
        may_steer=bool(sections) and all(steers for _line, steers in sections),
        hindered=_hindered(contract, sections) if state == "planned" else [],
        too_late=state == "planned" and planning.too_late(one, now),
    )


def change(entry: RoundEntry, language: str) -> Change:
    section = entry.section
    return Change(
        change=entry.change,
        at=entry.at,
        by=entry.by.name,
        reason=entry.reason,
        closes_before=entry.closes_before,
        closes_after=entry.closes_after,
        section=SectionRef(section.id, section.code, section.title(language), section.stage)
        if section
        else None,
        before=entry.before.number if entry.before else None,
        after=entry.after.number if entry.after else None,
    )


def _sections(one: Round, person: Person) -> list[tuple[AskedSection, bool]]:
    """The sections of the round, each with whether this person leads there."""
    said = (
        select(
            Thread.section_id,
            func.count().label("remarks"),
            how_many(Thread.answered_at.is_not(None)).label("answered"),
            how_many(Thread.late).label("late"),
        )
        .join(Section, Section.id == Thread.section_id)
        .where(
            Thread.round_id == one.id,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            readable(person),
        )
        .group_by(Thread.section_id)
        .subquery()
    )
    shown = select(Display.section_id).where(
        Display.round_id == one.id, Display.closed_at.is_(None)
    )
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Section.stage,
            (func.trim(func.coalesce(Revision.plain, "")) != "").label("has_text"),
            Section.id.in_(shown).label("shown"),
            within_reach(person, Act.CONSULT).label("steers"),
            said.c.remarks,
            said.c.answered,
            said.c.late,
        )
        .join(round_section, round_section.c.section_id == Section.id)
        .outerjoin(said, said.c.section_id == Section.id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .where(round_section.c.round_id == one.id)
        .order_by(Section.module_id, Section.position, Section.id)
    )
    return [
        (
            AskedSection(
                SectionRef(row.id, row.code, titled(row.titles, person.language), row.stage),
                bool(row.has_text),
                bool(row.shown),
                row.remarks or 0,
                row.answered or 0,
                row.late or 0,
            ),
            bool(row.steers),
        )
        for row in rows
    ]


def _hindered(
    contract: Contract, sections: list[tuple[AskedSection, bool]]
) -> list[tuple[SectionRef, str]]:
    """Sections of a planned round that cannot be opened as they stand, each with why."""
    frozen = contract.frozen_id is not None
    why = (
        (line.section, rounds.why_not(line.section.stage, frozen=frozen, has_text=line.has_text))
        for line, _steers in sections
    )
    return [(section, key) for section, key in why if key]


def _organisations(one: Round, person: Person) -> tuple[int, list[str]]:
    """How many organisations are asked, and which of them were heard, as far as this reader may know."""
    spoken = (
        select(Thread.organisation_id)
        .join(Section, Section.id == Thread.section_id)
        .where(
            Thread.round_id == one.id,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            readable(person),
        )
    )
    rows = db.session.execute(
        select(Organisation.name, Organisation.id.in_(spoken).label("heard"))
        .where(Organisation.id.in_(asked.organisations(one)))
        .order_by(Organisation.name)
    ).all()
    return len(rows), [row.name for row in rows if row.heard]
