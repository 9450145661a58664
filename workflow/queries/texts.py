"""Texts side by side: what the editor, the comparison and the history of a section show."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Decision, Person, Revision, Section, Thread
from ..packs import load as load_pack
from ..rules.text import compare, diff, merge
from ..rules.text.marks import Labels
from ..rules.text.render import render
from ..rules.vocabulary import Disposition, RemarkKind
from . import readings, reviews, sections, threads
from .navigation import ContractRef, contract_ref
from .permits import permits
from .views import DecisionView, PersonRef, RevisionRef, revision_ref


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved in the meantime: both texts, and what a merge would make of them."""

    theirs: RevisionRef
    compare_html: Markup
    mine_html: Markup
    merged_markdown: str | None
    clashes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class EditPage:
    contract: ContractRef
    section: sections.SectionHead
    revision: RevisionRef | None
    elements: list[sections.ElementView]
    html: Markup
    words: int
    others: list[PersonRef]
    conflict: Conflict | None


def edit(
    section: Section, person: Person, *, markdown: str, conflict: Conflict | None = None
) -> EditPage:
    """The editor with the pack's guidance beside it; the guidance never enters the text."""
    rendered = render(markdown, language=section.language)
    pack = load_pack(section.contract.pack, section.contract.pack_version)
    return EditPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        revision=revision_ref(section.current) if section.current else None,
        elements=sections.elements(section, person, permits(person, section.place), pack),
        html=Markup(rendered.html),
        words=len(rendered.plain.split()),
        others=[],
        conflict=conflict,
    )


def conflict(section: Section, *, base: Revision | None, markdown: str) -> Conflict:
    """What two people made of the same base, and the merge of both where they do not clash."""
    old = render(base.markdown if base else "", language=section.language)
    mine = render(markdown, language=section.language)
    theirs = render(section.current.markdown, language=section.language)
    merged = merge.three_way(old.markdown, mine.markdown, theirs.markdown)
    return Conflict(
        theirs=revision_ref(section.current),
        compare_html=difference(old, theirs),
        mine_html=difference(old, mine),
        merged_markdown=merged.markdown,
        clashes=[(clash.base, clash.mine, clash.theirs) for clash in merged.conflicts],
    )


@dataclass(frozen=True, slots=True)
class Cause:
    id: int
    number: int
    quote: str | None
    kind: RemarkKind
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class ComparePage:
    contract: ContractRef
    section: sections.SectionHead
    old: RevisionRef
    new: RevisionRef
    html: Markup
    revisions: list[RevisionRef]
    added: int
    removed: int
    caused_by: list[Cause]


def compared(section: Section, person: Person, *, old: Revision, new: Revision) -> ComparePage:
    """What changed between two revisions, word by word, and which remarks caused it."""
    before = readings.rendered(old, section, person)
    after = readings.rendered(new, section, person)
    html = difference(before, after)
    known = revisions_of(section)
    between = {r.id for r in known if old.number < r.number <= new.number}
    causes = db.session.scalars(
        select(Thread)
        .where(Thread.carried_out_by_id.in_(between), threads.visible(person, section))
        .order_by(Thread.number)
    )
    changes = diff.words(before.plain, after.plain)
    return ComparePage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        old=revision_ref(old),
        new=revision_ref(new),
        html=html,
        revisions=[revision_ref(revision) for revision in known],
        added=words(changes, diff.Kind.ADDED),
        removed=words(changes, diff.Kind.REMOVED),
        caused_by=[Cause(t.id, t.number, t.quote, t.kind, t.disposition) for t in causes],
    )


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    at: datetime
    revision: RevisionRef | None = None
    decision: DecisionView | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    contract: ContractRef
    section: sections.SectionHead
    entries: list[Entry]


def history(section: Section, person: Person) -> HistoryPage:
    """Every revision and every decision of the section, newest first."""
    ledger: list[Decision] = reviews.decisions(section)
    entries = [
        Entry("revision", r.created_at, revision=revision_ref(r)) for r in revisions_of(section)
    ]
    entries += [Entry("decision", d.at, decision=reviews.decision_view(d)) for d in ledger]
    return HistoryPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        entries=sorted(entries, key=lambda entry: entry.at, reverse=True),
    )


def revisions_of(section: Section) -> list[Revision]:
    """All revisions of the section, newest first."""
    return list(
        db.session.scalars(
            select(Revision)
            .where(Revision.section_id == section.id)
            .options(joinedload(Revision.author).lazyload(Person.memberships))
            .order_by(Revision.number.desc())
        )
    )


def difference(old, new) -> Markup:
    labels = Labels(
        inserted=_("inserted: "),
        end_inserted=_(" end of insertion. "),
        deleted=_("deleted: "),
        end_deleted=_(" end of deletion. "),
        moved_here=_("moved to here: "),
        moved_away=_("moved from here: "),
        reformatted=_("formatting changed: "),
    )
    return Markup(compare.html(old, new, labels=labels))


def words(changes: list[diff.Change], kind: diff.Kind) -> int:
    return sum(len(change.text.split()) for change in changes if change.kind is kind)
