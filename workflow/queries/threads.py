"""Remarks as a reader may see them: only what his eyes are meant for, in the order of the text, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import url_for
from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, joinedload, lazyload, load_only, selectinload, undefer

from ..db import db
from ..models import (
    AnswerDraft,
    Comment,
    ModerationEntry,
    Person,
    Placement,
    Revision,
    Section,
    Support,
    Thread,
)
from ..rules import policy
from ..rules.text import diff
from ..rules.text.judging import reads
from ..rules.vocabulary import Act, AnchorStatus, Moderation, ModerationAct, RemarkKind, Visibility
from .permits import Permit, Permits, permits
from .views import (
    Anchor,
    AnswerView,
    AuthorsWord,
    CommentView,
    PersonRef,
    ThreadView,
    TrackedChange,
    person_ref,
    section_ref,
)
from .visibility import said_among

PER_PAGE = 40
Id = ColumnElement[int] | int | None

Read = aliased(Revision)
CarriedOut = aliased(Revision)
Repeated = aliased(Thread)
Position = aliased(Thread)


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a reader's roles let him read of a section's remarks besides his own; readers with the same ones ask the
    same questions."""

    allowed: frozenset[Visibility]
    organisations: frozenset[int]

    @classmethod
    def of(cls, person: Person, section: Section) -> "Eyes":
        allowed = policy.visible_to(person, section.place)
        return cls(allowed, policy.organisations_of(person, section.contract_id))


def visible(person: Person, section: Section) -> ColumnElement[bool]:
    """The condition under which a person may read a thread of the section: shown, and by its visibility or his own."""
    return seen(Eyes.of(person, section), person.id)


def seen(eyes: Eyes, reader: Id) -> ColumnElement[bool]:
    return and_(Thread.shown, _meant_for(eyes, reader))


def _meant_for(eyes: Eyes, reader: Id) -> ColumnElement[bool]:
    return or_(
        Thread.visibility.in_(eyes.allowed),
        Thread.author_id == reader,
        said_among(eyes.organisations),
    )


def carded(person: Person, section: Section) -> ColumnElement[bool]:
    """The condition for a card in the margin: what the person may read, his own that is not shown, and a word in the
    place of what others had read before a moderator hid it."""
    return seen_as_card(Eyes.of(person, section), person.id)


def seen_as_card(eyes: Eyes, reader: Id) -> ColumnElement[bool]:
    own = and_(Thread.author_id == reader, Thread.moderation != Moderation.UNCONFIRMED)
    hidden = and_(Thread.moderation == Moderation.HIDDEN, was_shown())
    return and_(_meant_for(eyes, reader), or_(Thread.shown, own, hidden))


def was_shown() -> ColumnElement[bool]:
    """Whether others could read the remark at some time: it was made by a user, or a moderator released it."""

    def logged(act: ModerationAct) -> ColumnElement[bool]:
        return (
            select(ModerationEntry.id)
            .join(Comment, Comment.id == ModerationEntry.comment_id)
            .where(Comment.thread_id == Thread.id, ModerationEntry.act == act)
            .correlate(Thread)
            .exists()
        )

    return or_(not_(logged(ModerationAct.CONFIRM)), logged(ModerationAct.RELEASE))


SHOWN: dict[str, ColumnElement[bool]] = {
    "open": and_(Thread.unanswered, Thread.withdrawn_at.is_(None), Thread.addressed),
    "answered": and_(Thread.answered_at.is_not(None), Thread.shown),
    "all": true(),
}


def listing(
    section: Section, person: Person, *, show: str = "all", page: int = 1
) -> list[ThreadView]:
    """One page of the section's threads in the order of the text; what lost its place or has none comes last."""
    asked = {
        "section": section.id,
        "reader": person.id,
        "current": section.current_id,
        "skipped": (page - 1) * PER_PAGE,
    }
    rows = db.session.execute(_listing(Eyes.of(person, section), show), asked).all()
    acts = permits(person, section.place)
    return [_view(row, section, person, acts) for row in rows]


