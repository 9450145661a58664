"""Whom letters go to, as plain values: hundreds of people in three queries, with all that letters ask of them."""

from collections.abc import Collection, Hashable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from ..db import among, db
from ..models import Digest, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Rhythm
from . import seats, wishes
from .seats import Seat
from .wishes import Wishes


class Recipient(NamedTuple):
    """A person as letters look at him; the `group` is one for all who hold the same roles in the same places."""

    id: int
    name: str
    email: str
    language: str
    time_zone: str
    epoch: int
    active: bool
    guest: bool
    password_hash: str | None
    rhythm: Rhythm
    mail_suspended_at: datetime | None
    memberships: tuple[Seat, ...]
    group: int
    wishes: Wishes
    reached: bool

    @property
    def is_active(self) -> bool:
        return self.active and self.password_hash is not None


class Envelope(NamedTuple):
    """A digest that is about to be written."""

    id: int
    person_id: int
    rhythm: Rhythm
    message_id: str
    person: Recipient


COLUMNS = tuple(getattr(Person, name) for name in Recipient._fields[1:11])


def of_digests(ids: Collection[int]) -> dict[int, Envelope]:
    """The digests, each with the person that it goes to."""
    rows = db.session.execute(
        select(Digest.id, Digest.person_id, Digest.rhythm, Digest.message_id, *COLUMNS)
        .join(Person, Person.id == Digest.person_id)
        .where(among(Digest.id, ids))
    ).all()
    people = {row[1] for row in rows}
    held, kept = seats.of(people), wishes.of(people)
    found, groups = {}, {}
    for row in rows:
        person_id, mine = row[1], tuple(held[row[1]])
        group = groups.setdefault(seats.nameless(mine), len(groups))
        person = Recipient(person_id, *row[4:], mine, group, kept[person_id], reached=False)
        found[row[0]] = Envelope(*row[:4], person._replace(reached=reached(person)))
    return found


def takes_part(person: Person | Recipient, contract_id: int) -> bool:
    """Whether the person reads the contract's own pages; others, as a guest, have the public ones."""
    return policy.grants(person, Act.READ, Place(contract_id))


def group_of(person: Person | Recipient) -> Hashable:
    """What stands for the person's roles within one batch of letters."""
    return person.group if isinstance(person, Recipient) else ("alone", person.id)


def reached(person: Person | Recipient) -> bool:
    """Whether letters with news reach the person at all."""
    if person.mail_suspended_at is not None or person.rhythm is Rhythm.OFF:
        return False
    return person.is_active or person.guest
