"""Who is writing in a section right now, and what is new in it for a reader: parts of other pages' queries."""

from sqlalchemy import ColumnElement, func, select

from .. import clock
from ..db import db
from ..models import Draft, Person, Revision, Section, Visit
from ..services.drafts import PRESENT
from ..services.visits import SITTING


def names(section: Section, person: Person) -> ColumnElement[str | None]:
    """The names of the others whose editor is open, parted by commas; NULL when there is nobody."""
    return (
        select(func.aggregate_strings(Person.name, ", "))
        .join(Draft, Draft.person_id == Person.id)
        .where(
            Draft.section_id == section.id,
            Draft.seen_at > clock.now() - PRESENT,
            Person.id != person.id,
        )
        .scalar_subquery()
    )


def writing_now(section: Section, person: Person) -> str | None:
    """The same as an answer of its own."""
    return db.session.scalar(select(names(section, person)))


def read_last(section: Section, person: Person) -> ColumnElement[int | None]:
    """The id of the revision that the person was shown last."""
    return select(Visit.revision_id).where(*_own(section, person)).scalar_subquery()


def known_before(section: Section, person: Person) -> ColumnElement[int | None]:
    """The number of the revision that the person knows, if it is older than the current one.

    What is seen for the first time now stays news until the sitting is over.
    """
    earlier = (
        select(Revision.number)
        .join(Visit, Visit.revision_id == Revision.id)
        .where(*_own(section, person), Visit.revision_id != section.current_id)
    )
    in_this_sitting = (
        select(Revision.number)
        .join(Visit, Visit.previous_id == Revision.id)
        .where(
            *_own(section, person),
            Visit.revision_id == section.current_id,
            Visit.at > clock.now() - SITTING,
        )
    )
    return func.coalesce(earlier.scalar_subquery(), in_this_sitting.scalar_subquery())


def _own(section: Section, person: Person) -> tuple:
    return Visit.person_id == person.id, Visit.section_id == section.id
