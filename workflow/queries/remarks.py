"""A remark as it lies on the desk: what was said, what was answered, what is drafted, and who has it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from ..db import db
from ..labels import who
from ..models import (
    AnswerDraft,
    Comment,
    Contract,
    Organisation,
    Person,
    Revision,
    Section,
    Thread,
    ThreadGroup,
)
from ..models.thread import names_in
from ..rules import gate
from ..rules.vocabulary import Act, Disposition, RemarkKind, Visibility
from .outline import titled
from .views import PersonRef, SectionRef
from .visibility import readable, within_reach

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
    version: str


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
    named: tuple[str, ...]
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


def one(thread: Thread, person: Person) -> Remark:
    """A single remark, as above the form that answers it."""
    row = db.session.execute(listed([Thread.id == thread.id])).one()
    return view(row, person.language)


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
        "seen": draft.version,
    }


def chosen(contract: Contract, person: Person, ids: list[int]) -> list[Thread]:
    """The remarks of these ids that lie on this person's desk."""
    return list(
        db.session.scalars(
            select(Thread)
            .join(Section, Section.id == Thread.section_id)
            .where(Thread.id.in_(ids), on_desk(contract, person))
            .order_by(Thread.id)
        ).unique()
    )


def on_desk(contract: Contract, person: Person) -> ColumnElement[bool]:
    return and_(
        Section.contract_id == contract.id,
        Thread.withdrawn_at.is_(None),
        Thread.addressed,
        within_reach(person, Act.ANSWER),
        readable(person),
    )


def joined(query: Select) -> Select:
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


def listed(conditions: list) -> Select:
    size = select(func.count()).where(Grouped.group_id == ThreadGroup.id).scalar_subquery()
    return (
        joined(
            select(
                Thread,
                Section.id.label("section_id"),
                Section.code,
                Section.titles,
                Section.stage,
                Section.language.label("section_language"),
                First.text,
                First.named,
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


def view(row: Row, language: str) -> Remark:
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
        named=names_in(row.named),
        language=row.language,
        author=PersonRef(row.author_id, who(row.author), row.organisation, row.author_title),
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
        draft.disposition,
        draft.answer,
        row.drafter,
        draft.saved_at,
        row.carrying,
        lacks,
        draft.version,
    )


def _given(row: Row) -> Given | None:
    thread: Thread = row.Thread
    if thread.disposition is None:
        return None
    return Given(thread.disposition, thread.answer, row.answerer, thread.answered_at)


Known = list[tuple[str, str]]
