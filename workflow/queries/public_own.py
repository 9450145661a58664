"""A guest's own page: what he said, where it stands, and what the city answered."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..models import Comment, ModerationEntry, Person, Section, Thread
from ..rules.vocabulary import Disposition, Moderation, ModerationAct, RemarkKind
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
    found = list(threads)
    hidden = [one.comments[0].id for one in found if one.moderation is Moderation.HIDDEN]
    lines = _lines(hidden)
    return [_own(thread, language, lines) for thread in found]


Lines = dict[tuple[int, ModerationAct], ModerationEntry]
"""The newest line of the log about a comment, by its id and the act."""


def _lines(hidden: list[int]) -> Lines:
    entries = db.session.scalars(
        select(ModerationEntry)
        .where(
            ModerationEntry.comment_id.in_(hidden),
            ModerationEntry.act.in_((ModerationAct.HIDE, ModerationAct.APPEAL)),
        )
        .order_by(ModerationEntry.id)
    )
    return {(entry.comment_id, entry.act): entry for entry in entries}


def _own(thread: Thread, language: str, lines: Lines) -> OwnRemark:
    first, *rest = thread.comments
    hiding = lines.get((first.id, ModerationAct.HIDE))
    appeal = lines.get((first.id, ModerationAct.APPEAL))
    section, contract = thread.section, thread.section.contract
    hidden = thread.moderation is Moderation.HIDDEN
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
        because=hiding.reason if hiding else "",
        may_appeal=hidden and not thread.withdrawn_at and moderation.not_appealed(hiding, appeal),
        appealed=appeal is not None and appeal.settled_at is None,
        disposition=thread.disposition if thread.shown else None,
        answer=thread.answer if thread.shown else "",
        answered_at=thread.answered_at,
        replies=replies(thread, rest) if thread.shown else (),
    )