def page_of(thread: Thread, person: Person) -> int | None:
    """On which page of its section's margin the thread stands for this reader; None where it stands on none."""
    section = thread.section
    position = func.coalesce(Placement.start, Thread.start)
    order = position.is_(None), position, Thread.number
    cards = (
        select(Thread.id, func.row_number().over(order_by=order).label("place"))
        .outerjoin(
            Placement,
            and_(Placement.thread_id == Thread.id, Placement.revision_id == section.current_id),
        )
        .where(Thread.section_id == section.id, carded(person, section))
        .subquery()
    )
    place = db.session.scalar(select(cards.c.place).where(cards.c.id == thread.id))
    return None if place is None else -(-place // PER_PAGE)


@lru_cache(maxsize=256)
def _listing(eyes: Eyes, show: str) -> Select:
    """The question, put together once for all readers with the same eyes."""
    reader, position = bindparam("reader"), func.coalesce(Placement.start, Thread.start)
    filtered = Thread.author_id == reader if show == "mine" else SHOWN.get(show, SHOWN["all"])
    return (
        _select(reader, bindparam("current"))
        .where(Thread.section_id == bindparam("section"), seen_as_card(eyes, reader), filtered)
        .order_by(position.is_(None), position, Thread.number)
        .limit(PER_PAGE)
        .offset(bindparam("skipped", type_=Integer))
    )


def suggestions(section: Section, person: Person) -> list[tuple[Thread, ThreadView]]:
    """The suggested edits of the section that wait for a decision, in the order of the text."""
    position = func.coalesce(Placement.start, Thread.start)
    rows = db.session.execute(
        _select(person.id, section.current_id)
        .where(
            Thread.section_id == section.id,
            Thread.replacement.is_not(None),
            visible(person, section),
            SHOWN["open"],
        )
        .order_by(position, Thread.number)
    ).all()
    acts = permits(person, section.place)
    return [(row.Thread, _view(row, section, person, acts)) for row in rows]


def one(thread: Thread, person: Person) -> ThreadView:
    """A single thread, as its own page and as the fragment that replaces a card."""
    section = thread.section
    row = db.session.execute(
        _select(person.id, section.current_id).where(Thread.id == thread.id)
    ).one()
    return _view(row, section, person, permits(person, section.place))


NAMED = (load_only(Person.name, Person.title, Person.guest), lazyload(Person.memberships))
"""What a page needs of whom it only names."""


def _select(reader: Id, current_id: Id) -> Select:
    supported = (
        select(Support.id)
        .where(Support.thread_id == Thread.id, Support.person_id == reader)
        .exists()
    )
    return (
        select(
            Thread,
            Placement,
            Read.number.label("read"),
            CarriedOut.number.label("carried_out"),
            Repeated.number.label("repeated"),
            Position.number.label("taken_up_in"),
            supported.label("supported"),
            AnswerDraft.disposition.label("drafted"),
        )
        .join(Read, Read.id == Thread.revision_id)
        .outerjoin(
            Placement,
            and_(Placement.thread_id == Thread.id, Placement.revision_id == current_id),
        )
        .outerjoin(CarriedOut, CarriedOut.id == Thread.carried_out_by_id)
        .outerjoin(Repeated, Repeated.id == Thread.duplicate_of_id)
        .outerjoin(Position, Position.id == Thread.consolidated_id)
        .outerjoin(AnswerDraft, AnswerDraft.thread_id == Thread.id)
        .options(
            joinedload(Thread.organisation),
            joinedload(Thread.answered_by).options(*NAMED),
            joinedload(Thread.author).options(*NAMED),
            selectinload(Thread.comments).options(
                undefer(Comment.hidden_because),
                joinedload(Comment.author).options(*NAMED),
            ),
        )
    )


def _view(row: Row, section: Section, person: Person, acts: dict[str, Permit]) -> ThreadView:
    thread: Thread = row.Thread
    mine = thread.author_id == person.id
    speaks = thread.official and policy.speaks_for(person, thread.organisation_id)
    may_withdraw = mine or speaks or acts[Act.ASSIGN].allowed
    open_now = thread.unanswered and thread.withdrawn_at is None and thread.addressed
    anchor = _anchor(thread, row.Placement)
    told = thread.shown or mine
    change = _change(thread, anchor, section.current) if told else None
    if not thread.shown:
        acts = _nothing_to_add(acts)
    elif not thread.addressed:
        acts = _among_members(acts)
    return ThreadView(
        id=thread.id,
        number=thread.number,
        kind=thread.kind,
        visibility=thread.visibility,
        anchor=anchor,
        revision_number=row.read,
        comments=tuple(_comments(thread, person)),
        answer=_answer(thread, row) if told else None,
        blocking=open_now and thread.kind is RemarkKind.OBJECTION,
        withdrawn=thread.withdrawn_at is not None,
        supports=thread.supports,
        supported=row.supported,
        acts=Permits(
            {
                "reply": acts[Act.COMMENT],
                "answer": acts[Act.ANSWER],
                "support": acts[Act.COMMENT],
                "withdraw": Permit(
                    Act.COMMENT, may_withdraw and not thread.withdrawn_at, None, not may_withdraw
                ),
                "agree": _speak_to_answer(thread, mine, acts[Act.READ], again=thread.agreed_at),
                "contest": _speak_to_answer(thread, mine, acts[Act.COMMENT]),
                "accept": _accept(acts, open_now and change is not None and change.fits),
                "reattach": _reattach(acts, mine, anchor, open_now),
            }
        ),
        section=section_ref(section, person.language),
        change=change,
        drafted=None if acts[Act.ANSWER].who else row.drafted,
        since=_since(section, row.read) if mine else None,
        official=thread.organisation.name if thread.official else None,
        taken_up_in=row.taken_up_in,
        moderation=thread.moderation,
    )


def _nothing_to_add(acts: dict[str, Permit]) -> dict[str, Permit]:
    """What is not shown can be withdrawn or appealed, and nothing else."""
    closed = {act: Permit(permit.act, False, None, True) for act, permit in acts.items()}
    return closed | {Act.ASSIGN: acts[Act.ASSIGN], Act.READ: acts[Act.READ]}


def _among_members(acts: dict[str, Permit]) -> dict[str, Permit]:
    """What members say among themselves can be replied to and withdrawn; the city neither answers nor ends it."""
    closed = {act: Permit(permit.act, False, None, True) for act, permit in acts.items()}
    return closed | {Act.COMMENT: acts[Act.COMMENT], Act.READ: acts[Act.READ]}


def _comments(thread: Thread, person: Person) -> Iterator[CommentView]:
    """What was said, as far as it is shown; hidden words are told to nobody but their author."""
    for comment in thread.comments:
        mine = comment.author_id == person.id
        whole = thread.shown or thread.author_id == person.id
        if comment is thread.comments[0] or mine or (whole and comment.moderation in TOLD):
            yield _comment(comment, thread, person)


TOLD = frozenset({Moderation.SHOWN, Moderation.HIDDEN})
"""What others see of a reply: its words, or that a moderator hid them."""


def _since(section: Section, read: int) -> str | None:
    """Where the author sees what changed in the text after he wrote."""
    if section.current is None or section.current.number <= read:
        return None
    return url_for(
        "sections.compare",
        slug=section.contract.slug,
        section_id=section.id,
        old=read,
        new=section.current.number,
    )


def _change(thread: Thread, anchor: Anchor, current: Revision | None) -> TrackedChange | None:
    if thread.replacement is None or current is None:
        return None
    pieces = tuple((c.kind.value, c.text) for c in diff.words(thread.quote, thread.replacement))
    here = anchor.start is not None
    fits = here and reads(thread.quote, current.plain, anchor.start, anchor.end)
    return TrackedChange(pieces, fits, current.id)


def _speak_to_answer(
    thread: Thread, mine: bool, permit: Permit, *, again: datetime | None = None
) -> Permit:
    """The author may agree with the answer or contest it, once."""
    asked = mine and thread.disposition is not None and not thread.withdrawn_at
    open_now = asked and not thread.contested_at and not again
    return Permit(permit.act, open_now and permit.allowed, permit.reason, not open_now)


def _accept(acts: dict[str, Permit], fits: bool) -> Permit:
    """Whoever may edit and answer takes a suggestion over, as long as it fits the text."""
    allowed = acts[Act.EDIT].allowed and acts[Act.ANSWER].allowed
    return Permit(Act.EDIT, fits and allowed, acts[Act.EDIT].reason, acts[Act.EDIT].who)


def _reattach(acts: dict[str, Permit], mine: bool, anchor: Anchor, open_now: bool) -> Permit:
    """Whoever made the remark, or answers for the city, may find the place that it lost."""
    allowed = acts[Act.ANSWER].allowed or (mine and acts[Act.COMMENT].allowed)
    lost = open_now and anchor.status is AnchorStatus.ORPHANED
    return Permit(Act.ANSWER, lost and allowed, acts[Act.ANSWER].reason, not allowed)


def _anchor(thread: Thread, placement: Placement | None) -> Anchor:
    if thread.quote is None:
        return Anchor()
    if placement is None:
        return Anchor(AnchorStatus.EXACT, thread.block, thread.start, thread.end, thread.quote, 1.0)
    return Anchor(
        placement.status, None, placement.start, placement.end, thread.quote, placement.similarity
    )


def _comment(comment: Comment, thread: Thread, person: Person) -> CommentView:
    first = comment is thread.comments[0]
    organisation = thread.organisation.name if first and thread.organisation else None
    mine = comment.author_id == person.id
    told = mine or comment.shown
    return CommentView(
        id=comment.id,
        author=_by(comment, thread, first, organisation) if told else None,
        text=comment.text if told else "",
        translation=comment.translation if told else None,
        language=comment.language,
        at=comment.created_at,
        withdrawn=comment.withdrawn_at is not None,
        channel=thread.channel if first else None,
        mine=mine,
        moderation=comment.moderation,
        because=(comment.hidden_because or "") if comment.moderation is HIDDEN else "",
        named=comment.names if told else (),
    )


HIDDEN = Moderation.HIDDEN


def _by(comment: Comment, thread: Thread, first: bool, organisation: str | None) -> PersonRef:
    """Who said it; of a guest only the name that he agreed to have published."""
    agreed = thread.on_behalf_of if first and thread.author.guest else None
    return person_ref(comment.author, organisation, name=agreed)


def _answer(thread: Thread, row: Row) -> AnswerView | None:
    if thread.disposition is None:
        return None
    return AnswerView(
        thread.disposition,
        thread.answer or None,
        person_ref(thread.answered_by),
        thread.answered_at,
        row.carried_out,
        row.repeated,
        _authors_word(thread),
    )


def _authors_word(thread: Thread) -> AuthorsWord | None:
    if thread.contested_at:
        return AuthorsWord(False, thread.contest, thread.contested_at, thread.contested)
    return AuthorsWord(True, "", thread.agreed_at, False) if thread.agreed_at else None
