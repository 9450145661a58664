"""The contract as a whole: manifests, signatories, and what reviewers ask."""

from collections.abc import Collection
from datetime import date

from workflow import clock
from workflow.db import db
from workflow.models import (
    Commitment,
    Contract,
    Manifest,
    Organisation,
    Person,
    Question,
    Revision,
    Section,
    Signatory,
    SignatoryEntry,
)
from workflow.rules.canonical import digest
from workflow.rules.vocabulary import ManifestKind, ReviewBody, Role, SignatoryStatus, Tier
from workflow.services import wholes

from .cities import the_contract
from .people import organisation, someone, today
from .rows import builder, keep


@builder
def manifest(
    contract: Contract | None = None,
    *,
    by: Person | None = None,
    number: int | None = None,
    frozen: bool = True,
    **changed,
) -> Manifest:
    """The next manifest of the contract as it stands, whether or not it could be frozen; `changed` is listed instead.

    The contract stands still under it from now on, unless it is not to be `frozen`.
    """
    contract = contract or the_contract()
    if number is None:
        number = db.session.query(Manifest).filter_by(contract_id=contract.id).count() + 1
    content = wholes.read(contract).content | {"number": number} | changed
    made = Manifest(
        contract=contract,
        number=number,
        kind=ManifestKind.CONTRACT,
        iteration=contract.iteration,
        content=content,
        sha256=digest(content),
        by=by or someone(Role.COORDINATOR, contract=contract),
        at=clock.now(),
        supersedes=contract.frozen,
    )
    keep(made)
    if frozen:
        contract.frozen = made
    return keep(made)


@builder
def signatory(
    of: Organisation | None = None,
    *,
    status: SignatoryStatus = SignatoryStatus.INVITED,
    manifest: Manifest | None = None,
    promises: Collection[str] = (),
    by: Person | None = None,
    **what,
) -> Signatory:
    """An organisation asked to sign, with its last step; a signed one names its manifest."""
    of = of or organisation()
    by = by or someone(Role.COORDINATOR, contract=db.session.get(Contract, of.contract_id))
    made = Signatory(
        contract_id=of.contract_id,
        organisation=of,
        status=status,
        manifest=manifest,
        signed_on=today() if manifest else None,
        **what,
    )
    keep(made)
    for text in promises:
        keep(Commitment(signatory=made, text=text, tier=Tier.BASIS))
    sha256 = manifest.sha256 if manifest else None
    step = SignatoryEntry(
        signatory=made, to_status=status, manifest=manifest, sha256=sha256, by=by, at=clock.now()
    )
    return keep(made, step)


@builder
def question(
    section: Section | None = None,
    *,
    contract: Contract | None = None,
    text: str = "How was the share of homes found?",
    body: ReviewBody = ReviewBody.COMMISSION,
    reference: str = "",
    quote: str | None = None,
    assignee: Person | None = None,
    due_on: date | None = None,
    answer: str = "",
    ready: bool = False,
    carried_out_by: Revision | None = None,
    addendum: Manifest | None = None,
) -> Question:
    """A reviewers' question about the section, the passage `quote` of its text, or the contract as a whole."""
    contract = contract or (section and db.session.get(Contract, section.contract_id))
    contract = contract or the_contract()
    read = section.current if section else None
    start = read.plain.index(quote) if quote else None
    by = someone(Role.COORDINATOR, contract=contract)
    return keep(
        Question(
            contract_id=contract.id,
            number=db.session.query(Question).filter_by(contract_id=contract.id).count() + 1,
            body=body,
            reference=reference,
            asked_on=date(2025, 7, 1),
            due_on=due_on,
            text=text,
            section=section,
            revision=read,
            quote=quote,
            prefix=read.plain[max(0, start - 32) : start] if quote else None,
            suffix=read.plain[start + len(quote) :][:32] if quote else None,
            start=start,
            end=start + len(quote) if quote else None,
            assignee_id=assignee.id if assignee else None,
            answer=answer,
            answered_by=by if answer else None,
            answered_at=clock.now() if ready or addendum else None,
            carried_out_by=carried_out_by,
            addendum=addendum,
            entered_by_id=by.id,
        )
    )
