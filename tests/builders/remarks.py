"""Remarks, replies, and what moderators did."""

from datetime import datetime

from workflow import clock
from workflow.db import db
from workflow.models import (
    Comment,
    Contract,
    ModerationEntry,
    Organisation,
    Person,
    Revision,
    Section,
    Thread,
)
from workflow.rules.vocabulary import (
    Channel,
    Disposition,
    Moderation,
    ModerationAct,
    RemarkKind,
    Role,
    Visibility,
)

from .people import someone
from .rows import builder, keep


@builder
def thread(
    section: Section,
    *,
    author: Person | None = None,
    text: str = "How was this figure found?",
    kind: RemarkKind = RemarkKind.QUESTION,
    visibility: Visibility = Visibility.PARTICIPANTS,
    quote: str | None = None,
    organisation: Organisation | None = None,
    answer: Disposition | None = None,
    withdrawn: bool = False,
    language: str = "en",
    revision: Revision | None = None,
    moderation: Moderation = Moderation.SHOWN,
) -> Thread:
    """A remark on the passage `quote` of the section's current text, or on the section as a whole."""
    read = revision or section.current
    author = author or someone(
        Role.STAKEHOLDER, contract=db.session.get(Contract, section.contract_id)
    )
    at = clock.now()
    start = read.plain.index(quote) if quote else None
    end = start + len(quote) if quote else None
    number = db.session.query(Thread).filter_by(section_id=section.id).count() + 1
    made = Thread(
        section=section,
        number=number,
        revision=read,
        author=author,
        organisation=organisation,
        kind=kind,
        visibility=visibility,
        channel=Channel.WEB,
        language=language,
        quote=quote,
        prefix=read.plain[max(0, start - 32) : start] if quote else None,
        suffix=read.plain[end : end + 32] if quote else None,
        start=start,
        end=end,
        moderation=moderation,
        created_at=at,
    )
    if answer:
        made.disposition, made.answer = answer, "Because the figures say so."
        made.answered_at, made.answered_by_id = at, read.author_id
    if withdrawn:
        made.withdrawn_at = at
    return keep(made, _comment(made, author, "" if withdrawn else text, language, at, moderation))


@builder
def comment(
    thread: Thread,
    *,
    author: Person | None = None,
    text: str = "Thank you.",
    moderation: Moderation = Moderation.SHOWN,
) -> Comment:
    """A reply."""
    author = author or thread.author
    return keep(_comment(thread, author, text, thread.language, clock.now(), moderation))


@builder
def moderated(
    comment: Comment, act: ModerationAct, *, by: Person | None = None, reason: str = ""
) -> ModerationEntry:
    """A line of the moderation log, about a comment whose state is as it was built."""
    contract_id = comment.thread.section.contract_id
    return keep(
        ModerationEntry(
            contract_id=contract_id, comment=comment, act=act, by=by, reason=reason, at=clock.now()
        )
    )


def _comment(
    thread: Thread,
    author: Person,
    text: str,
    language: str,
    at: datetime,
    moderation: Moderation = Moderation.SHOWN,
) -> Comment:
    return Comment(
        thread=thread,
        author=author,
        language=language,
        text=text,
        created_at=at,
        moderation=moderation,
    )
