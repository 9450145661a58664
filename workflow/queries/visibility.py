"""Which remarks a person may read, as a condition of queries over many sections at once.

The rule is `policy.visible_to`; this is the same rule for the database, and a test holds the two together. What a
moderator has not released, or has hidden, is readable to nobody here: its author and the moderators have pages of
their own for it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from ..models import Person, Section, Thread, section_sector
from ..rules import policy
from ..rules.policy import GRANTS
from ..rules.vocabulary import Act, Role, Visibility
from ..services import seats
from ..services.seats import Seat


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as far as the policy looks at him: the key under which a large question is written only once."""

    id: int
    memberships: tuple[Seat, ...]

    @classmethod
    def of(cls, person: Person) -> "Reader":
        return cls(person.id, tuple(seats.seat(one) for one in person.memberships))


SHARED = (Visibility.PUBLIC, Visibility.PARTICIPANTS)


def contracts_of(person: Person | Reader) -> set[int]:
    """The contracts that the person may read."""
    return {m.contract_id for m in person.memberships if m.role in GRANTS[Act.READ]}


def readable(person: Person | Reader) -> ColumnElement[bool]:
    """The condition on `Thread`, joined with its `Section`."""
    return and_(
        Thread.shown,
        or_(
            Thread.author_id == person.id,
            Thread.visibility == Visibility.PUBLIC,
            and_(Thread.visibility.in_(SHARED), Section.contract_id.in_(contracts_of(person))),
            and_(Thread.visibility != Visibility.ORGANISATION, _internal(person)),
            among_members(person),
        ),
    )


def readable_by(person: Person, thread: Thread) -> bool:
    """The same question about one remark that is at hand, whether or not it is shown."""
    return policy.may_read(
        person,
        thread.section.place,
        author_id=thread.author_id,
        visibility=thread.visibility,
        organisation_id=thread.organisation_id,
    )


def among_members(person: Person | Reader) -> ColumnElement[bool]:
    """What the members of the person's organisations say among themselves; nobody else's role leads to it."""
    return said_among(
        {m.organisation_id for m in person.memberships if m.organisation_id is not None}
    )


def said_among(organisations: Collection[int]) -> ColumnElement[bool]:
    """What the members of these organisations say among themselves."""
    return and_(
        Thread.visibility == Visibility.ORGANISATION, Thread.organisation_id.in_(organisations)
    )


def _internal(person: Person | Reader) -> ColumnElement[bool]:
    """The sections where the person belongs to the city's own people."""
    return within_reach(person, Act.READ_INTERNAL)


def internal_at(
    person: Person | Reader, contract_id: ColumnElement[int], section_id: ColumnElement[int | None]
) -> ColumnElement[bool]:
    """The condition under which what is about a section, or a contract as a whole, is for the person as one of the
    city's own people; asked of rows with their `Section` outer-joined."""
    everywhere = contract_id.in_(_everywhere(person, GRANTS[Act.READ_INTERNAL]))
    return or_(and_(section_id.is_(None), everywhere), _internal(person))


def _everywhere(person: Person | Reader, roles: Collection[Role]) -> set[int]:
    """The contracts for the whole of which the person has one of the roles."""
    return {
        m.contract_id
        for m in person.memberships
        if m.role in roles and m.sector_id is None and m.section_id is None
    }


def within_reach(person: Person | Reader, act: Act) -> ColumnElement[bool]:
    """The condition on `Section` under which the person's roles grant the act: `policy.grants`, for the database."""
    return reached(person, GRANTS[act])


def reached(person: Person | Reader, roles: Collection[Role]) -> ColumnElement[bool]:
    """The condition on `Section` under which the person has one of the roles there."""
    city = [m for m in person.memberships if m.role in roles]
    wide = _everywhere(person, roles)
    sections = {m.section_id for m in city if m.section_id is not None}
    sectors = {m.sector_id for m in city if m.section_id is None and m.sector_id is not None}
    carried = select(section_sector.c.section_id).where(section_sector.c.sector_id.in_(sectors))
    return or_(Section.contract_id.in_(wide), Section.id.in_(sections), Section.id.in_(carried))
