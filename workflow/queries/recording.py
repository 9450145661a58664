"""What the pages of workshop capture show: sections that take remarks, what was just entered, a sheet row by row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from .. import clock
from ..db import db
from ..models import Comment, Contract, Organisation, Person, Section, Sheet, Thread
from ..rules.vocabulary import Channel, RemarkKind, Visibility
from ..services import sheets
from ..services.sheets import Line
from . import bringing, sheet_words
from .bringing import SheetPage
from .navigation import ContractRef, contract_ref
from .outline import titled

LATELY = timedelta(days=1)
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Entered:
    """A remark that this person wrote down for somebody a short while ago."""

    thread_id: int
    section_code: str
    number: int
    text: str
    language: str
    quote: str | None
    kind: RemarkKind
    who: str | None
    organisation: str | None
    channel: Channel
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordPage:
    contract: ContractRef
    sections: list[tuple[int, str]]
    organisations: list[tuple[int, str]]
    entered: list[Entered]


def record(contract: Contract, person: Person) -> RecordPage:
    """The page of fast entry."""
    organisations = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.contract_id == contract.id)
        .order_by(func.lower(Organisation.name))
    )
    return RecordPage(
        contract_ref(contract, person.language),
        [
            (section.id, f"{section.code} {section.title(person.language)}")
            for section in sheets.recordable(contract.id, person)
        ],
        [(key, name) for key, name in organisations],
        _entered(contract, person),
    )


def _entered(contract: Contract, person: Person) -> list[Entered]:
    rows = db.session.execute(
        select(Thread, Section.code, Organisation.name, Comment.text)
        .join(Section, Section.id == Thread.section_id)
        .join(Comment, Comment.thread_id == Thread.id)
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .where(
            Section.contract_id == contract.id,
            Thread.author_id == person.id,
            Thread.source.is_not(None),
            Thread.withdrawn_at.is_(None),
            Thread.shown,
            Thread.created_at > clock.now() - LATELY,
            Comment.id
            == select(func.min(Comment.id))
            .where(Comment.thread_id == Thread.id)
            .correlate(Thread)
            .scalar_subquery(),
        )
        .order_by(Thread.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        Entered(
            thread.id,
            code,
            thread.number,
            text,
            thread.language,
            thread.quote,
            thread.kind,
            thread.on_behalf_of,
            organisation,
            thread.channel,
            thread.source,
            thread.created_at,
        )
        for thread, code, organisation, text in rows
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the sheet as the page tells it: what it becomes, or what is wrong with which cell."""

    number: int
    section: str
    remark: str
    quote: str
    kind: RemarkKind
    who: str
    organisation: str
    channel: Channel
    source: str
    visibility: Visibility
    language: str
    faults: list[tuple[str, str]]
    notes: list[str]
    recorded_as: int | None


def sheet(brought: Sheet, person: Person, *, show: str, page: int) -> SheetPage:
    """A page of the sheet's rows as they stand now."""
    lines = sheets.lines(brought, by=person)
    return bringing.sheet(
        brought, lines, person, told=_told, endpoint="workshops.sheet", show=show, page=page
    )


def _told(line: Line, language: str) -> Told:
    entry = line.entry
    section = line.section
    return Told(
        number=line.number,
        section=f"{section.code} {titled(section.titles, language)}" if section else entry.section,
        remark=entry.remark,
        quote=entry.quote,
        kind=entry.kind,
        who="" if line.nameless else entry.person,
        organisation=line.organisation.name if line.organisation else entry.organisation,
        channel=entry.channel,
        source=entry.source,
        visibility=entry.visibility,
        language=entry.language,
        faults=sheet_words.WORDING.faults(line, language),
        notes=sheet_words.notes(line),
        recorded_as=line.recorded_as,
    )
