"""What a section's page knows beside its text, in one row: counts, neighbours, what is on display, the reader's visit.

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
    distinct,
    false,
    func,
    or_,
    select,
)

from .. import clock
from ..db import UTCDateTime, db
from ..models import (
    Display,
    Membership,
    Person,
    Question,
    RoundEntry,
    Section,
    Subscription,
    Thread,
    section_sector,
)
from ..models import Round as ConsultationRound
from ..rules.vocabulary import RemarkKind, RoundChange, Visibility
from ..services import gatekeeping
from ..services.gatekeeping import Counted
from . import hearing, presence, threads
from .threads import Eyes

SECTION, READER = bindparam("section"), bindparam("reader")
SINCE = bindparam("stage_since", type_=UTCDateTime)
CONTRACT, POSITION, CURRENT = bindparam("contract"), bindparam("position"), bindparam("current")


def of(section: Section, person: Person) -> Row:
    asked = {
        "section": section.id,
        "contract": section.contract_id,
        "position": section.position,
        "current": section.current_id,
        "reader": person.id,
        "stage_since": section.stage_since,
        **presence.moments(clock.now()),
    }
    return db.session.execute(_question(Eyes.of(person, section)), asked).one()


def counted(row: Row) -> Counted:
    """What the gate counts, which the same question brings."""
    return Counted(*row[: len(Counted._fields)])


@lru_cache(maxsize=256)
def _question(eyes: Eyes) -> Select:
    visible, carded = threads.seen(eyes, READER), threads.seen_as_card(eyes, READER)

    def remarks(*conditions, among=visible) -> ScalarSelect:
        return (
            select(func.count())
            .select_from(Thread)
            .where(Thread.section_id == SECTION, among, *conditions)
            .scalar_subquery()
        )

    still_open = and_(Thread.unanswered, Thread.withdrawn_at.is_(None), Thread.addressed)
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
    wish = (
        select(Subscription.wish)
        .where(Subscription.person_id == READER, Subscription.section_id == SECTION)
        .scalar_subquery()
    )
    return select(
        *gatekeeping.counting(SECTION).subquery("owed").c,
        remarks(among=carded).label("all"),
        remarks(still_open).label("open"),
        remarks(Thread.answered_at.is_not(None)).label("answered"),
        remarks(still_open, Thread.kind == RemarkKind.OBJECTION).label("blocking"),
        remarks(Thread.author_id == READER, among=carded).label("mine"),
        remarks(still_open, Thread.replacement.is_not(None)).label("suggestions"),
        heard.label("heard"),
        organisations.scalar_subquery().label("organisations"),
        wish.label("wish"),
        presence.names(SECTION, READER).label("writing"),
        presence.known_before(SECTION, READER, CURRENT).label("since"),
        presence.read_last(SECTION, READER).label("read_last"),
        _on_display(Display.opened_at).label("opened_at"),
        _on_display(Display.announcement).label("announcement"),
        _on_display(ConsultationRound.number).label("round_number"),
        _extended().label("extended"),
        select(func.max(Display.closes_at))
        .where(Display.section_id == SECTION)
        .scalar_subquery()
        .label("last_end"),
        _asked(eyes).label("asked"),
        _neighbour(Section.id, after=False).label("previous_id"),
        _neighbour(Section.titles, after=False).label("previous_titles"),
        _neighbour(Section.id, after=True).label("next_id"),
        _neighbour(Section.titles, after=True).label("next_titles"),
    )


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
