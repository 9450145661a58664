"""What the board answers: which sections are in which stage, who owes what, what blocks approval, who is silent?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ..db import db
from ..labels import label
from ..models import Contract, Membership, Person, Section, Thread
from ..rules.policy import GRANTS, Place, covers
from ..rules.vocabulary import Act, Stage
from . import outline
from .navigation import ContractRef, contract_ref
from .outline import SectionLine
from .permits import Permit, permits
from .views import PersonRef, SectionRef, SectorRef

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    selected: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Row:
    section: SectionRef
    module: str
    sectors: list[SectorRef]
    owner: PersonRef | None
    due: date | None
    overdue: bool
    closes_at: datetime | None
    days_left: int | None
    remarks: int
    open: int
    blocking: int
    silent: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class BoardPage:
    contract: ContractRef
    acts: dict[str, Permit]
    groups: list[tuple[str, list[Row]]]
    filters: dict[str, list[Choice]]
    filtered: bool
    stages: list[tuple[Stage, int]]
    total: int


def board(contract: Contract, person: Person, asked: Mapping[str, str]) -> BoardPage:
    """The board as this reader asked for it; `asked` are the values of the filters, unknown ones are passed over."""
    lines = outline.lines(contract, person)
    options = {name: of(lines, person) for name, of in OPTIONS.items()}
    chosen = {
        name: asked[name] for name, known in options.items() if asked.get(name) in dict(known)
    }
    shown = [
        line
        for line in lines
        if all(FITS[name](line, value, person) for name, value in chosen.items())
    ]
    silence = _silence(contract, lines)
    groups: dict[str, list[Row]] = {}
    for line in shown:
        groups.setdefault(line.component, []).append(_row(line, silence))
    return BoardPage(
        contract=contract_ref(contract, person.language),
        acts=permits(person, Place(contract.id)),
        groups=list(groups.items()),
        filters={
            name: [
                Choice(
                    value,
                    text,
                    chosen.get(name) == value,
                    sum(FITS[name](line, value, person) for line in lines),
                )
                for value, text in known
            ]
            for name, known in options.items()
        },
        filtered=bool(chosen),
        stages=outline.by_stage(lines),
        total=len(lines),
    )


Known = list[tuple[str, str]]
"""The values that a filter may take, each with its label."""


def _components(lines: list[SectionLine], person: Person) -> Known:
    return list({line.component_key: line.component for line in lines}.items())


def _sectors(lines: list[SectionLine], person: Person) -> Known:
    return list({one.key: one.label for line in lines for one in line.sectors}.items())


def _stages(lines: list[SectionLine], person: Person) -> Known:
    return [(stage.value, label(stage)) for stage in Stage]


def _owners(lines: list[SectionLine], person: Person) -> Known:
    owners = {str(line.owner.id): line.owner.name for line in lines if line.owner}
    known = sorted(owners.items(), key=lambda owner: owner[1].casefold())
    if any(line.owner is None for line in lines):
        known.append((NOBODY, _("Nobody yet")))
    return known


def _only(lines: list[SectionLine], person: Person) -> Known:
    return [
        ("mine", _("Mine")),
        ("blocked", _("Blocked by an objection")),
        ("overdue", _("Overdue")),
        ("unanswered", _("With unanswered comments")),
    ]


OPTIONS: dict[str, Callable[[list[SectionLine], Person], Known]] = {
    "component": _components,
    "sector": _sectors,
    "stage": _stages,
    "owner": _owners,
    "only": _only,
}

ONLY: dict[str, Callable[[SectionLine, Person], bool]] = {
    "mine": lambda line, person: line.owner is not None and line.owner.id == person.id,
    "blocked": lambda line, person: line.blocking > 0,
    "overdue": lambda line, person: line.overdue,
    "unanswered": lambda line, person: line.open > 0,
}

FITS: dict[str, Callable[[SectionLine, str, Person], bool]] = {
    "component": lambda line, value, person: line.component_key == value,
    "sector": lambda line, value, person: value in {one.key for one in line.sectors},
    "stage": lambda line, value, person: line.section.stage == value,
    "owner": lambda line, value, person: value == (str(line.owner.id) if line.owner else NOBODY),
    "only": lambda line, value, person: ONLY[value](line, person),
}


def _row(line: SectionLine, silence: dict[int, int]) -> Row:
    return Row(
        section=line.section,
        module=line.module,
        sectors=line.sectors,
        owner=line.owner,
        due=line.due,
        overdue=line.overdue,
        closes_at=line.closes_at,
        days_left=line.days_left,
        remarks=line.remarks,
        open=line.open,
        blocking=line.blocking,
        silent=silence.get(line.section.id),
        updated_at=line.updated_at,
    )


def _silence(contract: Contract, lines: list[SectionLine]) -> dict[int, int]:
    """For each open round, how many of the organisations that it asks have not said a word in it."""
    invited = db.session.execute(
        select(
            Membership.contract_id,
            Membership.organisation_id,
            Membership.sector_id,
            Membership.section_id,
        )
        .where(
            Membership.contract_id == contract.id,
            Membership.organisation_id.is_not(None),
            Membership.role.in_(GRANTS[Act.COMMENT]),
        )
        .distinct()
    ).all()
    heard = {
        (section_id, organisation_id)
        for section_id, organisation_id in db.session.execute(
            select(Thread.section_id, Thread.organisation_id)
            .join(Section, Section.id == Thread.section_id)
            .where(
                Section.contract_id == contract.id,
                Section.stage == Stage.CONSULTATION,
                Thread.organisation_id.is_not(None),
                Thread.addressed,
                Thread.created_at >= Section.stage_since,
            )
            .distinct()
        )
    }
    return {
        line.section.id: len(
            {
                one.organisation_id
                for one in invited
                if covers(one, line.place, Act.COMMENT)
                and (line.section.id, one.organisation_id) not in heard
            }
        )
        for line in lines
        if line.section.stage is Stage.CONSULTATION
    }
