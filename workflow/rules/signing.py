"""How an organisation comes to its signature: the life of a signatory is this one table.

Rows say where it stands, keys where it may go next, values who may take that step: whoever speaks for the organisation,
or those who keep the list of signatories. `SIGNED` leads to `SIGNED` again: the signature is renewed on a later
manifest.
"""

from enum import StrEnum

from .vocabulary import SignatoryStatus


class Party(StrEnum):
    """Who takes a step: the organisation by its delegate or a substitute, or the city by its coordinators."""

    ORGANISATION = "organisation"
    CITY = "city"


EITHER = frozenset(Party)
CITY = frozenset({Party.CITY})

SIGNING: dict[SignatoryStatus, dict[SignatoryStatus, frozenset[Party]]] = {
    SignatoryStatus.INVITED: {
        SignatoryStatus.IN_PREPARATION: EITHER,
        SignatoryStatus.LEGAL_CHECK: EITHER,
        SignatoryStatus.SIGNED: EITHER,
        SignatoryStatus.WITHDRAWN: EITHER,
    },
    SignatoryStatus.IN_PREPARATION: {
        SignatoryStatus.LEGAL_CHECK: EITHER,
        SignatoryStatus.SIGNED: EITHER,
        SignatoryStatus.WITHDRAWN: EITHER,
    },
    SignatoryStatus.LEGAL_CHECK: {
        SignatoryStatus.IN_PREPARATION: EITHER,
        SignatoryStatus.SIGNED: EITHER,
        SignatoryStatus.WITHDRAWN: EITHER,
    },
    SignatoryStatus.SIGNED: {
        SignatoryStatus.SIGNED: EITHER,
        SignatoryStatus.IN_PREPARATION: EITHER,
        SignatoryStatus.WITHDRAWN: EITHER,
    },
    SignatoryStatus.WITHDRAWN: {SignatoryStatus.INVITED: CITY},
}

NEEDS_REASON: frozenset[tuple[SignatoryStatus, SignatoryStatus]] = frozenset(
    {
        (SignatoryStatus.LEGAL_CHECK, SignatoryStatus.IN_PREPARATION),
        (SignatoryStatus.SIGNED, SignatoryStatus.IN_PREPARATION),
        (SignatoryStatus.INVITED, SignatoryStatus.WITHDRAWN),
        (SignatoryStatus.IN_PREPARATION, SignatoryStatus.WITHDRAWN),
        (SignatoryStatus.LEGAL_CHECK, SignatoryStatus.WITHDRAWN),
        (SignatoryStatus.SIGNED, SignatoryStatus.WITHDRAWN),
    }
)
"""Steps back carry a reason, which travels in the letter."""

UNSIGNED = frozenset(
    {SignatoryStatus.INVITED, SignatoryStatus.IN_PREPARATION, SignatoryStatus.LEGAL_CHECK}
)
"""Where a signature is still awaited, and where what is promised may be written."""


class Hold(StrEnum):
    """What a signature is worth now: given on the manifest in force, or on an earlier one."""

    CURRENT = "current"
    EARLIER = "earlier"


def steps(status: SignatoryStatus, parties: frozenset[Party]) -> list[SignatoryStatus]:
    """Where these parties may take the signatory from here, in the order of the table."""
    return [target for target, who in SIGNING[status].items() if who & parties]


def held(status: SignatoryStatus, signed: int | None, in_force: int | None) -> Hold | None:
    """What the signature is worth; `signed` and `in_force` are ids of manifests. None where nobody signed."""
    if status is not SignatoryStatus.SIGNED:
        return None
    return Hold.CURRENT if signed == in_force else Hold.EARLIER


def replay(targets: list[SignatoryStatus]) -> SignatoryStatus:
    """The status that the steps of a signatory lead to. Raises ValueError for a step that the table does not know.

    A letter that is laid beside leads from a status to the same one.
    """
    status = SignatoryStatus.INVITED
    for target in targets:
        if target is not status and target not in SIGNING[status]:
            raise ValueError(f"{status} does not lead to {target}")
        status = target
    return status
