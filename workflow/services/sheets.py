"""Sheets of remarks: brought along, looked through, and recorded once however often that is confirmed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from .. import clock
from ..db import db
from ..models import Comment, Contract, Organisation, Person, Section, Sheet, Thread
from ..queries.visibility import within_reach
from ..rules import policy, sheets
from ..rules.lifecycle import stages_for
from ..rules.policy import Place
from ..rules.quoting import Found
from ..rules.refusals import Invalid
from ..rules.sheet_layout import Fault, Why, plain
from ..rules.sheets import Column, Entry
from ..rules.vocabulary import Act
from . import organisations, sheet_reading, workshops
from .locking import locked

CLOSE = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet and what becomes of it: a remark, nothing because of its faults, or nothing since it is there.

    `number` is the row's in the spreadsheet; `recorded_as` the number of the remark that the row already made.
    """

    number: int
    token: str
    entry: Entry
    section: Section | None
    organisation: Organisation | None
    new_organisation: bool
    found: Found
    nameless: bool
    faults: list[Fault] = field(default_factory=list)
    recorded_as: int | None = None

    @property
    def already(self) -> bool:
        return self.recorded_as is not None

    @property
    def ready(self) -> bool:
        return not self.faults and not self.already


def bring(
    contract: Contract, *, by: Person, name: str, content: bytes, defaults: Mapping[str, str]
) -> Sheet:
    """Read a CSV or XLSX file and keep its rows until they are confirmed; nothing is recorded yet.

    `defaults` are the values of cells that are empty, by column. Raises `Invalid` for a file that cannot be read or
    lacks a column without which it says nothing.
    """
    workshops.require(by, contract.id)
    read = sheet_reading.rows(
        content,
        sheets.LAYOUT,
        lacking=Invalid(
            "file",
            "The first row has to name the columns; “Section” and “Comment” are needed. "
            "The sheet that you can download here has all of them.",
        ),
    )
    sheet_reading.forget_old()
    sheet = Sheet(
        contract_id=contract.id,
        by_id=by.id,
        name=" ".join(name.split())[:200],
        defaults=dict(defaults),
        rows=[
            {"line": number, "token": token, "cells": cells}
            for (number, cells), token in zip(read, _tokens(contract, defaults, read), strict=True)
        ],
        recorded=0,
    )
    db.session.add(sheet)
    db.session.flush()
    return sheet


def confirm(sheet: Sheet, *, by: Person) -> Sheet:
    """Record every row that has no fault; the others stay in the sheet. Confirming again records nothing."""
    workshops.require(by, sheet.contract_id)
    sheet = locked(sheet)
    if sheet.confirmed_at:
        return sheet
    left = []
    raw = {row["token"]: row for row in sheet.rows}
    waiting = []
    for line in lines(sheet, by=by):
        if line.faults:
            left.append(raw[line.token])
        elif line.recorded_as is None:
            waiting.append(line)
    entered = _entered(db.session.get(Contract, sheet.contract_id), waiting, by)
    for line in waiting:
        _record(line, line.organisation or entered.get(line.entry.organisation.casefold()), by)
    sheet.recorded = len(waiting)
    sheet.rows = left
    sheet.confirmed_at = clock.now()
    return sheet


def discard(sheet: Sheet, *, by: Person) -> None:
    """Throw a sheet away, with the names in it."""
    workshops.require(by, sheet.contract_id)
    db.session.delete(locked(sheet))


def _entered(contract: Contract, waiting: list[Line], by: Person) -> dict[str, Organisation]:
    """The organisations that the rows name for the first time, each entered once."""
    names = {line.entry.organisation.casefold(): line for line in waiting if line.new_organisation}
    return {
        name: organisations.named(contract, line.entry.organisation, by=by)
        for name, line in names.items()
    }


def _record(line: Line, organisation: Organisation | None, by: Person) -> Thread:
    entry = line.entry
    return workshops.record(
        line.section,
        by=by,
        source=entry.source,
        text=entry.remark,
        channel=entry.channel,
        kind=entry.kind,
        on_behalf_of=entry.person,
        consented=entry.consent,
        quote=entry.quote,
        organisation=organisation,
        visibility=entry.visibility,
        language=entry.language,
        token=line.token,
    )


