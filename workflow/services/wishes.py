"""What people wish to hear of the places of an event: asked of rows for one letter, in SQL for thousands of people.

Which of several wishes counts says `rules.wishes`; a test holds the SQL of this file against it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    or_,
    select,
)

from ..db import among, db
from ..models import Event, Person, Section, Subscription, section_sector
from ..rules import cadence, wishes
from ..rules.vocabulary import Reason, Rhythm, Wish, WishScope
from ..rules.wishes import FIRST, RHYTHMS, SPECIFIC, UNDIVIDED, Spoken

COLUMNS = {scope: getattr(Subscription, f"{scope}_id") for scope in WishScope}

Where = tuple[WishScope, int]


def places(event: Event) -> set[Where]:
    """Where it happened, as far as somebody may have wishes about it: for a round, all its sections."""
    sections = [event.section] if event.section else event.round.sections if event.round else []
    found = {(WishScope.SECTION, section.id) for section in sections}
    found |= {(WishScope.SECTOR, sector.id) for section in sections for sector in section.sectors}
    named = {(WishScope.THREAD, event.thread_id), (WishScope.CONTRACT, event.contract_id)}
    return found | {where for where in named if where[1] is not None}


@dataclass(slots=True)
class Wishes:
    """The wishes of one person."""

    kept: dict[Where, Wish] = field(default_factory=dict)

    def about(self, event: Event) -> list[Spoken]:
        """Those that speak of the event."""
        if not self.kept:
            return []
        spoken = [(where[0], self.kept[where]) for where in places(event) if where in self.kept]
        return [
            one for one in spoken if event.section_id or one[0] in UNDIVIDED or one[1] != Wish.MUTE
        ]

    def let_hear(self, event: Event, reason: Reason) -> bool:
        """Whether the person, whom the reason means, wants to hear of the event."""
        return wishes.hears(reason, self.about(event))

    def rhythms(self, own: Rhythm) -> set[Rhythm]:
        """All rhythms at which letters may come to somebody whose own is this."""
        if own is Rhythm.OFF:
            return set()
        return {own} | {RHYTHMS[wish] for wish in self.kept.values() if wish in RHYTHMS}


def of(people: Collection[int]) -> dict[int, Wishes]:
    """The wishes of these people."""
    found = defaultdict(Wishes)
    rows = db.session.execute(
        select(Subscription.person_id, Subscription.wish, *COLUMNS.values()).where(
            among(Subscription.person_id, people)
        )
    )
    for person_id, wish, *places in rows:
        for scope, place_id in zip(COLUMNS, places, strict=True):
            if place_id is not None:
                found[person_id].kept[scope, place_id] = wish
    return found


def next_moment(person: Person, now: datetime) -> datetime | None:
    """When a letter would come at the soonest if something happened now; None for whoever wants none."""
    rhythms = of([person.id])[person.id].rhythms(person.rhythm)
    ways = (replace(person.preference, rhythm=rhythm) for rhythm in rhythms)
    return min((cadence.due_at(now, way) for way in ways), default=None)


def about(event: Event) -> ColumnElement[bool]:
    """The rows that speak of the event, as `Wishes.about`."""
    ids = defaultdict(list)
    for scope, place_id in places(event):
        ids[scope].append(place_id)
    ways = [false()]
    for scope, found in ids.items():
        here = COLUMNS[scope].in_(found)
        counts = event.section_id or scope in UNDIVIDED
        ways.append(here if counts else and_(here, Subscription.wish != Wish.MUTE))
    return or_(*ways)


def followers(event: Event) -> Select:
    """The ids of the people who follow a place of the event."""
    return select(Subscription.person_id).where(about(event), Subscription.wish != Wish.MUTE)


def follows(person: Person) -> ColumnElement[bool]:
    """Whether the person follows the section of a row: by a wish about the section, else about one of its sectors, else
    about the contract. Of two sectors the one that is followed counts, as in `FIRST`."""

    def places(scope: WishScope, *, muted: bool) -> Select:
        place = COLUMNS[scope]
        wish = Subscription.wish == Wish.MUTE if muted else Subscription.wish != Wish.MUTE
        return select(place).where(Subscription.person_id == person.id, place.is_not(None), wish)

    def among_sectors(*, muted: bool) -> ColumnElement[bool]:
        carrying = select(section_sector.c.section_id).where(
            section_sector.c.sector_id.in_(places(WishScope.SECTOR, muted=muted))
        )
        return Section.id.in_(carrying)

    def own(*, muted: bool) -> ColumnElement[bool]:
        return Section.id.in_(places(WishScope.SECTION, muted=muted))

    contract = Section.contract_id.in_(places(WishScope.CONTRACT, muted=False))
    by_sector = or_(among_sectors(muted=False), and_(~among_sectors(muted=True), contract))
    return or_(own(muted=False), and_(~own(muted=True), by_sector))


def spoken(event: Event) -> Subquery:
    """One row for each person with a wish about the event: the `first` of all, and the first `named` with a rhythm."""
    rank = _rank()
    return (
        select(
            Subscription.person_id,
            func.min(rank).label("first"),
            func.min(case((Subscription.wish.in_(list(RHYTHMS)), rank))).label("named"),
        )
        .where(about(event))
        .group_by(Subscription.person_id)
        .subquery("spoken")
    )


def muted(spoken: Subquery) -> ColumnElement[bool]:
    """`rules.wishes.muted`, for whoever spoke or not."""
    return func.coalesce(spoken.c.first % len(FIRST) == FIRST.index(Wish.MUTE), False)


def rhythm(spoken: Subquery) -> ColumnElement[Rhythm]:
    """`rules.wishes.rhythm`, for the person of the row."""
    which = spoken.c.named % len(FIRST)
    ways = [(which == FIRST.index(wish), rhythm) for wish, rhythm in RHYTHMS.items()]
    return case((Person.rhythm == Rhythm.OFF, Person.rhythm), *ways, else_=Person.rhythm)


def _rank() -> ColumnElement[int]:
    """`rules.wishes.rank`."""
    place = case(
        *((COLUMNS[scope].is_not(None), at * len(FIRST)) for at, scope in enumerate(SPECIFIC))
    )
    which = case(*((Subscription.wish == wish, at) for at, wish in enumerate(FIRST)))
    return (place + which).cast(Integer)
