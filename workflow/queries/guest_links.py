"""What the pages of guest links answer: who comes by one, for whom, until when, and when was it used last?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Contract, GuestLink, Membership, Person
from ..rules.vocabulary import Role
from .navigation import ContractRef, contract_ref
from .people import InviteOptions
from .people import index as people_page


class LinkState(StrEnum):
    WORKS = "works"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class LinkLine:
    id: int
    name: str
    email: str
    organisation: str
    role: Role | None
    purpose: str
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None
    state: LinkState


@dataclass(frozen=True, slots=True)
class LinksPage:
    contract: ContractRef
    links: list[LinkLine]
    options: InviteOptions


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody is told before he comes in by a link."""

    name: str
    organisation: str
    contract: str
    city: str
    role: Role
    purpose: str
    made_by: str
    expires_at: datetime


def index(contract: Contract, person: Person) -> LinksPage:
    """All links of the contract, those made last first."""
    rows = db.session.scalars(
        select(GuestLink)
        .where(GuestLink.contract_id == contract.id)
        .order_by(GuestLink.id.desc())
        .options(
            joinedload(GuestLink.person).lazyload(Person.memberships),
            joinedload(GuestLink.made_by).lazyload(Person.memberships),
            joinedload(GuestLink.organisation),
            joinedload(GuestLink.membership).load_only(Membership.role),
        )
    )
    return LinksPage(
        contract=contract_ref(contract, person.language),
        links=[_line(link) for link in rows],
        options=people_page(contract, person).options,
    )


def door(link: GuestLink, language: str) -> Door:
    return Door(
        name=link.person.name,
        organisation=link.organisation.name,
        contract=link.contract.title(language),
        city=link.contract.city,
        role=link.membership.role,
        purpose=link.purpose,
        made_by=link.made_by.name,
        expires_at=link.expires_at,
    )


def _line(link: GuestLink) -> LinkLine:
    return LinkLine(
        id=link.id,
        name=link.person.name,
        email=link.person.email,
        organisation=link.organisation.name,
        role=link.membership.role if link.membership else None,
        purpose=link.purpose,
        made_by=link.made_by.name,
        expires_at=link.expires_at,
        last_used_at=link.last_used_at,
        state=_state(link),
    )


def _state(link: GuestLink) -> LinkState:
    if link.person.password_hash is not None:
        return LinkState.ACCOUNT
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.WORKS if clock.now() < link.expires_at else LinkState.EXPIRED
