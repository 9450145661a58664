"""Who holds which role where in a contract, as plain rows: what whole pages of sections are judged by."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ..db import among, db
from ..models import Membership, Person
from ..rules.vocabulary import Mandate, Role


class Seat(NamedTuple):
    """A membership as far as the policy looks at it."""

    person_id: int
    contract_id: int
    role: Role
    sector_id: int | None
    section_id: int | None
    organisation_id: int | None
    mandate: Mandate


def seat(membership: Membership) -> Seat:
    return Seat(*(getattr(membership, name) for name in Seat._fields))


NOBODY = 0
"""Whose name nothing bears."""


def without_name(person: Person) -> tuple[Seat, ...]:
    """The person's seats, the same for all who hold the same roles in the same places."""
    return nameless(seat(one) for one in person.memberships)


def nameless(held: Iterable[Seat]) -> tuple[Seat, ...]:
    """These seats without the name of their person, in an order of their own."""
    found = [Seat(NOBODY, *one[1:]) for one in held]
    return tuple(found if len(found) < 2 else sorted(found, key=repr))


COLUMNS = tuple(getattr(Membership, name) for name in Seat._fields)

HELD = select(*COLUMNS).where(
    Membership.contract_id == bindparam("contract"),
    Membership.role.in_(bindparam("roles", expanding=True)),
)


def held(contract_id: int, roles: Collection[Role]) -> list[Seat]:
    """The seats of the contract with one of these roles, in one query."""
    rows = db.session.execute(HELD, {"contract": contract_id, "roles": list(roles)})
    return [Seat(*row) for row in rows]


def of(people: Collection[int]) -> dict[int, list[Seat]]:
    """The seats of these people, in one query; whoever holds none has an empty list."""
    rows = db.session.execute(
        select(*COLUMNS).where(among(Membership.person_id, people)).order_by(Membership.id)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.person_id].append(Seat(*row))
    return found
