"""Somebody with a hand in the database itself: past the application, past triggers and foreign keys."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from workflow.db import Base, db


@contextmanager
def hand_in_the_database() -> Iterator[Connection]:
    """A connection that nothing refuses; what it did is committed."""
    db.session.rollback()
    with db.engine.connect() as connection:
        file = connection.connection.driver_connection
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            file.execute("PRAGMA foreign_keys=OFF")  # heard only outside a transaction
            triggers = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            if connection.dialect.name == "sqlite":
                file.execute("PRAGMA foreign_keys=ON")


def row(table: str, row_id: int) -> dict:
    ledger = Base.metadata.tables[table]
    with db.engine.connect() as connection:
        found = connection.execute(ledger.select().where(ledger.c.id == row_id)).mappings().one()
        return dict(found)


def put(table: str, values: dict) -> None:
    with hand_in_the_database() as connection:
        connection.execute(Base.metadata.tables[table].insert().values(values))


def change(table: str, row_id: int, /, **values) -> None:
    ledger = Base.metadata.tables[table]
    with hand_in_the_database() as connection:
        connection.execute(ledger.update().where(ledger.c.id == row_id).values(values))


def remove(table: str, row_id: int) -> None:
    ledger = Base.metadata.tables[table]
    with hand_in_the_database() as connection:
        connection.execute(ledger.delete().where(ledger.c.id == row_id))
