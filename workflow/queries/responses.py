"""A remark with the answer to it and what its author says to that: a row of every list that tells what became of it.

In a public list nobody is named.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from ..labels import who
from ..models import (
    Comment,
    Component,
    Module,
    Organisation,
    Person,
    Revision,
    Section,
    Thread,
)
from ..models.thread import names_in
from ..rules.vocabulary import Channel, Disposition, RemarkKind, Visibility
from .outline import titled

Author = aliased(Person)
Decider = aliased(Person)
Read = aliased(Revision)
Carrying = aliased(Revision)
Repeated = aliased(Thread)
Said = aliased(Comment)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the author says to the answer; `waits` while the city owes another one."""

    agrees: bool
    words: str
    at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix. In the public variant nobody is named: `author`, `source`, `decided_by` are None."""

    thread_id: int
    section_id: int
    section_code: str
    section_title: str
    section_language: str
    remark_number: int
    organisation: str | None
    official: bool
    author: str | None
    written_down: bool
    source: str | None
    at: datetime
    revision_number: int
    quote: str | None
    text: str
    language: str
    kind: RemarkKind
    channel: Channel
    visibility: Visibility
    disposition: Disposition | None
    reason: str
    repeats: int | None
    carried_out_by: int | None
    decided_by: str | None
    decided_at: datetime | None
    reply: Reply | None
    named: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number by which letters and people name the remark."""
        return f"{self.section_code}/{self.remark_number}"


def rows_of(conditions: list[ColumnElement[bool]], *, public: bool) -> Select:
    """The question for rows of the matrix under these conditions on `Thread` and `Section`, in the outline's order."""
    first = (
        select(func.min(Comment.id))
        .where(Comment.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    repeated = Repeated.id == Thread.duplicate_of_id
    if public:
        repeated = and_(repeated, Repeated.visibility == Visibility.PUBLIC)
    return (
        select(
            Thread.id,
            Thread.section_id,
            Thread.number,
            Thread.quote,
            Thread.kind,
            Thread.channel,
            Thread.visibility,
            Thread.official,
            Thread.language,
            Thread.source,
            Thread.on_behalf_of,
            Thread.created_at,
            Thread.disposition,
            Thread.answer,
            Thread.answered_at,
            Thread.agreed_at,
            Thread.contested_at,
            Thread.contest,
            Section.code,
            Section.titles,
            Section.language.label("section_language"),
            Read.number.label("read"),
            Carrying.number.label("carrying"),
            Repeated.number.label("repeated"),
            Organisation.name.label("organisation"),
            Author.name.label("author"),
            Decider.name.label("decider"),
            Said.text.label("said"),
            Said.named,
        )
        .select_from(Thread)
        .join(Section, Section.id == Thread.section_id)
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .join(Read, Read.id == Thread.revision_id)
        .join(Author, Author.id == Thread.author_id)
        .join(Said, Said.id == first)
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .outerjoin(Decider, Decider.id == Thread.answered_by_id)
        .outerjoin(Carrying, Carrying.id == Thread.carried_out_by_id)
        .outerjoin(Repeated, repeated)
        .where(*conditions)
        .order_by(Component.position, Module.position, Section.position, Section.id, Thread.number)
    )


def line(row: Row, language: str, *, public: bool) -> Line:
    """A row as it is told."""
    return Line(
        thread_id=row.id,
        section_id=row.section_id,
        section_code=row.code,
        section_title=titled(row.titles, language),
        section_language=row.section_language,
        remark_number=row.number,
        organisation=row.organisation,
        official=row.official,
        author=None if public else _author(row),
        written_down=row.source is not None,
        source=None if public else row.source,
        at=row.created_at,
        revision_number=row.read,
        quote=row.quote,
        text=row.said,
        named=names_in(row.named),
        language=row.language,
        kind=row.kind,
        channel=row.channel,
        visibility=row.visibility,
        disposition=row.disposition,
        reason=row.answer if row.disposition else "",
        repeats=row.repeated,
        carried_out_by=row.carrying,
        decided_by=None if public or not row.disposition else row.decider,
        decided_at=row.answered_at,
        reply=_reply(row),
    )


def _author(row: Row) -> str | None:
    """Who said it; whoever wrote down the words of others is not their author, and a guest bears the name he gave."""
    if row.source is not None:
        return row.on_behalf_of
    return row.on_behalf_of or who(row.author)


def _reply(row: Row) -> Reply | None:
    if row.contested_at:
        return Reply(False, row.contest, row.contested_at, row.contested_at >= row.answered_at)
    return Reply(True, "", row.agreed_at, False) if row.agreed_at else None
