"""Taking the row that a verb is about to change, so that two people at once end in one order."""

from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, inspect, select

from ..db import db
from ..models import Contract, Section

Row = TypeVar("Row")


def locked(row: Row) -> Row:
    """The row as it is now, held until the transaction ends (`FOR UPDATE`; SQLite holds the whole file).

    Contracts and rounds are taken before sections, sections before their remarks. A contract is held so that others may
    still refer to it, as every event does. With a section it is read again whether its contract is frozen: whoever
    waited for the section may have waited for the freeze.
    """
    model, (key,) = type(row), inspect(row).identity
    held = _read(_held(model), key)
    if model is Section:
        _read(_one(Contract), held.contract_id)
    return held


def _read(query: Select[tuple[Row]], key: int) -> Row:
    return db.session.scalars(query, {"key": key}).unique().one()


@cache
def _one(model: type[Row]) -> Select[tuple[Row]]:
    """The row as the database has it now, whatever was known of it."""
    query = select(model).where(model.id == bindparam("key"))
    return query.execution_options(populate_existing=True)


@cache
def _held(model: type[Row]) -> Select[tuple[Row]]:
    return _one(model).with_for_update(of=model, key_share=model is Contract)
