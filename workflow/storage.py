"""The only door to the file store: files named by the SHA-256 of their bytes, in `DATA_DIR/files`.

A name never changes its content, a file is whole or not there, and keeping it twice is keeping it once.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app

KEY = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes) -> str:
    """Store the bytes and return their key."""
    key = hashlib.sha256(content).hexdigest()
    path = _path(key)
    if path.is_file():
        return key
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return key


def find(key: str | None) -> Path | None:
    """Where the file is, or None; what is no key is never a path."""
    if not key or not KEY.fullmatch(key):
        return None
    path = _path(key)
    return path if path.is_file() else None


def forget(key: str | None) -> None:
    """Take a file away; whoever reads it at this moment reads it to its end."""
    if found := find(key):
        found.unlink(missing_ok=True)


def _path(key: str) -> Path:
    return Path(current_app.config["DATA_DIR"]).resolve() / "files" / key[:2] / key
