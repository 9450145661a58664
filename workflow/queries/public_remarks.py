"""Remarks of a public round as everybody may read them: no name but those of organisations and who agreed to it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..labels import CITIZEN, who
from ..models import Comment, Display, Person, Placement, Section, Thread
from ..rules import policy
from ..rules.text import diff
from ..rules.vocabulary import Disposition, RemarkKind, Role, Visibility

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    at: datetime
    text: str
    language: str
    for_the_city: bool = False
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicRemark:
    id: int
    number: int
    kind: RemarkKind
    said: Said
    quote: str | None
    change: tuple[tuple[str, str], ...]
    start: int | None
    end: int | None
    replies: tuple[Said, ...]
    disposition: Disposition | None
    answer: str
    answered_at: datetime | None
    supports: int


def told() -> ColumnElement[bool]:
    return and_(Thread.visibility == Visibility.PUBLIC, Thread.shown, Thread.withdrawn_at.is_(None))


def listing(section: Section, display: Display, page: int) -> list[PublicRemark]:
    position = func.coalesce(Placement.start, Thread.start)
    rows = db.session.execute(
        select(Thread, Placement)
        .outerjoin(
            Placement,
            and_(Placement.thread_id == Thread.id, Placement.revision_id == display.revision_id),
        )
        .where(Thread.section_id == section.id, told())
        .order_by(position.is_(None), position, Thread.number)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(
            joinedload(Thread.organisation),
            joinedload(Thread.author).lazyload(Person.memberships),
            selectinload(Thread.comments).options(
                joinedload(Comment.author).joinedload(Person.memberships)
            ),
        )
    ).unique()
    return [_remark(thread, placement, display) for thread, placement in rows]


def _remark(thread: Thread, placement: Placement | None, display: Display) -> PublicRemark:
    first, *rest = thread.comments
    here = placement or (thread if thread.revision_id == display.revision_id else None)
    change = ()
    if thread.replacement is not None and thread.quote:
        words = diff.words(thread.quote, thread.replacement)
        change = tuple((one.kind.value, one.text) for one in words)
    return PublicRemark(
        id=thread.id,
        number=thread.number,
        kind=thread.kind,
        said=Said(_by(thread), thread.created_at, first.text, first.language, named=first.names),
        quote=thread.quote,
        change=change,
        start=here.start if here else None,
        end=here.end if here else None,
        replies=replies(thread, rest),
        disposition=thread.disposition,
        answer=thread.answer if thread.disposition else "",
        answered_at=thread.answered_at,
        supports=thread.supports,
    )


def _by(thread: Thread) -> str:
    """An organisation, or the name that its bearer agreed to have published."""
    agreed = thread.on_behalf_of if thread.consented_at else None
    return thread.organisation.name if thread.organisation else agreed or who(CITIZEN)


def replies(thread: Thread, comments: list[Comment]) -> tuple[Said, ...]:
    return tuple(
        Said(
            _speaker(comment, thread),
            comment.created_at,
            comment.text,
            comment.language,
            _is_city(comment.author),
            comment.names,
        )
        for comment in comments
        if comment.shown and comment.withdrawn_at is None
    )


def _speaker(comment: Comment, thread: Thread) -> str:
    if _is_city(comment.author):
        return _("The city")
    return _by(thread) if comment.author_id == thread.author_id else _("Somebody who takes part")


def _is_city(person: Person) -> bool:
    return any(Role(m.role) in policy.CITY for m in person.memberships)
