"""Where files lie that have been sent and wait to be read: in `DATA_DIR/drawer`, each under a name of its own.

What nobody waits for any more is thrown away by its age; a crash between row and file costs no more than that time.
"""

import re
import tempfile
import time
import uuid
from collections.abc import Collection
from pathlib import Path

from flask import current_app

NAME = re.compile(r"[0-9a-f]{32}")
ENOUGH = 3600
"""Seconds after which a file that no row names was surely not just put down."""


def put(content: bytes) -> str:
    """Lay the bytes down and return their name."""
    name = uuid.uuid4().hex
    place = _place()
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place, prefix=".new-", delete=False) as file:
        file.write(content)
    Path(file.name).replace(place / name)
    return name


def find(name: str | None) -> Path | None:
    """Where the file is, or None."""
    path = _place() / name if name and NAME.fullmatch(name) else None
    return path if path and path.is_file() else None


def tidy(wanted: Collection[str]) -> int:
    """Throw away what is old and not wanted; returns how many files."""
    gone = 0
    for path in _place().glob("*"):
        if path.name in wanted:
            continue
        try:
            if path.stat().st_mtime < time.time() - ENOUGH:
                path.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # somebody else tidies as well
    return gone


def _place() -> Path:
    return Path(current_app.config["DATA_DIR"]).resolve() / "drawer"
