"""The only place that knows how a spreadsheet of remarks may be written: its columns, and the words in its cells.

Headings and words are understood in English and in Slovene, whoever reads the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .sheet_layout import Fault, Layout, Why
from .vocabulary import Channel, RemarkKind, Visibility

LONGEST_REMARK = 10_000
LONGEST_QUOTE = 5_000
LONGEST_LINE = 200


class Column(StrEnum):
    SECTION = "section"
    REMARK = "remark"
    QUOTE = "quote"
    KIND = "kind"
    ORGANISATION = "organisation"
    PERSON = "person"
    CONSENT = "consent"
    SOURCE = "source"
    CHANNEL = "channel"
    VISIBILITY = "visibility"
    LANGUAGE = "language"


HEADINGS: dict[Column, dict[str, str]] = {
    Column.SECTION: {"en": "Section", "sl": "Razdelek"},
    Column.REMARK: {"en": "Comment", "sl": "Pripomba"},
    Column.QUOTE: {"en": "Passage", "sl": "Odlomek"},
    Column.KIND: {"en": "Kind", "sl": "Vrsta"},
    Column.ORGANISATION: {"en": "Organisation", "sl": "Organizacija"},
    Column.PERSON: {"en": "Name", "sl": "Ime"},
    Column.CONSENT: {"en": "May be named", "sl": "Sme biti imenovan"},
    Column.SOURCE: {"en": "Where", "sl": "Kje"},
    Column.CHANNEL: {"en": "How", "sl": "Kako"},
    Column.VISIBILITY: {"en": "Who may read it", "sl": "Kdo lahko bere"},
    Column.LANGUAGE: {"en": "Language", "sl": "Jezik"},
}
"""What the columns are called in the sheet that we offer."""

OTHER_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.SECTION: ("section code", "code", "poglavje", "oznaka", "oznaka razdelka"),
    Column.REMARK: ("remark", "text", "your comment", "komentar", "besedilo", "vaša pripomba"),
    Column.QUOTE: ("quote", "quoted text", "quotation", "navedek", "citat"),
    Column.KIND: ("type", "kind of comment", "tip", "vrsta pripombe"),
    Column.ORGANISATION: ("organization", "speaks for", "ustanova", "zastopa"),
    Column.PERSON: ("person", "said by", "author", "oseba", "avtor", "ime in priimek"),
    Column.CONSENT: ("consent", "soglasje", "privolitev"),
    Column.SOURCE: ("source", "place", "table", "vir", "miza"),
    Column.CHANNEL: ("channel", "kanal", "pot"),
    Column.VISIBILITY: ("visibility", "vidnost", "kdo jo lahko prebere"),
    Column.LANGUAGE: ("lang",),
}
NEEDED = (Column.SECTION, Column.REMARK)

WORDS: dict[Column, dict[str, tuple[str, ...]]] = {
    Column.KIND: {
        RemarkKind.QUESTION: ("question", "vprašanje"),
        RemarkKind.CORRECTION: ("correction", "popravek"),
        RemarkKind.SUGGESTION: ("suggestion", "predlog"),
        RemarkKind.CONCERN: ("concern", "pomislek", "skrb"),
        RemarkKind.OBJECTION: ("objection", "blocking objection", "ugovor"),
        RemarkKind.SUPPORT: ("support", "podpora"),
    },
    Column.CHANNEL: {
        Channel.WEB: ("web", "splet"),
        Channel.WORKSHOP: ("workshop", "delavnica"),
        Channel.PAPER: ("paper", "papir"),
        Channel.PHONE: ("phone", "telefon"),
        Channel.LETTER: ("letter", "pismo", "dopis"),
        Channel.EMAIL: ("email", "e-mail", "e-pošta"),
    },
    Column.VISIBILITY: {
        Visibility.PUBLIC: ("public", "everyone", "vsi", "javno"),
        Visibility.PARTICIPANTS: ("participants", "people who take part", "sodelujoči"),
        Visibility.CITY: ("city", "only the city", "samo mesto", "mesto"),
    },
    Column.CONSENT: {
        "yes": ("yes", "y", "da", "x", "true", "1", "✓"),
        "no": ("no", "n", "ne", "false", "0", "-", "–"),
    },
    Column.LANGUAGE: {
        "en": ("en", "english", "angleščina", "angleško"),
        "sl": ("sl", "slovene", "slovenian", "slovenščina", "slovensko"),
    },
}
"""The words that a cell may hold, by what they mean."""

LONGEST = {
    Column.REMARK: LONGEST_REMARK,
    Column.QUOTE: LONGEST_QUOTE,
    Column.ORGANISATION: LONGEST_LINE,
    Column.PERSON: LONGEST_LINE,
    Column.SOURCE: LONGEST_LINE,
}


LAYOUT = Layout(Column, HEADINGS, OTHER_HEADINGS, NEEDED, WORDS, LONGEST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was understood; `section` and `organisation` are written as they were found."""

    section: str
    remark: str
    quote: str
    kind: RemarkKind
    organisation: str
    person: str
    consent: bool
    source: str
    channel: Channel
    visibility: Visibility
    language: str


Cells = Mapping[str, str]
Taken = TypeVar("Taken")


def understood(cells: Cells, defaults: Cells) -> tuple[Entry, list[Fault]]:
    """The row, and what is wrong with it; an empty cell means the default.

    Whether there is such a section and organisation is not known here.
    """
    said = LAYOUT.said(cells, defaults)
    faults = [Fault(column, Why.MISSING) for column in (*NEEDED, Column.SOURCE) if not said[column]]
    faults += LAYOUT.too_long(said)
    if not faults and len(said[Column.REMARK]) + len(said[Column.QUOTE]) > LONGEST_REMARK - 10:
        faults.append(Fault(Column.REMARK, Why.LONG, accepted=(str(LONGEST_REMARK),)))

    def word(column: Column, otherwise: Taken) -> Taken:
        if not said[column]:
            return otherwise
        meaning = LAYOUT.meaning(column, said[column])
        if meaning is None:
            faults.append(Fault(column, Why.UNKNOWN, said[column], tuple(WORDS[column])))
            return otherwise
        return type(otherwise)(meaning)

    entry = Entry(
        section=said[Column.SECTION],
        remark=said[Column.REMARK],
        quote=said[Column.QUOTE],
        kind=word(Column.KIND, RemarkKind.SUGGESTION),
        organisation=" ".join(said[Column.ORGANISATION].split()),
        person=" ".join(said[Column.PERSON].split()),
        consent=word(Column.CONSENT, "no") == "yes",
        source=" ".join(said[Column.SOURCE].split()),
        channel=word(Column.CHANNEL, Channel.WORKSHOP),
        visibility=word(Column.VISIBILITY, Visibility.PARTICIPANTS),
        language=word(Column.LANGUAGE, "sl"),
    )
    return entry, faults
