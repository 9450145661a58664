"""Signatories: organisations asked to sign, and each step on their way kept as evidence."""

from datetime import date

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Contract, Event, Manifest, Organisation, Person, Signatory, SignatoryEntry
from ..rules import policy, signing
from ..rules.policy import Place
from ..rules.refusals import Denied, Invalid, Outdated, OutOfTurn
from ..rules.signing import UNSIGNED, Party
from ..rules.vocabulary import Act, EventKind, ReminderKind, SignatoryStatus
from . import outbox, reminded, reminders
from .locking import locked

MAX_REASON = 4_000
MAX_LINE = 200


def parties(person: Person, signatory: Signatory) -> frozenset[Party]:
    """For whom the person takes steps of this signatory."""
    found = set()
    if policy.speaks_for(person, signatory.organisation_id):
        found.add(Party.ORGANISATION)
    if policy.grants(person, Act.SIGN_OFF, Place(signatory.contract_id)):
        found.add(Party.CITY)
    return frozenset(found)


def held(signatory: Signatory, by: Person) -> Signatory:
    """The signatory, held until the transaction ends, for somebody who may take its steps. Raises `Denied`."""
    signatory = locked(signatory)
    if not parties(by, signatory):
        raise Denied(Act.SIGN_OFF, policy.GRANTS[Act.SIGN_OFF])
    return signatory


def invite(
    contract: Contract, organisation: Organisation, *, by: Person, due_on: date | None = None
) -> Signatory:
    """Ask an organisation to sign. Asking again changes nothing but the day."""
    policy.require(by, Act.SIGN_OFF, Place(contract.id))
    if organisation.contract_id != contract.id:
        raise Invalid("organisation", "Please choose an organisation of this contract.")
    locked(contract)
    known = db.session.scalar(
        select(Signatory).where(
            Signatory.contract_id == contract.id, Signatory.organisation_id == organisation.id
        )
    )
    if known:
        known.due_on = due_on or known.due_on
        return known
    signatory = Signatory(
        contract_id=contract.id,
        organisation=organisation,
        status=SignatoryStatus.INVITED,
        due_on=due_on,
    )
    db.session.add(signatory)
    db.session.flush()
    entry = step(signatory, None, SignatoryStatus.INVITED, by=by)
    record(EventKind.SIGNATORY_INVITED, signatory, entry, by=by)
    return signatory


def move(
    signatory: Signatory,
    to: SignatoryStatus,
    *,
    by: Person,
    seen: int | None,
    reason: str = "",
) -> SignatoryEntry:
    """Take the signatory to another status, except by signing. `seen` is the id of the last step on the screen.

    A repeated click returns the step it made. Raises `Denied`, `Outdated`, `OutOfTurn` or `Invalid` (a reason lacks).
    """
    signatory = held(signatory, by)
    last = latest(signatory)
    if last and last.id != seen and (last.to_status, last.by_id) == (to, by.id):
        return last
    check_seen(last, seen)
    check_turn(signatory, to, by)
    if to is SignatoryStatus.SIGNED:
        raise Invalid("status", "A signature is given on the page of signing.")
    reason = reason.strip()
    if (signatory.status, to) in signing.NEEDS_REASON and not reason:
        raise Invalid("reason", "Please say why: it goes into the letter and into the record.")
    if len(reason) > MAX_REASON:
        raise Invalid("reason", "This is too long. Please keep it under 4,000 characters.")
    entry = step(signatory, signatory.status, to, by=by, reason=reason)
    signatory.manifest_id = signatory.signed_on = None
    kind = (
        EventKind.SIGNATORY_INVITED if to is SignatoryStatus.INVITED else EventKind.SIGNATORY_MOVED
    )
    record(kind, signatory, entry, by=by)
    return entry


def describe(
    signatory: Signatory,
    *,
    by: Person,
    seen: int,
    representative: str,
    office: str,
    may_publish: bool,
) -> Signatory:
    """Say who signs, and whether he and the letter may be named to others; `seen` is the version on the screen.

    What may be published can be changed at any time, who signed not any more. Saying the same again changes nothing.
    """
    signatory = held(signatory, by)
    said = {"representative": representative, "office": office}
    said = {name: " ".join(value.split()) for name, value in said.items()}
    asked = said | {"may_publish": may_publish}
    same = asked == {name: getattr(signatory, name) for name in asked}
    if signatory.lock != seen and not same:
        raise Outdated(Act.SIGN_OFF)
    for name, value in said.items():
        if len(value) > MAX_LINE:
            raise Invalid(name, "This is too long. Please keep it under 200 characters.")
    if said != {name: getattr(signatory, name) for name in said}:
        open_to_change(signatory, "representative")
        signatory.representative, signatory.office = said["representative"], said["office"]
    signatory.may_publish = may_publish
    begun(signatory, by)
    return signatory


