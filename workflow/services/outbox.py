"""The only writer of events. A verb calls `record` as its last line, in its own transaction."""

from typing import Any

from .. import clock
from ..db import db, written
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
        contract_id=contract_id,
        at=at,
        relayed_at=at if kind in UNHEARD or not heard else None,
        **_by_ids(what | {"actor": actor}),
    )
    return written(event)


def _by_ids(named: dict[str, Any]) -> dict[str, int | None]:
    """The same rows by ids, all of them in their tables."""
    rows = {name: row for name, row in named.items() if not name.endswith("_id")}
    if any(row is not None and row.id is None for row in rows.values()):
        db.session.flush()
    ids = {f"{name}_id": row and row.id for name, row in rows.items()}
    return {name: key for name, key in named.items() if name not in rows} | ids
