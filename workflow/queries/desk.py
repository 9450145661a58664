"""What the desk answers: which remarks still need an answer, who has them, and what is drafted and ready to go?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from ..db import db
from ..labels import label
from ..models import (
    AnswerDraft,
    Comment,
    Contract,
    Membership,
    Organisation,
    Person,
    Revision,
    Round,
    Section,
    Sector,
    Thread,
    ThreadGroup,
    section_sector,
)
from ..rules import gate
from ..rules.lifecycle import stages_for
from ..rules.policy import GRANTS
from ..rules.vocabulary import Act, Disposition, RemarkKind, Visibility
from ..services import groups
from .board import Choice
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import Pages, PersonRef, SectionRef
from .visibility import readable, within_reach

PER_PAGE = 40
MOST_WORDS = 8
ME, NOBODY = "me", "nobody"

Author = aliased(Person)
Assignee = aliased(Person)
Drafter = aliased(Person)
Answerer = aliased(Person)
Read = aliased(Revision)
Current = aliased(Revision)
Carrying = aliased(Revision)
First = aliased(Comment)
Grouped = aliased(Thread)


@dataclass(frozen=True, slots=True)
class DraftView:
    disposition: Disposition
    text: str
    by: str
    at: datetime
    revision_number: int | None
    lacks_revision: bool


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that was published."""

    disposition: Disposition
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupRef:
    id: int
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on the desk. `contest` is what its author says against the answer while the city owes another one."""

    id: int
    number: int
    kind: RemarkKind
    visibility: Visibility
    section: SectionRef
    section_language: str
    quote: str | None
    text: str
    language: str
    author: PersonRef
    on_behalf_of: str | None
    at: datetime
    supports: int
    revision_number: int
    current_number: int | None
    blocking: bool
    contest: str | None
    assignee: str | None
    draft: DraftView | None
    given: Given | None
    group: GroupRef | None


@dataclass(frozen=True, slots=True)
class Ready:
    """Drafts that could be published: of a round (None: outside of any), and how many of them name no revision."""

    round_id: int | None
    label: str
    drafts: int
    lacking: int


@dataclass(frozen=True, slots=True)
class DeskPage:
    contract: ContractRef
    rows: list[Remark]
    states: list[Choice]
    filters: dict[str, list[Choice]]
    sorts: list[Choice]
    words: str
    args: dict[str, str]
    filtered: bool
    group: GroupRef | None
    colleagues: list[tuple[str, str]]
    ready: list[Ready]
    pages: Pages

    @property
    def drafts(self) -> int:
        return sum(one.drafts for one in self.ready)

    @property
    def lacking(self) -> int:
        return sum(one.lacking for one in self.ready)


@dataclass(frozen=True, slots=True)
class AlikePage:
    """Proposed groups: their remarks, the clearest first, and how similar the least similar is (0 to 1)."""

    contract: ContractRef
    groups: list[tuple[list[Remark], float]]


NEEDS_ANSWER = and_(Thread.unanswered, Thread.kind != RemarkKind.SUPPORT)
DRAFTED = AnswerDraft.id.is_not(None)

STATES: dict[str, ColumnElement[bool]] = {
    "waiting": NEEDS_ANSWER,
    "open": and_(NEEDS_ANSWER, not_(DRAFTED), not_(Thread.contested)),
    "drafted": DRAFTED,
    "contested": Thread.contested,
    "answered": not_(Thread.unanswered),
    "promised": and_(
        not_(Thread.unanswered),
        Thread.disposition.in_(gate.PROMISES),
        Thread.carried_out_by_id.is_(None),
        Thread.kind != RemarkKind.SUPPORT,
    ),
}
"""Where a remark stands on the desk; the first is what the desk shows unasked."""

FILTERS: dict[str, Callable[[str, Person], ColumnElement[bool]]] = {
    "section": lambda value, person: Thread.section_id == int(value),
    "sector": lambda value, person: Thread.section_id.in_(
        select(section_sector.c.section_id).join(Sector).where(Sector.key == value)
    ),
    "kind": lambda value, person: Thread.kind == RemarkKind(value),
    "assignee": lambda value, person: _assigned_to(value, person),
    "round": lambda value, person: Thread.round_id == int(value),
    "group": lambda value, person: Thread.group_id == int(value),
}

URGENT = case((or_(Thread.kind == RemarkKind.OBJECTION, Thread.contested), 0), else_=1)
SORTS: dict[str, tuple] = {
    "urgent": (URGENT, Thread.created_at, Thread.id),
    "oldest": (Thread.created_at, Thread.id),
    "newest": (Thread.created_at.desc(), Thread.id.desc()),
    "section": (Section.position, Thread.start.is_(None), Thread.start, Thread.number),
    "supports": (Thread.supports.desc(), Thread.created_at, Thread.id),
}


def desk(contract: Contract, person: Person, asked: Mapping[str, str], page: int = 1) -> DeskPage:
    """The desk as this person asked for it; what is not known of the values of `asked` is passed over."""
    rounds, ready = _rounds(contract, person)
    options = _options(contract, person) | {"round": rounds}
    chosen = {
        name: asked[name] for name, known in options.items() if asked.get(name) in dict(known)
    }
    group = asked.get("group", "")
    if group.isascii() and group.isdecimal() and len(group) < 10:
        chosen["group"] = group
    state = asked.get("state") if asked.get("state") in STATES else next(iter(STATES))
    order = asked.get("sort") if asked.get("sort") in SORTS else next(iter(SORTS))
    words = (asked.get("q") or "").replace("\x00", "").strip()[:200]
    conditions = [_on_desk(contract, person), *_containing(words)]
    conditions += [FILTERS[name](value, person) for name, value in chosen.items()]
    counts = _counts(conditions)
    args = chosen | ({"q": words} if words else {})
    kept = args | {"state": state} if state != next(iter(STATES)) else args
    kept = kept | {"sort": order} if order != next(iter(SORTS)) else kept
    pages = Pages(page, PER_PAGE, counts[state], "desk.show", {"slug": contract.slug, **kept})
    rows = db.session.execute(
        _rows(conditions)
        .where(STATES[state])
        .order_by(*SORTS[order])
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    found = [_row(row, person.language) for row in rows]
    return DeskPage(
        contract=contract_ref(contract, person.language),
        rows=found,
        states=[
            Choice(key, text, key == state, counts[key]) for key, text in _state_words().items()
        ],
        filters={
            name: [Choice(value, text, chosen.get(name) == value, None) for value, text in known]
            for name, known in options.items()
        },
        sorts=[Choice(key, text, key == order, None) for key, text in _sort_words().items()],
        words=words,
        args=kept,
        filtered=bool(args),
        group=found[0].group if "group" in chosen and found else None,
        colleagues=options["assignee"][2:],
        ready=ready,
        pages=pages,
    )


def one(thread: Thread, person: Person) -> Remark:
    """A single remark, as above the form that answers it."""
    row = db.session.execute(_rows([Thread.id == thread.id])).one()
    return _row(row, person.language)


def kept(thread: Thread) -> dict:
    """The draft of an answer as the fields of its form; empty without one."""
    row = db.session.execute(
        select(AnswerDraft, Carrying.number, Grouped.number)
        .outerjoin(Carrying, Carrying.id == AnswerDraft.carried_out_by_id)
        .outerjoin(Grouped, Grouped.id == AnswerDraft.duplicate_of_id)
        .where(AnswerDraft.thread_id == thread.id)
    ).one_or_none()
    if row is None:
        return {}
    draft, revision, repeated = row
    return {
        "disposition": draft.disposition.value,
        "answer": draft.answer,
        "revision_number": revision,
        "duplicate_of": repeated,
    }


def remarks(contract: Contract, person: Person, ids: list[int]) -> list[Thread]:
    """The remarks of these ids that lie on this person's desk."""
    return list(
        db.session.scalars(
            select(Thread)
            .join(Section, Section.id == Thread.section_id)
            .where(Thread.id.in_(ids), _on_desk(contract, person))
            .order_by(Thread.id)
        ).unique()
    )


