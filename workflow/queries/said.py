"""What an organisation said, also among its members, as far as a reader may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ..db import db
from ..models import Comment, Organisation, Person, Section, Thread
from ..models.thread import names_in
from ..rules.vocabulary import Disposition, RemarkKind, Visibility
from .views import SectionRef, section_ref
from .visibility import readable

MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A remark of the organisation; `among` was said among its members."""

    thread_id: int
    number: int
    section: SectionRef
    kind: RemarkKind
    author: str
    text: str
    named: tuple[str, ...]
    language: str
    quote: str | None
    at: datetime
    among: bool
    official: bool
    replies: int
    taken_up: bool
    disposition: Disposition | None
    answer: str
    round_id: int | None
    late: bool


def said_for(
    organisation: Organisation, person: Person, section: Section | None = None
) -> list[Said]:
    """What the organisation said, as far as this reader may read it; the newest first."""
    first = (
        select(func.min(Comment.id))
        .where(Comment.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    replies = (
        select(func.count())
        .select_from(Comment)
        .where(Comment.thread_id == Thread.id, Comment.withdrawn_at.is_(None), Comment.id != first)
        .correlate(Thread)
        .scalar_subquery()
    )
    query = (
        select(Thread, Section, Comment.text, Comment.named, Person.name, replies.label("replies"))
        .join(Section, Section.id == Thread.section_id)
        .join(Comment, Comment.id == first)
        .join(Person, Person.id == Thread.author_id)
        .where(
            Thread.organisation_id == organisation.id,
            Thread.withdrawn_at.is_(None),
            readable(person),
        )
        .order_by(Section.position, Thread.id.desc())
        .limit(MOST)
    )
    if section is not None:
        query = query.where(Thread.section_id == section.id)
    return [_one_said(*row, language=person.language) for row in db.session.execute(query)]


def _one_said(
    thread: Thread,
    section: Section,
    text: str,
    named: list | None,
    author: str,
    replies: int,
    *,
    language: str,
) -> Said:
    return Said(
        thread_id=thread.id,
        number=thread.number,
        section=section_ref(section, language),
        kind=thread.kind,
        author=author,
        text=text,
        named=names_in(named),
        language=thread.language,
        quote=thread.quote,
        at=thread.created_at,
        among=thread.visibility is Visibility.ORGANISATION,
        official=thread.official,
        replies=replies,
        taken_up=thread.consolidated_id is not None,
        disposition=thread.disposition,
        answer=thread.answer if thread.disposition else "",
        round_id=thread.round_id,
        late=thread.late,
    )


def among(organisation: Organisation, person: Person, ids: Sequence[int]) -> list[Thread]:
    """Of these remarks those that the person may read and that belong to the organisation."""
    return list(
        db.session.scalars(
            select(Thread)
            .join(Section, Section.id == Thread.section_id)
            .where(
                Thread.id.in_(ids),
                Thread.organisation_id == organisation.id,
                readable(person),
            )
            .order_by(Thread.id)
        )
    )