def lines(sheet: Sheet, *, by: Person) -> list[Line]:
    """Every row as it would be recorded now, in four questions however many rows there are."""
    every = db.session.scalars(sheet_reading.sections(sheet.contract_id))
    sections = sheet_reading.by_name(every)
    open_now = _open(sheet.contract_id, by)
    known = {
        one.name.casefold(): one
        for one in db.session.scalars(
            select(Organisation).where(Organisation.contract_id == sheet.contract_id)
        )
    }
    recorded = {
        token: number for token, number, withdrawn in _made(_all(sheet)) if withdrawn is None
    }
    may_enter = policy.grants(by, Act.INVITE, Place(sheet.contract_id))
    found = []
    for row in sheet.rows:
        entry, faults = sheets.understood(row["cells"], sheet.defaults)
        section = sections.get(plain(entry.section))
        organisation = known.get(entry.organisation.casefold())
        line = Line(
            number=row["line"],
            token=row["token"],
            entry=entry,
            section=section,
            organisation=organisation,
            new_organisation=bool(entry.organisation) and organisation is None and may_enter,
            found=Found.NOT_QUOTED,
            nameless=bool(entry.person) and not entry.consent,
            recorded_as=recorded.get(row["token"]),
        )
        faults += _about_section(line, open_now)
        if entry.organisation and organisation is None and not may_enter:
            names = [one.name for one in known.values()]
            near = get_close_matches(entry.organisation, names, CLOSE, 0.5) or names[:CLOSE]
            faults.append(Fault(Column.ORGANISATION, Why.UNKNOWN, entry.organisation, tuple(near)))
        spot = workshops.spot(section, entry.quote).found if section else Found.NOT_QUOTED
        found.append(replace(line, faults=faults, found=spot))
    return found


def _about_section(line: Line, open_now: list[Section]) -> list[Fault]:
    """A row needs a section that takes remarks, from this person, now."""
    said = line.entry.section
    if not said or line.recorded_as is not None or line.section in open_now:
        return []
    why = Why.CLOSED if line.section else Why.UNKNOWN
    return [Fault(Column.SECTION, why, said, tuple(section.code for section in open_now))]


def recordable(contract_id: int, by: Person) -> list[Section]:
    """The sections for which this person may write down remarks now, in the order of the outline."""
    return _open(contract_id, by)


def _open(contract_id: int, by: Person) -> list[Section]:
    return list(
        db.session.scalars(
            select(Section)
            .where(
                Section.contract_id == contract_id,
                Section.stage.in_(stages_for(Act.RECORD)),
                Section.current_id.is_not(None),
                within_reach(by, Act.RECORD),
            )
            .options(lazyload(Section.sectors))
            .order_by(Section.position, Section.id)
        )
    )


def _all(sheet: Sheet) -> list[str]:
    return [row["token"] for row in sheet.rows]


def _made(tokens: Iterable[str]) -> list[tuple]:
    """Of these tokens those that made a remark, with its number and when it was withdrawn."""
    return db.session.execute(
        select(Comment.token, Thread.number, Thread.withdrawn_at)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.token.in_(list(tokens)))
    ).all()


def _tokens(
    contract: Contract, defaults: Mapping[str, str], rows: list[tuple[int, dict[str, str]]]
) -> list[str]:
    """A word for each row, the same whenever the same row is brought again, so that it is recorded once.

    Equal rows of one sheet differ by how often they were there before; what was said elsewhere is another remark. Where
    the remark was withdrawn, the row may be recorded anew.
    """
    times: Counter[str] = Counter()
    said = []
    where = defaults.get(Column.SOURCE, "")
    for _number, cells in rows:
        words = "\x1f".join(f"{column}={plain(cells[column])}" for column in sorted(cells))
        times[words] += 1
        said.append(f"{contract.id}\x1f{where}\x1f{times[words]}\x1f{words}")
    tokens = [_token(words) for words in said]
    for attempt in range(1, 100):
        gone = {token for token, _number, withdrawn in _made(tokens) if withdrawn is not None}
        if not gone:
            break
        tokens = [
            _token(f"{words}\x1f{attempt}") if token in gone else token
            for words, token in zip(said, tokens, strict=True)
        ]
    return tokens


def _token(words: str) -> str:
    return "sheet-" + hashlib.sha256(words.encode()).hexdigest()[:32]
