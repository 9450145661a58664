"""What follows a manifest that others rely on: it is submitted, sections are opened for an addendum, or for the next
iteration of the contract."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Contract, Manifest, ManifestEntry, Person, Section
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, ManifestStep, ReviewBody, Stage
from . import freezing, outbox, reviews
from .locking import locked
from .rounds import checked_reason


def submit(contract: Contract, *, by: Person, body: ReviewBody, on: date) -> ManifestEntry:
    """Write down that the frozen contract was handed in, on which day and to whom. Once for each body.

    Raises `Denied`, or `Invalid` where nothing is frozen, the day cannot be, or another one was kept already.
    """
    policy.require(by, Act.FREEZE, Place(contract.id))
    contract = locked(contract)
    manifest = contract.frozen
    if manifest is None:
        raise Invalid("on", "Only a frozen contract is submitted. Please freeze it first.")
    known = db.session.scalar(
        select(ManifestEntry).where(
            ManifestEntry.manifest_id == manifest.id,
            ManifestEntry.step == ManifestStep.SUBMITTED,
            ManifestEntry.body == body,
        )
    )
    if known and known.on != on:
        raise Invalid("on", "It was submitted to them already; the day that was kept then stands.")
    if known:
        return known
    if on < clock.day_of(manifest.at, contract.time_zone):
        raise Invalid("on", "The contract was not frozen yet on this day.")
    if on > clock.today(contract.time_zone):
        raise Invalid("on", "This day has not come yet.")
    entry = freezing.write_down(manifest, ManifestStep.SUBMITTED, by=by, body=body, on=on)
    outbox.record(
        EventKind.CONTRACT_SUBMITTED, actor=by, contract_id=contract.id, manifest=manifest
    )
    return entry


def begin_addendum(
    contract: Contract, sections: Collection[Section], *, by: Person, reason: str
) -> Manifest:
    """Open sections of a contract that others rely on; frozen again, it becomes an addendum to that manifest.

    What was signed or submitted stays in force meanwhile. A repeated click begins one. Raises `Denied` or `Invalid`.
    """
    if not sections:
        raise Invalid("sections", "Please choose at least one section.")
    return _begin(contract, sections, ManifestStep.ADDENDUM, by=by, reason=reason)


def begin(
    contract: Contract, sections: Collection[Section], *, by: Person, reason: str
) -> Manifest:
    """Begin the next iteration from the texts of the manifest in force, with these sections open for revision.

    Texts, remarks with their answers, figures, people and owners stay where they are; what is not opened keeps its
    approval until somebody opens it. A repeated click begins one. Raises `Denied` or `Invalid`.
    """
    return _begin(contract, sections, ManifestStep.ITERATION, by=by, reason=reason)


SAYS = {
    ManifestStep.ADDENDUM: EventKind.ADDENDUM_BEGUN,
    ManifestStep.ITERATION: EventKind.ITERATION_BEGUN,
}


def _begin(
    contract: Contract,
    sections: Collection[Section],
    step: ManifestStep,
    *,
    by: Person,
    reason: str,
) -> Manifest:
    policy.require(by, Act.FREEZE, Place(contract.id))
    contract = locked(contract)
    manifest = contract.frozen
    if manifest is None:
        return _begun_already(contract, sections, step)
    if not freezing.is_relied_on(manifest):
        raise Invalid(
            "reason", "Nobody has signed or received this manifest. Lift the freeze instead."
        )
    reason = checked_reason(reason)
    freezing.write_down(manifest, step, by=by, reason=reason)
    contract.frozen = None
    if step is ManifestStep.ITERATION:
        contract.iteration += 1
        contract.submit_on = None
    db.session.flush()
    for section in sorted(sections, key=lambda one: one.id):
        _open(section, contract, by=by, reason=reason)
    outbox.record(SAYS[step], actor=by, contract_id=contract.id, manifest=manifest)
    return manifest


def _begun_already(
    contract: Contract, sections: Collection[Section], step: ManifestStep
) -> Manifest:
    """What the first click of a repeated one began; whoever wants other sections opens them one by one."""
    begun = freezing.latest(contract)
    opened = all(section.stage is not Stage.APPROVED for section in sections)
    if begun and begun.entries and begun.entries[-1].step is step and opened:
        return begun
    raise Invalid(
        "reason",
        "The contract is not frozen now. Open further sections one by one, where they are reviewed.",
    )


def _open(section: Section, contract: Contract, *, by: Person, reason: str) -> None:
    """Open one section with the others; what was due for the manifest is due no more."""
    if section.contract_id != contract.id:
        raise Invalid("sections", "This section belongs to another contract.")
    section = locked(section)
    if section.stage is Stage.APPROVED:
        reviews.reopen(section, by=by, reason=reason)
        section.due_on = None
