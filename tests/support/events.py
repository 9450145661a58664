"""What was recorded, as tests ask for it."""

from sqlalchemy import select

from workflow.db import db
from workflow.models import Event
from workflow.rules.vocabulary import EventKind


def kinds() -> list[EventKind]:
    """The kinds of all events, in their order."""
    return list(db.session.scalars(select(Event.kind).order_by(Event.id)))