def set_due(signatory: Signatory, due_on: date | None, *, by: Person) -> Signatory:
    """Say by which day the signature is expected; reminders go by it."""
    policy.require(by, Act.SIGN_OFF, Place(signatory.contract_id))
    signatory = locked(signatory)
    signatory.due_on = due_on
    return signatory


def remind(signatory: Signatory, *, by: Person) -> Event:
    """Remind whoever is to sign, once a day at most. Raises `Invalid` when nothing is awaited, no day is set, it was
    reminded today, or nobody can be reached."""
    policy.require(by, Act.SIGN_OFF, Place(signatory.contract_id))
    if not reminded.unsigned(signatory):
        raise Invalid("due_on", "Nothing is awaited of this organisation.")
    if signatory.due_on is None:
        raise Invalid("due_on", "Please set first by which day the signature is expected.")
    owed = reminders.Owed(
        signatory.contract_id, signatory.id, signatory.due_on, {"signatory": signatory}
    )
    event = reminders.by_hand(ReminderKind.SIGNATURE_AWAITED, owed, by=by)
    if event is None:
        raise Invalid("due_on", "This organisation was reminded today already.")
    return event


def open_to_change(signatory: Signatory, name: str) -> None:
    """Raise `Invalid` for the field unless what is signed may still be changed."""
    if signatory.status not in UNSIGNED:
        raise Invalid(
            name,
            "This is signed, or withdrawn, and does not change. Take it back into preparation first.",
        )


def begun(signatory: Signatory, by: Person) -> None:
    """The first word of the organisation itself: it is no longer only invited."""
    if signatory.status is SignatoryStatus.INVITED and Party.ORGANISATION in parties(by, signatory):
        entry = step(signatory, SignatoryStatus.INVITED, SignatoryStatus.IN_PREPARATION, by=by)
        record(EventKind.SIGNATORY_MOVED, signatory, entry, by=by)


def beside(signatory: Signatory, *, by: Person) -> SignatoryEntry:
    """A letter was laid beside: a line in the record that leaves the status as it is."""
    return step(signatory, signatory.status, signatory.status, by=by)


def latest(signatory: Signatory) -> SignatoryEntry | None:
    """The last step."""
    return db.session.scalar(
        select(SignatoryEntry)
        .where(SignatoryEntry.signatory_id == signatory.id)
        .order_by(SignatoryEntry.id.desc())
        .limit(1)
    )


def check_seen(last: SignatoryEntry | None, seen: int | None) -> None:
    if (last.id if last else None) != seen:
        raise Outdated(Act.SIGN_OFF)


def check_turn(signatory: Signatory, to: SignatoryStatus, by: Person) -> None:
    possible = signing.steps(signatory.status, parties(by, signatory))
    if to not in possible:
        raise OutOfTurn(signatory.status, to, possible)


def step(
    signatory: Signatory,
    from_status: SignatoryStatus | None,
    to: SignatoryStatus,
    *,
    by: Person,
    manifest: Manifest | None = None,
    reason: str = "",
    content: dict | None = None,
) -> SignatoryEntry:
    entry = SignatoryEntry(
        signatory=signatory,
        from_status=from_status,
        to_status=to,
        manifest_id=manifest.id if manifest else None,
        sha256=manifest.sha256 if manifest else None,
        letter_key=signatory.letter_key,
        content=content,
        by_id=by.id,
        reason=reason,
        at=clock.now(),
    )
    db.session.add(entry)
    signatory.status = to
    db.session.flush()
    return entry


def record(kind: EventKind, signatory: Signatory, entry: SignatoryEntry, *, by: Person) -> None:
    outbox.record(
        kind,
        actor=by,
        contract_id=signatory.contract_id,
        organisation_id=signatory.organisation_id,
        signatory=signatory,
        signatory_entry=entry,
        manifest_id=entry.manifest_id,
    )
