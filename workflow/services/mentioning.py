"""Who is named in what somebody says: found once, when it is said, among those who may read it."""

from sqlalchemy import select

from ..db import db
from ..models import Event, Person
from ..rules.text import may_name, mentions
from ..rules.vocabulary import EventKind
from . import knowing

SAID = frozenset({EventKind.REMARK_MADE, EventKind.REPLY_MADE})
"""What brings words of which nobody heard before."""


def note(event: Event) -> None:
    """Keep with the words whom they name. Guests name nobody: they know no participants, and must not find out any."""
    comment, section = event.comment, event.section
    if event.kind not in SAID or comment.author.guest or not may_name(comment.text):
        return
    readers = db.session.execute(
        select(Person.id, Person.name).where(
            Person.active,
            Person.password_hash.is_not(None),
            knowing.may_know(event, section.place),
        )
    ).all()
    said = {one.name for one in mentions(comment.text, (name for _, name in readers))}
    comment.named = [[id, name] for id, name in sorted(map(tuple, readers)) if name in said] or None
