"""The only place that knows how a spreadsheet of reviewers' questions may be written: its columns, words and days."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from .sheet_layout import Fault, Layout, Why
from .vocabulary import ReviewBody

LONGEST_TEXT = 10_000
LONGEST_QUOTE = 5_000
LONGEST_REFERENCE = 60
LAST_ITEM = 99
"""Items of the Coherence and Completeness Checklist are counted from 1; the known ones end at 26."""


class Column(StrEnum):
    REFERENCE = "reference"
    QUESTION = "question"
    SECTION = "section"
    QUOTE = "quote"
    BODY = "body"
    CHECKLIST = "checklist"
    ASKED_ON = "asked_on"
    DUE_ON = "due_on"


HEADINGS: dict[Column, dict[str, str]] = {
    Column.REFERENCE: {"en": "Reference", "sl": "Sklic"},
    Column.QUESTION: {"en": "Question", "sl": "Vprašanje"},
    Column.SECTION: {"en": "Section", "sl": "Razdelek"},
    Column.QUOTE: {"en": "Passage", "sl": "Odlomek"},
    Column.BODY: {"en": "Asked by", "sl": "Kdo sprašuje"},
    Column.CHECKLIST: {"en": "Checklist item", "sl": "Točka kontrolnega seznama"},
    Column.ASKED_ON: {"en": "Date", "sl": "Datum"},
    Column.DUE_ON: {"en": "Answer due", "sl": "Rok za odgovor"},
}
"""What the columns are called in the sheet that we offer."""

OTHER_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.REFERENCE: (
        *("ref", "ref no", "ref. no", "no", "nr", "id", "number", "question number"),
        *("št", "številka", "oznaka vprašanja", "zap. št"),
    ),
    Column.QUESTION: (
        *("comment", "comments", "text", "remark", "reviewer's comment", "question/comment"),
        *("pripomba", "komentar", "besedilo"),
    ),
    Column.SECTION: (
        *("section code", "code", "module", "chapter", "part of the document"),
        *("poglavje", "oznaka", "oznaka razdelka", "modul"),
    ),
    Column.QUOTE: ("quote", "quoted text", "quotation", "excerpt", "navedek", "citat"),
    Column.BODY: ("body", "reviewer", "from", "source", "organ", "ocenjevalec", "od koga", "vir"),
    Column.CHECKLIST: (
        *("checklist", "item", "checklist no", "checklist number", "ccc checklist item"),
        *("točka", "kontrolni seznam", "točka seznama"),
    ),
    Column.ASKED_ON: ("asked on", "date asked", "received", "received on", "prejeto", "dan"),
    Column.DUE_ON: ("due", "due on", "due date", "deadline", "answer by", "rok", "odgovor do"),
}
NEEDED = (Column.REFERENCE, Column.QUESTION)

WORDS: dict[Column, dict[str, tuple[str, ...]]] = {
    Column.BODY: {
        ReviewBody.MISSION_PLATFORM: (
            *("mission platform", "platform", "netzerocities", "net zero cities", "nzc"),
            *("platforma misije", "platforma"),
        ),
        ReviewBody.COMMISSION: (
            *("european commission", "commission", "ec", "jrc", "joint research centre", "eib"),
            *("european investment bank", "evropska komisija", "komisija", "ek"),
        ),
        ReviewBody.OTHER: ("other", "other reviewer", "drugo", "drug ocenjevalec"),
    }
}
"""The words that a cell may hold, by what they mean. JRC and EIB review for the Commission."""

LONGEST = {
    Column.REFERENCE: LONGEST_REFERENCE,
    Column.QUESTION: LONGEST_TEXT,
    Column.QUOTE: LONGEST_QUOTE,
}

LAYOUT = Layout(Column, HEADINGS, OTHER_HEADINGS, NEEDED, WORDS, LONGEST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was understood; `section` is written as it was found, empty for a question about the whole."""

    reference: str
    text: str
    section: str
    quote: str
    body: ReviewBody
    checklist: int | None
    asked_on: date | None
    due_on: date | None


Taken = TypeVar("Taken")


def understood(cells: Mapping[str, str], defaults: Mapping[str, str]) -> tuple[Entry, list[Fault]]:
    """The row, and what is wrong with it; an empty cell means the default. Whether there is such a section is not known
    here."""
    said = LAYOUT.said(cells, defaults)
    needed = (*NEEDED, Column.ASKED_ON)
    faults = [Fault(column, Why.MISSING) for column in needed if not said[column]]
    faults += LAYOUT.too_long(said)

    def read(column: Column, reading: Callable[[str], Taken | None], *could: str) -> Taken | None:
        """What the cell says; what it says in vain is a fault."""
        value = reading(said[column]) if said[column] else None
        if said[column] and value is None:
            faults.append(Fault(column, Why.UNKNOWN, said[column], could))
        return value

    entry = Entry(
        reference=" ".join(said[Column.REFERENCE].split()),
        text=said[Column.QUESTION],
        section=said[Column.SECTION],
        quote=said[Column.QUOTE],
        body=read(Column.BODY, body, *ReviewBody) or ReviewBody.OTHER,
        checklist=read(Column.CHECKLIST, checklist_item, "1", "…", str(LAST_ITEM)),
        asked_on=read(Column.ASKED_ON, day, "2025-09-30", "30.9.2025"),
        due_on=read(Column.DUE_ON, day, "2025-09-30", "30.9.2025"),
    )
    if entry.asked_on and entry.due_on and entry.due_on < entry.asked_on:
        faults.append(Fault(Column.DUE_ON, Why.EARLY, said[Column.DUE_ON]))
    return entry, faults


def body(said: str) -> ReviewBody | None:
    """Whom the word means."""
    meaning = LAYOUT.meaning(Column.BODY, said)
    return ReviewBody(meaning) if meaning else None


ITEM = re.compile(r"(?:item|no|nr|točka|št)?[ .]*(\d{1,2})\.?", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[./ ]+(\d{1,2})[./ ]+(\d{4})\.?")


def checklist_item(said: str) -> int | None:
    """ "12", "Item 12" or "12." """
    found = ITEM.fullmatch(said.strip())
    number = int(found[1]) if found else 0
    return number if 1 <= number <= LAST_ITEM else None


def day(said: str) -> date | None:
    """A day as 2025-09-30, or with the day first as 30.9.2025 or 30/9/2025, as it is written in Europe."""
    words = said.strip()
    if found := YEAR_FIRST.fullmatch(words):
        year, month, number = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(words):
        number, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None
