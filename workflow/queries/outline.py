"""All sections of a contract with what is going on in them, in one query: what home and board are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from .. import clock
from ..db import db
from ..models import (
    Component,
    Contract,
    Module,
    Person,
    Revision,
    Section,
    Sector,
    Thread,
    section_sector,
)
from ..rules.policy import Place
from ..rules.vocabulary import RemarkKind, Stage
from .views import PersonRef, SectionRef, SectorRef, due_state
from .visibility import readable

Owner = aliased(Person)


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section with its place in the outline and the remarks that this reader may read."""

    section: SectionRef
    place: Place
    component: str
    component_key: str
    module: str
    sectors: list[SectorRef]
    owner: PersonRef | None
    due: date | None
    overdue: bool
    closes_at: datetime | None
    days_left: int | None
    stage_since: datetime
    updated_at: datetime
    has_text: bool
    remarks: int
    open: int
    blocking: int
    mine: int


def lines(contract: Contract, person: Person) -> list[SectionLine]:
    """The sections in the order of the outline."""
    counts = _counts(contract, person)
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Section.stage,
            Section.stage_since,
            Section.due_on,
            Section.closes_at,
            Module.code.label("module_code"),
            Module.titles.label("module_titles"),
            Component.key.label("component_key"),
            Component.titles.label("component_titles"),
            Owner.id.label("owner_id"),
            Owner.name.label("owner_name"),
            Owner.title.label("owner_title"),
            Revision.created_at.label("saved_at"),
            Sector.id.label("sector_id"),
            Sector.key.label("sector_key"),
            Sector.titles.label("sector_titles"),
            Sector.colour.label("sector_colour"),
            counts.c.remarks,
            counts.c.open,
            counts.c.blocking,
            counts.c.mine,
        )
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .outerjoin(Owner, Owner.id == Section.owner_id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .outerjoin(counts, counts.c.section_id == Section.id)
        .where(Section.contract_id == contract.id)
        .order_by(
            Component.position, Module.position, Section.position, Section.id, Sector.position
        )
    ).all()
    by_section: dict[int, list] = {}
    for row in rows:
        by_section.setdefault(row.id, []).append(row)
    today = today_of(person)
    return [_line(several, contract, person, today) for several in by_section.values()]


def _counts(contract: Contract, person: Person) -> Subquery:
    """What stands in the margin of each section, counted by the database and only as far as the reader may read it."""
    unanswered = and_(Thread.unanswered, Thread.addressed, Thread.kind != RemarkKind.SUPPORT)
    return (
        select(
            Thread.section_id,
            func.count().label("remarks"),
            how_many(unanswered).label("open"),
            how_many(and_(unanswered, Thread.kind == RemarkKind.OBJECTION)).label("blocking"),
            how_many(spoken_by(person)).label("mine"),
        )
        .join(Section, Section.id == Thread.section_id)
        .where(Section.contract_id == contract.id, Thread.withdrawn_at.is_(None), readable(person))
        .group_by(Thread.section_id)
        .subquery()
    )


def spoken_by(person: Person) -> ColumnElement[bool]:
    """Remarks of the person, or of an organisation that the person speaks for."""
    organisations = {m.organisation_id for m in person.memberships if m.organisation_id}
    spoken = Thread.organisation_id.in_(organisations) if organisations else false()
    return or_(Thread.author_id == person.id, spoken)


def how_many(condition: ColumnElement[bool]) -> FunctionElement[int]:
    """In how many rows of the group the condition holds."""
    return func.count(case((condition, 1)))


def _line(rows: list, contract: Contract, person: Person, today: date) -> SectionLine:
    row, language = rows[0], person.language
    with_sector = [one for one in rows if one.sector_id is not None]
    owner = PersonRef(row.owner_id, row.owner_name, None, row.owner_title)
    return SectionLine(
        section=SectionRef(row.id, row.code, titled(row.titles, language), row.stage),
        place=Place(
            contract.id,
            row.id,
            frozenset(one.sector_id for one in with_sector),
            row.stage,
            contract.frozen_id is not None,
        ),
        component=titled(row.component_titles, language),
        component_key=row.component_key,
        module=f"{row.module_code} {titled(row.module_titles, language)}".strip(),
        sectors=[
            SectorRef(one.sector_key, titled(one.sector_titles, language), one.sector_colour)
            for one in with_sector
        ],
        owner=owner if row.owner_id else None,
        due=row.due_on,
        overdue=due_state(row.due_on, row.stage, today),
        closes_at=row.closes_at,
        days_left=days_until(row.closes_at, person, today),
        stage_since=row.stage_since,
        updated_at=row.saved_at or row.stage_since,
        has_text=row.saved_at is not None,
        remarks=row.remarks or 0,
        open=row.open or 0,
        blocking=row.blocking or 0,
        mine=row.mine or 0,
    )


def by_stage(lines: Iterable[SectionLine]) -> list[tuple[Stage, int]]:
    """How many sections stand in each stage, in the order of the life cycle."""
    standing = [line.section.stage for line in lines]
    return [(stage, standing.count(stage)) for stage in Stage]


def titled(titles: dict[str, str], language: str) -> str:
    """The title in the language, else in English, else in whichever there is."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def today_of(person: Person) -> date:
    """The day it is where the person is."""
    return clock.now().astimezone(ZoneInfo(person.time_zone)).date()


def days_until(at: datetime | None, person: Person, today: date) -> int | None:
    """Days on the person's calendar until the moment; negative when it has passed."""
    if at is None:
        return None
    return (at.astimezone(ZoneInfo(person.time_zone)).date() - today).days
