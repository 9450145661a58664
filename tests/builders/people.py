"""People, what they may do where, and the organisations that they speak for."""

from collections.abc import Collection
from datetime import date
from functools import cache

from flask import g, has_app_context
from flask.testing import FlaskClient
from pwdlib.hashers.argon2 import Argon2Hasher

from workflow import clock
from workflow.db import db
from workflow.models import (
    Contract,
    Membership,
    Organisation,
    Person,
    Section,
    Sector,
    Subscription,
    Thread,
)
from workflow.rules.cadence import HOME
from workflow.rules.vocabulary import Mandate, OrganisationKind, Rhythm, Role, Wish
from workflow.services.following import SCOPES

from .cities import sector, the_contract
from .rows import builder, keep, numbers

PASSWORD = "three words to keep"


def today() -> date:
    """The day on the wall clock of every `person` and `contract`; in the late evening it is another one than that of
    UTC."""
    return clock.today(HOME)


@builder
def organisation(
    name: str | None = None,
    *,
    contract: Contract | None = None,
    kind: OrganisationKind = OrganisationKind.CIVIL_SOCIETY,
    sectors: Collection[str] = (),
) -> Organisation:
    contract = contract or the_contract()
    made = Organisation(
        contract_id=contract.id, name=name or f"Organisation {next(numbers)}", kind=kind
    )
    made.sectors = [sector(key, contract=contract) for key in sectors]
    return keep(made)


@builder
def person(
    role: Role | None = Role.STAKEHOLDER,
    *,
    name: str | None = None,
    email: str | None = None,
    contract: Contract | None = None,
    sector: Sector | str | None = None,
    section: Section | None = None,
    organisation: Organisation | None = None,
    language: str = "en",
    mandate: Mandate = Mandate.MEMBER,
    rhythm: Rhythm = Rhythm.DAILY,
    password: str | None = PASSWORD,
) -> Person:
    """A person with one role (None: with none), signed up with `PASSWORD` (None: only invited)."""
    number = next(numbers)
    made = keep(
        Person(
            name=name or f"Person {number}",
            email=email or f"person-{number}@example.org",
            language=language,
            rhythm=rhythm,
            password_hash=_hash(password) if password else None,
        )
    )
    if role is not None:
        member(
            made,
            role,
            contract=contract,
            sector=sector,
            section=section,
            organisation=organisation,
            mandate=mandate,
        )
    return made


@builder
def member(
    person: Person,
    role: Role,
    *,
    contract: Contract | None = None,
    sector: Sector | str | None = None,
    section: Section | None = None,
    organisation: Organisation | None = None,
    mandate: Mandate = Mandate.MEMBER,
) -> Membership:
    """One more role for the person."""
    contract = contract or the_contract()
    if isinstance(sector, str):
        sector = db.session.query(Sector).filter_by(contract_id=contract.id, key=sector).one()
    return keep(
        Membership(
            person=person,
            contract_id=contract.id,
            role=role,
            sector_id=sector.id if sector else None,
            section_id=section.id if section else None,
            organisation_id=organisation.id if organisation else None,
            mandate=mandate,
        )
    )


@builder
def someone(role: Role, *, contract: Contract | None = None) -> Person:
    """Anybody with this role in the contract, made when there is nobody."""
    contract = contract or the_contract()
    known = (
        db.session.query(Person)
        .join(Membership, Membership.person_id == Person.id)
        .filter(Membership.contract_id == contract.id, Membership.role == role)
        .order_by(Person.id)
        .first()
    )
    return known or person(role, contract=contract)


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """The client as this person, as after the sign-in form."""
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
    if has_app_context():
        g.pop("_login_user", None)
    return client


@builder
def follow(
    person: Person, place: Contract | Sector | Section | Thread, wish: Wish = Wish.FOLLOW
) -> Subscription:
    """The person's wish about the place is kept, as the row alone."""
    scope = SCOPES[type(place)]
    return keep(Subscription(person_id=person.id, wish=wish, **{f"{scope}_id": place.id}))


@cache
def _hash(password: str) -> str:
    """A true argon2 hash with the smallest cost, since a hundred people sign up in one test."""
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
