"""For whom a section's page reads the same: the key under which what was made for one is shown to another.

What somebody may read and do follows from his seats, its words from his language; the rest is his own. Nearly all
readers of a section are bystanders there: nothing in it is theirs, so those who hold the same seats see the same.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Comment, Display, Membership, Person, Section, Subscription, Support, Thread
from ..rules.vocabulary import Visibility, Wish
from ..services import seats
from . import presence

SECTION, READER = bindparam("section"), bindparam("reader")


@dataclass(frozen=True, slots=True)
class Own:
    """What of a section's page is for its reader alone, and who is there; it is asked anew for every page.

    `writing` are the names of who edits the text now; `since` is the number of the older revision that the reader
    knows.
    """

    wish: Wish | None
    writing: str | None
    since: int | None


NOTHING = Own(None, None, None)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A reader before his page. `party`: he said or supported something in the section; `member`: his organisations
    did. `read_last` is the revision that he was shown last, `last_end` when the last round of the section ends."""

    own: Own
    party: bool
    member: bool
    read_last: int | None
    last_end: datetime | None


def visit(section_id: int, person: Person) -> tuple[Section, Visitor] | None:
    """The section with what the policy asks of it, and what its page is to know of the reader: one query."""
    asked = {"section": section_id, "reader": person.id, **presence.moments(clock.now())}
    row = db.session.execute(_question(), asked).unique().one_or_none()
    if row is None:
        return None
    section, wish, writing, since, party, member, read_last, last_end = row
    return section, Visitor(Own(wish, writing, since), party, member, read_last, last_end)


def likeness(section: Section, person: Person, visitor: Visitor) -> Hashable:
    """The same for all who are shown the same page while nothing is written."""
    held = seats.without_name(person)
    if not visitor.member:
        here = (one for one in held if one.contract_id == section.contract_id)
        held = seats.nameless(one._replace(organisation_id=None) for one in here)
    return section.id, person.language, frozenset(held), visitor.party and person.id, visitor.own


@cache
def _question() -> Select:
    wish = select(Subscription.wish).where(
        Subscription.person_id == READER, Subscription.section_id == SECTION
    )
    last_end = select(func.max(Display.closes_at)).where(Display.section_id == SECTION)
    return (
        select(
            Section,
            wish.scalar_subquery(),
            presence.names(SECTION, READER),
            presence.known_before(SECTION, READER, Section.current_id),
            _party(),
            _member(),
            presence.read_last(SECTION, READER),
            last_end.scalar_subquery(),
        )
        .where(Section.id == SECTION)
        .options(joinedload(Section.contract), joinedload(Section.sectors))
    )


def _party() -> ColumnElement[bool]:
    """Whether a remark, a reply or the support of one in the section is the reader's. Asked from his side: a section
    may hold thousands."""
    where = select(Thread.section_id)
    return SECTION.in_(
        union_all(
            where.where(Thread.author_id == READER),
            where.join(Comment, Comment.thread_id == Thread.id).where(Comment.author_id == READER),
            where.join(Support, Support.thread_id == Thread.id).where(Support.person_id == READER),
        )
    )


def _member() -> ColumnElement[bool]:
    """Whether the section holds what is for an organisation of the reader, or in its name."""
    among = or_(Thread.official, Thread.visibility == Visibility.ORGANISATION)
    return SECTION.in_(
        select(Thread.section_id)
        .join(Membership, Membership.organisation_id == Thread.organisation_id)
        .where(Membership.person_id == READER, among)
    )
