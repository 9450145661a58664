"""What the pages of a brought contract show: what goes where, what was not understood, what would change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from .. import packs
from ..models import Contract, Person, Section, Sheet
from ..rules.bringing import NOWHERE, WITH_ABOVE, Piece, Placed, Why
from ..rules.checks import leftovers
from ..rules.manuscript import Lost
from ..rules.text import eyes
from ..rules.text.render import render
from ..rules.vocabulary import Stage
from ..services import imports
from ..services.imports import TAKEN, Drawn, Fate, Incoming
from . import texts
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import Pages

PER_PAGE = 50
MOST_LEFTOVERS = 8
MOST_OF_A_KIND = 40

WHYS = {
    Why.CODE: _l("by its code"),
    Why.TITLE: _l("by its title"),
    Why.WITHIN: _l("along with the heading above"),
    Why.CHOSEN: _l("as you chose"),
    Why.NOWHERE: _l("not recognised"),
}

FATES = {
    Fate.NEW: _l("Gets its first text"),
    Fate.CHANGED: _l("Its text would be replaced"),
    Fate.SAME: _l("Reads like this already"),
    Fate.CLOSED: _l("Stays as it is: its text is closed now"),
    Fate.DENIED: _l("Stays as it is: you may not edit it"),
    Fate.LONG: _l("Stays as it is: the text is too long for one section"),
}

LOST = {
    Lost.PICTURE: _l("Pictures that cannot be taken over, such as EMF and WMF"),
    Lost.UNDESCRIBED: _l(
        "Pictures that come along and need a description, before the text can be approved"
    ),
    Lost.TEXT_BOX: _l("Text boxes, whose words are not taken over"),
    Lost.EQUATION: _l("Equations, of which only the signs are taken over"),
    Lost.SYMBOL: _l("Signs of a special font, which are left out"),
    Lost.OBJECT: _l("Embedded objects, which are not taken over"),
    Lost.COMMENT: _l("Comments, which are not taken over"),
    Lost.INSERTED: _l("Tracked insertions, read as accepted"),
    Lost.DELETED: _l("Tracked deletions, read as accepted"),
    Lost.HIDDEN: _l("Hidden text, which is left out"),
    Lost.MERGED: _l("Merged cells, which are taken apart"),
    Lost.NESTED: _l("Tables inside of tables, of which only the words are taken over"),
    Lost.FEWER_EYES: _l("Texts that lack blocks for fewer eyes; taken over, these blocks are gone"),
    Lost.CONTENTS: _l("Lists of contents, which are made anew"),
}


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A heading of the brought text and where it goes; `to` is the choice that is kept for it, empty as proposed."""

    number: int
    level: int
    title: str
    beginning: str
    words: int
    to: str
    goes: str
    why: str
    out: bool
    perhaps: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A section that would get a text: how long it is now and would be, and what of a template was found in it; `opens`
    when it has blocks for fewer eyes now, and would have none."""

    id: int
    name: str
    stage: Stage
    fate: Fate
    says: str
    taken: bool
    before: int
    after: int
    leftovers: list[str]
    opens: bool


@dataclass(frozen=True, slots=True)
class LostLine:
    says: str
    number: int
    found: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ImportPage:
    contract: ContractRef
    id: int
    name: str
    confirmed_at: datetime | None
    recorded: int
    ready: int
    out: int
    pictures: int
    texts: list[TextLine]
    pieces: list[PieceLine]
    places: list[tuple[str, str]]
    lost: list[LostLine]
    seen: str
    pages: Pages


@dataclass(frozen=True, slots=True)
class ChangePage:
    contract: ContractRef
    id: int
    sheet: str
    name: str
    language: str
    says: str
    html: Markup


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """A large file while it is read; `refused` says why it cannot be, `percent` is None once it is read."""

    contract: ContractRef
    id: int
    name: str
    percent: int | None
    refused: str


def reading(sheet: Sheet, person: Person) -> ReadingPage:
    return ReadingPage(
        contract=contract_ref(sheet.contract, person.language),
        id=sheet.id,
        name=sheet.name,
        percent=sheet.progress if sheet.file_name else None,
        refused=gettext(sheet.refused) if sheet.refused else "",
    )


def show(sheet: Sheet, person: Person, *, page: int) -> ImportPage:
    drawn = imports.draw(sheet, by=person)
    language = person.language
    names = {section.id: name(section, language) for section in drawn.sections}
    some = slice((page - 1) * PER_PAGE, page * PER_PAGE)
    chosen = sheet.defaults["chosen"]
    return ImportPage(
        contract=contract_ref(sheet.contract, language),
        id=sheet.id,
        name=sheet.name,
        confirmed_at=sheet.confirmed_at,
        recorded=sheet.recorded,
        ready=sum(one.fate in TAKEN for one in drawn.incoming),
        out=sum(
            place.section is None and bool(piece.markdown.strip())
            for piece, place in zip(drawn.pieces, drawn.placed, strict=True)
        ),
        pictures=sheet.defaults.get("pictures", 0),
        texts=_texts(drawn, sheet.contract, names),
        pieces=[
            _piece(piece, place, chosen.get(str(piece.number), ""), names)
            for piece, place in zip(drawn.pieces[some], drawn.placed[some], strict=True)
        ],
        places=[(str(key), name) for key, name in names.items()],
        lost=_lost(drawn),
        seen=drawn.seen,
        pages=Pages(
            page,
            PER_PAGE,
            len(drawn.pieces),
            "imports.show",
            {"slug": sheet.contract.slug, "sheet_id": sheet.id},
        ),
    )


def change(sheet: Sheet, person: Person, section_id: int) -> ChangePage | None:
    """What would change in a section, or None where nothing would come to it."""
    drawn = imports.draw(sheet, by=person)
    one = next((one for one in drawn.incoming if one.section.id == section_id), None)
    if one is None or one.fate is Fate.DENIED:
        return None
    section = one.section
    before = render(section.current.markdown if section.current else "", language=section.language)
    after = render(one.markdown, language=section.language)
    return ChangePage(
        contract=contract_ref(sheet.contract, person.language),
        id=sheet.id,
        sheet=sheet.name,
        name=name(section, person.language),
        language=section.language,
        says=str(FATES[one.fate]),
        html=texts.difference(before, after) if section.current else Markup(after.html),
    )


def name(section: Section, language: str) -> str:
    return f"{section.code} {titled(section.titles, language)}"


def _piece(piece: Piece, place: Placed, to: str, names: dict[int, str]) -> PieceLine:
    words = piece.markdown.split()
    return PieceLine(
        number=piece.number,
        level=piece.level,
        title=piece.title,
        beginning=" ".join(words[:24]),
        words=len(words),
        to=to if to in (WITH_ABOVE, NOWHERE) or (to.isdigit() and int(to) in names) else "",
        goes=names.get(place.section, ""),
        why=str(WHYS[place.why]),
        out=place.section is None and bool(words),
        perhaps=names.get(place.perhaps, ""),
    )


def _texts(drawn: Drawn, contract: Contract, names: dict[int, str]) -> list[TextLine]:
    phrases = packs.load(contract.pack, contract.pack_version).guidance_phrases()
    return [_text(one, names[one.section.id], phrases) for one in drawn.incoming]


def _text(one: Incoming, name: str, phrases: Sequence[str]) -> TextLine:
    current = one.section.current
    found = leftovers.find(one.markdown, phrases=phrases) if one.fate in TAKEN else []
    return TextLine(
        id=one.section.id,
        name=name,
        stage=one.section.stage,
        fate=one.fate,
        says=str(FATES[one.fate]),
        taken=one.fate in TAKEN,
        before=len(current.plain.split()) if current else 0,
        after=len(one.markdown.split()),
        leftovers=[left.text for left in found][:MOST_LEFTOVERS],
        opens=_opens(one),
    )


def _opens(one: Incoming) -> bool:
    """Word knows no blocks for fewer eyes: what it brings back is for everybody's."""
    current = one.section.current
    return bool(
        one.fate in TAKEN
        and current
        and eyes.restricted(current.markdown)
        and not eyes.restricted(one.markdown)
    )


def _lost(drawn: Drawn) -> list[LostLine]:
    numbers = Counter(one.kind for one in drawn.missed)
    return [
        LostLine(
            says=str(LOST[kind]),
            number=number,
            found=list(
                dict.fromkeys((one.words, one.under) for one in drawn.missed if one.kind is kind)
            )[:MOST_OF_A_KIND],
        )
        for kind, number in numbers.items()
    ]
