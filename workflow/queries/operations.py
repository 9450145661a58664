"""What the page of operations answers: are queues, letters and documents well, and what is to be done if not?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import get_timezone
from sqlalchemy import Select, case, func, literal, select, union_all

from .. import broker
from ..db import db
from ..models import Digest
from ..rules import wellbeing
from ..rules.vocabulary import Rhythm, Trouble
from . import mail
from .fallen import Heap, fallen
from .queues import QueueLine, queues
from .undelivered import Pile, undelivered

HOURS = 24
LISTED = 25
"""Letters that the page lists; the command line lists more."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What left and what was given up in the hour that begins at `at`; `clock` is how its reader's clock calls it."""

    at: datetime
    clock: str
    sent: int
    failed: int


@dataclass(frozen=True, slots=True)
class OperationsPage:
    """`starting`: it is too early to say whether anybody works."""

    troubles: list[Trouble]
    starting: bool
    queues: list[QueueLine]
    broker: broker.Broker
    workers: int
    last_beat: datetime | None
    last_sent: list[tuple[Rhythm, datetime | None]]
    hours: list[Hour]
    undelivered: Pile
    given_up: int
    documents: Heap
    suspended: Heap
    unread: Heap

    @property
    def sent(self) -> int:
        return sum(hour.sent for hour in self.hours)

    @property
    def failed(self) -> int:
        return sum(hour.failed for hour in self.hours)

    @property
    def busiest(self) -> int:
        return max(hour.sent + hour.failed for hour in self.hours)


def operations(now: datetime) -> OperationsPage:
    """Five queries, however many letters there are: each reads what waits or what an index orders."""
    found = mail.status(now)
    signs = found.signs(current_app.config["STARTED_AT"])
    documents, suspended, unread = fallen(now)
    return OperationsPage(
        troubles=wellbeing.troubles(signs, now),
        starting=wellbeing.starting(signs, now),
        queues=queues(found),
        broker=broker.look(current_app.config["CELERY_BROKER_URL"]),
        workers=found.workers,
        last_beat=found.last_beat,
        last_sent=list(found.last_sent_by.items()),
        hours=_hours(now),
        undelivered=undelivered(now, most=LISTED),
        given_up=found.letters_failed,
        documents=documents,
        suspended=suspended,
        unread=unread,
    )


def _hours(now: datetime) -> list[Hour]:
    """The last hours of the clock, the current one last."""
    newest = now.replace(minute=0, second=0, microsecond=0)
    starts = [newest - timedelta(hours=back) for back in range(HOURS)]
    sent = _by_hour(Digest.sent_at, starts, Digest.rhythm.in_(mail.MAILED))
    failed = _by_hour(Digest.closed_at, starts, mail.GIVEN_UP)
    counts: dict[tuple[str, int], int] = defaultdict(int)
    both = union_all(
        *(
            select(literal(name).label("fate"), one.c.back, one.c.count)
            for name, one in (("sent", sent.subquery()), ("failed", failed.subquery()))
        )
    )
    for fate, back, count in db.session.execute(both):
        counts[fate, back] = count
    return [
        Hour(
            at,
            f"{at.astimezone(get_timezone()):%H:%M}",
            counts["sent", back],
            counts["failed", back],
        )
        for back, at in reversed(list(enumerate(starts)))
    ]


def _by_hour(moment, starts: list[datetime], *conditions) -> Select:
    """How many rows have their moment in each of these hours, which are given by their starts, the newest first."""
    back = case(*((moment >= start, back) for back, start in enumerate(starts))).label("back")
    return (
        select(back, func.count().label("count"))
        .where(moment >= starts[-1], *conditions)
        .group_by("back")
    )
