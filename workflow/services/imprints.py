"""What a city's documents bear besides their texts: the one writer of its logo, its colour and its grant number."""

import re

from ..models import Contract, Imprint, Person
from ..queries import imprints
from ..rules import colours, policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind
from . import outbox, pictures, upserts
from .locking import locked

GRANT = re.compile(r"\d{6,9}")
MAX_WORDS = 300

NOTHING = Imprint(grant="", colour=None, logo_id=None, logo_alt="")
"""What documents bear before anybody said so."""

CHANGES: dict[EventKind, frozenset[str]] = {
    EventKind.LOGO_CHANGED: frozenset({"logo_id", "logo_alt"}),
    EventKind.COLOUR_CHANGED: frozenset({"colour"}),
    EventKind.GRANT_CHANGED: frozenset({"grant"}),
}
"""What is recorded when one of these is another."""


def change(
    contract: Contract,
    *,
    by: Person,
    grant: str = "",
    colour: str = "",
    alt: str = "",
    logo: bytes | None = None,
    without_logo: bool = False,
) -> Imprint:
    """Say what the documents bear from now on; without a new `logo` the one that is there stays, unless it is to go.

    Raises `Invalid` for a colour that is hard to read on white, for a logo without words on what it shows, and for a
    file that is no picture of ours.
    """
    policy.require(by, Act.ASSIGN, Place(contract.id))
    before = imprints.of(locked(contract))
    grant, alt = grant.replace(" ", ""), " ".join(alt.split())
    if grant and not GRANT.fullmatch(grant):
        raise Invalid("grant", "A grant number has six to nine digits, such as 101036519.")
    shown = None if without_logo else before.logo_id if before else None
    if logo:
        shown = pictures.take(contract.id, by=by, content=logo, alt=alt).id
    if shown and not alt:
        raise Invalid("alt", "Please say what the logo shows, for those who do not see it.")
    if len(alt) > MAX_WORDS:
        raise Invalid("alt", "This is too long. Please say it in at most 300 characters.")
    values = {
        "grant": grant,
        "colour": _colour(colour),
        "logo_id": shown,
        "logo_alt": alt if shown else "",
    }
    changed = {name for name in values if values[name] != getattr(before or NOTHING, name)}
    upserts.put(Imprint, {"contract_id": contract.id}, values, change=values)
    for kind, names in CHANGES.items():
        if changed & names:
            outbox.record(kind, actor=by, contract_id=contract.id)
    return imprints.of(contract)


def _colour(typed: str) -> str | None:
    """As it is kept. Letters have to be read in it."""
    if not typed.strip():
        return None
    colour = colours.read(typed)
    if colour is None:
        raise Invalid("colour", "Please write the colour as # and six digits, such as #0b5d5b.")
    if colours.contrast_with_white(colour) < colours.LEAST:
        raise Invalid(
            "colour",
            "Letters in this colour are hard to read on white paper. Please take a darker one: its contrast with "
            "white has to be at least 4.5 to 1.",
        )
    return colour
