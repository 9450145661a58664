"""Organisations invited to sign by the hundred: lines pasted or a sheet brought, looked through, and invited once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import (
    Commitment,
    Contract,
    Membership,
    Organisation,
    Person,
    Sector,
    Sheet,
    Signatory,
)
from ..rules import policy, signatory_sheet
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.sheet_layout import Fault, Why, plain
from ..rules.signatory_sheet import DECIMAL, LAYOUT, UNNAMED, Column, Entry
from ..rules.signing import UNSIGNED
from ..rules.vocabulary import Act, Mandate, Role, SheetKind
from ..spreadsheets import MAX_ROWS
from . import commitments, mandates, organisations, people, sheet_reading, signatories
from .commitments import Promise
from .locking import locked

DUE_ON = "due_on"
"""A default that is no column: the day by which signatures are expected."""

MAX_PASTED = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet and what becomes of it. `is_new` will be entered as an organisation, `asks` it to sign,
    `invites` its contact, `promises` its commitment; a row that does none of it is there `already`."""

    number: int
    entry: Entry
    organisation: Organisation | None
    sector: Sector | None
    is_new: bool
    asks: bool
    invites: bool
    promises: bool
    faults: list[Fault] = field(default_factory=list)

    @property
    def already(self) -> bool:
        return not self.faults and not (self.asks or self.invites or self.promises)

    @property
    def ready(self) -> bool:
        return not self.faults and not self.already


def require(by: Person, contract_id: int) -> None:
    policy.require(by, Act.SIGN_OFF, Place(contract_id))


def bring(
    contract: Contract,
    *,
    by: Person,
    name: str = "",
    content: bytes = b"",
    pasted: str = "",
    due_on: date | None = None,
    decimal: str = ".",
) -> Sheet:
    """Read a CSV or XLSX file, or pasted lines, and keep its rows until they are confirmed; nobody is invited yet.

    `decimal` is the sign that the person puts before decimals. Raises `Invalid`.
    """
    require(by, contract.id)
    read = _lines(pasted) if pasted.strip() else _file(content)
    sheet_reading.forget_old()
    sheet = Sheet(
        contract_id=contract.id,
        by_id=by.id,
        kind=SheetKind.SIGNATORIES,
        name=" ".join(name.split())[:200],
        defaults={DECIMAL: decimal, DUE_ON: due_on.isoformat() if due_on else ""},
        rows=[{"line": number, "cells": cells} for number, cells in read],
        recorded=0,
    )
    db.session.add(sheet)
    db.session.flush()
    return sheet


def confirm(sheet: Sheet, *, by: Person) -> Sheet:
    """Invite everybody whose row has no fault; the others stay in the sheet. Confirming again invites nobody."""
    require(by, sheet.contract_id)
    contract = locked(sheet.contract)
    sheet = locked(sheet)
    if sheet.confirmed_at:
        return sheet
    every = lines(sheet)
    due_on = date.fromisoformat(sheet.defaults[DUE_ON]) if sheet.defaults[DUE_ON] else None
    known: dict[str, Organisation] = {}
    asked = 0
    for line in every:
        if line.ready:
            asked += line.asks
            key = line.entry.organisation.casefold()
            known[key] = known.get(key) or line.organisation or _entered(contract, line.entry, by)
            _take(contract, line, known[key], by=by, due_on=due_on)
    faulty = {line.number for line in every if line.faults}
    sheet.rows = [row for row in sheet.rows if row["line"] in faulty]
    sheet.recorded, sheet.confirmed_at = asked, clock.now()
    return sheet


def discard(sheet: Sheet, *, by: Person) -> None:
    """Throw a sheet away, with the names in it; who was invited stays."""
    require(by, sheet.contract_id)
    db.session.delete(locked(sheet))


def invite(
    contract: Contract, chosen: Collection[int], *, by: Person, due_on: date | None
) -> list[Signatory]:
    """Ask organisations that the contract knows already, by their ids."""
    require(by, contract.id)
    if not chosen:
        raise Invalid("chosen", "Please choose at least one organisation.")
    locked(contract)
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.contract_id == contract.id, Organisation.id.in_(chosen))
        .order_by(Organisation.name)
    )
    return [signatories.invite(contract, one, by=by, due_on=due_on) for one in found]


def lines(sheet: Sheet) -> list[Line]:
    """Every row as it would be taken now, in a few questions however many rows there are."""
    there = _there(sheet.contract_id)
    return [_line(row, sheet.defaults, there) for row in sheet.rows]


@dataclass(slots=True)
class There:
    """What the contract knows already; rows further up in the sheet count as known for those below."""

    organisations: dict[str, Organisation]
    signatories: dict[int, Signatory]
    promised: dict[str, set[str]]
    members: set[tuple[str, str]]
    sectors: Mapping[str, Sector]
    asked: set[str] = field(default_factory=set)