def proposals(contract: Contract, person: Person) -> AlikePage:
    """What the words propose to answer together, each proposal with its remarks side by side."""
    found = groups.similar(contract, by=person)
    ids = [key for proposal in found for key in proposal.thread_ids]
    conditions = [Thread.id.in_(ids), _on_desk(contract, person)]
    rows = {
        row.Thread.id: _row(row, person.language) for row in db.session.execute(_rows(conditions))
    }
    return AlikePage(
        contract_ref(contract, person.language),
        [([rows[key] for key in one.thread_ids], one.score / 100) for one in found],
    )


def _on_desk(contract: Contract, person: Person) -> ColumnElement[bool]:
    return and_(
        Section.contract_id == contract.id,
        Thread.withdrawn_at.is_(None),
        within_reach(person, Act.ANSWER),
        readable(person),
    )


def _assigned_to(value: str, person: Person) -> ColumnElement[bool]:
    if value == NOBODY:
        return Thread.assignee_id.is_(None)
    return Thread.assignee_id == (person.id if value == ME else int(value))


def _containing(words: str) -> list[ColumnElement[bool]]:
    """Each word somewhere in the remark, in its quote, or in who made it; "#12" is a number."""
    found = []
    for word in words.split()[:MOST_WORDS]:
        if word.startswith("#") and word[1:].isascii() and word[1:6].isdecimal():
            found.append(Thread.number == int(word[1:6]))
            continue
        where = (First.text, Thread.quote, Author.name, Organisation.name, Section.code)
        found.append(or_(*(column.icontains(word, autoescape=True) for column in where)))
    return found


