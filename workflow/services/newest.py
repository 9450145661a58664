"""Which news a letter tells: of some kinds only the newest in a place, since the others have been overtaken by it."""

from ..models import Event
from ..rules.vocabulary import EventKind
from .tidings import Tiding

MOST = 100
"""Updates that one letter tells; of more it says that they wait in the inbox."""

ONLY_NEWEST = frozenset({EventKind.REVISION_SAVED, EventKind.REMARK_ANSWERED})
"""Kinds of which only the newest in a place is told."""

Newest = tuple[list[Tiding], dict[int, list[Tiding]]]


def of(told: list[Tiding]) -> Newest:
    """The news, which come newest first, without the overtaken ones; and those by the event that overtook them."""
    kept, earlier, seen = [], {}, {}
    for tiding in told[:MOST]:
        if tiding.kind in ONLY_NEWEST:
            place = (tiding.kind, tiding.section_id, tiding.thread_id)
            newer = seen.setdefault(place, tiding.event_id)
            if newer != tiding.event_id:
                earlier.setdefault(newer, []).append(tiding)
                continue
        kept.append(tiding)
    return kept, earlier


def events(told: list[Tiding]) -> tuple[list[Event], dict[int, list[Event]]]:
    """The same of their events."""
    kept, earlier = of(told)
    return [one.event for one in kept], {
        newer: [one.event for one in older] for newer, older in earlier.items()
    }
