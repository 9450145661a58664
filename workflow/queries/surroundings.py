"""What a section's page knows, in one row: its text with all that it names, counts, neighbours, what is on display.

The question is large and asked for every page, so it is put together once for all readers with the same eyes.
"""

from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    distinct,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload, lazyload

from ..db import UTCDateTime, db
from ..models import (
    Display,
    Membership,
    Module,
    Person,
    Question,
    Revision,
    RoundEntry,
    Section,
    Thread,
    section_sector,
)
from ..models import Round as ConsultationRound
from ..rules.vocabulary import RemarkKind, RoundChange, Visibility
from ..services import gatekeeping
from ..services.gatekeeping import Counted
from . import hearing, threads
from .threads import Eyes

SECTION, READER = bindparam("section"), bindparam("reader")
SINCE = bindparam("stage_since", type_=UTCDateTime)
CONTRACT, POSITION = bindparam("contract"), bindparam("position")


NAMED = (
    joinedload(Section.module).joinedload(Module.component),
    joinedload(Section.owner).lazyload(Person.memberships),
    joinedload(Section.current).options(
        joinedload(Revision.rendering),
        joinedload(Revision.author).lazyload(Person.memberships),
    ),
)
"""What stands at the head of a section, and its text."""


def of(section: Section, person: Person) -> Row:
    """The row; the section itself has its text from here on, whatever was known of it before."""
    asked = {
        "section": section.id,
        "contract": section.contract_id,
        "position": section.position,
        "reader": person.id,
        "stage_since": section.stage_since,
    }
    return db.session.execute(_question(Eyes.of(person, section)), asked).one()


def counted(row: Row) -> Counted:
    """What the gate counts, which the same question brings."""
    return Counted(*row[: len(Counted._fields)])


@lru_cache(maxsize=256)
def _question(eyes: Eyes) -> Select:
    visible, carded = threads.seen(eyes, READER), threads.seen_as_card(eyes, READER)

    still_open = and_(visible, Thread.unanswered, Thread.withdrawn_at.is_(None), Thread.addressed)
    said = _said(
        all=carded,
        open=still_open,
        answered=and_(visible, Thread.answered_at.is_not(None)),
        blocking=and_(still_open, Thread.kind == RemarkKind.OBJECTION),
        mine=and_(carded, Thread.author_id == READER),
    ).subquery("said")
    suggestions = _said(suggestions=still_open).where(Thread.replacement.is_not(None))
    organisations = _organisations()
    heard = (
        select(func.count(distinct(Thread.organisation_id)))
        .where(
            Thread.section_id == SECTION,
            Thread.created_at >= SINCE,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.organisation_id.in_(organisations.with_only_columns(Membership.organisation_id)),
            visible,
        )
        .scalar_subquery()
    )
    owed = gatekeeping.counting(SECTION).subquery("owed")
    counts = select(
        *owed.c,
        *said.c,
        suggestions.scalar_subquery().label("suggestions"),
        heard.label("heard"),
        organisations.scalar_subquery().label("organisations"),
        _on_display(Display.opened_at).label("opened_at"),
        _on_display(Display.announcement).label("announcement"),
        _on_display(ConsultationRound.number).label("round_number"),
        _extended().label("extended"),
        _asked(eyes).label("asked"),
        _neighbour(Section.id, after=False).label("previous_id"),
        _neighbour(Section.titles, after=False).label("previous_titles"),
        _neighbour(Section.id, after=True).label("next_id"),
        _neighbour(Section.titles, after=True).label("next_titles"),
        Section,
    )
    here = counts.select_from(Section).join(owed, true()).join(said, true())
    return here.where(Section.id == SECTION).options(lazyload(Section.sectors), *NAMED)


def _said(**conditions: ColumnElement[bool]) -> Select:
    """How many remarks of the section meet each condition, counted in one walk."""
    counts = (func.count(case((one, 1))).label(name) for name, one in conditions.items())
    return select(*counts).where(Thread.section_id == SECTION)


def _asked(eyes: Eyes) -> ScalarSelect:
    """How many questions the reviewers put about the section, for the city's own people."""
    query = select(func.count()).select_from(Question).where(Question.section_id == SECTION)
    return (query if Visibility.CITY in eyes.allowed else query.where(false())).scalar_subquery()


def _organisations() -> Select:
    """How many organisations the section asks (`hearing`): those with a voice that covers it."""
    sectors = select(section_sector.c.sector_id).where(section_sector.c.section_id == SECTION)
    covers = or_(
        Membership.section_id == SECTION,
        and_(
            Membership.section_id.is_(None),
            or_(Membership.sector_id.is_(None), Membership.sector_id.in_(sectors)),
        ),
    )
    return select(func.count(distinct(Membership.organisation_id))).where(
        Membership.contract_id == CONTRACT, Membership.role.in_(hearing.VOICES), covers
    )


def _extended() -> ColumnElement[bool]:
    """Whether the round that the section is on display in was extended."""
    shown = Display.section_id == SECTION, Display.closed_at.is_(None)
    return (
        select(RoundEntry.id)
        .join(Display, Display.round_id == RoundEntry.round_id)
        .where(*shown, RoundEntry.change == RoundChange.EXTENDED)
        .exists()
    )


def _on_display(column) -> ScalarSelect:
    return (
        select(column)
        .select_from(Display)
        .outerjoin(ConsultationRound, ConsultationRound.id == Display.round_id)
        .where(Display.section_id == SECTION, Display.closed_at.is_(None))
        .order_by(Display.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _neighbour(column, *, after: bool) -> ScalarSelect:
    place = Section.position > POSITION if after else Section.position < POSITION
    order = Section.position if after else Section.position.desc()
    return (
        select(column)
        .where(Section.contract_id == CONTRACT, place)
        .order_by(order)
        .limit(1)
        .scalar_subquery()
    )
