"""Remarks and what becomes of them: made, replied to, supported, answered, withdrawn."""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm.attributes import set_committed_value

from .. import clock
from ..db import db, written
from ..models import AnswerDraft, Comment, Organisation, Person, Revision, Section, Support, Thread
from ..rules import policy
from ..rules.refusals import Denied, Invalid
from ..rules.text import anchors
from ..rules.vocabulary import (
    Act,
    Channel,
    Disposition,
    EventKind,
    Moderation,
    RemarkKind,
    Role,
    Visibility,
)
from . import anchoring, displays, mentioning, outbox, showing
from .locking import locked

MAX_CHARACTERS = 10_000


def open_thread(
    section: Section,
    *,
    by: Person,
    revision: Revision,
    kind: RemarkKind,
    text: str,
    start: int | None = None,
    end: int | None = None,
    block: int | None = None,
    organisation: Organisation | None = None,
    visibility: Visibility = Visibility.PARTICIPANTS,
    channel: Channel = Channel.WEB,
    language: str | None = None,
    replacement: str | None = None,
    token: str | None = None,
) -> Thread:
    """Make a remark on `revision`: on the passage [start, end) of its plain text, or on the section when both are None.

    A `token` seen before returns the remark that it made. A remark on an older revision than the current one is
    welcome and is placed in the current text at once. Raises `Invalid` for an empty
    text or a passage that is not there. A suggestion may say how the passage should read: `replacement`, empty to
    remove it; the passage as it is suggests nothing.
    """
    section = locked(section)
    policy.require(by, Act.COMMENT, section.place)
    again = made_by(token)
    if again:
        return again.thread
    _may_speak_for(by, organisation, section, visibility)
    thread = put_down(
        section,
        by=by,
        revision=revision,
        kind=kind,
        text=text,
        start=start,
        end=end,
        block=block,
        organisation=organisation,
        visibility=visibility,
        channel=channel,
        language=language,
        replacement=replacement,
        token=token,
    )
    record(EventKind.REMARK_MADE, thread, by, comment=thread.comments[0])
    return thread


def put_down(
    section: Section,
    *,
    by: Person,
    revision: Revision,
    kind: RemarkKind,
    text: str,
    start: int | None = None,
    end: int | None = None,
    block: int | None = None,
    organisation: Organisation | None = None,
    visibility: Visibility,
    channel: Channel = Channel.WEB,
    moderation: Moderation = Moderation.SHOWN,
    language: str | None = None,
    replacement: str | None = None,
    token: str | None = None,
) -> Thread:
    """The rows of a remark, for the verbs that hold the section, have asked whether it may be made, and tell of it."""
    text = _checked(text)
    if revision.section_id != section.id:
        raise Invalid("revision", "This revision belongs to another section.")
    selector = anchoring.passage(revision, start, end) if (start, end) != (None, None) else None
    if selector:
        visibility = anchoring.narrowed(section, revision, selector, by=by, wished=visibility)
    number = db.session.scalar(_NEXT, {"section": section.id})
    at = clock.now()
    round_id, late = displays.for_remark(section, at)
    thread = Thread(
        section_id=section.id,
        number=number,
        revision_id=revision.id,
        author_id=by.id,
        organisation_id=organisation.id if organisation else None,
        kind=kind,
        visibility=visibility,
        channel=channel,
        language=language or by.language,
        quote=selector.exact if selector else None,
        prefix=selector.prefix if selector else None,
        suffix=selector.suffix if selector else None,
        start=selector.start if selector else None,
        end=selector.end if selector else None,
        block=block,
        replacement=_suggested(kind, selector, replacement),
        round_id=round_id,
        late=late,
        moderation=moderation,
        created_at=at,
    )
    comment = _say(
        written(thread),
        by=by,
        text=text,
        language=thread.language,
        token=token,
        moderation=moderation,
    )
    set_committed_value(thread, "comments", [comment])
    if selector and section.current_id != revision.id:
        anchoring.place(thread, revision=section.current)
    return thread


