"""The queues of the service: rows that wait for a job, by what is to be done with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, union_all

from ..db import db
from ..models import Delivery, Document, Hook, Inbound
from ..rules.vocabulary import BuildState
from .mail import MailStatus


class Queue(StrEnum):
    """What is to be done: with the first three on the way from event to letter, with each other for itself."""

    EVENTS = "events"
    NOTICES = "notices"
    LETTERS = "letters"
    DOCUMENTS = "documents"
    DELIVERIES = "deliveries"
    INBOUND = "inbound"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """How many rows wait, how many of them were tried in vain, and since when the oldest waits."""

    queue: Queue
    waiting: int
    in_vain: int
    oldest: datetime | None


def queues(found: MailStatus) -> list[QueueLine]:
    """Each queue with what waits in it; one query besides what was found on the way to letters."""
    others = {row.queue: row for row in db.session.execute(_others())}
    return [
        QueueLine(Queue.EVENTS, found.events_waiting, found.events_failing, found.oldest_event),
        QueueLine(Queue.NOTICES, found.notices_due, 0, found.oldest_notice),
        QueueLine(
            Queue.LETTERS, found.letters_waiting, found.letters_retrying, found.oldest_letter
        ),
        *(QueueLine(queue, *others[queue][1:]) for queue in Queue if queue in others),
    ]


def _others() -> Select:
    return union_all(
        _waiting(
            Queue.DOCUMENTS,
            Document.created_at,
            Document.state.in_((BuildState.QUEUED, BuildState.RUNNING)),
            in_vain=Document.attempts > case((Document.state == BuildState.RUNNING, 1), else_=0),
        ),
        _waiting(
            Queue.DELIVERIES,
            Delivery.created_at,
            and_(Delivery.delivered_at.is_(None), Delivery.closed_at.is_(None)),
            Delivery.hook_id.in_(select(Hook.id).where(Hook.active)),
            in_vain=Delivery.last_error.is_not(None),
        ),
        _waiting(
            Queue.INBOUND,
            Inbound.received_at,
            Inbound.handled_at.is_(None),
            in_vain=Inbound.last_error.is_not(None),
        ),
    )


def _waiting(
    queue: Queue, since: ColumnElement, *conditions: ColumnElement, in_vain: ColumnElement
) -> Select:
    return select(
        literal(queue.value).label("queue"),
        func.count().label("waiting"),
        func.count().filter(in_vain).label("in_vain"),
        func.min(since).label("oldest"),
    ).where(*conditions)
