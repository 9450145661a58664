"""The clock edge of documents: finds those that wait or were abandoned, and builds them, one at a time.

A job may run twice, late, or be killed: `documents.claim` lets one builder in, and the sweep finds what fell silent.
"""

import logging
import time
from contextlib import suppress
from pathlib import Path

from flask import current_app

from workflow import clock, storage, webpage, word
from workflow.db import transaction
from workflow.rules.vocabulary import FileFormat
from workflow.services import bundles, documents, printing, tidying
from workflow.services.bundles import Bundle
from workflow.typesetting import Document, Letter, Pdf, pictures, typeset
from workflow.webpage import Page
from workflow.word import Docx

from .celery import celery

log = logging.getLogger(__name__)

PULSE_S = 1


@celery.task(name="documents.sweep")
def sweep() -> int:
    """Build everything that waits; returns how many were built."""
    return sum(build(document_id) for document_id in documents.waiting(clock.now()))


@celery.task(name="documents.tidy")
def tidy() -> int:
    """Take away old documents that nobody needs, each by itself; returns how many."""
    gone = 0
    for document_id in tidying.old(clock.now()):
        with transaction():
            gone += tidying.remove(document_id, now=clock.now())
    return gone


@celery.task(name="documents.build")
def build(document_id: int) -> bool:
    """Build one document, unless it is done or in good hands."""
    with transaction():
        taken = documents.claim(document_id, now=clock.now())
    if taken is None:
        return False
    try:
        made = WRITERS[printing.format(taken.given)](taken)
        key = storage.keep(made.bytes)
        with transaction():
            documents.finish(taken, made, key=key, now=clock.now())
    except documents.Abandoned:
        log.info("document %s was cancelled or taken over", document_id)
        return False
    except Exception as fault:  # noqa: BLE001 - one bad document must not stop the others
        kind = documents.failure_kind(fault)
        with suppress(documents.Abandoned), transaction():
            documents.fail(taken, kind, now=clock.now())
        return False
    log.info("document %s has %s bytes", document_id, len(made.bytes))
    return True


def _typeset(taken: documents.Build) -> Pdf:
    document = printing.write(taken.given, taken.manifest_sha256)
    return typeset(
        document,
        files=_files(document),
        template=printing.template(taken.given),
        on_step=_Pulse(taken),
        timeout_s=current_app.config["TYPESETTING_SECONDS"],
        memory_mb=current_app.config["TYPESETTING_MEMORY_MB"],
        serves=printing.readers(taken.given),
        stay_s=current_app.config["TYPESETTING_STAY_SECONDS"],
    )


def _written(taken: documents.Build) -> Docx:
    document = printing.write(taken.given, taken.manifest_sha256)
    return word.write(document, files=_files(document), on_step=_Pulse(taken))


def _paged(taken: documents.Build) -> Page:
    document = printing.write(taken.given, taken.manifest_sha256)
    beside = bundles.figures(taken.given)
    return webpage.write(document, files=_files(document), on_step=_Pulse(taken), more=beside)


def _files(document: Document | Letter) -> dict[str, Path]:
    """The pictures that the document shows, by their hash."""
    return {sha256: storage.find(sha256) for sha256, _name in pictures.files(document)}


def _bundled(taken: documents.Build) -> Bundle:
    return bundles.write(taken.given, taken.manifest_sha256)


WRITERS = {
    FileFormat.PDF: _typeset,
    FileFormat.DOCX: _written,
    FileFormat.HTML: _paged,
    FileFormat.MARKDOWN: _bundled,
}


class _Pulse:
    """Writes down how far the build is: at every new step, and every second within one."""

    def __init__(self, taken: documents.Build) -> None:
        self.taken = taken
        self.step = ""
        self.next = 0.0

    def __call__(self, step: str, percent: int) -> None:
        if step == self.step and time.monotonic() < self.next:
            return
        self.step, self.next = step, time.monotonic() + PULSE_S
        with transaction():
            documents.heartbeat(self.taken, step=step, progress=percent, now=clock.now())