def reply(
    thread: Thread, *, by: Person, text: str, language: str | None = None, token: str | None = None
) -> Comment:
    """Add a comment to the thread. A `token` seen before returns the comment that it made."""
    policy.require(by, Act.COMMENT, locked(thread.section).place)
    again = made_by(token)
    if again:
        return again
    thread = locked(thread)
    showing.require(thread)
    showing.require_reader(by, thread)
    comment = _say(
        thread, by=by, text=_checked(text), language=language or by.language, token=token
    )
    db.session.expire(thread, ["comments"])
    record(EventKind.REPLY_MADE, thread, by, comment=comment)
    return comment


def answer(
    thread: Thread,
    *,
    by: Person,
    disposition: Disposition,
    text: str = "",
    carried_out_by: Revision | None = None,
    duplicate_of: Thread | None = None,
) -> Thread:
    """Give the city's position on the remark. Answering the same again changes nothing and tells nobody twice.

    A draft of an answer is done with then. An answer to a contest is the last word; where the city changes an answer
    that its author agreed with, he is asked anew. Raises `Invalid` where `checked_position` does.
    """
    policy.require(by, Act.ANSWER, locked(thread.section).place)
    thread = locked(thread)
    showing.require_addressed(thread, field="answer")
    position = checked_position(
        thread,
        disposition=disposition,
        text=text,
        carried_out_by=carried_out_by,
        duplicate_of=duplicate_of,
    )
    db.session.execute(delete(AnswerDraft).where(AnswerDraft.thread_id == thread.id))
    if not thread.unanswered and position == Position.of(thread):
        return thread
    thread.disposition = position.disposition
    thread.answer = position.text
    thread.carried_out_by_id = position.carried_out_by_id
    thread.duplicate_of_id = position.duplicate_of_id
    thread.answered_by = by
    thread.answered_at = clock.now()
    thread.agreed_at = None
    record(EventKind.REMARK_ANSWERED, thread, by)
    return thread


@dataclass(frozen=True, slots=True)
class Position:
    """What the city says to a remark."""

    disposition: Disposition
    text: str
    carried_out_by_id: int | None
    duplicate_of_id: int | None

    @classmethod
    def of(cls, thread: Thread) -> "Position | None":
        """The position that was published, if there is one."""
        if thread.disposition is None:
            return None
        return cls(
            thread.disposition, thread.answer, thread.carried_out_by_id, thread.duplicate_of_id
        )


def checked_position(
    thread: Thread,
    *,
    disposition: Disposition,
    text: str,
    carried_out_by: Revision | None,
    duplicate_of: Thread | None,
) -> Position:
    """The position as it can be taken.

    Raises `Invalid` without a reason (unless accepted), without the remark that a duplicate repeats, or with a revision
    that cannot have carried the remark out. What belongs to other positions only is left out.
    """
    text = text.strip()
    if disposition is not Disposition.ACCEPTED and not text:
        raise Invalid("answer", "Please give the reason: the author reads it with the answer.")
    if len(text) > MAX_CHARACTERS:
        raise Invalid("answer", "This is too long. Please keep it under 10,000 characters.")
    if disposition is Disposition.DUPLICATE and duplicate_of in (None, thread):
        raise Invalid("duplicate_of", "Please name the remark that this one repeats.")
    if carried_out_by and carried_out_by.section_id != thread.section_id:
        raise Invalid("revision_number", "This revision belongs to another section.")
    if carried_out_by and carried_out_by.number <= thread.revision.number:
        raise Invalid(
            "revision_number",
            "The remark was made on this text. Please name the later revision that carries it out.",
        )
    return Position(
        disposition,
        text,
        carried_out_by.id if carried_out_by else None,
        duplicate_of.id if duplicate_of and disposition is Disposition.DUPLICATE else None,
    )


