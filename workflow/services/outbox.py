"""The only writer of events. A verb calls `record` as its last line, in its own transaction."""

from .. import clock
from ..db import db
from ..models import Event, Person
from ..rules.audience import AUDIENCE
from ..rules.vocabulary import EventKind

UNHEARD = frozenset(EventKind) - frozenset(AUDIENCE)
"""Kinds nobody is written to; they are born relayed, for the record only."""


def record(
    kind: EventKind, *, actor: Person | None, contract_id: int | None, heard: bool = True, **what
) -> Event:
    """Write down that `kind` happened. `what` names rows by relation or id: section, thread, comment, revision,
    decision, document, person. Letters follow by themselves, unless another event tells of it (not `heard`)."""
    at = clock.now()
    event = Event(
        kind=kind,
        actor=actor,
        contract_id=contract_id,
        at=at,
        relayed_at=at if kind in UNHEARD or not heard else None,
        **what,
    )
    db.session.add(event)
    return event
