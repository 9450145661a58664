"""One database of each kind per test process: migrated once, emptied between tests.

The application commits for real, so the rows are cleaned away instead of rolled back.
"""

import shutil
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, text

from workflow.db import db

RESTART_SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


class Sqlite:
    """A file that is replaced by a fresh copy of the migrated, empty one; nobody waits for the disk."""

    def __init__(self, folder: Path):
        folder.mkdir()
        self._file = folder / "concord.sqlite"
        self._template = folder / "template.sqlite"
        self.url = f"sqlite:///{self._file}"

    def migrate(self, app: Flask) -> None:
        with app.app_context():
            event.listen(db.engine, "connect", _without_the_disk)
            upgrade()
            with db.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.engine.dispose()
        shutil.copyfile(self._file, self._template)

    def empty(self, app: Flask) -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for name in ("concord.sqlite-wal", "concord.sqlite-shm"):
            (self._file.parent / name).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)


class Postgresql:
    """A database whose rows are deleted, without asking foreign keys and triggers.

    Ids begin at 1 again, as they do in a fresh SQLite file.
    """

    def __init__(self, server: str, name: str):
        """`server` is the URL of the maintenance database, which is always there."""
        self.url = server.replace("/postgres?", f"/{name}?")
        with psycopg.connect(_plain(server), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        self._connection: psycopg.Connection | None = None

    def migrate(self, app: Flask) -> None:
        with app.app_context():
            upgrade()
        self._connection = psycopg.connect(_plain(self.url), autocommit=True)
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("SET lock_timeout = '5s'")
        tables = self._connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        self._deletes = "; ".join(f"DELETE FROM {name}" for (name,) in tables)

    def empty(self, app: Flask) -> None:
        with app.app_context():
            db.session.remove()
        self._connection.execute(self._deletes)
        self._connection.execute(RESTART_SEQUENCES)


def _without_the_disk(connection, _record) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
