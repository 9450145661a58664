"""Remembers that the embedded database is migrated and seeded: a second start need not do it again.

True only as long as the sources of both are the same and the database is at the version it had.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from .builds import digest
from .settings import ROOT, Settings

SOURCES = ("migrations", "workflow/packs", "workflow/demo")


class Prepared:
    """What is known about the database in this data folder."""

    def __init__(self, asked: Settings):
        self._asked = asked
        self._note = asked.data_dir / "prepared.json"
        self._database = asked.data_dir / "concord.sqlite"

    def sign_ins(self) -> list[str] | None:
        """What was said about signing in when it was seeded; None when it has to be done again."""
        if self._asked.database_url or not self._note.exists() or not self._database.exists():
            return None
        note = json.loads(self._note.read_text())
        return note["sign_ins"] if note["state"] == self._state() else None

    def remember(self, sign_ins: list[str]) -> None:
        if not self._asked.database_url:
            note = {"state": self._state(), "sign_ins": sign_ins}
            unfinished = self._note.with_suffix(".part")
            unfinished.write_text(json.dumps(note, indent=1, ensure_ascii=False))
            unfinished.replace(self._note)

    def _state(self) -> dict[str, object]:
        sources = [
            path
            for folder in SOURCES
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ]
        return {
            "sources": digest(sources, base=ROOT),
            "version": _version(self._database),
            "demo": self._asked.demo,
        }


def _version(database: Path) -> str | None:
    with closing(sqlite3.connect(database)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return row[0] if row else None
