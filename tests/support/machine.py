"""Finds the programs that the tests start; the only place that knows where distributions put them."""

import shutil
from pathlib import Path

PLACES = {
    "initdb": ["/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb"],
    "postgres": ["/usr/lib/postgresql/*/bin/postgres", "/usr/pgsql-*/bin/postgres"],
    "redis-server": [],
    "chromium": [],
}
NAMES = {
    "chromium": ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"],
}
"""The first is the best; without its windows Chromium needs half of the processor time."""
PACKAGES = {
    "initdb": "postgresql",
    "postgres": "postgresql",
    "redis-server": "redis-server",
    "chromium": "chromium",
}


class Missing(Exception):
    """A program that the tests need is not on this machine; says how to get it."""


def find(name: str) -> str:
    """The program's path; of several installed versions the newest."""
    for spelling in NAMES.get(name, [name]):
        if found := shutil.which(spelling):
            return found
    found = [path for pattern in PLACES[name] for path in Path("/").glob(pattern.lstrip("/"))]
    if not found:
        raise Missing(
            f"The tests need {name}, which is not here: run “sudo apt-get install "
            f"{PACKAGES[name]}”, then start again."
        )
    return str(max(found, key=lambda path: _version(path.parent.parent.name)))


def _version(folder: str) -> float:
    digits = folder.rpartition("-")[2]
    try:
        return float(digits)
    except ValueError:
        return 0.0
