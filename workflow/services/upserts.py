"""Writing a row that may be there already, in one statement, so that two requests at once never collide."""

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite

from ..db import Base, db

INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def put(
    model: type[Base],
    key: dict,
    values: dict,
    *,
    change: dict,
    when: ColumnElement[bool] | None = None,
) -> None:
    """Insert `key` and `values`; where the key is there already, write `change` instead (only `when` that holds)."""
    insert = INSERTS[db.engine.dialect.name](model).values(**key, **values)
    db.session.execute(
        insert.on_conflict_do_update(index_elements=list(key), set_=change, where=when)
    )


def keep(model: type[Base], key: dict, values: dict) -> None:
    """Insert `key` and `values`, unless the key is there already."""
    insert = INSERTS[db.engine.dialect.name](model).values(**key, **values)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=list(key)))
