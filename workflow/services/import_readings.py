"""Large files of contracts that were written elsewhere: taken up by a job, read, and put down as pieces.

Reading is a lease as building a document is: who reads says so, and a reading that fell silent is anybody's again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select

from .. import drawer
from ..db import db
from ..models import Person, Sheet
from ..rules.manuscript import Manuscript
from ..rules.refusals import Invalid
from . import imports

ATTEMPTS = 3
GONE = Invalid("file", "This file is no longer there. Please bring it again.")
WORN_OUT = Invalid(
    "file", "This file could not be read to its end. Please split it, and bring the parts."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One attempt that somebody has taken on."""

    sheet_id: int
    attempt: int
    file: Path


class Abandoned(Exception):
    """The sheet was thrown away, or somebody else reads it now; whoever read it lets go."""


def waiting(now: datetime) -> list[int]:
    """The sheets whose file somebody should read."""
    return list(db.session.scalars(select(Sheet.id).where(_due(now)).order_by(Sheet.id)))


def claim(sheet_id: int, *, now: datetime) -> Reading | None:
    """Take on the reading of a file; None when it is read, in good hands, or cannot be read at all."""
    sheet = db.session.scalars(
        select(Sheet)
        .where(Sheet.id == sheet_id, _due(now))
        .with_for_update(skip_locked=True, of=Sheet)
    ).first()
    if sheet is None:
        return None
    file = drawer.find(sheet.file_name)
    if file is None or sheet.attempts >= ATTEMPTS:
        _refuse(sheet, (GONE if file is None else WORN_OUT).message)
        return None
    sheet.attempts += 1
    sheet.progress, sheet.heartbeat_at = 0, now
    return Reading(sheet.id, sheet.attempts, file)


def heartbeat(reading: Reading, *, progress: int, now: datetime) -> None:
    """Say how far it is. Raises `Abandoned` when nobody waits for this attempt any more."""
    sheet = _in_charge(reading)
    sheet.progress, sheet.heartbeat_at = progress, now


def finish(reading: Reading, read: Manuscript) -> Sheet:
    """Put down what was read; the file is no longer wanted."""
    sheet = _in_charge(reading)
    imports.fill(sheet, read, by=db.session.get(Person, sheet.by_id))
    sheet.file_name, sheet.heartbeat_at, sheet.progress = None, None, 100
    return sheet


def refuse(reading: Reading, words: str) -> None:
    """The file cannot be taken, for a reason in words."""
    _refuse(_in_charge(reading), words)


def wanted() -> set[str]:
    """The files that are still to be read."""
    return set(db.session.scalars(select(Sheet.file_name).where(Sheet.file_name.is_not(None))))


def _refuse(sheet: Sheet, words: str) -> None:
    sheet.refused, sheet.file_name, sheet.heartbeat_at = words, None, None


def _in_charge(reading: Reading) -> Sheet:
    sheet = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.id == reading.sheet_id,
            Sheet.file_name.is_not(None),
            Sheet.attempts == reading.attempt,
        )
        .with_for_update(of=Sheet)
    ).first()
    if sheet is None:
        raise Abandoned
    return sheet


def _due(now: datetime):
    silence = timedelta(seconds=current_app.config["BUILD_LEASE_SECONDS"])
    return Sheet.file_name.is_not(None) & or_(
        Sheet.heartbeat_at.is_(None), Sheet.heartbeat_at < now - silence
    )
