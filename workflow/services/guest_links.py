"""Links by which somebody without an account takes part for one organisation, for a while: the only place that makes
and ends them, and says whether one still works.

The signed token in the letter leads to a page that signs in, and nowhere else. The session names its link, and each
request asks whether that is still good.
"""

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import (
    Contract,
    Event,
    GuestLink,
    Membership,
    Organisation,
    Person,
    Section,
    Sector,
)
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, Role
from . import outbox, people
from .locking import locked

LONGEST = timedelta(days=90)
ROLES = (Role.REVIEWER, Role.STAKEHOLDER)
"""What somebody who comes by a link may be."""


def make(
    contract: Contract,
    *,
    by: Person,
    organisation: Organisation,
    name: str,
    email: str,
    role: Role,
    expires_at: datetime,
    sector: Sector | None = None,
    section: Section | None = None,
    language: str = "en",
    purpose: str = "",
) -> GuestLink:
    """Let somebody take part for one organisation until the link expires; a letter with the link follows.

    Raises `Invalid` for an address that is known already: a link never opens what an account, an invitation or
    another link has been given.
    """
    policy.require(by, Act.INVITE, Place(contract.id))
    if role not in ROLES:
        raise Invalid("role", "By a link somebody reviews or comments, and nothing else.")
    if organisation.contract_id != contract.id:
        raise Invalid("organisation", "This organisation takes no part in the contract.")
    now, zone = clock.now(), contract.time_zone
    longest = clock.day_of(now, zone) + LONGEST
    if expires_at <= now or clock.day_of(expires_at, zone) > longest:
        raise Invalid("expires_on", "Please choose a day within the next 90 days.")
    if len(purpose) > 300:
        raise Invalid("purpose", "This is too long. Please keep it under 300 characters.")
    person = _unknown(email, name, language)
    membership = Membership(
        person=person,
        contract_id=contract.id,
        role=role,
        organisation_id=organisation.id,
        sector_id=sector.id if sector else None,
        section_id=section.id if section else None,
        invited_by_id=by.id,
        created_at=now,
    )
    link = GuestLink(
        contract=contract,
        organisation=organisation,
        person=person,
        membership=membership,
        purpose=purpose.strip(),
        made_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add_all((membership, link))
    db.session.flush()
    _record(EventKind.GUEST_LINK_SENT, link, by)
    return link


def resend(link: GuestLink, *, by: Person) -> GuestLink:
    """Send the letter again. Raises `Invalid` when the link has ended."""
    policy.require(by, Act.INVITE, Place(link.contract_id))
    if not works(link):
        raise Invalid("link", "This link has ended. Please make a new one.")
    _record(EventKind.GUEST_LINK_SENT, link, by)
    return link


def revoke(link: GuestLink, *, by: Person) -> GuestLink:
    """End the link, the session that came by it and the membership, at once. Revoking again changes nothing."""
    policy.require(by, Act.INVITE, Place(link.contract_id))
    link = locked(link)
    if link.revoked_at is not None:
        return link
    link.revoked_at = clock.now()
    _take_membership(link)
    _record(EventKind.GUEST_LINK_REVOKED, link, by)
    return link


def expire(now: datetime) -> int:
    """Take the memberships of links that have expired; returns how many."""
    over = select(GuestLink).where(
        GuestLink.expires_at <= now, GuestLink.membership_id.is_not(None)
    )
    ended = db.session.scalars(over.with_for_update(of=GuestLink, skip_locked=True)).all()
    for link in ended:
        _take_membership(link)
    return len(ended)


def follow(link: GuestLink) -> Person:
    """Come in by the link: its person, for a session that names the link."""
    link = locked(link)
    link.last_used_at = clock.now()
    link.person.signed_in_at = link.last_used_at
    return link.person


def token(link: GuestLink) -> str:
    """What the address in the letter carries."""
    return _serializer().dumps(link.id)


def by_token(token: str) -> GuestLink | None:
    """The link that a letter carried, or None when it is not ours, has expired or was revoked."""
    try:
        link_id = _serializer().loads(token)
    except BadSignature:
        return None
    link = db.session.get(GuestLink, link_id) if isinstance(link_id, int) else None
    return link if link and works(link) else None


def of_session(person: Person, link_id: int) -> GuestLink | None:
    """The link of a session of this person, as long as it works."""
    link = db.session.get(GuestLink, link_id, options=[joinedload(GuestLink.organisation)])
    return link if link and link.person_id == person.id and works(link) else None


def works(link: GuestLink) -> bool:
    """Whether the link lets its person in: neither expired nor revoked, and he has nothing beyond what it gave him.

    Whoever has a password, or was given another role since, signs in like everybody else.
    """
    person = link.person
    only = {membership.id for membership in person.memberships} == {link.membership_id}
    ended = link.revoked_at is not None or clock.now() >= link.expires_at
    return person.active and person.password_hash is None and only and not ended


def _unknown(email: str, name: str, language: str) -> Person:
    """The person of an address that opens nothing yet; one whose link has ended is the same person again."""
    address = people.checked_address(email)
    known = people.find(address)
    if known and (known.memberships or known.password_hash or known.guest):
        raise Invalid("email", "This address is known already. Please invite this person instead.")
    named = people.checked_name(name)
    if known:
        known.name = named
        return known
    return Person(name=named, email=address, language=language, created_at=clock.now())


def _take_membership(link: GuestLink) -> None:
    """The membership goes with the link, unless its person was invited to stay."""
    membership, link.membership = link.membership, None
    db.session.flush()
    invited = exists().where(
        Event.kind == EventKind.PERSON_INVITED,
        Event.person_id == link.person_id,
        Event.contract_id == link.contract_id,
        Event.at >= link.created_at,
    )
    if membership is not None and not db.session.scalar(select(invited)):
        link.person.memberships.remove(membership)
        db.session.delete(membership)


def _record(kind: EventKind, link: GuestLink, by: Person) -> None:
    outbox.record(
        kind,
        actor=by,
        contract_id=link.contract_id,
        person=link.person,
        organisation=link.organisation,
        guest_link=link,
    )


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="guest_links.enter")