def withdraw(thread: Thread, *, by: Person) -> Thread:
    """Take a remark back. Its words are emptied everywhere and never mailed again; the row stays as evidence.

    Whose words were written down is forgotten with them. The position of an organisation is taken back by whoever
    speaks for it.
    """
    own = thread.author_id == by.id
    own |= thread.official and policy.speaks_for(by, thread.organisation_id)
    if not own and not policy.grants(by, Act.ASSIGN, thread.section.place):
        raise Denied(Act.COMMENT, frozenset({Role.COORDINATOR}))
    showing.require_reader(by, thread)
    return take_back(thread, by=by)


def take_back(thread: Thread, *, by: Person) -> Thread:
    """The withdrawal itself, for the verbs that have asked whether it may be."""
    thread = locked(thread)
    if thread.withdrawn_at:
        return thread
    at = clock.now()
    thread.withdrawn_at, thread.replacement = at, None
    thread.on_behalf_of, thread.consented_at = None, None
    remark = thread.comments[0]
    remark.text, remark.translation, remark.withdrawn_at = "", None, at
    remark.named = None
    record(EventKind.REMARK_WITHDRAWN, thread, by)
    return thread


def support(thread: Thread, *, by: Person) -> Thread:
    """Stand behind somebody's remark, or step back from it."""
    policy.require(by, Act.COMMENT, thread.section.place)
    thread = locked(thread)
    showing.require_addressed(thread, field="text")
    mine = db.session.scalar(
        select(Support).where(Support.thread_id == thread.id, Support.person_id == by.id)
    )
    if mine:
        db.session.delete(mine)
        thread.supports -= 1
        return thread
    db.session.add(Support(thread_id=thread.id, person_id=by.id, created_at=clock.now()))
    thread.supports += 1
    record(EventKind.REMARK_SUPPORTED, thread, by)
    return thread


def _suggested(
    kind: RemarkKind, passage: anchors.Selector | None, replacement: str | None
) -> str | None:
    """The words that a suggestion puts in the place of its passage, if they are other words."""
    if kind is not RemarkKind.SUGGESTION or passage is None or replacement is None:
        return None
    if len(replacement) > MAX_CHARACTERS:
        raise Invalid("replacement", "This is too long. Please keep it under 10,000 characters.")
    lines = [" ".join(line.split()) for line in replacement.splitlines()]
    words = "\n".join(lines).strip()
    return None if words.split() == passage.exact.split() else words


def _say(
    thread: Thread,
    *,
    by: Person,
    text: str,
    language: str,
    token: str | None,
    moderation: Moderation = Moderation.SHOWN,
) -> Comment:
    comment = Comment(
        thread_id=thread.id,
        author_id=by.id,
        language=language,
        text=text,
        token=token,
        created_at=clock.now(),
        moderation=moderation,
    )
    return written(comment)


_NEXT = select(func.coalesce(func.max(Thread.number), 0) + 1).where(
    Thread.section_id == bindparam("section")
)
_MADE = select(Comment).where(Comment.token == bindparam("token"))


def made_by(token: str | None) -> Comment | None:
    """The comment that the form of this token made already."""
    return db.session.scalar(_MADE, {"token": token}) if token else None


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("text", "Please write what you want to say.")
    if len(text) > MAX_CHARACTERS:
        raise Invalid("text", "This is too long. Please keep it under 10,000 characters.")
    return text


def _may_speak_for(
    by: Person, organisation: Organisation | None, section: Section, visibility: Visibility
) -> None:
    """A voice for an organisation needs a membership for it; coordinators may record what others said, but not what
    its members say among themselves."""
    among = visibility is Visibility.ORGANISATION
    if organisation is None and among:
        raise Invalid("organisation", "Please choose for which organisation you speak.")
    if organisation is None or (policy.grants(by, Act.ASSIGN, section.place) and not among):
        return
    if organisation.id not in policy.organisations_of(by, section.contract_id):
        raise Invalid("organisation", "You do not speak for this organisation.")


def record(kind: EventKind, thread: Thread, by: Person | None, **what) -> None:
    """Write down that something happened to a remark, and whom its words name."""
    section = thread.section
    event = outbox.record(
        kind, actor=by, contract_id=section.contract_id, section=section, thread=thread, **what
    )
    mentioning.note(event)
