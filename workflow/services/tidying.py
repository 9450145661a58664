"""Documents that nobody needs any more: which may go, and how one goes. Built anew they would be the same.

The file goes; of the row stays what it held and who asked for it, as the sealed record of events names it. The file
goes first: whoever falls in between leaves a document without its file, which is built anew when somebody asks for it,
and which the next round takes.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import load_only

from .. import storage
from ..db import db
from ..models import Document, Picture, Signatory, SignatoryEntry
from ..rules.vocabulary import BuildState
from .documents import UNDER_WAY

EDITION = (
    *(Document.contract_id, Document.addendum_id, Document.audience, Document.language),
    *(Document.format, Document.kind, Document.scope, Document.place_id),
    *(Document.since, Document.annexes),
)
"""What makes a document the successor of another: all of an edition, and whose letter it is."""


def old(now: datetime) -> list[int]:
    """The documents that may go: old enough, finished for good or for ill, and neither what was printed of a frozen
    contract, nor a letter that went out, nor the last good one of its edition."""
    return _old(now)


def _old(now: datetime, *among: ColumnElement[bool]) -> list[int]:
    days = current_app.config["DOCUMENT_DAYS"]
    if not days:
        return []
    rows = db.session.scalars(
        select(Document)
        .where(_aged(now, days), *among)
        .order_by(Document.id)
        .options(
            load_only(Document.id, Document.manifest, Document.file_key, *EDITION, raiseload=True)
        )
    ).all()
    last = _last_good([row.contract_id for row in rows])
    return [row.id for row in rows if row.id not in last and not _kept_for_good(row)]


def remove(document_id: int, *, now: datetime) -> bool:
    """Take the file away and say so, unless somebody took the document up meanwhile."""
    document = db.session.scalars(
        select(Document)
        .where(Document.id == document_id)
        .with_for_update(skip_locked=True, of=Document)
        .execution_options(populate_existing=True)
    ).first()
    if document is None or not _old(now, Document.id == document_id):
        return False
    if not _wanted_elsewhere(document):
        storage.forget(document.file_key)
    document.state, document.step, document.file_key = BuildState.GONE, "gone", None
    return True


def _wanted_elsewhere(document: Document) -> bool:
    """Whether another row needs the same file, which is kept once however often it was brought: whoever signs may lay
    beside the very document that he was given."""
    key = document.file_key
    others = (
        select(Document.id).where(Document.file_key == key, Document.id != document.id),
        select(Signatory.id).where(Signatory.letter_key == key),
        select(SignatoryEntry.id).where(SignatoryEntry.letter_key == key),
        select(Picture.id).where(Picture.sha256 == key),
    )
    return bool(db.session.scalar(select(or_(*(one.exists() for one in others)))))


def _aged(now: datetime, days: int):
    """Neither asked for nor finished in so many days, and not being built."""
    before = now - timedelta(days=days)
    return (
        Document.state.not_in(UNDER_WAY | {BuildState.GONE})
        & (Document.created_at < before)
        & or_(Document.finished_at.is_(None), Document.finished_at < before)
    )


def _kept_for_good(document: Document) -> bool:
    return document.addendum_id is not None or bool(document.manifest.get("sealed"))


def _last_good(contracts: list[int]) -> set[int]:
    """Of each edition of these contracts the newest document that has its file."""
    rows = db.session.execute(
        select(Document.id, Document.file_key, *EDITION)
        .where(Document.contract_id.in_(contracts), Document.state == BuildState.DONE)
        .order_by(Document.id.desc())
    )
    editions: dict[tuple, list[tuple[int, str]]] = defaultdict(list)
    for number, key, *edition in rows:
        editions[tuple(edition)].append((number, key))
    return {
        number
        for documents in editions.values()
        for number in [next((n for n, key in documents if storage.find(key)), None)]
        if number is not None
    }
