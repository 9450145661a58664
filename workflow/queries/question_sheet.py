"""What the pages of brought sheets of reviewers' questions show: a sheet row by row, and what is wrong with a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..labels import label
from ..models import Contract, Person, Sheet
from ..rules.question_sheet import HEADINGS, LAST_ITEM, WORDS, Column
from ..rules.quoting import Found
from ..rules.sheet_layout import Why
from ..rules.vocabulary import ReviewBody
from ..services import question_sheets
from ..services.question_sheets import Line
from . import bringing, question
from .bringing import SheetPage
from .outline import titled


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


FOUND = {
    Found.PASSAGE: _l("Stands beside the quoted passage."),
    Found.ABSENT: _l(
        "The text has no such words: the question is about the section and keeps them."
    ),
    Found.SEVERAL: _l(
        "The text has these words more than once: the question is about the section and keeps them."
    ),
}

SENTENCES: bringing.Sentences = {
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
    lines = question_sheets.lines(brought, by=person)
    return bringing.sheet(
        brought, lines, person, told=_told, endpoint="question_sheets.show", show=show, page=page
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
        faults=WORDING.faults(line, language),
        note=str(FOUND.get(line.found, "")),
        known_as=line.known_as,
    )


def accepted_word(column: Column, word: str) -> str:
    """A value that a cell may hold, as the reader would write it."""
    return label(ReviewBody(word)) if column is Column.BODY else word


WORDING = bringing.Wording(HEADINGS, SENTENCES, accepted_word)

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
        [WORDING.heading(column, language), str(ABOUT[column]), MAY_HOLD.get(column, str)()]
        for column in Column
    ]
    rows += [[], [_("Sections"), "", ""]]
    rows += [[named, "", ""] for _key, named in question.places(contract, person)]
    return [WORDING.heading(column, language) for column in Column], rows
