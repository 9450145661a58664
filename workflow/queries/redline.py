"""What changed between two manifests, or since one of them: section by section, as far as the reader may read it."""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import and_, false, or_, select

from ..db import db
from ..models import Contract, Person, Revision, Section
from ..rules.text import diff
from ..rules.text.document import Rendered
from ..rules.text.render import render
from ..services import wholes
from . import manifests, readings, texts
from .manifests import ManifestView
from .navigation import ContractRef, contract_ref
from .views import Pages

AT_ONCE = 6
"""How many changed sections one page shows in full."""


@dataclass(frozen=True, slots=True)
class Change:
    """A section of which the two lists hold other texts; a number is None where the list does not hold it."""

    id: int
    code: str
    title: str
    language: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Redline:
    """A changed section with its words; `html` is None when the change is not for this reader's eyes."""

    change: Change
    html: Markup | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class RedlinePage:
    """`new` is None for the texts as they stand now."""

    contract: ContractRef
    old: ManifestView
    new: ManifestView | None
    known: list[ManifestView]
    changes: list[Change]
    same: int
    redlines: list[Redline]
    pages: Pages


def page(
    contract: Contract, person: Person, *, old: int | None, new: int | None, number: int = 1
) -> RedlinePage | None:
    """From manifest `old`, by default the newest, to manifest `new`, by default the texts as they stand now.

    None where there is no manifest yet.
    """
    known = manifests.history(contract)
    if not known:
        return None
    left = next((one for one in known if one.number == old), known[0])
    right = next((one for one in known if one.number == new), None)
    before = list(wholes.sections_of(left.content))
    after = list(wholes.sections_of(right.content)) if right else wholes.current(contract)
    changes, same = compared(before, after)
    pages = Pages(
        page=min(number, -(-len(changes) // AT_ONCE) or 1),
        per_page=AT_ONCE,
        total=len(changes),
        endpoint="whole.compare",
        args={"slug": contract.slug, "old": left.number, "new": right.number if right else None},
    )
    start = (pages.page - 1) * AT_ONCE
    return RedlinePage(
        contract=contract_ref(contract, person.language),
        old=left,
        new=right,
        known=known,
        changes=changes,
        same=same,
        redlines=_redlines(changes[start : start + AT_ONCE], person),
        pages=pages,
    )


def compared(before: list[dict], after: list[dict]) -> tuple[list[Change], int]:
    """The sections with other texts, in the order of the newer list; and how many have the same."""
    was = {one["id"]: one for one in before}
    now = {one["id"]: one for one in after}
    changes = []
    for one in (*after, *(one for one in before if one["id"] not in now)):
        old, new = was.get(one["id"]), now.get(one["id"])
        if not old or not new or old["sha256"] != new["sha256"]:
            changes.append(
                Change(
                    one["id"],
                    one["code"],
                    one["title"],
                    one["language"],
                    old["revision"] if old else None,
                    new["revision"] if new else None,
                )
            )
    return changes, len(now.keys() | was.keys()) - len(changes)


def _redlines(changes: list[Change], person: Person) -> list[Redline]:
    wanted = or_(
        false(),
        *(
            and_(Revision.section_id == one.id, Revision.number.in_((one.old, one.new)))
            for one in changes
        ),
    )
    rows = db.session.execute(
        select(Revision, Section).join(Section, Section.id == Revision.section_id).where(wanted)
    )
    found = {(section.id, text.number): (text, section) for text, section in rows}
    return [
        _redline(
            one,
            _read(found.get((one.id, one.old)), person),
            _read(found.get((one.id, one.new)), person),
        )
        for one in changes
    ]


def _read(found: tuple[Revision, Section] | None, person: Person) -> Rendered:
    if found is None:
        return render("")
    return readings.rendered(*found, person)


def _redline(change: Change, before: Rendered, after: Rendered) -> Redline:
    words = diff.words(before.plain, after.plain)
    seen = before.markdown != after.markdown
    return Redline(
        change=change,
        html=texts.difference(before, after) if seen else None,
        added=texts.words(words, diff.Kind.ADDED),
        removed=texts.words(words, diff.Kind.REMOVED),
    )
