"""The inbox: what a person was told of, read or unread."""

from sqlalchemy import select, update

from .. import clock
from ..db import db
from ..models import Event, Notification, Person, Section


def read(person: Person, *, notice_id: int | None = None, section: Section | None = None) -> int:
    """Mark what the person was told of as read: one notice, those of one section, or all; says how many were unread."""
    unread = update(Notification).where(
        Notification.person_id == person.id, Notification.read_at.is_(None)
    )
    if notice_id is not None:
        unread = unread.where(Notification.id == notice_id)
    if section is not None:
        here = select(Event.id).where(Event.section_id == section.id)
        unread = unread.where(Notification.event_id.in_(here))
    done = db.session.execute(
        unread.values(read_at=clock.now()), execution_options={"synchronize_session": False}
    )
    return done.rowcount
