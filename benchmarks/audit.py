"""How fast the record is verified: a hundred thousand events, sealed and walked.

    python benchmarks/audit.py [--rows 100000]

Makes a SQLite file of its own and throws it away; with DATABASE_URL it works in that (empty, migrated) database.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask_migrate import upgrade
from sqlalchemy import insert

from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.models import Event
from workflow.rules.vocabulary import EventKind
from workflow.services import audit

CHUNK = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/audit.sqlite")
        settings = {"SQLALCHEMY_DATABASE_URI": url, "DATA_DIR": Path(folder), "SECRET_KEY": "x"}
        app = create_app(settings)
        with app.app_context():
            upgrade()
            at = clock.now()
            with transaction():
                for _ in range(0, rows, CHUNK):
                    one = {"kind": EventKind.CONTRACT_CREATED, "at": at, "relayed_at": at}
                    db.session.execute(insert(Event), [one] * CHUNK)
            print(f"{db.engine.dialect.name}, {rows:,} events")
            timed("sealed", rows, seal)
            timed("sealed again (nothing waits)", rows, seal)
            timed("verified", rows, verify)
            db.session.remove()
            db.engine.dispose()


def seal() -> None:
    with transaction():
        audit.seal()


def verify() -> None:
    assert list(audit.verify()) == []


def timed(what: str, rows: int, work) -> None:
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:>30}: {took:7.2f} s, {rows / took:10,.0f} rows/s, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
