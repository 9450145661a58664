"""Moderation: words are held, shown, hidden, flagged and appealed, each with a line of the log; no row is removed."""

from collections.abc import Collection, Iterable

from sqlalchemy import exists, select, update

from .. import clock
from ..db import db
from ..models import Comment, Event, Membership, ModerationEntry, Person, Thread
from ..rules import policy
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act, EventKind, Moderation, ModerationAct, Visibility
from . import notices, threads
from .locking import locked

MAX_CHARACTERS = 1_000
TAKES = frozenset({ModerationAct.HOLD, ModerationAct.HIDE})
"""Lines that take words from view."""
WAITING = frozenset({ModerationAct.FLAG, ModerationAct.APPEAL})
"""Lines that ask for a decision."""


def hold(comment: Comment, *, by: Person, reason: str = "") -> Comment:
    """Take words from view until a moderator has looked at them. Holding what is not shown changes nothing."""
    comment = _taken(comment, by)
    if not comment.shown or comment.withdrawn_at:
        return comment
    note(comment, ModerationAct.HOLD, by=by, reason=_short(reason))
    put(comment, Moderation.HELD)
    _record(EventKind.REMARK_HELD, comment, by)
    return comment


def release(comment: Comment, *, by: Person) -> Comment:
    """Show words that were held or hidden, and tell of them now if nobody was told before.

    Flags are settled with it, and so is an appeal. Raises `Invalid` before the author has confirmed the address, and
    where the words are one's own and another moderator is there.
    """
    comment = _taken(comment, by)
    if comment.moderation is Moderation.UNCONFIRMED:
        raise Invalid("moderation", "The author has not confirmed the address yet.")
    if comment.shown or comment.withdrawn_at:
        return comment
    if appealed(comment):
        return decide(comment, by=by, restore=True)
    _leave_to_others(comment, by)
    _show(comment, by)
    _record(EventKind.REMARK_RELEASED, comment, by)
    return comment


def hide(comment: Comment, *, by: Person, reason: str) -> Comment:
    """Put the reason in the place of the words, for everybody but their author, who may appeal once.

    Hiding again in the same words changes nothing.
    """
    comment = _taken(comment, by)
    reason = _given(reason)
    if comment.moderation is Moderation.UNCONFIRMED:
        raise Invalid("moderation", "The author has not confirmed the address yet.")
    if comment.moderation is Moderation.HIDDEN or comment.withdrawn_at:
        return comment
    note(comment, ModerationAct.HIDE, by=by, reason=reason)
    put(comment, Moderation.HIDDEN)
    _settle(comment, WAITING)
    _record(EventKind.REMARK_HIDDEN, comment, by)
    return comment


def flag(comment: Comment, *, by: Person, reason: str) -> ModerationEntry:
    """Ask a moderator to look at somebody's words; each reader once."""
    policy.require(by, Act.READ, comment.thread.section.place)
    if not (comment.shown and comment.thread.addressed) or comment.withdrawn_at:
        raise Invalid("reason", "This comment is not shown at the moment.")
    if comment.author_id == by.id:
        raise Invalid("reason", "This is your own comment; you can withdraw it.")
    reason = _given(reason)
    locked(comment.thread)
    before = _last(comment, ModerationAct.FLAG, by=by)
    if before:
        return before
    made = note(comment, ModerationAct.FLAG, by=by, reason=reason)
    _record(EventKind.REMARK_FLAGGED, comment, by)
    return made


def dismiss(comment: Comment, *, by: Person, reason: str = "") -> Comment:
    """Leave flagged words as they are. One's own are left to another moderator, where there is one."""
    comment = _taken(comment, by)
    _leave_to_others(comment, by)
    if _settle(comment, {ModerationAct.FLAG}):
        note(comment, ModerationAct.DISMISS, by=by, reason=_short(reason))
    return comment


def appeal(comment: Comment, *, by: Person, reason: str) -> ModerationEntry:
    """The author asks for another look at the hiding, once for each time that it was hidden."""
    if comment.author_id != by.id:
        raise Denied(Act.COMMENT, policy.GRANTS[Act.COMMENT])
    reason = _given(reason)
    locked(comment.thread)
    comment = locked(comment)
    if comment.moderation is not Moderation.HIDDEN or comment.withdrawn_at:
        raise Invalid("reason", "This comment is not hidden.")
    if not may_appeal(comment):
        raise Invalid("reason", "You have appealed once; the decision on it is the last word.")
    made = note(comment, ModerationAct.APPEAL, by=by, reason=reason)
    _record(EventKind.HIDING_APPEALED, comment, by)
    return made


def decide(comment: Comment, *, by: Person, restore: bool, reason: str = "") -> Comment:
    """Show what was hidden after all, or uphold the hiding with a reason.

    It is another moderator's to decide than the one who hid it, where there is another; the author's only where nobody
    else moderates.
    """
    comment = _taken(comment, by)
    if not appealed(comment):
        raise Invalid("appeal", "There is no appeal to decide on.")
    hidden = _last(comment, ModerationAct.HIDE)
    _leave_to_others(comment, by, hidden.by_id if hidden else None)
    if restore:
        _show(comment, by, reason=_short(reason))
    else:
        note(comment, ModerationAct.UPHOLD, by=by, reason=_given(reason))
        _settle(comment, WAITING)
    _record(EventKind.APPEAL_DECIDED, comment, by)
    return comment


