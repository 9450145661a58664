"""Sheets of reviewers' questions: brought along, looked through, and entered once however often they are brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Contract, Person, Question, Revision, Section, Sheet
from ..queries.visibility import within_reach
from ..rules import policy, question_sheet, quoting
from ..rules.policy import Place
from ..rules.question_sheet import Column, Entry
from ..rules.quoting import Found
from ..rules.refusals import Denied, Invalid
from ..rules.sheet_layout import Fault, Why, plain
from ..rules.vocabulary import Act, EventKind, ReviewBody, SheetKind
from . import outbox, questions, sheet_reading
from .locking import locked
from .questions import Asked


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet and what becomes of it: a question, nothing because of its faults, or nothing since it is
    there already as the question `known_as`."""

    number: int
    entry: Entry
    section: Section | None
    found: Found
    faults: list[Fault] = field(default_factory=list)
    known_as: int | None = None

    @property
    def already(self) -> bool:
        return self.known_as is not None

    @property
    def ready(self) -> bool:
        return not self.faults and not self.already

    @property
    def asked(self) -> Asked:
        entry = self.entry
        return Asked(
            entry.body,
            entry.text,
            entry.asked_on,
            entry.reference,
            self.section,
            entry.quote,
            entry.checklist,
            entry.due_on,
        )


def require(by: Person, contract_id: int) -> None:
    """Raise `Denied` unless some part of the contract is the person's to answer reviewers for."""
    roles = {m.role for m in by.memberships if m.contract_id == contract_id}
    if roles.isdisjoint(policy.GRANTS[Act.ANSWER_REVIEWERS]):
        raise Denied(Act.ANSWER_REVIEWERS, policy.GRANTS[Act.ANSWER_REVIEWERS])


def bring(
    contract: Contract, *, by: Person, name: str, content: bytes, defaults: Mapping[str, str]
) -> Sheet:
    """Read a CSV or XLSX file and keep its rows until they are confirmed; nothing is entered yet.

    `defaults` are the values of cells that are empty, by column. Raises `Invalid`.
    """
    require(by, contract.id)
    read = sheet_reading.rows(
        content,
        question_sheet.LAYOUT,
        lacking=Invalid(
            "file",
            "The first row has to name the columns; “Reference” and “Question” are needed. "
            "The sheet that you can download here has all of them.",
        ),
    )
    sheet_reading.forget_old()
    sheet = Sheet(
        contract_id=contract.id,
        by_id=by.id,
        kind=SheetKind.QUESTIONS,
        name=" ".join(name.split())[:200],
        defaults=dict(defaults),
        rows=[{"line": number, "cells": cells} for number, cells in read],
        recorded=0,
    )
    db.session.add(sheet)
    db.session.flush()
    return sheet


def confirm(sheet: Sheet, *, by: Person) -> Sheet:
    """Enter every row that has no fault; the others stay in the sheet. Confirming again enters nothing."""
    require(by, sheet.contract_id)
    contract = locked(sheet.contract)
    sheet = locked(sheet)
    if sheet.confirmed_at:
        return sheet
    every = lines(sheet, by=by)
    fresh = [line for line in every if line.ready]
    texts = questions.texts_read(contract)
    for number, line in enumerate(fresh, questions.next_number(contract)):
        asked = questions.checked(contract, line.asked)
        questions.put_down(contract, asked, number=number, texts=texts, by=by)
    faulty = {line.number for line in every if line.faults}
    sheet.rows = [row for row in sheet.rows if row["line"] in faulty]
    sheet.recorded, sheet.confirmed_at = len(fresh), clock.now()
    if fresh:
        outbox.record(EventKind.QUESTIONS_RECEIVED, actor=by, contract_id=contract.id)
    return sheet


def discard(sheet: Sheet, *, by: Person) -> None:
    """Throw a sheet away; what was entered from it stays."""
    require(by, sheet.contract_id)
    db.session.delete(locked(sheet))


def lines(sheet: Sheet, *, by: Person) -> list[Line]:
    """Every row as it would be entered now, in a few questions however many rows there are."""
    known = _register(sheet.contract_id)
    places = _places(sheet.contract, by)
    return [_line(row, sheet.defaults, known, places) for row in sheet.rows]


Register = dict[tuple[ReviewBody, str], tuple[int | None, str]]
"""By body and reference the number and the words of a question; without a number, a row further up in the sheet."""


def _register(contract_id: int) -> Register:
    rows = db.session.execute(
        select(Question.body, Question.reference, Question.number, Question.text).where(
            Question.contract_id == contract_id, Question.reference != ""
        )
    )
    return {(body, reference): (number, text) for body, reference, number, text in rows}


@dataclass(frozen=True, slots=True)
class Places:
    """Where questions may belong: all sections by their names, and those for which this person may enter some."""

    sections: Mapping[str, Section]
    texts: Mapping[int, Revision]
    own: frozenset[int]
    whole: bool

    def fault(self, said: str) -> list[Fault]:
        """A named section has to be there and within reach; the whole, where none is named, within reach."""
        section = self.sections.get(plain(said))
        if section.id in self.own if section else self.whole and not said:
            return []
        codes = [one.code for one in self.sections.values() if one.id in self.own]
        why = Why.UNKNOWN if said and section is None else Why.CLOSED
        return [Fault(Column.SECTION, why, said, tuple(dict.fromkeys(codes)))]


def _places(contract: Contract, by: Person) -> Places:
    own = within_reach(by, Act.ANSWER_REVIEWERS).label("own")
    rows = db.session.execute(sheet_reading.sections(contract.id).add_columns(own)).all()
    return Places(
        sections=sheet_reading.by_name(section for section, _own in rows),
        texts=questions.texts_read(contract),
        own=frozenset(section.id for section, own in rows if own),
        whole=policy.grants(by, Act.ANSWER_REVIEWERS, Place(contract.id)),
    )


def _line(row: dict, defaults: Mapping[str, str], known: Register, places: Places) -> Line:
    entry, faults = question_sheet.understood(row["cells"], defaults)
    section = places.sections.get(plain(entry.section)) if entry.section else None
    faults = [*faults, *places.fault(entry.section)]
    if entry.quote and not entry.section:
        faults.append(Fault(Column.SECTION, Why.MISSING))
    number, words = known.get((entry.body, entry.reference), (None, None))
    if words not in (None, entry.text):
        faults.append(Fault(Column.REFERENCE, Why.TAKEN, entry.reference))
    elif words is not None and number is None:
        faults.append(Fault(Column.REFERENCE, Why.TWICE, entry.reference))
    elif words is None and not faults:
        known[entry.body, entry.reference] = None, entry.text
    known_as = number if words == entry.text else None
    read = places.texts.get(section.id) if section else None
    return Line(
        number=row["line"],
        entry=entry,
        section=section,
        found=quoting.spot(entry.quote, read.plain if read else "").found,
        faults=[] if known_as else faults,
        known_as=known_as,
    )
