"""How Alembic reaches our tables: the application's own engine, both databases, batch mode for SQLite."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from workflow.db import Base

database = current_app.extensions["migrate"].db


def foreign_keys(connection: Connection, state: str) -> None:
    """SQLite alters a table by copying it; while the old one goes, rows that point to it must not complain."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={state}")


def run() -> None:
    with database.engine.connect() as connection:
        foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        foreign_keys(connection, "ON")


run()
