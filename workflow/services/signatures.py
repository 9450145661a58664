"""Signatures: given on exactly the manifest that was seen, for one's own organisation or from a letter at hand."""

from datetime import date

from sqlalchemy import and_, or_, select

from .. import clock
from ..db import db
from ..models import Commitment, Manifest, Person, Signatory, SignatoryEntry
from ..rules.refusals import Invalid, Outdated
from ..rules.signing import Party
from ..rules.vocabulary import Act, EventKind, SignatoryStatus
from . import freezing, signatories
from .locking import locked


def sign(
    signatory: Signatory, *, by: Person, seen: int | None, sha256: str, on: date | None = None
) -> SignatoryEntry:
    """Sign exactly the manifest that was seen and is in force, by its hash: a delegate or substitute for his
    organisation, or a coordinator who has the letter before him, signed on the day `on`.

    Who asks for what is signed already gets that signature: two delegates at once make one. Raises `Denied`,
    `Outdated` (another manifest is in force, or none any more), `OutOfTurn` or `Invalid` (something lacks).
    """
    contract = locked(signatory.contract)
    signatory = signatories.held(signatory, by)
    manifest = freezing.in_force(contract)
    if manifest is None and not sha256:
        raise Invalid("sha256", "Nothing is frozen yet, so there is nothing to sign.")
    if manifest is None or manifest.sha256 != sha256:
        raise Outdated(Act.SIGN_OFF)
    last = signatories.latest(signatory)
    if signatory.status is SignatoryStatus.SIGNED and signatory.manifest_id == manifest.id:
        return last
    signatories.check_seen(last, seen)
    signatories.check_turn(signatory, SignatoryStatus.SIGNED, by)
    on = _day(on, by, signatory, manifest)
    entry = signatories.step(
        signatory,
        signatory.status,
        SignatoryStatus.SIGNED,
        by=by,
        manifest=manifest,
        content=_content(signatory, on),
    )
    signatory.manifest_id, signatory.signed_on = manifest.id, on
    signatories.record(EventKind.SIGNATORY_MOVED, signatory, entry, by=by)
    return entry


def _day(on: date | None, by: Person, signatory: Signatory, manifest: Manifest) -> date:
    """The day of the signature, once nothing lacks that it needs."""
    if not signatory.representative:
        raise Invalid("representative", "Please say first who signs.")
    if not _promised(signatory):
        raise Invalid("commitments", "Please say first what the organisation commits to.")
    today = clock.today(signatory.contract.time_zone)
    if Party.ORGANISATION in signatories.parties(by, signatory):
        return today
    if on and on > today:
        raise Invalid("on", "This day lies in the future.")
    _check_letter(signatory, manifest)
    return on or today


def _check_letter(signatory: Signatory, manifest: Manifest) -> None:
    """Who signs for another has a letter of his: not one that lay beside a signature before this manifest was, nor one
    from before the organisation withdrew."""
    if signatory.letter_key is None:
        raise Invalid("letter", "Please upload the signed letter first.")
    used = select(SignatoryEntry.id).where(
        SignatoryEntry.signatory_id == signatory.id,
        SignatoryEntry.letter_key == signatory.letter_key,
        or_(
            and_(
                SignatoryEntry.to_status == SignatoryStatus.SIGNED, SignatoryEntry.at < manifest.at
            ),
            SignatoryEntry.to_status == SignatoryStatus.WITHDRAWN,
        ),
    )
    if db.session.scalar(used.limit(1)):
        raise Invalid(
            "letter",
            "The letter that is here is for an earlier state of the contract, or from before the organisation "
            "withdrew. Please upload the new one.",
        )


def _promised(signatory: Signatory) -> list[Commitment]:
    return list(
        db.session.scalars(
            select(Commitment)
            .where(Commitment.signatory_id == signatory.id)
            .order_by(Commitment.id)
        )
    )


def _content(signatory: Signatory, on: date) -> dict:
    """What is signed besides the manifest, as plain values that outlive every row."""
    return {
        "organisation": signatory.organisation.name,
        "representative": signatory.representative,
        "office": signatory.office,
        "on": on.isoformat(),
        "commitments": [
            {
                "text": one.text,
                "tier": one.tier.value,
                "tonnes_per_year": one.tonnes_per_year,
                "investment_eur": one.investment_eur,
                "by_year": one.by_year,
                "sector": one.sector.key if one.sector else None,
            }
            for one in _promised(signatory)
        ],
    }
