"""How the board is sorted: one table of columns, which addresses name; links in the heads of the table lead there."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..rules.vocabulary import Stage
from .next_step import Next

STAGES, STEPS = list(Stage), list(Next)


class Order(NamedTuple):
    """By which column; `down` begins with the last, the most or the longest."""

    column: str
    down: bool


@dataclass(frozen=True, slots=True)
class Sort:
    """`key` of a row, None last whatever the direction; `down` is where a first click leads."""

    words: Callable[[], str]
    key: Callable[[Any], Any]
    down: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: `sorted` None, "ascending" or "descending"; `down` is what a click asks for next."""

    name: str
    label: str
    number: bool
    sorted: str | None
    down: bool


def alphabetical(text: str) -> str:
    """Č after C and before D, whatever the capital letters."""
    return unicodedata.normalize("NFD", text.casefold())


COLUMNS: dict[str, Sort] = {
    "section": Sort(lambda: _("Section"), lambda row: alphabetical(row.section.title)),
    "stage": Sort(lambda: _("State"), lambda row: STAGES.index(row.section.stage)),
    "days": Sort(lambda: _("Days"), lambda row: row.days, down=True, number=True),
    "owner": Sort(lambda: _("Owner"), lambda row: alphabetical(row.owner) if row.owner else None),
    "due": Sort(lambda: _("Due"), lambda row: row.due),
    "open": Sort(lambda: _("Open"), lambda row: row.open, down=True, number=True),
    "unanswered": Sort(lambda: _("Unanswered"), lambda row: row.unanswered, down=True, number=True),
    "blocking": Sort(lambda: _("Blocking"), lambda row: row.blocking, down=True, number=True),
    "silent": Sort(lambda: _("Silent"), lambda row: row.silent, down=True, number=True),
    "step": Sort(lambda: _("Next step"), lambda row: STEPS.index(row.step)),
}


def order(asked: Mapping[str, str]) -> Order | None:
    """What the address asks for: `sort` names a column, `down` is 1 or 0."""
    name = asked.get("sort")
    if name not in COLUMNS:
        return None
    down = {"1": True, "0": False}.get(asked.get("down", ""), COLUMNS[name].down)
    return Order(name, down)


def arguments(order: Order | None) -> dict[str, str]:
    """The same as parts of an address."""
    return {"sort": order.column, "down": str(int(order.down))} if order else {}


def arranged(rows: Iterable, order: Order | None) -> list:
    """The rows in the order asked for; equal ones, and all without an order, as they stand in the contract."""
    rows = list(rows)
    if order is None:
        return rows
    key = COLUMNS[order.column].key
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    return sorted(known, key=key, reverse=order.down) + unknown


def columns(order: Order | None) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=name,
            label=sort.words(),
            number=sort.number,
            sorted=("descending" if order.down else "ascending")
            if order and order.column == name
            else None,
            down=not order.down if order and order.column == name else sort.down,
        )
        for name, sort in COLUMNS.items()
    )
