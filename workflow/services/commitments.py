"""What signatories commit to: written by whoever speaks for the organisation, or by the city in its name."""

from dataclasses import dataclass

from ..db import db
from ..models import Commitment, Person, Sector, Signatory
from ..rules.numbers import LARGEST
from ..rules.refusals import Invalid, Outdated
from ..rules.vocabulary import Act, Tier
from . import signatories
from .locking import locked

MAX_TEXT = 2_000
MAX_COMMITMENTS = 60
YEARS = range(2000, 2101)
CONSENT = {"may_publish": None}
"""What of a commitment is not promised but agreed to."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: tonnes CO2e a year, euros, and by which year, as far as it can be said."""

    text: str
    tier: Tier
    tonnes_per_year: float | None = None
    investment_eur: float | None = None
    by_year: int | None = None
    sector: Sector | None = None
    may_publish: bool = False


def add(signatory: Signatory, promise: Promise, *, by: Person) -> Commitment:
    """One more commitment. The same words again are the same commitment, so that a double click makes no second one."""
    signatory = signatories.held(signatory, by)
    signatories.open_to_change(signatory, "text")
    asked = _values(promise, checked(promise, signatory))
    known = next((one for one in signatory.commitments if one.text == asked["text"]), None)
    if known:
        return _written(known, asked)
    if len(signatory.commitments) >= MAX_COMMITMENTS:
        raise Invalid("text", "These are enough: at most 60 commitments of one organisation.")
    commitment = _written(Commitment(signatory=signatory), asked)
    db.session.add(commitment)
    db.session.flush()
    signatories.begun(signatory, by)
    return commitment


def change(commitment: Commitment, promise: Promise, *, by: Person, seen: int) -> Commitment:
    """Write it anew; `seen` is the version on the screen. Raises `Outdated` when somebody else did so meanwhile.
    Saving the same again changes nothing.

    Whether others may read it can be changed at any time, what is promised only while it is not signed.
    """
    signatory = signatories.held(commitment.signatory, by)
    commitment = locked(commitment)
    asked = _values(promise, checked(promise, signatory))
    there = {name: getattr(commitment, name) for name in asked}
    if asked == there:
        return commitment
    if commitment.lock != seen:
        raise Outdated(Act.SIGN_OFF)
    if asked | CONSENT != there | CONSENT:
        signatories.open_to_change(signatory, "text")
        signatories.begun(signatory, by)
    return _written(commitment, asked)


def remove(commitment: Commitment, *, by: Person) -> None:
    """Take it out of what is promised."""
    signatory = signatories.held(commitment.signatory, by)
    signatories.open_to_change(signatory, "text")
    db.session.delete(locked(commitment))


def checked(promise: Promise, signatory: Signatory) -> str:
    """The text with single blanks at its ends. Raises `Invalid` for values that cannot be."""
    text = promise.text.strip()
    if not text:
        raise Invalid("text", "Please say in a sentence what the organisation commits to.")
    if len(text) > MAX_TEXT:
        raise Invalid("text", "This is too long. Please keep it under 2,000 characters.")
    for name in ("tonnes_per_year", "investment_eur"):
        value = getattr(promise, name)
        if value is not None and not 0 <= value < LARGEST:
            raise Invalid(
                name, "This number is too large. Please write it in full, without “million”."
            )
    if promise.by_year is not None and promise.by_year not in YEARS:
        raise Invalid("by_year", "Please give a year such as 2030.")
    if promise.sector and promise.sector.contract_id != signatory.contract_id:
        raise Invalid("sector", "Please choose a sector of this contract.")
    return text


def _written(commitment: Commitment, values: dict) -> Commitment:
    for name, value in values.items():
        setattr(commitment, name, value)
    return commitment


def _values(promise: Promise, text: str) -> dict:
    """The columns of what is promised."""
    return {
        "text": text,
        "tier": promise.tier,
        "tonnes_per_year": promise.tonnes_per_year,
        "investment_eur": promise.investment_eur,
        "by_year": promise.by_year,
        "sector_id": promise.sector.id if promise.sector else None,
        "may_publish": promise.may_publish,
    }
