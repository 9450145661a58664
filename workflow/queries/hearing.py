"""The one rule of silence: whom a section asks, and whom the city has heard on it.

Asked are organisations with a member whose membership covers the section. Heard are those with a remark that the city
can read; what members say among themselves is not heard. In an open round only what was said since it opened counts.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import bindparam, select

from ..db import db
from ..models import Section, Thread
from ..rules.policy import GRANTS, Membership, Place, covers
from ..rules.vocabulary import Act, Stage

VOICES = GRANTS[Act.COMMENT]
"""Roles that are asked."""


def asks(place: Place, members: Iterable[Membership]) -> bool:
    """Whether the section asks the organisation of these members."""
    return any(covers(member, place, Act.COMMENT) for member in members)


HEARD = (
    select(Thread.section_id, Thread.organisation_id)
    .join(Section, Section.id == Thread.section_id)
    .where(
        Section.contract_id == bindparam("contract"),
        Thread.organisation_id.is_not(None),
        Thread.addressed,
        Thread.withdrawn_at.is_(None),
    )
    .distinct()
)
HEARD_NOW = HEARD.where(
    Section.stage == Stage.CONSULTATION, Thread.created_at >= Section.stage_since
)


def heard(contract_id: int, *, open_now: bool) -> set[tuple[int, int]]:
    """Pairs of a section and an organisation that was heard on it, in the round that is open now or ever."""
    asked = HEARD_NOW if open_now else HEARD
    return {(one, other) for one, other in db.session.execute(asked, {"contract": contract_id})}


def silent(
    places: Iterable[Place],
    members: Mapping[int, Collection[Membership]],
    heard: Collection[tuple[int, int]],
) -> dict[int, int]:
    """For each section, how many of the organisations that it asks are silent; `members` are by organisation."""
    return {
        place.section_id: sum(
            (place.section_id, organisation) not in heard and asks(place, some)
            for organisation, some in members.items()
        )
        for place in places
    }
