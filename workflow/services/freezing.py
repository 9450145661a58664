"""The one writer of a contract's freeze: sealing it under a manifest, and lifting that while nobody relies on it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select

from .. import clock
from ..db import db
from ..models import (
    Contract,
    Manifest,
    ManifestEntry,
    Person,
    Question,
    Section,
    SignatoryEntry,
)
from ..rules import policy
from ..rules.canonical import digest
from ..rules.policy import Place
from ..rules.refusals import Blocked, Bound, Invalid, Outdated
from ..rules.vocabulary import Act, EventKind, ManifestKind, ManifestStep, SignatoryStatus
from . import outbox, wholes
from .locking import locked
from .rounds import checked_reason

MAX_NOTE = 4_000

RELIED_ON = or_(
    exists().where(
        SignatoryEntry.manifest_id == Manifest.id,
        SignatoryEntry.to_status == SignatoryStatus.SIGNED,
    ),
    exists().where(
        ManifestEntry.manifest_id == Manifest.id, ManifestEntry.step == ManifestStep.SUBMITTED
    ),
    exists().where(Question.addendum_id == Manifest.id),
)
"""The condition on `Manifest` that somebody signed it, that it was handed in, or that answers went out with it."""


IN_FORCE = func.coalesce(
    Contract.frozen_id,
    select(func.max(Manifest.id))
    .where(Manifest.contract_id == Contract.id, RELIED_ON)
    .correlate(Contract)
    .scalar_subquery(),
)
"""The id of what `in_force` finds, as a column of queries about contracts."""


def freeze(
    contract: Contract,
    *,
    by: Person,
    seen: str | None = None,
    note: str = "",
    answers: Sequence[dict] = (),
) -> Manifest:
    """Let the contract stand still under a manifest of exactly the texts that are approved now.

    After a manifest of the same iteration that others rely on it is an addendum to that one, with a `note` of what it
    is about and the `answers` to reviewers that go out with it; one that holds neither answers nor another text is
    none, and the manifest in force stays. `seen` is the hash of the list that `by` looked at. A repeated click returns
    the manifest that it made. Raises `Denied`, `Blocked` with everything that has to happen first, `Outdated` when the
    list has changed since, or `Invalid` for an addendum without a note.
    """
    policy.require(by, Act.FREEZE, Place(contract.id))
    contract = locked(contract)
    if contract.frozen and not answers:
        return contract.frozen
    _require_open_gate(wholes.read(contract))
    _hold_sections(contract)
    found = wholes.read(contract)
    _require_open_gate(found)
    if seen is not None and seen != found.sha256:
        raise Outdated(Act.FREEZE)
    base = amended(contract)
    if base and not answers and wholes.texts(base.content) == found.content:
        return _stand_still(contract, base, EventKind.CONTRACT_FROZEN, by=by)
    kind, content, said = ManifestKind.CONTRACT, found.content, EventKind.CONTRACT_FROZEN
    if base:
        note = _checked_note(note)
        kind, said = ManifestKind.ADDENDUM, EventKind.ADDENDUM_ISSUED
        content = wholes.addendum(
            found.content,
            to=base,
            note=note,
            on=clock.today(contract.time_zone),
            answers=answers,
        )
    last = latest(contract)
    manifest = Manifest(
        contract=contract,
        number=last.number + 1 if last else 1,
        kind=kind,
        iteration=contract.iteration,
        content=content,
        sha256=digest(content),
        note=note if base else "",
        by=by,
        at=clock.now(),
        supersedes=base or last,
    )
    db.session.add(manifest)
    db.session.flush()
    return _stand_still(contract, manifest, said, by=by)


def lift(contract: Contract, *, by: Person, reason: str) -> Manifest | None:
    """Let the contract be worked on again; the reason is kept and told. Where nothing is frozen nothing happens.

    Raises `Denied`, `Invalid` without a reason, or `Bound` once somebody signed the manifest or it was submitted.
    """
    policy.require(by, Act.FREEZE, Place(contract.id))
    contract = locked(contract)
    manifest = contract.frozen
    if manifest is None:
        return None
    if is_relied_on(manifest):
        raise Bound(Act.FREEZE)
    write_down(manifest, ManifestStep.LIFTED, by=by, reason=checked_reason(reason))
    contract.frozen = None
    outbox.record(EventKind.FREEZE_LIFTED, actor=by, contract_id=contract.id, manifest=manifest)
    return manifest


def is_relied_on(manifest: Manifest) -> bool:
    """Whether others rely on exactly these texts: somebody signed them, or they were handed in."""
    return db.session.scalar(select(exists().where(Manifest.id == manifest.id, RELIED_ON)))


def latest(contract: Contract, *conditions: ColumnElement[bool]) -> Manifest | None:
    """The newest manifest, or the newest one under the conditions."""
    return db.session.scalar(
        select(Manifest)
        .where(Manifest.contract_id == contract.id, *conditions)
        .order_by(Manifest.number.desc())
        .limit(1)
    )


def in_force(contract: Contract) -> Manifest | None:
    """The manifest that the contract goes by: the one it is frozen under, else the newest that others rely on.

    While an addendum or the next iteration is written, what was signed or handed in stays in force, and it is what
    organisations sign.
    """
    return contract.frozen or latest(contract, RELIED_ON)


def amended(contract: Contract) -> Manifest | None:
    """The manifest to which the next one of this iteration is an addendum."""
    return latest(contract, RELIED_ON, Manifest.iteration == contract.iteration)


def write_down(
    manifest: Manifest, step: ManifestStep, *, by: Person, reason: str = "", **what
) -> ManifestEntry:
    """Keep what became of the manifest."""
    entry = ManifestEntry(
        manifest=manifest, step=step, by=by, reason=reason, at=clock.now(), **what
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _stand_still(
    contract: Contract, manifest: Manifest, said: EventKind, *, by: Person
) -> Manifest:
    contract.frozen = manifest
    outbox.record(said, actor=by, contract_id=contract.id, manifest=manifest)
    return manifest


def _checked_note(note: str) -> str:
    note = note.strip()
    if not note:
        raise Invalid(
            "note", "Please say what the addendum is about: it is part of what is sealed."
        )
    if len(note) > MAX_NOTE:
        raise Invalid("note", "This is too long. Please keep it under 4,000 characters.")
    return note


def _require_open_gate(found: wholes.Whole) -> None:
    """Asked before the sections are taken, so that nobody at work is waited for in vain, and again when they are."""
    if found.blockers:
        raise Blocked(Act.FREEZE, found.blockers)


def _hold_sections(contract: Contract) -> None:
    """Whoever is at a section now is waited for; whoever comes later finds the contract frozen."""
    db.session.scalars(
        select(Section)
        .where(Section.contract_id == contract.id)
        .order_by(Section.id)
        .with_for_update(of=Section)
        .execution_options(populate_existing=True)
    ).unique().all()
