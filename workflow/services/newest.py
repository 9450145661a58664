"""Which news a letter tells: of some kinds only the newest in a place, since the others have been overtaken by it."""

from collections import defaultdict

from ..models import Event, Notification
from ..rules.vocabulary import EventKind

MOST = 100
"""Updates that one letter tells; of more it says that they wait in the inbox."""

ONLY_NEWEST = frozenset({EventKind.REVISION_SAVED, EventKind.REMARK_ANSWERED})
"""Kinds of which only the newest in a place is told."""

Newest = tuple[list[Notification], dict[int, list[Event]]]


def of(notifications: list[Notification]) -> Newest:
    """The notifications, which come newest first, without the overtaken ones; and those by what overtook them."""
    kept, earlier, seen = [], defaultdict(list), {}
    for notification in notifications[:MOST]:
        event = notification.event
        if event.kind in ONLY_NEWEST:
            place = (event.kind, event.section_id, event.thread_id)
            newer = seen.setdefault(place, event.id)
            if newer != event.id:
                earlier[newer].append(event)
                continue
        kept.append(notification)
    return kept, earlier


def events(notifications: list[Notification]) -> tuple[list[Event], dict[int, list[Event]]]:
    """The same of their events."""
    kept, earlier = of(notifications)
    return [one.event for one in kept], earlier
