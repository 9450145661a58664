"""What the pages of one section show: its text with the margin, its gate, its history. Eight queries at most."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from .. import clock, freshness
from ..db import db
from ..models import (
    Person,
    Section,
)
from ..models.columns import in_language
from ..packs.outline import Pack, Table
from ..rules.vocabulary import Act, Stage, Wish
from ..services import gatekeeping, reviews
from . import gates, readings, surroundings, threads
from .bystanders import Own
from .navigation import ContractRef, contract_ref
from .permits import Permit, permits
from .views import (
    Check,
    Pages,
    PersonRef,
    RevisionRef,
    SectorRef,
    Step,
    ThreadView,
    due_state,
    person_ref,
    revision_ref,
    sector_ref,
)


@dataclass(frozen=True, slots=True)
class SectionHead:
    """A section with all that stands above its text."""

    id: int
    code: str
    title: str
    stage: Stage
    component: str
    module: str
    sectors: list[SectorRef]
    owner: PersonRef | None
    due: date | None
    overdue: bool
    language: str
    frozen: bool
    lead_organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The section before or after this one."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Round:
    opened_at: datetime
    closes_at: datetime
    days_left: int
    announcement: str | None
    remarks: int
    organisations_heard: int
    organisations_asked: int
    number: int
    extended: bool


@dataclass(frozen=True, slots=True)
class ElementView:
    id: int
    code: str
    title: str
    required: bool
    answered: bool
    not_applicable: str | None
    checklist: list[int]
    acts: dict[str, Permit]
    guidance: str | None = None
    columns: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ThreadCounts:
    all: int
    open: int
    blocking: int
    mine: int
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class SectionPage:
    """`writing` and `since` are the reader's `Own`; `asked` counts questions of the reviewers."""

    contract: ContractRef
    section: SectionHead
    revision: RevisionRef | None
    html: Markup
    stages: list[Step]
    round: Round | None
    threads: list[ThreadView]
    pages: Pages
    thread_counts: ThreadCounts
    show: str
    elements: list[ElementView]
    blockers: list[Check]
    acts: dict[str, Permit]
    wish: Wish | None
    previous: Neighbour | None
    next: Neighbour | None
    suggested_close: date
    writing: str | None = None
    since: int | None = None
    asked: int = 0


_PLACE = (
    select(Section)
    .where(Section.id == bindparam("id"))
    .options(joinedload(Section.contract), joinedload(Section.sectors))
)
_WHOLE = _PLACE.options(*surroundings.NAMED)


def load(section_id: int) -> Section | None:
    """The section with everything that its pages name, in one query."""
    return _found(_WHOLE, section_id)


def place(section_id: int) -> Section | None:
    """The section with what the policy asks of it."""
    return _found(_PLACE, section_id)


def _found(query: Select, section_id: int) -> Section | None:
    return db.session.scalars(query, {"id": section_id}).unique().one_or_none()


def show(
    section: Section, person: Person, own: Own, *, filter_by: str = "all", page: int = 1
) -> SectionPage:
    """The page of a section for this reader."""
    acts = permits(person, section.place)
    standing = surroundings.of(section, person)
    facts = gatekeeping.of_the_text(section, surroundings.counted(standing))
    total = getattr(standing, filter_by, standing.all)
    if own.since:
        freshness.holds_until(clock.now().timestamp())  # news is news only for a sitting
    arguments = {"slug": section.contract.slug, "section_id": section.id, "show": filter_by}
    return SectionPage(
        contract=contract_ref(section.contract, person.language),
        section=head(section, person),
        revision=revision_ref(section.current) if section.current else None,
        html=readings.html(section, person),
        stages=steps(section),
        round=_round(section, standing, person),
        threads=threads.listing(section, person, show=filter_by, page=page),
        pages=Pages(page, threads.PER_PAGE, total, "sections.show", arguments),
        thread_counts=ThreadCounts(
            standing.all, standing.open, standing.blocking, standing.mine, standing.suggestions
        ),
        show=filter_by,
        elements=elements(section, person, acts),
        blockers=gates.blockers(section, facts),
        acts=acts,
        wish=own.wish,
        previous=_neighbour(standing.previous_id, standing.previous_titles, person),
        next=_neighbour(standing.next_id, standing.next_titles, person),
        suggested_close=_suggested_close(section),
        writing=own.writing,
        since=own.since,
        asked=standing.asked,
    )


def _suggested_close(section: Section) -> date:
    """The last day of a usual round that opens today."""
    return clock.today(section.contract.time_zone) + timedelta(days=reviews.CONSULTATION_DAYS)


def is_late(last_end: datetime | None, section: Section) -> bool:
    """Whether a remark made now comes after the round of the section, and waits for the next one."""
    if section.stage is Stage.CONSULTATION:
        if last_end is not None and last_end > clock.now():
            freshness.holds_until(last_end.timestamp())
        return last_end is not None and last_end <= clock.now()
    return last_end is not None


def head(section: Section, person: Person) -> SectionHead:
    language = person.language
    return SectionHead(
        id=section.id,
        code=section.code,
        title=section.title(language),
        stage=section.stage,
        component=section.module.component.title(language),
        module=f"{section.module.code} {section.module.title(language)}".strip(),
        sectors=[sector_ref(sector, language) for sector in section.sectors],
        owner=person_ref(section.owner) if section.owner else None,
        due=section.due_on,
        overdue=due_state(section.due_on, section.stage, clock.today(person.time_zone)),
        language=section.language,
        frozen=section.contract.frozen_id is not None,
    )


def steps(section: Section) -> list[Step]:
    """The stages of the life cycle with the one that the section stands in."""
    order = list(Stage)
    now = order.index(section.stage)
    return [
        Step(
            stage,
            "done" if i < now else "now" if i == now else "next",
            section.stage_since if i == now else None,
        )
        for i, stage in enumerate(order)
    ]


def elements(
    section: Section, person: Person, acts: dict[str, Permit], pack: Pack | None = None
) -> list[ElementView]:
    """What the pack asks for in this section, and whether it is answered."""
    answered = bool(section.current and section.current.plain.strip())
    found = []
    for element in section.elements:
        asked = pack.element(element.key) if pack else None
        found.append(
            ElementView(
                id=element.id,
                code=element.code,
                title=element.title(person.language),
                required=element.required,
                answered=answered,
                not_applicable=element.not_applicable_because,
                checklist=list(asked.checklist) if asked else [],
                acts={"edit": acts[Act.EDIT]},
                guidance=asked.guidance.to(person.language) if asked else None,
                columns=_columns(asked.table, person.language) if asked else None,
            )
        )
    return found


def _columns(table: Table | None, language: str) -> list[str] | None:
    """The headings of the table that the pack defines, with their units."""
    if table is None:
        return None
    return [
        f"{column.title.to(language)} ({column.unit})" if column.unit else column.title.to(language)
        for column in table.columns
    ]


def _neighbour(section_id: int | None, titles: dict | None, person: Person) -> Neighbour | None:
    if section_id is None:
        return None
    return Neighbour(section_id, in_language(titles, person.language))


def _round(section: Section, standing, person: Person) -> Round | None:
    if section.stage is not Stage.CONSULTATION or standing.opened_at is None:
        return None
    return Round(
        opened_at=standing.opened_at,
        closes_at=section.closes_at,
        days_left=clock.days_until(section.closes_at, person.time_zone),
        announcement=standing.announcement or None,
        remarks=standing.all,
        organisations_heard=standing.heard,
        organisations_asked=standing.organisations,
        extended=standing.extended,
        number=standing.round_number,
    )