def _from(query: Select) -> Select:
    """The tables that filters and rows speak of."""
    said = aliased(Comment)
    first = select(func.min(said.id)).where(said.thread_id == Thread.id).correlate(Thread)
    return (
        query.select_from(Thread)
        .join(Section, Section.id == Thread.section_id)
        .join(First, First.id == first.scalar_subquery())
        .join(Author, Author.id == Thread.author_id)
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .outerjoin(AnswerDraft, AnswerDraft.thread_id == Thread.id)
    )


def _counts(conditions: list) -> dict[str, int]:
    """How many remarks stand in each state, under the other filters."""
    counted = [func.count(case((state, 1))).label(key) for key, state in STATES.items()]
    row = db.session.execute(_from(select(*counted)).where(*conditions)).one()
    return dict(zip(STATES, row, strict=True))


def _rows(conditions: list) -> Select:
    size = select(func.count()).where(Grouped.group_id == ThreadGroup.id).scalar_subquery()
    return (
        _from(
            select(
                Thread,
                Section.id.label("section_id"),
                Section.code,
                Section.titles,
                Section.stage,
                Section.language.label("section_language"),
                First.text,
                First.language,
                Author.id.label("author_id"),
                Author.name.label("author"),
                Author.title.label("author_title"),
                Organisation.name.label("organisation"),
                Assignee.name.label("assignee"),
                AnswerDraft,
                Drafter.name.label("drafter"),
                Answerer.name.label("answerer"),
                Read.number.label("read"),
                Current.number.label("current"),
                Carrying.number.label("carrying"),
                ThreadGroup.id.label("group_id"),
                ThreadGroup.title.label("group_title"),
                size.label("group_size"),
            )
        )
        .join(Read, Read.id == Thread.revision_id)
        .outerjoin(Current, Current.id == Section.current_id)
        .outerjoin(Assignee, Assignee.id == Thread.assignee_id)
        .outerjoin(Drafter, Drafter.id == AnswerDraft.by_id)
        .outerjoin(Answerer, Answerer.id == Thread.answered_by_id)
        .outerjoin(Carrying, Carrying.id == AnswerDraft.carried_out_by_id)
        .outerjoin(ThreadGroup, ThreadGroup.id == Thread.group_id)
        .where(*conditions)
    )


def _row(row: Row, language: str) -> Remark:
    thread: Thread = row.Thread
    return Remark(
        id=thread.id,
        number=thread.number,
        kind=thread.kind,
        visibility=thread.visibility,
        section=SectionRef(row.section_id, row.code, titled(row.titles, language), row.stage),
        section_language=row.section_language,
        quote=thread.quote,
        text=row.text,
        language=row.language,
        author=PersonRef(row.author_id, row.author, row.organisation, row.author_title),
        on_behalf_of=thread.on_behalf_of,
        at=thread.created_at,
        supports=thread.supports,
        revision_number=row.read,
        current_number=row.current,
        blocking=thread.unanswered and thread.kind is RemarkKind.OBJECTION,
        contest=thread.contest if thread.contested else None,
        assignee=row.assignee,
        draft=_draft(row),
        given=_given(row),
        group=GroupRef(row.group_id, row.group_title, row.group_size) if row.group_id else None,
    )


