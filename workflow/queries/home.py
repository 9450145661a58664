"""What the contract's home answers: where do we stand, what is open now, until when, and what waits for me?"""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy import func, select

from ..db import db
from ..models import Contract, Document, Event, Milestone, Person, Section
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import BuildState, EventKind, Stage
from . import figures, happenings, outline, tasks
from .figures import Emissions, Gap
from .happenings import Happening
from .navigation import ContractRef, contract_ref
from .outline import SectionLine
from .permits import Permit, permits
from .tasks import Task
from .views import SectionRef, SectorRef
from .visibility import contracts_of

RECENT = 12
HEAT = 12
QUIET = frozenset(
    {
        EventKind.PERSON_INVITED,
        EventKind.PASSWORD_FORGOTTEN,
        EventKind.REMARK_SUPPORTED,
        EventKind.ELEMENT_APPLICABLE,
        EventKind.ELEMENT_NOT_APPLICABLE,
        EventKind.SIGNATORY_INVITED,
        EventKind.DOCUMENT_REQUESTED,
        EventKind.DOCUMENT_FAILED,
    }
)
"""Kinds that the home page passes over; whom they concern finds them in the inbox."""

StageCounts = list[tuple[Stage, int]]


@dataclass(frozen=True, slots=True)
class ListedContract:
    """A contract on the list of one's contracts."""

    slug: str
    city: str
    title: str
    target_year: int
    is_demo: bool
    sections: int
    approved: int
    open_rounds: int


@dataclass(frozen=True, slots=True)
class IndexPage:
    contracts: list[ListedContract]


@dataclass(frozen=True, slots=True)
class OpenRound:
    section: SectionRef
    closes_at: datetime | None
    days_left: int | None
    remarks: int
    sectors: list[SectorRef]


@dataclass(frozen=True, slots=True)
class MilestoneView:
    date: date
    precision: str
    label: str
    done: bool
    next: bool
    illustrative: bool


@dataclass(frozen=True, slots=True)
class LatestDocument:
    id: int
    made_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    contract: ContractRef
    acts: dict[str, Permit]
    frozen: bool
    total: int
    stages: StageCounts
    components: list[tuple[str, StageCounts, int]]
    rounds: list[OpenRound]
    tasks: list[Task]
    emissions: Emissions | None
    gap: Gap | None
    milestones: list[MilestoneView]
    recent: list[Happening]
    document: LatestDocument | None
    heat: list[tuple[SectionRef, int, int, int]]
    organisations: list[int]


def index(person: Person) -> IndexPage:
    """The contracts that this person takes part in, in one query."""
    approved = outline.how_many(Section.stage == Stage.APPROVED)
    open_now = outline.how_many(Section.stage == Stage.CONSULTATION)
    rows = db.session.execute(
        select(Contract, func.count(Section.id), approved, open_now)
        .outerjoin(Section, Section.contract_id == Contract.id)
        .where(Contract.id.in_(contracts_of(person)))
        .group_by(Contract.id)
        .order_by(Contract.city, Contract.slug)
    )
    return IndexPage(
        [
            ListedContract(
                contract.slug,
                contract.city,
                contract.title(person.language),
                contract.target_year,
                contract.demo,
                sections,
                approved,
                open_rounds,
            )
            for contract, sections, approved, open_rounds in rows
        ]
    )


def home(contract: Contract, person: Person) -> HomePage:
    """The home of the contract for this reader."""
    lines = outline.lines(contract, person)
    colours = {sector.key: sector.colour for line in lines for sector in line.sectors}
    emissions, gap = figures.of(contract, colours, person.language)
    return HomePage(
        contract=contract_ref(contract, person.language),
        acts=permits(person, Place(contract.id)),
        frozen=contract.frozen_id is not None,
        total=len(lines),
        stages=outline.by_stage(lines),
        components=_components(lines),
        rounds=_rounds(lines),
        tasks=tasks.waiting(contract, person, lines),
        emissions=emissions,
        gap=gap,
        milestones=_milestones(contract, outline.today_of(person)),
        recent=_recent(contract, person),
        document=_document(contract, person),
        heat=_heat(lines),
        organisations=sorted(policy.organisations_of(person, contract.id)),
    )


def _components(lines: list[SectionLine]) -> list[tuple[str, StageCounts, int]]:
    found: dict[str, list[SectionLine]] = {}
    for line in lines:
        found.setdefault(line.component, []).append(line)
    return [(name, outline.by_stage(some), len(some)) for name, some in found.items()]


def _rounds(lines: list[SectionLine]) -> list[OpenRound]:
    """What is open for comments, the soonest to close first."""
    rounds = [
        OpenRound(line.section, line.closes_at, line.days_left, line.remarks, line.sectors)
        for line in lines
        if line.section.stage is Stage.CONSULTATION
    ]
    return sorted(rounds, key=lambda r: (r.closes_at is None, r.closes_at))


def _heat(lines: list[SectionLine]) -> list[tuple[SectionRef, int, int, int]]:
    """Where people talk most: sections with their open comments, open objections and all comments."""
    talked = sorted(
        (line for line in lines if line.remarks),
        key=lambda line: (-line.blocking, -line.open, -line.remarks),
    )
    return [(line.section, line.open, line.blocking, line.remarks) for line in talked[:HEAT]]


def _milestones(contract: Contract, today: date) -> list[MilestoneView]:
    """What was and what comes. Plans often know the month only, and keep it as its first day."""
    rows = db.session.scalars(
        select(Milestone)
        .where(Milestone.contract_id == contract.id)
        .order_by(Milestone.on, Milestone.id)
    ).all()
    coming = next((row.id for row in rows if row.on >= today), None)
    return [
        MilestoneView(
            date=row.on,
            precision="month" if row.on.day == 1 else "day",
            label=row.label,
            done=row.on < today,
            next=row.id == coming,
            illustrative=row.status == "illustrative",
        )
        for row in rows
    ]


def _recent(contract: Contract, person: Person) -> list[Happening]:
    rows = db.session.execute(
        happenings.events(person)
        .where(Event.contract_id == contract.id, Event.kind.not_in(QUIET))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(RECENT)
    )
    return [happenings.happening(row) for row in rows]


def _document(contract: Contract, person: Person) -> LatestDocument | None:
    """The newest document that was compiled for eyes like this reader's."""
    audiences = [seen.value for seen in policy.visible_to(person, Place(contract.id))]
    row = db.session.execute(
        select(Document.id, Document.finished_at)
        .where(
            Document.contract_id == contract.id,
            Document.addendum_id.is_(None),
            Document.state == BuildState.DONE,
            Document.audience.in_(audiences),
        )
        .order_by(Document.finished_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LatestDocument(row.id, row.finished_at, url_for("documents.show", document_id=row.id))
