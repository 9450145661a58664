"""Who is writing in a section right now, and what is new in it for a reader: parts of other pages' queries.

The parts take ids, or parameters that stand for them, and are asked with the `moments` of now.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select

from .. import clock
from ..db import UTCDateTime, db
from ..models import Draft, Person, Revision, Section, Visit
from ..services.drafts import PRESENT
from ..services.visits import SITTING

Id = ColumnElement[int] | int | None
PRESENT_SINCE = bindparam("present_since", type_=UTCDateTime)
SITTING_SINCE = bindparam("sitting_since", type_=UTCDateTime)


def moments(now: datetime) -> dict[str, datetime]:
    """The parameters of whatever is asked with parts of this module."""
    return {"present_since": now - PRESENT, "sitting_since": now - SITTING}


def names(section_id: Id, person_id: Id) -> ColumnElement[str | None]:
    """The names of the others whose editor is open, parted by commas; NULL when there is nobody."""
    return (
        select(func.aggregate_strings(Person.name, ", "))
        .join(Draft, Draft.person_id == Person.id)
        .where(
            Draft.section_id == section_id, Draft.seen_at > PRESENT_SINCE, Person.id != person_id
        )
        .scalar_subquery()
    )


def writing_now(section: Section, person: Person) -> str | None:
    """The same as an answer of its own."""
    return db.session.scalar(select(names(section.id, person.id)), moments(clock.now()))


def read_last(section_id: Id, person_id: Id) -> ColumnElement[int | None]:
    """The id of the revision that the person was shown last."""
    return select(Visit.revision_id).where(*_own(section_id, person_id)).scalar_subquery()


def known_before(section_id: Id, person_id: Id, current_id: Id) -> ColumnElement[int | None]:
    """The number of the revision that the person knows, if it is older than the current one.

    What is seen for the first time now stays news until the sitting is over.
    """
    own = _own(section_id, person_id)
    earlier = (
        select(Revision.number)
        .join(Visit, Visit.revision_id == Revision.id)
        .where(*own, Visit.revision_id != current_id)
    )
    in_this_sitting = (
        select(Revision.number)
        .join(Visit, Visit.previous_id == Revision.id)
        .where(*own, Visit.revision_id == current_id, Visit.at > SITTING_SINCE)
    )
    return func.coalesce(earlier.scalar_subquery(), in_this_sitting.scalar_subquery())


def _own(section_id: Id, person_id: Id) -> tuple:
    return Visit.person_id == person_id, Visit.section_id == section_id
