"""Contracts that were written elsewhere: read into pieces, looked through, and taken over as texts of sections.

Nothing is written before it is confirmed, and then all at once. Only sections that may be edited now take a text.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock, drawer
from ..db import db
from ..models import Component, Contract, Module, Person, Section, Sheet
from ..rules import bringing, policy
from ..rules.bringing import Outline, Piece, Placed, Target
from ..rules.manuscript import Lost, Manuscript, Missed
from ..rules.refusals import Denied, Invalid, Outdated
from ..rules.text.dialect import fingerprint
from ..rules.vocabulary import Act, SheetKind
from . import import_files, pictures, revisions, sheet_reading
from .locking import locked

MOST_MISSED = 2_000
MAX_SUMMARY = 300


class Fate(StrEnum):
    """What becomes of the text that a section would get."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CLOSED = "closed"
    DENIED = "denied"
    LONG = "long"


TAKEN = frozenset({Fate.NEW, Fate.CHANGED})


@dataclass(frozen=True, slots=True)
class Incoming:
    section: Section
    markdown: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Drawn:
    """What would become of a brought contract as things stand now; `seen` proves to whoever confirms that it is what
    he looked at."""

    pieces: list[Piece]
    placed: list[Placed]
    sections: list[Section]
    incoming: list[Incoming]
    missed: list[Missed]
    seen: str


def require(by: Person, contract_id: int) -> None:
    """Raise `Denied` unless the person may write some part of the contract."""
    roles = {m.role for m in by.memberships if m.contract_id == contract_id}
    if roles.isdisjoint(policy.GRANTS[Act.EDIT]):
        raise Denied(Act.EDIT, policy.GRANTS[Act.EDIT])


def bring(contract: Contract, *, by: Person, name: str, content: bytes) -> Sheet:
    """Read a DOCX or Markdown file and keep its pieces until they are confirmed; a large file is laid down, to be read
    by whoever takes it up. Raises `Invalid`."""
    require(by, contract.id)
    import_files.check(content)
    sheet_reading.forget_old()
    sheet = Sheet(
        contract_id=contract.id,
        by_id=by.id,
        kind=SheetKind.TEXTS,
        name=" ".join(name.split())[:200],
        defaults={"chosen": {}, "pictures": 0, "missed": []},
        rows=[],
        recorded=0,
    )
    if len(content) > import_files.AT_ONCE:
        sheet.file_name = drawer.put(content)
    else:
        fill(sheet, import_files.read(content), by=by)
    db.session.add(sheet)
    db.session.flush()
    return sheet


def fill(sheet: Sheet, read: Manuscript, *, by: Person) -> None:
    """Put down what was read."""
    sheet.rows = [asdict(piece) for piece in read.pieces]
    sheet.defaults = {
        "chosen": {},
        "pictures": len(read.pictures),
        "missed": [[one.kind, one.words, one.under] for one in read.missed[:MOST_MISSED]],
    }
    for picture in read.pictures.values():
        pictures.keep(sheet.contract_id, picture.made, by=by, alt=picture.alt)


def choose(sheet: Sheet, *, by: Person, chosen: Mapping[int, str]) -> Sheet:
    """Say where pieces go, by their numbers: a section, along with the heading above, or nowhere; empty means as
    proposed. Pieces that are not named keep what was said of them."""
    require(by, sheet.contract_id)
    sheet = locked(sheet)
    if sheet.confirmed_at:
        return sheet
    words = {bringing.WITH_ABOVE, bringing.NOWHERE, ""}
    ids = {str(section.id) for section in _sections(sheet.contract_id)}
    numbers = {row["number"] for row in sheet.rows}
    if not set(chosen.values()) <= words | ids or not set(chosen) <= numbers:
        raise Invalid("chosen", "Please choose a section of this contract.")
    merged = {**sheet.defaults["chosen"], **{str(one): to for one, to in chosen.items()}}
    kept = {number: to for number, to in merged.items() if to}
    sheet.defaults = {**sheet.defaults, "chosen": kept}
    return sheet


