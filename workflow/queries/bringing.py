"""What pages of brought sheets share, whatever is in them: which wait, one row by row, what is wrong with a cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from ..db import db
from ..models import Contract, Person, Sheet
from ..rules.sheet_layout import Fault, Why
from ..rules.vocabulary import SheetKind
from .navigation import ContractRef, contract_ref
from .views import Pages

PER_PAGE = 100


class Line(Protocol):
    """A row of any sheet: it will be taken (`ready`), cannot be (`faults`), or is there `already`."""

    faults: list[Fault]

    @property
    def ready(self) -> bool: ...

    @property
    def already(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`ready` rows would be taken, `faulty` ones not, `known` ones are there already; of those that are ready would
    come `makes` of what the sheet is about. `rows` are as the kind of sheet tells them."""

    contract: ContractRef
    id: int
    name: str
    confirmed_at: datetime | None
    recorded: int
    makes: int
    ready: int
    faulty: int
    known: int
    show: str
    rows: list
    pages: Pages


SHOWN: dict[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "faulty": lambda line: bool(line.faults),
    "ready": lambda line: line.ready,
}


def sheet(
    brought: Sheet,
    lines: Sequence[Line],
    person: Person,
    *,
    told: Callable[[Line, str], object],
    endpoint: str,
    show: str,
    page: int,
    makes: int | None = None,
) -> SheetPage:
    """A page of the sheet's rows as they stand now; `told` is the view of a line in the reader's language."""
    show = show if show in SHOWN else next(iter(SHOWN))
    some = [line for line in lines if SHOWN[show](line)]
    where = {"slug": brought.contract.slug, "sheet_id": brought.id, "show": show}
    ready = sum(line.ready for line in lines)
    return SheetPage(
        contract=contract_ref(brought.contract, person.language),
        id=brought.id,
        name=brought.name,
        confirmed_at=brought.confirmed_at,
        recorded=brought.recorded,
        makes=ready if makes is None else makes,
        ready=ready,
        faulty=sum(bool(line.faults) for line in lines),
        known=sum(line.already for line in lines),
        show=show,
        rows=[
            told(line, person.language) for line in some[(page - 1) * PER_PAGE : page * PER_PAGE]
        ],
        pages=Pages(page, PER_PAGE, len(some), endpoint, where),
    )


def waiting(contract: Contract, person: Person, kind: SheetKind) -> list[tuple[int, str, datetime]]:
    """The sheets of this kind that the person brought and has not confirmed yet: id, name, when."""
    rows = db.session.execute(
        select(Sheet.id, Sheet.name, Sheet.created_at)
        .where(
            Sheet.contract_id == contract.id,
            Sheet.kind == kind,
            Sheet.by_id == person.id,
            Sheet.confirmed_at.is_(None),
        )
        .order_by(Sheet.id.desc())
    )
    return [tuple(row) for row in rows]


def find(contract: Contract, person: Person, sheet_id: int, kind: SheetKind) -> Sheet | None:
    """The sheet, if it is this person's own: it may hold names that nobody agreed to show."""
    found = db.session.get(Sheet, sheet_id)
    wanted = contract.id, person.id, kind
    return found if found and (found.contract_id, found.by_id, found.kind) == wanted else None


Sentences = Mapping[tuple[Why, StrEnum | None], object]

EVERYWHERE: Sentences = {
    (Why.MISSING, None): _l("This cell is empty."),
    (Why.LONG, None): _l("This is longer than %(accepted)s characters."),
    (Why.UNKNOWN, None): _l("“%(said)s” is not known here. One of these is: %(accepted)s."),
}
"""What may be wrong in every kind of sheet."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one kind of sheet: its headings by language, what may be wrong beyond `EVERYWHERE`, and how a value
    that a column may hold is called."""

    headings: Mapping[StrEnum, Mapping[str, str]]
    sentences: Sentences
    accepted: Callable[[StrEnum, str], str]

    def heading(self, column: StrEnum, language: str) -> str:
        """What the column is called in the sheet that we offer."""
        return self.headings[column].get(language, self.headings[column]["en"])

    def faults(self, line: Line, language: str) -> list[tuple[str, str]]:
        """What is wrong with which cells, and what could stand there instead."""
        return [(self.heading(one.column, language), self._sentence(one)) for one in line.faults]

    def _sentence(self, fault: Fault) -> str:
        """The sentence about its column goes before the one about any."""
        sentences = EVERYWHERE | self.sentences
        words = sentences.get((fault.why, fault.column)) or sentences[fault.why, None]
        accepted = ", ".join(self.accepted(fault.column, one) for one in fault.accepted)
        said = fault.said if len(fault.said) <= 60 else fault.said[:59] + "…"
        return str(words) % {"said": said, "accepted": accepted or "–"}
