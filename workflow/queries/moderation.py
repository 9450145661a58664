"""What waits for a moderator, and the log of what moderators did: who, when and why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, undefer

from ..db import db
from ..labels import label, who
from ..models import (
    Comment,
    Contract,
    ModerationEntry,
    Organisation,
    Person,
    Section,
    Thread,
    section_sector,
)
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Moderation, ModerationAct, RemarkKind, Visibility
from ..services import moderation as verbs
from ..services.moderation import WAITING
from . import waits
from .navigation import ContractRef, contract_ref, numbers
from .outline import titled
from .views import Choice, Pages, SectionRef, section_ref
from .visibility import within_reach

PER_PAGE = 40

Author = aliased(Person)


@dataclass(frozen=True, slots=True)
class Asked:
    """A flag or an appeal that waits: why, and who raised it (None for an appeal, which is the author's)."""

    reason: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words that a moderator decides on. `decides` is False for what is another moderator's to decide; `mine` are one's
    own."""

    comment_id: int
    thread_id: int
    number: int
    is_reply: bool
    kind: RemarkKind
    state: Moderation
    section: SectionRef
    author: str
    quote: str | None
    text: str
    named: tuple[str, ...]
    language: str
    at: datetime
    flags: list[Asked]
    appeal: Asked | None
    because: str
    mine: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    act: ModerationAct
    by: str | None
    at: datetime
    reason: str
    thread_id: int
    number: int
    section: SectionRef


@dataclass(frozen=True, slots=True)
class ModerationPage:
    contract: ContractRef
    held: list[Waiting]
    asked: list[Waiting]
    more: int
    log: list[Entry]
    filters: list[Choice]
    pages: Pages


def page(
    contract: Contract, person: Person, wanted: Mapping[str, str], page: int = 1
) -> ModerationPage:
    """The queue, the oldest first, and a page of the log."""
    total = numbers(person, contract).to_moderate
    waiting = _queue(contract, person)
    act = wanted.get("act") if wanted.get("act") in set(ModerationAct) else None
    log, logged = _log(contract, person, act, page)
    arguments = {"slug": contract.slug} | ({"act": act} if act else {})
    return ModerationPage(
        contract=contract_ref(contract, person.language),
        held=[one for one in waiting if one.state is Moderation.HELD],
        asked=[one for one in waiting if one.state is not Moderation.HELD],
        more=max(0, total - len(waiting)),
        log=log,
        filters=[Choice(one.value, label(one), one.value == act, None) for one in ModerationAct],
        pages=Pages(page, PER_PAGE, logged, "moderation.show", arguments),
    )


def chosen(contract: Contract, person: Person, ids: list[int]) -> list[Comment]:
    """The comments of these ids that lie before this moderator, whether they wait or not."""
    return list(
        db.session.scalars(
            select(Comment)
            .join(Thread, Thread.id == Comment.thread_id)
            .join(Section, Section.id == Thread.section_id)
            .where(Comment.id.in_(ids), *waits.before(person, contract.id))
            .order_by(Comment.id)
        )
    )


def _queue(contract: Contract, person: Person) -> list[Waiting]:
    first = aliased(Comment)
    opening = select(func.min(first.id)).where(first.thread_id == Thread.id).correlate(Thread)
    rows = db.session.execute(
        select(
            Comment,
            Thread,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Section.stage,
            Author.name.label("author"),
            Organisation.name.label("organisation"),
            (Comment.id != opening.scalar_subquery()).label("is_reply"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .join(Author, Author.id == Comment.author_id)
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .where(*waits.waits(person, contract.id))
        .order_by(Comment.id)
        .limit(PER_PAGE)
        .options(undefer(Comment.hidden_because))
    ).all()
    asked = _asked([row.Comment.id for row in rows])
    judges = _judges(contract, rows)
    return [_waiting(row, asked[row.Comment.id], person, judges[row.Comment.id]) for row in rows]


def _waiting(row, asked: list, person: Person, judges: set[int]) -> Waiting:
    thread, comment = row.Thread, row.Comment
    agreed = None if row.is_reply else thread.on_behalf_of
    flags = [Asked(e.reason, e.at, name) for e, name in asked if e.act is ModerationAct.FLAG]
    appeals = [Asked(e.reason, e.at, None) for e, _n in asked if e.act is ModerationAct.APPEAL]
    named = agreed or who(row.author)
    return Waiting(
        comment_id=comment.id,
        thread_id=thread.id,
        number=thread.number,
        is_reply=row.is_reply,
        kind=thread.kind,
        state=comment.moderation,
        section=SectionRef(
            row.section_id, row.code, titled(row.titles, person.language), row.stage
        ),
        author=f"{named}, {row.organisation}" if row.organisation else named,
        quote=thread.quote,
        text=comment.text,
        named=comment.names,
        language=comment.language,
        at=comment.created_at,
        flags=flags,
        appeal=appeals[-1] if appeals else None,
        because=comment.hidden_because or "",
        mine=comment.author_id == person.id,
        decides=person.id in judges,
    )


def _asked(ids: list[int]) -> dict[int, list]:
    found = defaultdict(list)
    for entry, name in db.session.execute(
        select(ModerationEntry, Person.name)
        .outerjoin(Person, Person.id == ModerationEntry.by_id)
        .where(
            ModerationEntry.comment_id.in_(ids),
            ModerationEntry.settled_at.is_(None),
            ModerationEntry.act.in_(WAITING),
        )
        .order_by(ModerationEntry.id)
    ):
        found[entry.comment_id].append((entry, name))
    return found


def _judges(contract: Contract, rows: list) -> dict[int, set[int]]:
    """Who decides on each of the comments."""
    hidden = [row.Comment.id for row in rows if row.Comment.moderation is Moderation.HIDDEN]
    hiders = _hiders(hidden) if hidden else {}
    moderating = verbs.moderators(contract.id)
    sectors = defaultdict(set)
    for section_id, sector_id in db.session.execute(
        select(section_sector).where(
            section_sector.c.section_id.in_({row.section_id for row in rows})
        )
    ):
        sectors[section_id].add(sector_id)
    found = {}
    for row in rows:
        place = Place(contract.id, row.section_id, frozenset(sectors[row.section_id]))
        found[row.Comment.id] = verbs.judges(
            verbs.at(place, moderating),
            author_id=row.Comment.author_id,
            hider_id=hiders.get(row.Comment.id),
        )
    return found


def _hiders(ids: list[int]) -> dict[int, int]:
    """Who hid each of them last."""
    newest = (
        select(func.max(ModerationEntry.id))
        .where(ModerationEntry.comment_id.in_(ids), ModerationEntry.act == ModerationAct.HIDE)
        .group_by(ModerationEntry.comment_id)
    )
    rows = select(ModerationEntry.comment_id, ModerationEntry.by_id)
    return dict(db.session.execute(rows.where(ModerationEntry.id.in_(newest))).all())


def _log(contract: Contract, person: Person, act: str | None, page: int) -> tuple[list[Entry], int]:
    conditions = [
        ModerationEntry.contract_id == contract.id,
        within_reach(person, Act.MODERATE),
        Thread.visibility != Visibility.ORGANISATION,
    ]
    if act:
        conditions.append(ModerationEntry.act == ModerationAct(act))
    rows = db.session.execute(
        select(
            ModerationEntry,
            Person.name,
            Thread.id.label("thread_id"),
            Thread.number,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Section.stage,
            func.count().over().label("total"),
        )
        .join(Comment, Comment.id == ModerationEntry.comment_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .outerjoin(Person, Person.id == ModerationEntry.by_id)
        .where(*conditions)
        .order_by(ModerationEntry.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    entries = [
        Entry(
            id=row.ModerationEntry.id,
            act=row.ModerationEntry.act,
            by=who(row.name),
            at=row.ModerationEntry.at,
            reason=row.ModerationEntry.reason,
            thread_id=row.thread_id,
            number=row.number,
            section=SectionRef(
                row.section_id, row.code, titled(row.titles, person.language), row.stage
            ),
        )
        for row in rows
    ]
    return entries, rows[0].total if rows else 0


@dataclass(frozen=True, slots=True)
class AboutPage:
    """One comment and what this reader may do about it."""

    contract: ContractRef
    section: SectionRef
    thread_id: int
    number: int
    comment_id: int
    author: str
    text: str
    named: tuple[str, ...]
    language: str
    state: Moderation
    because: str
    mine: bool
    moderates: bool
    may_flag: bool
    flagged: bool
    may_appeal: bool
    appealed: bool


def about(thread: Thread, person: Person, comment_id: int | None) -> AboutPage | None:
    """The page on which a reader flags, a moderator holds or hides, and an author appeals."""
    comments = {one.id: one for one in thread.comments}
    comment = comments.get(comment_id) if comment_id else thread.comments[0]
    place = thread.section.place
    moderates = policy.grants(person, Act.MODERATE, place) and thread.visibility is not AMONG
    if comment is None or comment.withdrawn_at or thread.withdrawn_at:
        return None
    mine = comment.author_id == person.id
    readable = (comment.shown and thread.shown) or mine or moderates
    if not readable or comment.moderation is Moderation.UNCONFIRMED:
        return None
    hidden = comment.moderation is Moderation.HIDDEN
    flagged = ModerationEntry.comment_id == comment.id, ModerationEntry.by_id == person.id
    before = select(ModerationEntry.id).where(*flagged, ModerationEntry.act == ModerationAct.FLAG)
    agreed = thread.on_behalf_of if comment is thread.comments[0] and comment.author.guest else None
    return AboutPage(
        contract=contract_ref(thread.section.contract, person.language),
        section=section_ref(thread.section, person.language),
        thread_id=thread.id,
        number=thread.number,
        comment_id=comment.id,
        author=agreed or who(comment.author.name),
        text=comment.text,
        named=comment.names,
        language=comment.language,
        state=comment.moderation,
        because=(comment.hidden_because or "") if hidden else "",
        mine=mine,
        moderates=moderates,
        may_flag=comment.shown and thread.addressed and not mine and not moderates,
        flagged=db.session.scalar(select(before.exists())),
        may_appeal=hidden and mine and verbs.may_appeal(comment),
        appealed=hidden and verbs.appealed(comment),
    )


AMONG = Visibility.ORGANISATION
