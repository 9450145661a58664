"""All sections of a contract with what is going on in them, in one query: what home and board are made of."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from .. import clock
from ..db import among_words, db
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
from ..rules import policy
from ..rules.policy import Place
from ..rules.text import references
from ..rules.vocabulary import Act, Stage
from ..services import owed, positions, proofs
from ..services.gatekeeping import Counted
from ..services.proofs import Found
from .views import PersonRef, SectionRef, SectorRef, due_state
from .visibility import Reader, readable

Owner = aliased(Person)

OWING = {"open": owed.UNANSWERED, "blocking": owed.OBJECTIONS, "promised": owed.PROMISED}
"""What is counted of remarks, by the name that the count bears."""


class SectionLine(NamedTuple):
    """A section with its place in the outline and the remarks that this reader may read.

    `promised` are accepted and name no revision yet. `owed` is what the gate counts, whoever may read it, and `found`
    what it sees in the text, where that was asked for; `spoken` whether the reader took a position on it in this
    review.
    """

    section: SectionRef
    place: Place
    component: str
    component_key: str
    module: str
    sectors: tuple[SectorRef, ...]
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
    promised: int
    mine: int
    owed: Counted
    found: Found | None
    spoken: bool


def lines(contract: Contract, person: Person, *, judged: bool = False) -> list[SectionLine]:
    """The sections in the order of the outline; `judged` with what the gate sees in their texts."""
    return several([contract], person, judged=judged)[contract.id]


def several(
    contracts: Collection[Contract],
    person: Person,
    *,
    judged: bool = False,
    reader: Reader | None = None,
) -> dict[int, list[SectionLine]]:
    """The sections of each contract, in one query; `reader` counts instead of the person."""
    by_id = {contract.id: contract for contract in contracts}
    question = _question(tuple(by_id), reader or Reader.of(person), judged)
    known = [sha for contract in contracts for sha in proofs.known(contract)] if judged else []
    rows = db.session.execute(question, {"known": known} if judged else {}).all()
    by_section: dict[int, list[Row]] = {}
    for row in rows:
        by_section.setdefault(row.id, []).append(row)
    today = today_of(person)
    found: dict[int, list[SectionLine]] = {key: [] for key in by_id}
    texts = _texts(by_id, by_section) if judged else {}
    for some in by_section.values():
        contract = by_id[some[0].contract_id]
        text = texts.get(some[0].id)
        where = person.language, person.time_zone, today, contract.frozen_id is not None
        found[contract.id].append(_line(tuple(some), text, *where))
    return found


def _texts(contracts: dict[int, Contract], by_section: dict[int, list[Row]]) -> dict[int, Found]:
    """What the gate sees in the texts, by section; references are judged over all texts of a contract."""
    found: dict[int, Found] = {}
    together: dict[int, list[references.Text]] = {}
    for first, *_others in by_section.values():
        contract = contracts[first.contract_id]
        text = proofs.found(contract, first.sha256, first.plain, first.markdown)
        found[first.id] = text
        place = references.Text(first.id, first.code, text.indexes)
        together.setdefault(contract.id, []).append(place)
    for texts in together.values():
        for key, wrong in references.faults(texts).items():
            found[key] = replace(found[key], unresolved=wrong)
    return found


@lru_cache(maxsize=256)
def _question(contract_ids: tuple[int, ...], reader: Reader, judged: bool) -> Select:
    """What the database is asked; it takes longer to write than to answer, so it is kept for the next time.

    Texts come along only while nobody knows what is in them.
    """
    counts = _counts(contract_ids, reader)
    texts = []
    if judged:
        known = among_words(Revision.sha256, "known")
        texts = [
            Revision.sha256,
            case((known, None), else_=Revision.plain).label("plain"),
            case((known, None), else_=Revision.markdown).label("markdown"),
        ]
    return (
        select(
            Section.id,
            Section.contract_id,
            Section.code,
            cast(Section.titles, Text).label("titles"),
            Section.stage,
            Section.stage_since,
            Section.due_on,
            Section.closes_at,
            Module.code.label("module_code"),
            cast(Module.titles, Text).label("module_titles"),
            Component.key.label("component_key"),
            cast(Component.titles, Text).label("component_titles"),
            Owner.id.label("owner_id"),
            Owner.name.label("owner_name"),
            Owner.title.label("owner_title"),
            Revision.created_at.label("saved_at"),
            Sector.id.label("sector_id"),
            Sector.key.label("sector_key"),
            cast(Sector.titles, Text).label("sector_titles"),
            Sector.colour.label("sector_colour"),
            owed.elements(Section.id).correlate(Section).scalar_subquery().label("elements"),
            *(_or_none(column) for column in counts.c if column.name != "section_id"),
            positions.has_spoken(reader.id, Revision).label("spoken"),
            *texts,
        )
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .outerjoin(Owner, Owner.id == Section.owner_id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .outerjoin(counts, counts.c.section_id == Section.id)
        .where(_within(contract_ids))
        .order_by(
            Component.position, Module.position, Section.position, Section.id, Sector.position
        )
    )


def _or_none(count: ColumnElement[int]) -> ColumnElement[int]:
    """A section without remarks is counted nowhere; nought then, but for a number that is told by another one."""
    return count if count.name.startswith("all_") else func.coalesce(count, 0).label(count.name)


def _within(contract_ids: tuple[int, ...]) -> ColumnElement[bool]:
    if len(contract_ids) == 1:
        return Section.contract_id == contract_ids[0]
    return Section.contract_id.in_(contract_ids)


def _counts(contract_ids: tuple[int, ...], reader: Reader) -> Subquery:
    """What stands in the margin of each section: as far as the reader may read it, and as the gate counts it.

    Whoever reads all that is said to the city is told the gate's numbers.
    """
    wide = all(policy.grants(reader, Act.READ_INTERNAL, Place(one)) for one in contract_ids)
    may_read = readable(reader)
    seen = true() if wide else may_read
    return (
        select(
            Section.id.label("section_id"),
            how_many(seen).label("remarks"),
            how_many(and_(seen, spoken_by(reader))).label("mine"),
            *(how_many(and_(seen, one)).label(name) for name, one in OWING.items()),
            *(
                (cast(null(), Integer) if wide else how_many(one)).label(f"all_{name}")
                for name, one in OWING.items()
            ),
        )
        .join(Thread, Thread.section_id == Section.id)
        .where(
            _within(contract_ids),
            Thread.withdrawn_at.is_(None),
            Thread.shown,
            may_read if wide else true(),
        )
        .group_by(Section.id)
        .subquery()
    )


def spoken_by(person: Person | Reader) -> ColumnElement[bool]:
    """Remarks of the person, or of an organisation that the person speaks for."""
    organisations = {m.organisation_id for m in person.memberships if m.organisation_id}
    spoken = Thread.organisation_id.in_(organisations) if organisations else false()
    return or_(Thread.author_id == person.id, spoken)


def how_many(condition: ColumnElement[bool]) -> FunctionElement[int]:
    """In how many rows of the group the condition holds."""
    return func.count(case((condition, 1)))


@lru_cache(maxsize=4096)
def _line(
    rows: tuple[Row, ...],
    text: Found | None,
    language: str,
    time_zone: str,
    today: date,
    frozen: bool,
) -> SectionLine:
    """What the rows of a section say, one for each of its sectors; the same rows say the same, so it is kept."""
    row = rows[0]
    with_sector = [one for one in rows if one.sector_id is not None]
    owner = PersonRef(row.owner_id, row.owner_name, None, row.owner_title)
    return SectionLine(
        section=SectionRef(row.id, row.code, _said(row.titles, language), row.stage),
        place=Place(
            row.contract_id,
            row.id,
            frozenset(one.sector_id for one in with_sector),
            row.stage,
            frozen,
        ),
        component=_said(row.component_titles, language),
        component_key=row.component_key,
        module=f"{row.module_code} {_said(row.module_titles, language)}".strip(),
        sectors=tuple(
            SectorRef(one.sector_key, _said(one.sector_titles, language), one.sector_colour)
            for one in with_sector
        ),
        owner=owner if row.owner_id else None,
        due=row.due_on,
        overdue=due_state(row.due_on, row.stage, today),
        closes_at=row.closes_at,
        days_left=(clock.day_of(row.closes_at, time_zone) - today).days if row.closes_at else None,
        stage_since=row.stage_since,
        updated_at=row.saved_at or row.stage_since,
        has_text=row.saved_at is not None,
        remarks=row.remarks,
        open=row.open,
        blocking=row.blocking,
        promised=row.promised,
        mine=row.mine,
        owed=Counted(
            row.open if row.all_open is None else row.all_open,
            row.blocking if row.all_blocking is None else row.all_blocking,
            row.promised if row.all_promised is None else row.all_promised,
            row.elements,
        ),
        found=text,
        spoken=bool(row.spoken),
    )


def by_stage(lines: Iterable[SectionLine]) -> list[tuple[Stage, int]]:
    """How many sections stand in each stage, in the order of the life cycle."""
    standing = [line.section.stage for line in lines]
    return [(stage, standing.count(stage)) for stage in Stage]


def titled(titles: dict[str, str], language: str) -> str:
    """The title in the language, else in English, else in whichever there is."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


@lru_cache(maxsize=4096)
def _said(written: str, language: str) -> str:
    """The same of titles as the database keeps them; a page reads the same few again and again."""
    return titled(json.loads(written), language)


def today_of(person: Person) -> date:
    """The day it is where the person is."""
    return clock.today(person.time_zone)
