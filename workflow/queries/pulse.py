"""Whether anything that a page shows may have changed: a few numbers, read in one query instead of the page.

The events and the beats of the pulse tell of every change (`workflow.pulse`), wherever it was. What is left is the
reader's own, and who is writing; a page that tells of news is made anew each time. Opening a page reads notices, so as
many unread ones as before may be other ones. An event of a transaction that was slow to commit appears below the newest
one: that is why the last few are also counted.
"""

from functools import cache

from sqlalchemy import Row, Select, bindparam, func, select

from .. import clock
from ..db import db
from ..models import Event, Notification, Person, Pulse, Subscription
from . import presence

RECENT = 1_000
"""So many events may be recorded while one transaction is still under way."""


def section(person: Person, section_id: int) -> Row:
    """All that the page of a section depends on in the database, for this reader."""
    asked = {"reader": person.id, "section": section_id, **presence.moments(clock.now())}
    return db.session.execute(_section(), asked).one()


def shared(row: Row) -> tuple:
    """What of it is the same for every reader: it names what stands in all tables that are not `QUIET`."""
    return tuple(row[:3])


@cache
def _section() -> Select:
    """The question, put together once."""
    reader, asked = bindparam("reader"), bindparam("section")
    newest = select(func.max(Event.id)).scalar_subquery()
    follows = Subscription.person_id == reader, Subscription.section_id == asked
    unread = Notification.person_id == reader, Notification.read_at.is_(None)
    return select(
        newest,
        select(func.count()).where(Event.id > newest - RECENT).scalar_subquery(),
        select(Pulse.beats).scalar_subquery(),
        select(func.count()).where(*unread).scalar_subquery(),
        select(func.max(Notification.id)).where(*unread).scalar_subquery(),
        select(Subscription.wish).where(*follows).scalar_subquery(),
        presence.names(asked, reader),
    )
