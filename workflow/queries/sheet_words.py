"""The sentences about a sheet of remarks: what is wrong with a cell, what becomes of a quote, what goes where."""

from collections.abc import Callable

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..labels import label
from ..models import Contract, Person
from ..rules.quoting import Found
from ..rules.sheet_layout import Why
from ..rules.sheets import HEADINGS, WORDS, Column
from ..rules.vocabulary import Channel, RemarkKind, Visibility
from ..services import sheets
from ..services.sheets import Line
from . import bringing

FOUND = {
    Found.PASSAGE: _l("Stands beside the quoted passage."),
    Found.ABSENT: _l(
        "The text has no such words: the comment stands beside the whole section and begins with them."
    ),
    Found.SEVERAL: _l(
        "The text has these words more than once: the comment stands beside the whole section and begins with them."
    ),
}


def found_words(found: Found) -> str:
    """What became of a quoted passage, or nothing when none was quoted."""
    return str(FOUND.get(found, ""))


def notes(line: Line) -> list[str]:
    """What people should know before they confirm the row."""
    said = [found_words(line.found)] if line.section and line.found in FOUND else []
    if line.new_organisation:
        said.append(
            _("“%(name)s” is not listed yet and will be entered.", name=line.entry.organisation)
        )
    if line.nameless:
        said.append(_("The name is left out: the person has not agreed to be named."))
    return said


SENTENCES: bringing.Sentences = {
    (Why.UNKNOWN, Column.SECTION): _l(
        "There is no section “%(said)s”. These take comments now: %(accepted)s."
    ),
    (Why.CLOSED, Column.SECTION): _l(
        "“%(said)s” takes no comments from you now. These do: %(accepted)s."
    ),
    (Why.UNKNOWN, Column.ORGANISATION): _l(
        "“%(said)s” is not listed here. Do you mean one of these: %(accepted)s? A coordinator can enter it."
    ),
}


NAMED: dict[Column, Callable[[str], str]] = {
    Column.KIND: lambda word: label(RemarkKind(word)),
    Column.CHANNEL: lambda word: label(Channel(word)),
    Column.VISIBILITY: lambda word: label(Visibility(word)),
    Column.CONSENT: lambda word: {"yes": _("yes"), "no": _("no")}[word],
    Column.LANGUAGE: lambda word: current_app.config["LANGUAGES"].get(word, word),
}


def accepted_word(column: Column, word: str) -> str:
    """A value that a cell may hold, as the reader would write it."""
    return NAMED[column](word) if column in NAMED else word


WORDING = bringing.Wording(HEADINGS, SENTENCES, accepted_word)

ABOUT: dict[Column, object] = {
    Column.SECTION: _l("The code of the section, as in the list below. Needed."),
    Column.REMARK: _l("What was said. Needed."),
    Column.QUOTE: _l("The words of the text that it is about, exactly; may stay empty."),
    Column.KIND: _l("Empty means a suggestion."),
    Column.ORGANISATION: _l("For whom the person spoke; may stay empty."),
    Column.PERSON: _l("Who said it; kept only if the person agreed to be named."),
    Column.CONSENT: _l("Whether the person agreed to be named; empty means no."),
    Column.SOURCE: _l("Which workshop and table, which letter; empty means what the form says."),
    Column.CHANNEL: _l("How it reached the city; empty means what the form says."),
    Column.VISIBILITY: _l("Empty means what the form says."),
    Column.LANGUAGE: _l("The language of the comment; empty means what the form says."),
}


def guide(contract: Contract, person: Person) -> tuple[list[str], list[list[str]]]:
    """The headings of the sheet that we offer, and what goes into each of its columns."""
    language = person.language
    rows = [
        [
            WORDING.heading(column, language),
            str(ABOUT[column]),
            ", ".join(accepted_word(column, word) for word in WORDS.get(column, ())),
        ]
        for column in Column
    ]
    rows += [[], [_("Sections that take comments now"), "", ""]]
    rows += [
        [section.code, section.title(language), ""]
        for section in sheets.recordable(contract.id, person)
    ]
    return [WORDING.heading(column, language) for column in Column], rows