def each(comments: Iterable[Comment], *, by: Person, restore: bool, reason: str = "") -> int:
    """Release or hide several at once, with one reason; returns for how many it changed something."""
    changed = 0
    for comment in sorted(comments, key=lambda one: one.id):
        before = comment.moderation
        after = release(comment, by=by) if restore else hide(comment, by=by, reason=reason)
        changed += after.moderation is not before
    return changed


def may_appeal(comment: Comment) -> bool:
    """Whether the newest hiding was not appealed against yet."""
    return not_appealed(_last(comment, ModerationAct.HIDE), _last(comment, ModerationAct.APPEAL))


def not_appealed(hidden: ModerationEntry | None, asked: ModerationEntry | None) -> bool:
    """Whether the newest appeal, if there is one, was about a hiding before the newest."""
    return asked is None or (hidden is not None and asked.id < hidden.id)


def last_appeal(comment: Comment) -> ModerationEntry | None:
    """The newest appeal, decided or not."""
    return _last(comment, ModerationAct.APPEAL)


def appealed(comment: Comment) -> bool:
    """Whether an appeal waits."""
    asked = last_appeal(comment)
    return asked is not None and asked.settled_at is None


def judges(moderators: Collection[int], *, author_id: int, hider_id: int | None) -> set[int]:
    """Which of the moderators decide about words: not their author, and on an appeal not who hid them, as far as there
    are others."""
    others = set(moderators) - {author_id}
    return others - {hider_id} or others or set(moderators)


def moderators(contract_id: int) -> list[Membership]:
    """What makes moderators of people who can sign in."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.contract_id == contract_id,
                Membership.role.in_(policy.GRANTS[Act.MODERATE]),
                Person.active,
                Person.password_hash.is_not(None),
            )
        )
    )


def at(place: policy.Place, moderating: Iterable[Membership]) -> set[int]:
    """Who of them moderates there."""
    return {one.person_id for one in moderating if policy.covers(one, place, Act.MODERATE)}


def _leave_to_others(comment: Comment, by: Person, hider_id: int | None = None) -> None:
    """Raise `Invalid` where words are another moderator's to decide on."""
    section = comment.thread.section
    there = at(section.place, moderators(section.contract_id))
    if by.id in judges(there, author_id=comment.author_id, hider_id=hider_id):
        return
    if comment.author_id == by.id:
        raise Invalid(
            "appeal", "These are your own words. Please leave the decision to another moderator."
        )
    raise Invalid(
        "appeal", "You hid this comment yourself. Please leave the appeal to another moderator."
    )


def note(
    comment: Comment, act: ModerationAct, *, by: Person | None, reason: str = ""
) -> ModerationEntry:
    """Write a line of the log."""
    made = ModerationEntry(
        contract_id=comment.thread.section.contract_id,
        comment=comment,
        act=act,
        by=by,
        reason=reason,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def put(comment: Comment, state: Moderation) -> None:
    """Set the state of words; the first words of a thread are the remark itself."""
    comment.moderation = state
    if comment.id == comment.thread.comments[0].id:
        comment.thread.moderation = state
    else:
        comment.thread.lock += 1


def _taken(comment: Comment, by: Person) -> Comment:
    """The comment, held with its thread, for a moderator."""
    policy.require(by, Act.MODERATE, comment.thread.section.place)
    if comment.thread.visibility is Visibility.ORGANISATION:
        raise Denied(Act.MODERATE, frozenset())
    locked(comment.thread)
    return locked(comment)


def _show(comment: Comment, by: Person, reason: str = "") -> None:
    """Show the words. They are told, if they never were; what letters left out of them meanwhile is told too."""
    taken = max(
        (last for act in TAKES if (last := _last(comment, act))),
        key=lambda line: line.id,
        default=None,
    )
    note(comment, ModerationAct.RELEASE, by=by, reason=reason)
    put(comment, Moderation.SHOWN)
    _settle(comment, WAITING)
    first = comment.id == comment.thread.comments[0].id
    kind = EventKind.REMARK_MADE if first else EventKind.REPLY_MADE
    if not db.session.scalar(
        select(exists().where(Event.comment_id == comment.id, Event.kind == kind))
    ):
        threads.record(kind, comment.thread, comment.author, comment=comment)
    elif taken:
        about = Event.thread_id == comment.thread_id if first else Event.comment_id == comment.id
        notices.tell_again(about, since=taken.at)


def _settle(comment: Comment, acts: Iterable[ModerationAct]) -> int:
    return db.session.execute(
        update(ModerationEntry)
        .where(
            ModerationEntry.comment_id == comment.id,
            ModerationEntry.act.in_(acts),
            ModerationEntry.settled_at.is_(None),
        )
        .values(settled_at=clock.now())
    ).rowcount


def _last(
    comment: Comment, act: ModerationAct, *, by: Person | None = None
) -> ModerationEntry | None:
    query = select(ModerationEntry).where(
        ModerationEntry.comment_id == comment.id, ModerationEntry.act == act
    )
    if by is not None:
        query = query.where(ModerationEntry.by_id == by.id)
    return db.session.scalar(query.order_by(ModerationEntry.id.desc()).limit(1))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason", "Please give a reason: it is kept, and the author reads it.")
    return _short(reason)


def _short(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > MAX_CHARACTERS:
        raise Invalid("reason", "This is too long. Please keep it under 1,000 characters.")
    return reason


def _record(kind: EventKind, comment: Comment, by: Person | None) -> None:
    thread: Thread = comment.thread
    threads.record(kind, thread, by, comment=comment, person=comment.author)
