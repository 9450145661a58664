"""Taking the row that a verb is about to change, so that two people at once end in one order."""

from typing import TypeVar

from sqlalchemy import select

from ..db import db

Row = TypeVar("Row")


def locked(row: Row) -> Row:
    """The row as it is now, held until the transaction ends (`FOR UPDATE`; SQLite holds the whole file)."""
    model = type(row)
    rows = db.session.scalars(
        select(model)
        .where(model.id == row.id)
        .with_for_update(of=model)
        .execution_options(populate_existing=True)
    )
    return rows.unique().one()
