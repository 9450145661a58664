"""What happened to a section: every revision with the remarks that caused it, and every decision, newest first."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Decision, Person, Revision, Section, Thread
from ..rules.vocabulary import RemarkKind
from ..services.suggestions import speaker
from . import reviews, sections, threads
from .navigation import ContractRef, contract_ref
from .views import DecisionView, Pages, RevisionRef, revision_ref

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Cause:
    """A remark that a revision carries out, and whose it is; `suggested` when its words were taken over."""

    id: int
    number: int
    kind: RemarkKind
    speaker: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record: a revision with its causes, or a decision."""

    at: datetime
    revision: RevisionRef | None = None
    causes: tuple[Cause, ...] = ()
    decision: DecisionView | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    contract: ContractRef
    section: sections.SectionHead
    entries: list[Entry]
    newest: int | None
    pages: Pages


def history(section: Section, person: Person, *, page: int = 1) -> HistoryPage:
    """One page of all that happened, each at a constant price."""
    total, listed = _listed(section, page)
    revisions = _revisions([id for kind, id in listed if kind == "revision"])
    decisions = _decisions([id for kind, id in listed if kind == "decision"])
    causes = _causes(section, person, revisions)
    entries = [
        Entry(revisions[id].created_at, revision_ref(revisions[id]), tuple(causes[id]))
        if kind == "revision"
        else Entry(decisions[id].at, decision=reviews.decision_view(decisions[id]))
        for kind, id in listed
    ]
    arguments = {"slug": section.contract.slug, "section_id": section.id}
    return HistoryPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        entries=entries,
        newest=section.current.number if section.current else None,
        pages=Pages(page, PER_PAGE, total, "sections.history", arguments),
    )


def _listed(section: Section, page: int) -> tuple[int, list[tuple[str, int]]]:
    """How much happened at all, and the kind and id of what belongs on this page."""
    revised = select(
        literal("revision").label("kind"), Revision.id, Revision.created_at.label("at")
    ).where(Revision.section_id == section.id)
    decided = select(literal("decision").label("kind"), Decision.id, Decision.at).where(
        Decision.section_id == section.id
    )
    everything = union_all(revised, decided).subquery()
    total = select(func.count()).select_from(everything).scalar_subquery()
    rows = db.session.execute(
        select(everything.c.kind, everything.c.id, total)
        .order_by(everything.c.at.desc(), everything.c.kind, everything.c.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows[0][2] if rows else 0, [(row.kind, row.id) for row in rows]


def _revisions(ids: Collection[int]) -> dict[int, Revision]:
    found = db.session.scalars(
        select(Revision)
        .where(Revision.id.in_(ids))
        .options(joinedload(Revision.author).lazyload(Person.memberships))
    )
    return {revision.id: revision for revision in found}


def _decisions(ids: Collection[int]) -> dict[int, Decision]:
    found = db.session.scalars(
        select(Decision)
        .where(Decision.id.in_(ids))
        .options(
            joinedload(Decision.by).lazyload(Person.memberships),
            joinedload(Decision.revision).joinedload(Revision.author).lazyload(Person.memberships),
        )
    )
    return {decision.id: decision for decision in found}


def _causes(
    section: Section, person: Person, revisions: Collection[int]
) -> defaultdict[int, list[Cause]]:
    """The remarks that each revision carries out, as far as this reader may know of them."""
    causes: defaultdict[int, list[Cause]] = defaultdict(list)
    found = db.session.scalars(
        select(Thread)
        .where(Thread.carried_out_by_id.in_(revisions), threads.visible(person, section))
        .options(
            joinedload(Thread.author).lazyload(Person.memberships),
            joinedload(Thread.organisation),
        )
        .order_by(Thread.number)
    )
    for thread in found:
        causes[thread.carried_out_by_id].append(
            Cause(
                thread.id,
                thread.number,
                thread.kind,
                speaker(thread),
                thread.replacement is not None,
            )
        )
    return causes