def confirm(sheet: Sheet, *, by: Person, seen: str) -> Sheet:
    """Make every text that may be taken the current one of its section, together. Confirming again changes nothing.

    Raises `Outdated` when it is no longer what was looked at.
    """
    require(by, sheet.contract_id)
    locked(sheet.contract)
    sheet = locked(sheet)
    if sheet.confirmed_at:
        return sheet
    drawn = draw(sheet, by=by)
    if sheet.file_name or drawn.seen != seen:
        raise Outdated(Act.EDIT)
    taken = [one for one in drawn.incoming if one.fate in TAKEN]
    for one in taken:
        section = one.section
        summary = _summary(sheet.name, section.language)
        revisions.save(section, by=by, markdown=one.markdown, base=section.current, summary=summary)
    done = {one.section.id for one in drawn.incoming if one.fate in TAKEN | {Fate.SAME}}
    sheet.rows = [
        asdict(piece)
        for piece, place in zip(drawn.pieces, drawn.placed, strict=True)
        if place.section not in done and piece.markdown.strip()
    ]
    sheet.recorded, sheet.confirmed_at = len(taken), clock.now()
    return sheet


def discard(sheet: Sheet, *, by: Person) -> None:
    """Throw away what was brought; texts that were taken over stay."""
    require(by, sheet.contract_id)
    db.session.delete(locked(sheet))


def draw(sheet: Sheet, *, by: Person) -> Drawn:
    """What would become of it now, in a few questions however much it is."""
    sections = _sections(sheet.contract_id)
    outline = _outline(sections)
    pieces = [Piece(**row) for row in sheet.rows]
    chosen = {int(number): to for number, to in sheet.defaults["chosen"].items()}
    placed = bringing.plan(pieces, outline, chosen)
    known = {section.id: section for section in sections}
    incoming = [
        Incoming(known[key], markdown, _fate(known[key], markdown, by))
        for key, markdown in bringing.texts(pieces, placed, outline).items()
    ]
    missed = [Missed(Lost(kind), words, under) for kind, words, under in sheet.defaults["missed"]]
    return Drawn(pieces, placed, sections, incoming, missed, _digest(incoming))


def _fate(section: Section, markdown: str, by: Person) -> Fate:
    if not policy.grants(by, Act.EDIT, section.place):
        return Fate.DENIED
    if section.current and section.current.sha256 == fingerprint(markdown):
        return Fate.SAME
    if not policy.possible(Act.EDIT, section.place):
        return Fate.CLOSED
    if len(markdown) > revisions.MAX_CHARACTERS:
        return Fate.LONG
    return Fate.CHANGED if section.current else Fate.NEW


def _digest(incoming: list[Incoming]) -> str:
    told = [
        [one.section.id, one.section.current_id, one.fate, fingerprint(one.markdown)]
        for one in incoming
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _summary(name: str, language: str) -> str:
    """The summary of the revision, in the language of the text."""
    with force_locale(language):
        return _("Taken over from %(name)s", name=name)[:MAX_SUMMARY]


def _sections(contract_id: int) -> list[Section]:
    """The sections in the order of the outline, with all that tells what they are called."""
    return list(
        db.session.scalars(
            select(Section)
            .where(Section.contract_id == contract_id)
            .options(
                joinedload(Section.current),
                joinedload(Section.contract),
                joinedload(Section.module).joinedload(Module.component),
                selectinload(Section.elements),
            )
            .join(Section.module)
            .join(Module.component)
            .order_by(Component.position, Module.position, Section.position, Section.id)
        )
    )


def _outline(sections: list[Section]) -> Outline:
    """A module means its section where it has one only; else its heading alone does not tell which."""
    alone: dict[int, int] = {}
    for section in sections:
        alone[section.module_id] = alone.get(section.module_id, 0) + 1
    components = {section.module.component.key: section.module.component for section in sections}
    return Outline(
        targets=[_target(section, alone[section.module_id] == 1) for section in sections],
        components={key: tuple(one.titles.values()) for key, one in components.items()},
    )


def _target(section: Section, alone: bool) -> Target:
    module = section.module
    by_module = (module.code,) if alone and module.code else ()
    titles = [*section.titles.values(), *(module.titles.values() if alone else ())]
    return Target(
        section=section.id,
        own=(section.code, *by_module),
        titles=tuple(dict.fromkeys(titles)),
        codes=tuple(element.code for element in section.elements if element.code),
        module=str(section.module_id),
        component=module.component.key,
    )