def _draft(row: Row) -> DraftView | None:
    draft: AnswerDraft | None = row.AnswerDraft
    if draft is None:
        return None
    lacks = gate.promises(row.Thread.kind, draft.disposition) and row.carrying is None
    return DraftView(
        draft.disposition, draft.answer, row.drafter, draft.saved_at, row.carrying, lacks
    )


def _given(row: Row) -> Given | None:
    thread: Thread = row.Thread
    if thread.disposition is None:
        return None
    return Given(thread.disposition, thread.answer, row.answerer, thread.answered_at)


Known = list[tuple[str, str]]


def _options(contract: Contract, person: Person) -> dict[str, Known]:
    """The values that each filter may take, each with its label."""
    sections, sectors = _sections(contract, person)
    return {
        "section": sections,
        "sector": sectors,
        "kind": [(kind.value, label(kind)) for kind in RemarkKind],
        "assignee": [(ME, _("Me")), (NOBODY, _("Nobody")), *colleagues(contract)],
    }


def _sections(contract: Contract, person: Person) -> tuple[Known, Known]:
    rows = db.session.execute(
        select(Section.id, Section.code, Section.titles, Sector.key, Sector.titles)
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .where(
            Section.contract_id == contract.id,
            within_reach(person, Act.ANSWER),
            Section.id.in_(select(Thread.section_id).where(Thread.withdrawn_at.is_(None))),
        )
        .order_by(Section.position, Sector.position)
    ).all()
    sections = {str(row[0]): f"{row[1]} {titled(row[2], person.language)}" for row in rows}
    sectors = {row[3]: titled(row[4], person.language) for row in rows if row[3]}
    return list(sections.items()), list(sectors.items())


def colleagues(contract: Contract) -> Known:
    """Everybody who may answer somewhere in the contract."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.contract_id == contract.id,
            Membership.role.in_(GRANTS[Act.ANSWER]),
            Person.active,
        )
        .distinct()
    ).all()
    return [(str(key), name) for key, name in sorted(rows, key=lambda row: row[1].casefold())]


def named_round(number: int | None, title: str | None) -> str:
    if number is None:
        return _("Outside of any round")
    name = _("Round %(number)s", number=number)
    return f"{name}: {title}" if title else name


def _rounds(contract: Contract, person: Person) -> tuple[Known, list[Ready]]:
    """The rounds, the newest first, and what `desk.publish` would give of each."""
    lacks = and_(
        AnswerDraft.disposition.in_(gate.PROMISES),
        AnswerDraft.carried_out_by_id.is_(None),
        Thread.kind != RemarkKind.SUPPORT,
    )
    named = (Round.id, Round.number, Round.title)
    ready = (
        select(*named, func.count(), func.count(case((lacks, 1))))
        .select_from(AnswerDraft)
        .join(Thread, Thread.id == AnswerDraft.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .outerjoin(Round, Round.id == Thread.round_id)
        .where(_on_desk(contract, person), Section.stage.in_(stages_for(Act.ANSWER)))
        .group_by(*named)
    )
    known = select(*named, literal(0), literal(0)).where(Round.contract_id == contract.id)
    rows = sorted(db.session.execute(known.union_all(ready)), key=lambda row: -(row[1] or 0))
    rounds = {str(row[0]): named_round(row[1], row[2]) for row in rows if row[0]}
    return list(rounds.items()), [
        Ready(key, named_round(number, title), drafts, lacking)
        for key, number, title, drafts, lacking in rows
        if drafts
    ]


def _state_words() -> dict[str, str]:
    return {
        "waiting": _("Needs an answer"),
        "open": _("Not begun"),
        "drafted": _("Drafted"),
        "contested": _("Contested"),
        "answered": _("Answered"),
        "promised": _("Promised, not carried out"),
    }


def _sort_words() -> dict[str, str]:
    return {
        "urgent": _("What blocks first"),
        "oldest": _("Oldest first"),
        "newest": _("Newest first"),
        "section": _("As in the contract"),
        "supports": _("Most supported first"),
    }
