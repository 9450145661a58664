"""Organisations that take part in a contract."""

from sqlalchemy import select

from ..db import db
from ..models import Contract, Organisation, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, OrganisationKind


def named(
    contract: Contract,
    name: str,
    *,
    by: Person,
    kind: OrganisationKind = OrganisationKind.OTHER,
) -> Organisation:
    """The organisation of that name, entered when the contract does not know it yet; case does not matter."""
    policy.require(by, Act.INVITE, Place(contract.id))
    name = " ".join(name.split())
    if not 1 <= len(name) <= 200:
        raise Invalid("organisation", "Please give a name of at most 200 characters.")
    entered = select(Organisation).where(Organisation.contract_id == contract.id)
    known = next(
        (one for one in db.session.scalars(entered) if one.name.casefold() == name.casefold()), None
    )
    if known:
        return known
    organisation = Organisation(contract_id=contract.id, name=name, kind=kind)
    db.session.add(organisation)
    db.session.flush()
    return organisation
