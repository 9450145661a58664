"""What somebody without an account may read: the sections on display in public rounds, and what was said on them.

A section that was never on display in a public round is not there, and neither is anything meant for fewer eyes.
Nobody is named but organisations and who agreed to it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Contract, Display, Membership, Revision, Round, Section, Thread
from ..rules.text import eyes, render
from ..rules.text.document import Block
from ..rules.vocabulary import RoundAudience, Stage
from . import charts, public_changes, public_remarks, readings
from . import summary as summaries
from .navigation import ContractRef, contract_ref
from .outline import how_many, titled
from .public_changes import PublicChange
from .public_remarks import PER_PAGE, PublicRemark, told
from .rounds import RoundRef, find
from .views import Pages


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody without an account, for the questions that are the same for every reader."""

    language: str
    time_zone: str
    id: int = 0
    memberships: Collection[Membership] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A section on the public pages; `open_until` is None when the round is over."""

    id: int
    code: str
    title: str
    open_until: datetime | None
    remarks: int
    answered: int


@dataclass(frozen=True, slots=True)
class PublicRound:
    number: int
    title: str
    announcement: str
    opened_at: datetime
    closes_at: datetime
    days_left: int
    running: bool
    answers_published_at: datetime | None
    sections: list[Shown]
    changes: list[PublicChange]


@dataclass(frozen=True, slots=True)
class IndexPage:
    contracts: list[tuple[ContractRef, datetime]]


@dataclass(frozen=True, slots=True)
class ContractPage:
    contract: ContractRef
    rounds: list[PublicRound]


@dataclass(frozen=True, slots=True)
class SectionPage:
    contract: ContractRef
    section: Shown
    section_language: str
    round: PublicRound
    revision_id: int
    html: Markup
    remarks: list[PublicRemark]
    pages: Pages


@dataclass(frozen=True, slots=True)
class ComposePage:
    contract: ContractRef
    section: Shown
    section_language: str
    closes_at: datetime
    revision_id: int
    block: tuple[int, str, int, int] | None
    quote: str | None
    blocks: list[tuple[int, str, int, int]]


def index(language: str) -> IndexPage:
    """The contracts with a public round that is open now, and until when the longest one is."""
    rows = db.session.execute(
        select(Contract, func.max(Display.closes_at))
        .select_from(Display)
        .join(Round, Round.id == Display.round_id)
        .join(Contract, Contract.id == Round.contract_id)
        .where(_open_now())
        .group_by(Contract.id)
        .order_by(Contract.city, Contract.id)
    )
    return IndexPage([(contract_ref(one, language), until) for one, until in rows])


def contract(slug: str) -> Contract | None:
    """The contract, when it has or had a public round."""
    return db.session.scalar(
        select(Contract).where(
            Contract.slug == slug,
            select(Display.id)
            .join(Round, Round.id == Display.round_id)
            .where(Round.contract_id == Contract.id, Round.audience == RoundAudience.PUBLIC)
            .exists(),
        )
    )


def overview(contract: Contract, language: str) -> ContractPage:
    """All public rounds, the newest first, with their sections."""
    displays = db.session.scalars(
        _displays()
        .where(Round.contract_id == contract.id)
        .order_by(Round.number.desc(), Display.id)
        .options(joinedload(Display.round))
    ).all()
    sections = {
        row.id: row
        for row in db.session.execute(
            _with_counts().where(Section.id.in_({one.section_id for one in displays}))
        )
    }
    rounds: dict[int, list[Display]] = {}
    for display in displays:
        rounds.setdefault(display.round_id, []).append(display)
    changes = public_changes.told(rounds, language)
    return ContractPage(
        contract_ref(contract, language),
        [
            _round(some, sections, language, changes.get(number, []))
            for number, some in rounds.items()
        ],
    )


def find_section(slug: str, section_id: int) -> tuple[Section, Display] | None:
    """The section and what of it is, or was last, on display for everybody."""
    row = db.session.execute(
        select(Section, Display)
        .join(Display, Display.section_id == Section.id)
        .join(Round, Round.id == Display.round_id)
        .join(Contract, Contract.id == Section.contract_id)
        .where(
            Section.id == section_id, Contract.slug == slug, Round.audience == RoundAudience.PUBLIC
        )
        .order_by(Display.id.desc())
        .limit(1)
        .options(
            joinedload(Section.contract),
            joinedload(Display.round),
            joinedload(Display.revision).options(
                joinedload(Revision.rendering), joinedload(Revision.author).lazyload("*")
            ),
        )
    ).first()
    return (row[0], row[1]) if row else None


def section(section: Section, display: Display, language: str, *, page: int = 1) -> SectionPage:
    """The displayed text with what may be read of the remarks, a page at a time, in the order of the text."""
    counts = db.session.execute(_with_counts().where(Section.id == section.id)).one()
    where = {"slug": section.contract.slug, "section_id": section.id}
    changes = public_changes.told([display.round_id], language, section_id=section.id)
    return SectionPage(
        contract=contract_ref(section.contract, language),
        section=_shown(counts, display, language),
        section_language=section.language,
        round=_round([display], {section.id: counts}, language, changes.get(display.round_id, [])),
        revision_id=display.revision_id,
        html=_html(display.revision, section),
        remarks=public_remarks.listing(section, display, page),
        pages=Pages(page, PER_PAGE, counts.remarks, "public.section", where),
    )


def compose(
    section: Section,
    display: Display,
    language: str,
    *,
    block: int | None,
    start: int | None,
    end: int | None,
) -> ComposePage:
    """What the remark is about: words, a paragraph, or the section."""
    plain = display.revision.plain
    blocks = [
        (one.number, plain[one.start : one.end], one.start, one.end)
        for one in _blocks(display.revision, section)
    ]
    chosen = next((found for found in blocks if found[0] == block), None)
    if chosen and start is None:
        start, end = chosen[2], chosen[3]
    inside = start is not None and end is not None and 0 <= start < end
    quoted = inside and any(begin <= start and end <= stop for _n, _text, begin, stop in blocks)
    counts = db.session.execute(_with_counts().where(Section.id == section.id)).one()
    return ComposePage(
        contract=contract_ref(section.contract, language),
        section=_shown(counts, display, language),
        section_language=section.language,
        closes_at=display.closes_at,
        revision_id=display.revision_id,
        block=chosen,
        quote=plain[start:end] if quoted else None,
        blocks=blocks,
    )


def round_of(contract: Contract, number: int) -> RoundRef | None:
    """A public round that is over."""
    over = db.session.scalar(
        select(Round.id).where(
            Round.contract_id == contract.id,
            Round.number == number,
            Round.audience == RoundAudience.PUBLIC,
            Round.closed_at.is_not(None),
        )
    )
    return find(contract, number) if over else None


def summary(contract: Contract, asked: RoundRef, language: str) -> summaries.SummaryPage:
    """The summary of a public round, the same for every reader."""
    return summaries.summary(contract, Visitor(language, contract.time_zone), asked)


def _open_now() -> ColumnElement[bool]:
    return and_(
        Round.audience == RoundAudience.PUBLIC,
        Round.closed_at.is_(None),
        Display.closed_at.is_(None),
        Display.closes_at > clock.now(),
    )


def _displays():
    """The newest display of each section in each public round."""
    newest = (
        select(func.max(Display.id))
        .join(Round, Round.id == Display.round_id)
        .where(Round.audience == RoundAudience.PUBLIC)
        .group_by(Display.round_id, Display.section_id)
    )
    return select(Display).join(Round, Round.id == Display.round_id).where(Display.id.in_(newest))


def _with_counts():
    """Sections with how many remarks everybody may read, and how many of them are answered."""
    counts = (
        select(
            Thread.section_id,
            func.count().label("remarks"),
            how_many(Thread.answered_at.is_not(None)).label("answered"),
        )
        .where(told())
        .group_by(Thread.section_id)
        .subquery()
    )
    return (
        select(
            Section.id,
            Section.code,
            Section.titles,
            Section.stage,
            func.coalesce(counts.c.remarks, 0).label("remarks"),
            func.coalesce(counts.c.answered, 0).label("answered"),
        )
        .outerjoin(counts, counts.c.section_id == Section.id)
        .order_by(Section.position, Section.id)
    )


def _shown(row, display: Display, language: str) -> Shown:
    open_now = row.stage is Stage.CONSULTATION and _is_open(display)
    return Shown(
        row.id,
        row.code,
        titled(row.titles, language),
        display.closes_at if open_now else None,
        row.remarks,
        row.answered,
    )


def _is_open(display: Display) -> bool:
    over = display.closed_at or display.round.closed_at
    return over is None and display.closes_at > clock.now()


def _round(
    displays: list[Display], sections: dict, language: str, changes: list[PublicChange]
) -> PublicRound:
    held = displays[0].round
    shown = {one.section_id: one for one in displays}
    running = any(_is_open(one) for one in displays)
    announced = held.announcement or next((one.announcement for one in displays), "")
    return PublicRound(
        number=held.number,
        title=held.title,
        announcement=announced,
        opened_at=held.opened_at or min(one.opened_at for one in displays),
        closes_at=held.closes_at,
        days_left=clock.days_until(held.closes_at, held.contract.time_zone),
        running=running,
        answers_published_at=held.answers_published_at,
        sections=[
            _shown(row, shown[key], language) for key, row in sections.items() if key in shown
        ],
        changes=changes,
    )


def _html(revision: Revision, section: Section) -> Markup:
    html = readings.as_seen(revision, section, eyes.EVERYBODY)
    made = readings.counted(html, section, eyes.EVERYBODY, alone=True)
    return charts.shown(made, section.contract, section.language)


def _blocks(revision: Revision, section: Section) -> tuple[Block, ...]:
    return eyes.shown(render(revision.markdown, language=section.language), eyes.EVERYBODY).blocks