def _there(contract_id: int) -> There:
    known = db.session.execute(
        select(Organisation, Signatory)
        .outerjoin(Signatory, Signatory.organisation_id == Organisation.id)
        .where(Organisation.contract_id == contract_id)
    ).all()
    names = {organisation.id: organisation.name.casefold() for organisation, _one in known}
    promised: dict[str, set[str]] = {}
    for organisation_id, text in db.session.execute(
        select(Signatory.organisation_id, Commitment.text)
        .join(Commitment, Commitment.signatory_id == Signatory.id)
        .where(Signatory.contract_id == contract_id)
    ):
        promised.setdefault(names[organisation_id], set()).add(text)
    members = db.session.execute(
        select(Membership.organisation_id, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.contract_id == contract_id, Membership.organisation_id.is_not(None))
    )
    return There(
        organisations={names[one.id]: one for one, _signatory in known},
        signatories={organisation.id: one for organisation, one in known if one},
        promised=promised,
        members={(names[organisation_id], email) for organisation_id, email in members},
        sectors=_sectors(contract_id),
    )


def _sectors(contract_id: int) -> dict[str, Sector]:
    """The sectors by their keys and their titles in every language."""
    sectors = db.session.scalars(select(Sector).where(Sector.contract_id == contract_id))
    return {plain(name): one for one in sectors for name in (one.key, *one.titles.values())}


def _line(row: dict, defaults: Mapping[str, str], there: There) -> Line:
    entry, faults = signatory_sheet.understood(row["cells"], defaults)
    key = entry.organisation.casefold()
    organisation = there.organisations.get(key)
    signatory = there.signatories.get(organisation.id) if organisation else None
    sector = there.sectors.get(plain(entry.sector)) if entry.sector else None
    if entry.sector and sector is None:
        titles = dict.fromkeys(one.titles.get("en", one.key) for one in there.sectors.values())
        faults.append(Fault(Column.SECTOR, Why.UNKNOWN, entry.sector, tuple(titles)))
    promised = there.promised.setdefault(key, set())
    promises = bool(entry.commitment) and entry.commitment not in promised
    if promises and signatory and signatory.status not in UNSIGNED:
        faults.append(Fault(Column.COMMITMENT, Why.CLOSED, entry.organisation))
    elif promises and len(promised) >= commitments.MAX_COMMITMENTS:
        faults.append(Fault(Column.COMMITMENT, Why.TAKEN))
    email, more = _reachable(entry.email)
    faults += more
    line = Line(
        number=row["line"],
        entry=entry,
        organisation=organisation,
        sector=sector,
        is_new=organisation is None and key not in there.asked,
        asks=signatory is None and key not in there.asked,
        invites=bool(email) and (key, email) not in there.members,
        promises=promises,
        faults=faults,
    )
    if not faults:
        there.asked.add(key)
        there.members.add((key, email))
        promised |= {entry.commitment} if promises else set()
    return line


def _reachable(email: str) -> tuple[str, list[Fault]]:
    """The address in the form that is stored, or what is wrong with it."""
    try:
        return people.checked_address(email) if email else "", []
    except Invalid:
        return "", [Fault(Column.EMAIL, Why.UNKNOWN, email, ("ana@example.org",))]


def _entered(contract: Contract, entry: Entry, by: Person) -> Organisation:
    return organisations.named(contract, entry.organisation, by=by, kind=entry.kind)


def _take(
    contract: Contract, line: Line, organisation: Organisation, *, by: Person, due_on: date | None
) -> None:
    entry = line.entry
    signatory = signatories.invite(contract, organisation, by=by, due_on=due_on)
    if line.invites:
        membership = people.invite(
            contract,
            by=by,
            email=entry.email,
            name=entry.person or entry.email,
            role=Role.STAKEHOLDER,
            organisation=organisation,
            language=contract.language,
        )
        if not _has_delegate(organisation):
            mandates.give(membership, Mandate.DELEGATE, by=by)
    if line.promises:
        promise = Promise(
            text=entry.commitment,
            tier=entry.tier,
            tonnes_per_year=entry.tonnes,
            investment_eur=entry.euros,
            by_year=entry.year,
            sector=line.sector,
        )
        commitments.add(signatory, promise, by=by)


def _has_delegate(organisation: Organisation) -> bool:
    query = select(Membership.id).where(
        Membership.organisation_id == organisation.id, Membership.mandate == Mandate.DELEGATE
    )
    return db.session.scalar(query.limit(1)) is not None


def _file(content: bytes) -> list[tuple[int, sheet_reading.Cells]]:
    return sheet_reading.rows(
        content,
        LAYOUT,
        lacking=Invalid(
            "file",
            "The first row has to name the columns; “Organisation” is needed. "
            "The sheet that you can download here has all of them.",
        ),
    )


def _lines(pasted: str) -> list[tuple[int, sheet_reading.Cells]]:
    """One organisation a line, or cells copied out of a spreadsheet, perhaps with their headings."""
    if len(pasted) > MAX_PASTED:
        raise Invalid("pasted", "This is too much to paste. Please bring it as a file.")
    split = [
        (number, [cell.strip() for cell in line.replace(";", "\t").split("\t")])
        for number, line in enumerate(pasted.splitlines(), 1)
        if line.strip()
    ]
    columns = LAYOUT.found(split[0][1])
    if LAYOUT.missing(columns.values()):
        columns = dict(enumerate(UNNAMED))
    else:
        split = split[1:]
    if not split:
        raise Invalid("pasted", "There is no row under the headings.")
    if len(split) > MAX_ROWS:
        raise Invalid("pasted", "This is too much to paste. Please bring it as a file.")
    return [
        (
            number,
            {columns[at].value: cell for at, cell in enumerate(cells) if at in columns and cell},
        )
        for number, cells in split
    ]
