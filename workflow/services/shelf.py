"""What many letters share, read together: the rows that events do not name themselves, and what waits for the readers.

The number of queries does not depend on how many letters there are, nor on how much they tell. Who holds the same roles
in the same places reads the same of what does not bear his own name; that is worded once.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from ..db import db
from ..models import Comment, Notification, Person
from ..rules import cadence
from ..rules.vocabulary import Rhythm
from . import changes_told, newest, seats
from .owed_told import Owing

Told = tuple[Person, list[Notification], Rhythm]
"""A letter to be: whom it is for, what it may tell, the newest first, and at which rhythm."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """`remarks` are the first comments of threads, `texts` those that changes lead from and to, `worded` what was said
    already, by what it depends on."""

    remarks: dict[int, Comment]
    texts: changes_told.Texts
    owing: Owing
    worded: dict[Hashable, object] = field(default_factory=dict)


def fill(letters: Collection[Told]) -> Shelf:
    """All that these letters need, in three queries, and what waits for those who get a letter for a day or a week."""
    told = [newest.of(notifications) for _, notifications, _ in letters]
    kept = [notification.event for some, _ in told for notification in some]
    spans = [
        span
        for some, earlier in told
        for span in changes_told.spans((one.event for one in some), earlier).values()
    ]
    return Shelf(
        remarks=_remarks({event.thread_id for event in kept} - {None}),
        texts=changes_told.texts(spans),
        owing=Owing([person for person, _, rhythm in letters if rhythm in cadence.WINDOWS]),
    )


def _remarks(threads: Iterable[int]) -> dict[int, Comment]:
    """The first comment of each thread: the remark itself."""
    if not threads:
        return {}
    first = (
        select(func.min(Comment.id))
        .where(Comment.thread_id.in_(threads))
        .group_by(Comment.thread_id)
    )
    rows = db.session.scalars(select(Comment).where(Comment.id.in_(first)))
    return {comment.thread_id: comment for comment in rows}


def alike(person: Person) -> Hashable:
    """What it depends on how something reads to the person that does not bear his name."""
    held = sorted((seats.seat(one)._replace(person_id=0) for one in person.memberships), key=repr)
    return person.language, person.time_zone, person.id if person.guest else None, tuple(held)
