"""Taking the row that a verb is about to change, so that two people at once end in one order."""

from functools import cache
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import SessionTransaction, defer, joinedload

from ..db import db
from ..models import Contract, Person, Revision, Section

Row = TypeVar("Row")

_HELD: WeakKeyDictionary[SessionTransaction, set[int]] = WeakKeyDictionary()
"""The sections that each transaction holds. A savepoint is one of its own: what it took is let go when it is undone."""


def locked(row: Row) -> Row:
    """The row as it is now, held until the transaction ends (`FOR UPDATE`; SQLite holds the whole file).

    Contracts and rounds are taken before sections, sections before their remarks. A contract is held so that others may
    still refer to it, as every event does.
    """
    model, (key,) = type(row), inspect(row).identity
    if model is Section:
        return section(key)
    return db.session.scalars(_held(model), {"key": key}).unique().one()


def section(key: int, *, by: Person | None = None) -> Section | None:
    """The section, held, with what the policy asks of it and of who asks, if he is given; None when there is none.

    It is read after it is held, and its contract with it: whoever waited for the section may have waited for a freeze.
    Nobody changes what this transaction holds already, so that is not read again.
    """
    if key in _here():
        return db.session.get(Section, key)
    if db.session.scalar(_HOLD, {"key": key}) is None:
        return None
    asked = {"key": key} if by is None else {"key": key, "by": inspect(by).identity[0]}
    found = db.session.scalars(_PLACE if by is None else _ASKED, asked).unique().one()
    _here().add(key)
    return found


def _here() -> set[int]:
    """The sections that this transaction holds, as far as is known."""
    session = db.session()
    transaction = session.get_nested_transaction() or session.get_transaction()
    return _HELD.setdefault(transaction, set()) if transaction else set()


_HOLD = select(Section.id).where(Section.id == bindparam("key")).with_for_update()
_PLACE = (
    select(Section)
    .where(Section.id == bindparam("key"))
    .options(
        joinedload(Section.contract),
        joinedload(Section.sectors),
        joinedload(Section.current).options(defer(Revision.markdown), defer(Revision.plain)),
    )
    .execution_options(populate_existing=True)
)
_ASKED = (
    _PLACE.add_columns(Person)
    .join(Person, Person.id == bindparam("by"))
    .options(joinedload(Person.memberships))
)


@cache
def _held(model: type[Row]) -> Select[tuple[Row]]:
    """The row as the database has it now, whatever was known of it."""
    return (
        select(model)
        .where(model.id == bindparam("key"))
        .with_for_update(of=model, key_share=model is Contract)
        .execution_options(populate_existing=True)
    )
