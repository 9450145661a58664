"""People: invited by a link that sets a password, signed in, given and taken roles, heard at the rhythm they chose."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pwdlib import PasswordHash
from sqlalchemy import select, update

from .. import clock
from ..db import db
from ..models import (
    Contract,
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
from ..rules.vocabulary import Act, EventKind, Rhythm, Role
from . import following, outbox
from .locking import locked

INVITATION = "invitation"
MIN_PASSWORD = 10
_hasher = PasswordHash.recommended()


@cache
def _decoy() -> str:
    """What an unknown address is compared with, so that it takes as long as a known one."""
    return _hasher.hash("nobody has this password")


def find(email: str) -> Person | None:
    """The person with this address; upper and lower case do not matter."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().casefold()))


def authenticate(email: str, password: str) -> Person | None:
    """The person whose password this is, or None; takes as long for an unknown address as for a known one.

    Writes nothing, so that a slow comparison holds up nobody; `arrive` follows.
    """
    person = find(email)
    known = person is not None and person.is_active
    valid = _hasher.verify(password, person.password_hash if known else _decoy())
    return person if known and valid else None


def arrive(person: Person, *, password: str) -> Person:
    """Note that the person has signed in, and keep the password in today's form if an older one is stored."""
    person.signed_in_at = clock.now()
    if _hasher.current_hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    return person


def invite(
    contract: Contract,
    *,
    by: Person | None,
    email: str,
    name: str,
    role: Role,
    organisation: Organisation | None = None,
    sector: Sector | None = None,
    section: Section | None = None,
    language: str = "en",
) -> Membership:
    """Give a person a role; who has no password yet is sent a link to set one. Repeating it repeats the letter only.

    `by` is None only from the command line, for the first admin.
    """
    if by is not None:
        policy.require(by, Act.INVITE, Place(contract.id))
        if role is Role.ADMIN:
            _only_admins(by, contract)
    address = checked_address(email)
    person = find(address) or Person(
        name=checked_name(name), email=address, language=language, created_at=clock.now()
    )
    db.session.add(person)
    db.session.flush()
    membership = _membership(contract, person, role, organisation, sector, section)
    membership.invited_by_id = by.id if by else None
    joins = membership.id is None
    db.session.add(membership)
    db.session.flush()
    if joins:
        following.join(membership)
    outbox.record(EventKind.PERSON_INVITED, actor=by, contract_id=contract.id, person=person)
    return membership


def remove(membership: Membership, contract: Contract, *, by: Person) -> None:
    """Take a role away, and the guest link that gave it. What the person wrote stays."""
    policy.require(by, Act.INVITE, Place(contract.id))
    if membership.person_id == by.id:
        raise Invalid("membership", "You cannot remove yourself. Ask another coordinator.")
    if membership.role is Role.ADMIN:
        _only_admins(by, contract)
    db.session.execute(
        update(GuestLink)
        .where(GuestLink.membership_id == membership.id)
        .values(membership_id=None, revoked_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    db.session.delete(membership)


def forgot_password(email: str) -> None:
    """Send a link to set a new password, if there is such a person; the page says the same either way."""
    person = find(email)
    if person and person.active and (person.memberships or not person.guest):
        outbox.record(EventKind.PASSWORD_FORGOTTEN, actor=person, contract_id=None, person=person)


def link_token(person: Person, *, purpose: str = INVITATION) -> str:
    """A signed token for a link in a letter. It dies with its age, with its use, and with a new password."""
    return _serializer(purpose).dumps([person.id, person.epoch])


def by_token(token: str, *, purpose: str = INVITATION) -> Person | None:
    """The person whom a link was sent to, or None when it is too old, used, or not ours."""
    age = timedelta(days=current_app.config["INVITATION_DAYS"]).total_seconds()
    try:
        person_id, epoch = _serializer(purpose).loads(token, max_age=age)
    except (BadSignature, ValueError, TypeError):
        return None
    person = db.session.get(Person, person_id)
    return person if person and person.active and person.epoch == epoch else None


def expires_at(token: str, *, purpose: str = INVITATION) -> datetime | None:
    """Until when a link works; None for a token that is not ours."""
    try:
        _content, made_at = _serializer(purpose).loads(token, return_timestamp=True)
    except BadSignature:
        return None
    return made_at + timedelta(days=current_app.config["INVITATION_DAYS"])


def set_password(
    person: Person, *, password: str, name: str | None = None, language: str | None = None
) -> Person:
    """Accept an invitation or replace a forgotten password; ends every other session and every link."""
    person = locked(person)
    if len(password) < MIN_PASSWORD:
        raise Invalid(
            "password", "Please take at least 10 characters; three words are easy to keep."
        )
    if len(password) > 200:
        raise Invalid("password", "Please keep it under 200 characters.")
    if password.casefold() in {person.email, person.email.split("@")[0], person.name.casefold()}:
        raise Invalid("password", "Please do not use your own name or address.")
    person.password_hash = _hasher.hash(password)
    person.epoch += 1
    person.guest = False
    person.name = checked_name(name) if name is not None else person.name
    person.language = language or person.language
    person.signed_in_at = clock.now()
    return person


def prefer(
    person: Person,
    *,
    rhythm: Rhythm | None = None,
    hour: int | None = None,
    weekday: int | None = None,
    time_zone: str | None = None,
    quiet: tuple[int, int] | None = None,
    language: str | None = None,
) -> Person:
    """Change how a person hears of things. Letters that wait already are due by the new rhythm."""
    if hour is not None and not 0 <= hour <= 23:
        raise Invalid("hour", "Please choose an hour of the day.")
    if weekday is not None and not 0 <= weekday <= 6:
        raise Invalid("weekday", "Please choose a day of the week.")
    if time_zone is not None and time_zone not in available_timezones():
        raise Invalid("time_zone", "Please choose a time zone from the list.")
    if quiet is not None and not all(0 <= one <= 23 for one in quiet):
        raise Invalid("quiet_from", "Please choose hours of the day.")
    person = locked(person)
    person.rhythm = rhythm or person.rhythm
    person.digest_hour = person.digest_hour if hour is None else hour
    person.digest_weekday = person.digest_weekday if weekday is None else weekday
    person.time_zone = str(ZoneInfo(time_zone)) if time_zone else person.time_zone
    person.quiet_from, person.quiet_until = quiet or (person.quiet_from, person.quiet_until)
    person.language = language or person.language
    following.repace(person)
    return person


def checked_address(email: str) -> str:
    """The address in the form that is stored. Raises `Invalid` for one that no letter would reach."""
    try:
        checked = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as refusal:
        raise Invalid("email", "This is not an e-mail address.") from refusal
    return checked.normalized.casefold()


def checked_name(name: str) -> str:
    """The name with single blanks. Raises `Invalid` for none or too long a one."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Invalid("name", "Please give a name of at most 200 characters.")
    return name


def _only_admins(by: Person, contract: Contract) -> None:
    if Role.ADMIN not in policy.roles_at(by, Place(contract.id)):
        raise Invalid("role", "Only an administrator may give or take this role.")


def _membership(contract, person, role, organisation, sector, section) -> Membership:
    """The same role in the same place is the same membership."""
    scope = {
        "person_id": person.id,
        "contract_id": contract.id,
        "role": role,
        "organisation_id": organisation.id if organisation else None,
        "sector_id": sector.id if sector else None,
        "section_id": section.id if section else None,
    }
    known = db.session.scalar(select(Membership).filter_by(**scope))
    return known or Membership(**scope, created_at=clock.now())


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"people.{purpose}")
