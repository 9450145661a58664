"""What changed in a section between two of its revisions, and which remarks caused it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Person, Revision, Section, Thread
from ..rules.text import diff
from ..rules.vocabulary import Disposition, RemarkKind
from . import presence, readings, sections, texts, threads
from .navigation import ContractRef, contract_ref
from .views import RevisionRef, revision_ref


@dataclass(frozen=True, slots=True)
class Cause:
    """A remark that a revision carries out."""

    id: int
    number: int
    quote: str | None
    kind: RemarkKind
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class Known:
    """A revision to choose, by its number."""

    number: int
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Span:
    """Two revisions that a reader often wants to compare."""

    label: str
    old: int
    new: int
    current: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    contract: ContractRef
    section: sections.SectionHead
    old: RevisionRef
    new: RevisionRef
    html: Markup
    revisions: list[Known]
    spans: list[Span]
    added: int
    removed: int
    caused_by: list[Cause]


def compared(
    section: Section, person: Person, *, old: int | None = None, new: int | None = None
) -> ComparePage | None:
    """The change between two revisions by their numbers; by default what the newest one changed.

    None for a section without a text.
    """
    rows = _known(section, person)
    if not rows:
        return None
    numbers = {row.number for row in rows}
    new = new if new in numbers else rows[0].number
    old = old if old in numbers else max(new - 1, rows[-1].number)
    left, right = _pair(section, old, new)
    before = readings.rendered(left, section, person)
    after = readings.rendered(right, section, person)
    changes = diff.words(before.plain, after.plain)
    return ComparePage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        old=revision_ref(left),
        new=revision_ref(right),
        html=texts.difference(before, after),
        revisions=[Known(row.number, row.created_at, row.name) for row in rows],
        spans=_spans(rows, old, new),
        added=texts.words(changes, diff.Kind.ADDED),
        removed=texts.words(changes, diff.Kind.REMOVED),
        caused_by=_causes(section, person, old, new),
    )


def _known(section: Section, person: Person) -> list[Row]:
    """All revisions without their texts, newest first; each row also says what this reader knows already."""
    commented = (
        select(func.max(Revision.number))
        .join(Thread, Thread.revision_id == Revision.id)
        .where(Thread.section_id == section.id, Thread.author_id == person.id)
        .scalar_subquery()
    )
    return list(
        db.session.execute(
            select(
                Revision.number,
                Revision.created_at,
                Person.name,
                presence.known_before(section.id, person.id, section.current_id).label("visited"),
                commented.label("commented"),
            )
            .join(Person, Person.id == Revision.author_id)
            .where(Revision.section_id == section.id)
            .order_by(Revision.number.desc()),
            presence.moments(clock.now()),
        )
    )


def _pair(section: Section, old: int, new: int) -> tuple[Revision, Revision]:
    found = db.session.scalars(
        select(Revision)
        .where(Revision.section_id == section.id, Revision.number.in_((old, new)))
        .options(joinedload(Revision.author).lazyload(Person.memberships))
    )
    by_number = {revision.number: revision for revision in found}
    return by_number[old], by_number[new]


def _spans(rows: list[Row], old: int, new: int) -> list[Span]:
    newest, first = rows[0].number, rows[-1].number
    starts = {
        _("The latest change"): newest - 1,
        _("Since your last visit"): rows[0].visited,
        _("Since your last comment"): rows[0].commented,
        _("Since the beginning"): first,
    }
    return [
        Span(label, start, newest, (start, newest) == (old, new))
        for label, start in starts.items()
        if start and first <= start < newest
    ]


def _causes(section: Section, person: Person, old: int, new: int) -> list[Cause]:
    found = db.session.scalars(
        select(Thread)
        .join(Revision, Revision.id == Thread.carried_out_by_id)
        .where(
            Thread.section_id == section.id,
            Revision.number > old,
            Revision.number <= new,
            threads.visible(person, section),
        )
        .order_by(Thread.number)
    )
    return [Cause(t.id, t.number, t.quote, t.kind, t.disposition) for t in found]
