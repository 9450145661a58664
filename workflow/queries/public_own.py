"""A guest's own page: what he said, where it stands, and what the city answered."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..models import Comment, Person, Section, Thread
from ..rules.vocabulary import Disposition, RemarkKind
from ..services import moderation
from .public_remarks import Said, replies


@dataclass(frozen=True, slots=True)
class OwnRemark:
    """A guest's remark on his own page. `because` is the reason for which it is hidden."""

    id: int
    comment_id: int
    number: int
    kind: RemarkKind
    state: str
    contract: str
    section: str
    url: str | None
    at: datetime
    text: str
    language: str
    name: str | None
    quote: str | None
    withdrawn: bool
    because: str
    may_appeal: bool
    appealed: bool
    disposition: Disposition | None
    answer: str
    answered_at: datetime | None
    replies: tuple[Said, ...]


def own(person: Person, language: str) -> list[OwnRemark]:
    """What a guest said, the newest first, also what nobody else sees."""
    threads = db.session.scalars(
        select(Thread)
        .where(Thread.author_id == person.id, Thread.source.is_(None))
        .order_by(Thread.id.desc())
        .options(
            joinedload(Thread.section).joinedload(Section.contract),
            selectinload(Thread.comments).options(
                joinedload(Comment.author).joinedload(Person.memberships)
            ),
        )
    ).unique()
    return [_own(thread, language) for thread in threads]


def _own(thread: Thread, language: str) -> OwnRemark:
    first, *rest = thread.comments
    section, contract = thread.section, thread.section.contract
    hidden = thread.moderation.value == "hidden"
    return OwnRemark(
        id=thread.id,
        comment_id=first.id,
        number=thread.number,
        kind=thread.kind,
        state=thread.moderation,
        contract=contract.title(language),
        section=f"{section.code} {section.title(language)}",
        url=url_for("public.section", slug=contract.slug, section_id=section.id),
        at=thread.created_at,
        text=first.text,
        language=first.language,
        name=thread.on_behalf_of,
        quote=thread.quote,
        withdrawn=thread.withdrawn_at is not None,
        because=(first.hidden_because or "") if hidden else "",
        may_appeal=hidden and not thread.withdrawn_at and moderation.may_appeal(first),
        appealed=hidden and moderation.appealed(first),
        disposition=thread.disposition if thread.shown else None,
        answer=thread.answer if thread.shown else "",
        answered_at=thread.answered_at,
        replies=replies(thread, rest) if thread.shown else (),
    )
