"""Who says what his organisation thinks: one delegate, and substitutes. Only they submit its positions."""

from sqlalchemy import select

from ..db import db
from ..models import Membership, Organisation, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act, EventKind, Mandate
from . import outbox
from .locking import locked


def may_give(by: Person, organisation: Organisation) -> bool:
    """Whether the person names delegates of the organisation: a coordinator, or its own delegate."""
    place = Place(organisation.contract_id)
    return policy.grants(by, Act.INVITE, place) or _is_delegate(by, organisation)


def give(membership: Membership, mandate: Mandate, *, by: Person) -> Membership:
    """Say what a member may say in the name of his organisation. Who was its delegate before becomes a substitute.

    Saying the same again changes nothing.
    """
    organisation = membership.organisation
    if organisation is None:
        raise Invalid("mandate", "This person speaks for no organisation.")
    organisation = locked(organisation)
    if not may_give(by, organisation):
        raise Denied(Act.INVITE, policy.GRANTS[Act.INVITE])
    if policy.GRANTS[Act.COMMENT].isdisjoint({membership.role}) and mandate in policy.SPEAKERS:
        raise Invalid("mandate", "An observer does not comment, so he cannot be a delegate.")
    if membership.mandate is mandate:
        return membership
    if mandate is Mandate.DELEGATE:
        for other in _delegates(organisation):
            other.mandate = Mandate.SUBSTITUTE
    membership.mandate = mandate
    outbox.record(
        EventKind.MANDATE_GIVEN,
        actor=by,
        contract_id=organisation.contract_id,
        person=membership.person,
        organisation=organisation,
    )
    return membership


def _is_delegate(person: Person, organisation: Organisation) -> bool:
    return any(
        m.organisation_id == organisation.id and m.mandate is Mandate.DELEGATE
        for m in person.memberships
    )


def _delegates(organisation: Organisation) -> list[Membership]:
    query = select(Membership).where(
        Membership.organisation_id == organisation.id, Membership.mandate == Mandate.DELEGATE
    )
    return list(db.session.scalars(query))
