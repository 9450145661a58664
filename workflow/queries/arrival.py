"""What the doors show: who may try the demo, and what an invited person is told before accepting."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..db import db
from ..models import Contract, Membership, Organisation, Person
from ..rules.vocabulary import Role
from ..services import people

DEMO_ORDER = (
    Role.COORDINATOR,
    Role.EDITOR,
    Role.APPROVER,
    Role.STAKEHOLDER,
    Role.REVIEWER,
    Role.OBSERVER,
    Role.ADMIN,
)


@dataclass(frozen=True, slots=True)
class Invitation:
    contract_title: str
    city: str
    organisation: str | None
    role: Role | None
    invited_by: str | None
    email: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class AcceptPage:
    """`forgotten` is a link for a new password; `expired` one that is too old, used or not ours."""

    invitation: Invitation | None
    expired: bool
    forgotten: bool


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`demo_people` are tuples of name, what they do, address and password; empty outside the demo."""

    demo_people: list[tuple[str, str, str, str]]


def sign_in(password: str | None) -> SignInPage:
    """The sign-in page; with a `password` it lists the demo's people, one of each role first."""
    if password is None:
        return SignInPage([])
    rows = db.session.execute(
        select(Person.name, Person.title, Person.email, Membership.role, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.invented, Person.active, Person.password_hash.is_not(None))
        .order_by(Membership.id)
    ).all()
    first: dict[Role, tuple[str, str, str, str]] = {}
    for name, title, email, role, organisation in rows:
        first.setdefault(role, (name, title or organisation or "", email, password))
    return SignInPage([first[role] for role in DEMO_ORDER if role in first])


def accept(person: Person | None, token: str) -> AcceptPage:
    """What an invited person is told before he accepts."""
    if person is None:
        return AcceptPage(None, expired=True, forgotten=False)
    inviter = select(Person.name).where(Person.id == Membership.invited_by_id).scalar_subquery()
    row = db.session.execute(
        select(Membership.role, Contract, Organisation.name.label("organisation"), inviter)
        .join(Contract, Contract.id == Membership.contract_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id.desc())
        .limit(1)
    ).one_or_none()
    role, contract, organisation, invited_by = row or (None, None, None, None)
    return AcceptPage(
        Invitation(
            contract_title=contract.title(person.language) if contract else "",
            city=contract.city if contract else "",
            organisation=organisation,
            role=role,
            invited_by=invited_by,
            email=person.email,
            expires_at=people.expires_at(token),
        ),
        expired=False,
        forgotten=person.password_hash is not None,
    )
