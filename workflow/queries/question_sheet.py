"""What the pages of brought sheets of reviewers' questions show: a sheet row by row, and what is wrong with a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..labels import label
from ..models import Contract, Person, Sheet
from ..rules.question_sheet import HEADINGS, LAST_ITEM, WORDS, Column
from ..rules.quoting import Found
from ..rules.sheet_layout import Fault, Why
from ..rules.vocabulary import ReviewBody
from ..services import question_sheets
from ..services.question_sheets import Line
from . import question, sheet_words
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import Pages

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the sheet as the page tells it: what it becomes, or what is wrong with which cell."""

    number: int
    reference: str
    body: ReviewBody
    checklist: int | None
    section: str
    text: str
    quote: str
    asked_on: date | None
    due_on: date | None
    faults: list[tuple[str, str]]
    note: str
    known_as: int | None


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`ready` rows would be entered, `faulty` ones not, `known` ones are entered already."""

    contract: ContractRef
    id: int
    name: str
    confirmed_at: datetime | None
    recorded: int
    ready: int
    faulty: int
    known: int
    show: str
    rows: list[Told]
    pages: Pages


SHOWN: dict[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "faulty": lambda line: bool(line.faults),
    "ready": lambda line: not line.faults and line.known_as is None,
}

FOUND = {
    Found.PASSAGE: _l("Stands beside the quoted passage."),
    Found.ABSENT: _l(
        "The text has no such words: the question is about the section and keeps them."
    ),
    Found.SEVERAL: _l(
        "The text has these words more than once: the question is about the section and keeps them."
    ),
}

SENTENCES: dict[tuple[Why, Column | None], object] = sheet_words.EVERYWHERE | {
    (Why.TAKEN, None): _l("Another question bears this reference."),
    (Why.TWICE, None): _l("This question stands further up in the sheet already."),
    (Why.EARLY, None): _l("The answer cannot be due before the question was asked."),
    (Why.MISSING, Column.SECTION): _l("Please name the section that the passage stands in."),
    (Why.UNKNOWN, Column.SECTION): _l("There is no section “%(said)s”. There are: %(accepted)s."),
    (Why.CLOSED, Column.SECTION): _l(
        "You may not enter questions about this. You may about: %(accepted)s."
    ),
    (Why.UNKNOWN, Column.ASKED_ON): _l("“%(said)s” is no day. Write it like: %(accepted)s."),
    (Why.UNKNOWN, Column.DUE_ON): _l("“%(said)s” is no day. Write it like: %(accepted)s."),
}


def sheet(brought: Sheet, person: Person, *, show: str, page: int) -> SheetPage:
    """A page of the sheet's rows as they stand now."""
    show = show if show in SHOWN else next(iter(SHOWN))
    lines = question_sheets.lines(brought, by=person)
    some = [line for line in lines if SHOWN[show](line)]
    where = {"slug": brought.contract.slug, "sheet_id": brought.id, "show": show}
    return SheetPage(
        contract=contract_ref(brought.contract, person.language),
        id=brought.id,
        name=brought.name,
        confirmed_at=brought.confirmed_at,
        recorded=brought.recorded,
        ready=sum(SHOWN["ready"](line) for line in lines),
        faulty=sum(SHOWN["faulty"](line) for line in lines),
        known=sum(line.known_as is not None for line in lines),
        show=show,
        rows=[
            _told(line, person.language) for line in some[(page - 1) * PER_PAGE : page * PER_PAGE]
        ],
        pages=Pages(page, PER_PAGE, len(some), "question_sheets.show", where),
    )


def _told(line: Line, language: str) -> Told:
    entry, section = line.entry, line.section
    named = f"{section.code} {titled(section.titles, language)}" if section else entry.section
    return Told(
        number=line.number,
        reference=entry.reference,
        body=entry.body,
        checklist=entry.checklist,
        section=named or _("The contract as a whole"),
        text=entry.text,
        quote=entry.quote,
        asked_on=entry.asked_on,
        due_on=entry.due_on,
        faults=[(heading(fault.column, language), sentence(fault)) for fault in line.faults],
        note=str(FOUND.get(line.found, "")),
        known_as=line.known_as,
    )


def sentence(fault: Fault) -> str:
    """What is wrong with the cell, and what could stand there instead."""
    return sheet_words.told(fault, SENTENCES, accepted_word)


def accepted_word(column: Column, word: str) -> str:
    """A value that a cell may hold, as the reader would write it."""
    return label(ReviewBody(word)) if column is Column.BODY else word


def heading(column: Column, language: str) -> str:
    """What the column is called in the sheet that we offer."""
    return HEADINGS[column].get(language, HEADINGS[column]["en"])


ABOUT: dict[Column, object] = {
    Column.REFERENCE: _l("The number that the reviewers gave it. Needed; it is recognised by it."),
    Column.QUESTION: _l("What is asked. Needed."),
    Column.SECTION: _l("The code of the section; empty for a question about the whole."),
    Column.QUOTE: _l("The words of the text that it is about, exactly; may stay empty."),
    Column.BODY: _l("Empty means what the form says."),
    Column.CHECKLIST: _l("The item of the Coherence and Completeness Checklist; may stay empty."),
    Column.ASKED_ON: _l("Empty means what the form says."),
    Column.DUE_ON: _l("Empty means what the form says."),
}

MAY_HOLD: dict[Column, Callable[[], str]] = {
    Column.BODY: lambda: ", ".join(label(body) for body in WORDS[Column.BODY]),
    Column.CHECKLIST: lambda: f"1–{LAST_ITEM}",
    Column.ASKED_ON: lambda: "2025-09-30, 30.9.2025",
    Column.DUE_ON: lambda: "2025-09-30, 30.9.2025",
}


def guide(contract: Contract, person: Person) -> tuple[list[str], list[list[str]]]:
    """The headings of the sheet that we offer, and what goes into each of its columns."""
    language = person.language
    rows = [
        [heading(column, language), str(ABOUT[column]), MAY_HOLD.get(column, str)()]
        for column in Column
    ]
    rows += [[], [_("Sections"), "", ""]]
    rows += [[named, "", ""] for _key, named in question.places(contract, person)]
    return [heading(column, language) for column in Column], rows
