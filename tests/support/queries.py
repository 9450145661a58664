"""Counting what a page asks the database, so that no page grows with the contract."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from workflow.db import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The questions that reach the database inside the block, in their order; BEGIN is none."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
