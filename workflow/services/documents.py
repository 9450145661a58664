"""Compiled documents: asked for, built by whoever takes them up, kept; the same contract is never built twice.

A build is a lease: who builds says so every few seconds, and a build that fell silent is anybody's again. The number
of the attempt tells the builder who is still in charge from the one that was thought dead.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from .. import clock, storage
from ..db import db
from ..models import Component, Contract, Document, Manifest, Module, Person, Section
from ..queries import answer_letter, compiled_changes
from ..queries.answer_letter import Letter
from ..queries.compilation import compilation
from ..queries.compiled import Compilation
from ..rules import cadence, policy
from ..rules.editions import Edition
from ..rules.policy import Place
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act, Audience, BuildState, EditionKind, EventKind, FileFormat, Scope
from ..typesetting import Pdf, TypesettingFailed
from ..webpage import Page
from ..word import Docx
from . import manifests, outbox, printing
from .bundles import Bundle
from .locking import locked

log = logging.getLogger(__name__)

UNDER_WAY = frozenset({BuildState.QUEUED, BuildState.RUNNING})

PARTS = {Scope.COMPONENT: Component, Scope.MODULE: Module, Scope.SECTION: Section}

ATTEMPTS = {"crash": 3, "time": 2, "memory": 1, "engine": 1, "abandoned": 4}
"""How often a document is tried before it fails for good, by what went wrong."""


@dataclass(frozen=True, slots=True)
class Build:
    """One attempt that somebody has taken on: what to print, and under which number."""

    document_id: int
    attempt: int
    given: Compilation | Letter
    manifest_sha256: str


class Abandoned(Exception):
    """The document was cancelled, or somebody else builds it now; whoever built it lets go."""


def audiences(person: Person, contract: Contract) -> list[Audience]:
    """For whose eyes the person may have a document built: for none that read more than he does."""
    seen = {visibility.value for visibility in policy.visible_to(person, Place(contract.id))}
    return [audience for audience in Audience if audience.value in seen]


def request(contract: Contract, edition: Edition, *, by: Person) -> Document:
    """Ask for the contract, or a part of it, as it stands now. What has been built of exactly this, or is being built,
    is given back."""
    policy.require(by, Act.COMPILE, Place(contract.id))
    if edition.audience not in audiences(by, contract):
        raise Denied(Act.READ_INTERNAL, policy.GRANTS[Act.READ_INTERNAL])
    if edition.scope is not Scope.WHOLE and not _belongs(edition, contract):
        raise Invalid("scope", "Please choose a part of this contract.")
    if edition.kind is EditionKind.CHANGES:
        if edition.format is FileFormat.MARKDOWN:
            raise Invalid(
                "format", "What changed comes as PDF or for Word. Please choose one of them."
            )
        edition = replace(edition, since=_since(edition, contract))
    return _ask(contract, by, edition.whole)


def request_letter(addendum: Manifest, *, by: Person, language: str | None = None) -> Document:
    """Ask for the letter of answers that went out with the addendum."""
    contract = addendum.contract
    policy.require(by, Act.COMPILE, Place(contract.id))
    edition = Edition(Audience.PARTICIPANTS, language or contract.language, annexes=frozenset())
    return _ask(contract, by, edition, addendum)


def again(document: Document, *, by: Person) -> Document:
    """Ask anew for what was cancelled or has failed, as it stands now."""
    if document.addendum:
        return request_letter(document.addendum, by=by, language=document.language)
    return request(document.contract, document.edition, by=by)


def _ask(
    contract: Contract,
    by: Person,
    edition: Edition,
    addendum: Manifest | None = None,
) -> Document:
    if edition.language not in current_app.config["DOCUMENT_LANGUAGES"]:
        raise Invalid("language", "Documents cannot be built in this language.")
    manifest = printing.manifest(_given(contract, addendum, edition))
    asked = Document(
        contract_id=contract.id,
        requested_by_id=by.id,
        addendum=addendum,
        edition=edition,
        manifest=manifest,
        manifest_sha256=manifests.digest(manifest),
        state=BuildState.CANCELLED,
        next_try_at=clock.now(),
    )
    document = locked(_known(contract.id, manifest) or _kept(asked))
    _take_up(document, by)
    return document


def _take_up(document: Document, by: Person) -> None:
    """Have it built for the person, unless it is there or on its way."""
    usable = document.state is BuildState.DONE and storage.find(document.file_key)
    if usable or document.state in UNDER_WAY:
        return
    document.state, document.step, document.progress = BuildState.QUEUED, "queued", 0
    document.attempts, document.next_try_at, document.error = 0, clock.now(), None
    document.requested_by = by
    outbox.record(
        EventKind.DOCUMENT_REQUESTED, actor=by, contract_id=document.contract_id, document=document
    )


def cancel(document: Document, *, by: Person) -> Document:
    """Stop a build that nobody needs any more. A finished document stays."""
    if document.requested_by_id != by.id:
        policy.require(by, Act.ASSIGN, Place(document.contract_id))
    document = locked(document)
    if document.state in UNDER_WAY:
        document.state, document.finished_at = BuildState.CANCELLED, clock.now()
    return document


def waiting(now: datetime) -> list[int]:
    """The documents that somebody should build: due ones, and those whose builder fell silent."""
    return list(
        db.session.scalars(select(Document.id).where(_due(now)).order_by(Document.next_try_at))
    )


def claim(document_id: int, *, now: datetime) -> Build | None:
    """Take on the building of a document; None when it is done, in good hands, or not due.

    What is built is what stands now: a document that waited while the contract changed is brought up to date.
    """
    document = db.session.scalars(
        select(Document)
        .where(Document.id == document_id, _due(now))
        .with_for_update(skip_locked=True, of=Document)
    ).first()
    if document is None:
        return None
    if document.state is BuildState.RUNNING and document.attempts >= ATTEMPTS["abandoned"]:
        _give_up(document, "abandoned", now)
        return None
    contract = db.session.get(Contract, document.contract_id)
    given = _given(contract, document.addendum, document.edition)
    manifest = printing.manifest(given)
    twin = _known(contract.id, manifest)
    if twin and twin.id != document.id:
        document.state, document.step, document.finished_at = (
            BuildState.CANCELLED,
            "superseded",
            now,
        )
        _take_up(locked(twin), document.requested_by)
        return None
    document.manifest, document.manifest_sha256 = manifest, manifests.digest(manifest)
    document.state, document.step, document.progress = BuildState.RUNNING, "reading", 1
    document.attempts += 1
    document.heartbeat_at = now
    return Build(document.id, document.attempts, given, document.manifest_sha256)


def heartbeat(build: Build, *, step: str, progress: int, now: datetime) -> None:
    """Say how far it is. Raises `Abandoned` when nobody waits for this attempt any more."""
    document = _in_charge(build)
    document.step, document.progress, document.heartbeat_at = step, progress, now


def finish(build: Build, made: Pdf | Docx | Page | Bundle, *, key: str, now: datetime) -> Document:
    """The file with this key is the document."""
    document = _in_charge(build)
    document.state, document.step, document.progress = BuildState.DONE, "done", 100
    document.file_key, document.pages, document.size = key, made.pages, len(made.bytes)
    document.warnings = [[one.kind, list(one.details)] for one in made.warnings]
    document.error, document.finished_at = None, now
    _record(EventKind.DOCUMENT_READY, document)
    return document


def fail(build: Build, kind: str, *, now: datetime) -> None:
    """The attempt came to nothing: try again later if that may help, else say so."""
    document = _in_charge(build)
    if document.attempts < ATTEMPTS[kind]:
        document.state, document.step, document.error = BuildState.QUEUED, "again", kind
        document.next_try_at = cadence.retry_at(now, document.attempts)
        return
    _give_up(document, kind, now)


def failure_kind(fault: Exception) -> str:
    """Which of `ATTEMPTS` a fault is; what the engine said goes to the log."""
    if isinstance(fault, TypesettingFailed):
        log.error("typesetting failed (%s): %s", fault.kind, fault.engine.strip() or fault.reason)
        return fault.kind
    log.error("the build broke off", exc_info=fault)
    return "crash"


def _give_up(document: Document, kind: str, now: datetime) -> None:
    document.state, document.error, document.finished_at = BuildState.FAILED, kind, now
    _record(EventKind.DOCUMENT_FAILED, document)


def _in_charge(build: Build) -> Document:
    document = db.session.scalars(
        select(Document)
        .where(
            Document.id == build.document_id,
            Document.state == BuildState.RUNNING,
            Document.attempts == build.attempt,
        )
        .with_for_update(of=Document)
    ).first()
    if document is None:
        raise Abandoned
    return document


def _due(now: datetime):
    silence = timedelta(seconds=current_app.config["BUILD_LEASE_SECONDS"])
    return or_(
        and_(Document.state == BuildState.QUEUED, Document.next_try_at <= now),
        and_(Document.state == BuildState.RUNNING, Document.heartbeat_at < now - silence),
    )


def _known(contract_id: int, manifest: dict) -> Document | None:
    return db.session.scalars(
        select(Document).where(
            Document.contract_id == contract_id,
            Document.manifest_sha256 == manifests.digest(manifest),
        )
    ).first()


def _given(contract: Contract, addendum: Manifest | None, edition: Edition) -> Compilation | Letter:
    """What is printed: the letter of the addendum, else the contract as it stands now."""
    if addendum:
        return answer_letter.issued(addendum, language=edition.language)
    return compilation(contract, edition)


def _belongs(edition: Edition, contract: Contract) -> bool:
    """Whether the part that the edition names is one of the contract."""
    model = PARTS[edition.scope]
    part = db.session.get(model, edition.place) if edition.place else None
    owner = part.component if isinstance(part, Module) else part
    return owner is not None and owner.contract_id == contract.id


def _since(edition: Edition, contract: Contract) -> int:
    """The manifest that changes are told from, by default the newest."""
    known = compiled_changes.numbers(contract)
    if edition.since is None and known:
        return known[0]
    if edition.since not in known:
        raise Invalid(
            "since", "Please choose a frozen text that the contract can be compared with."
        )
    return edition.since


def _kept(asked: Document) -> Document:
    """A row in its first state; of two people who ask in the same moment, one makes it and both get it."""
    try:
        with db.session.begin_nested():
            db.session.add(asked)
    except IntegrityError:
        return _known(asked.contract_id, asked.manifest)
    return asked


def _record(kind: EventKind, document: Document) -> None:
    outbox.record(
        kind,
        actor=document.requested_by,
        contract_id=document.contract_id,
        document=document,
    )
