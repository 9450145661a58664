"""What of a signatory a reader may read, as conditions of queries over all of them at once.

The city's own people and members of the organisation read everything; others read what may be published: a commitment
if it says so, who signs and the letter if he agreed.
"""

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased

from ..models import Commitment, Person, Signatory
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act


def reads_all(person: Person, contract_id: int) -> bool:
    """Whether the person belongs to the city's own people."""
    return policy.grants(person, Act.READ_INTERNAL, Place(contract_id))


def reads(person: Person, signatory: Signatory) -> bool:
    """Whether the person reads all of this signatory."""
    return reads_all(person, signatory.contract_id) or (
        signatory.organisation_id in policy.organisations_of(person, signatory.contract_id)
    )


def told(person: Person, contract_id: int, of=Signatory) -> ColumnElement[bool]:
    """The condition on `Commitment` and its signatory under which the person reads it."""
    if reads_all(person, contract_id):
        return true()
    own = policy.organisations_of(person, contract_id)
    return or_(Commitment.may_publish, of.organisation_id.in_(own))


def promising(person: Person, contract_id: int, *conditions: ColumnElement[bool]) -> Select:
    """The ids of signatories that promise something under the conditions, as far as the person reads it."""
    of = aliased(Signatory)
    return (
        select(of.id)
        .join(Commitment, Commitment.signatory_id == of.id)
        .where(of.contract_id == contract_id, told(person, contract_id, of), *conditions)
    )


def promised(person: Person, contract_id: int):
    """For each signatory, how many commitments the person reads, and their sums."""
    of = aliased(Signatory)
    return (
        select(
            Commitment.signatory_id,
            func.count().label("promises"),
            func.sum(Commitment.tonnes_per_year).label("tonnes"),
            func.sum(Commitment.investment_eur).label("euros"),
        )
        .join(of, of.id == Commitment.signatory_id)
        .where(of.contract_id == contract_id, told(person, contract_id, of))
        .group_by(Commitment.signatory_id)
        .subquery()
    )
