"""What many letters share, read together: the rows that events do not name themselves, and what waits for the readers.

The number of queries does not depend on how many letters there are, nor on how much they tell. Who holds the same roles
in the same places reads the same of what does not bear his own name; that is worded once.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

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
    """`remarks` are the first comments of threads, `texts` those that changes lead from and to."""

    remarks: dict[int, Comment]
    texts: changes_told.Texts
    owing: Owing
    _said: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, say: Callable[[], Any]) -> Any:
        """What is said, unless it was said before; `key` holds all that it depends on."""
        if key not in self._said:
            self._said[key] = say()
        return self._said[key]

    def alike(self, person: Person) -> Hashable:
        """One and the same for all to whom that reads the same which does not bear their names."""
        key = _alike(person)
        return self.once(("alike", key), lambda: len(self._said))


def fill(letters: Collection[Told]) -> Shelf:
    """All that these letters need, in three queries, and what waits for those who get a letter for a day or a week."""
    told = [[one.event for one in notifications] for _, notifications, _ in letters]
    spans = [
        span
        for (_, notifications, _), events in zip(letters, told, strict=True)
        if any(event.kind in changes_told.CHANGE_A_TEXT for event in events)
        for span in changes_told.spans(*newest.events(notifications)).values()
    ]
    return Shelf(
        remarks=_remarks({event.thread_id for events in told for event in events} - {None}),
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


def _alike(person: Person) -> Hashable:
    named = person.id if person.guest else None
    return person.language, person.time_zone, named, seats.without_name(person)
