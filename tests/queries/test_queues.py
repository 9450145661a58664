"""What waits for a job, by what is to be done with it."""

from datetime import timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.models import Document, Inbound
from workflow.queries import mail
from workflow.queries.queues import Queue, QueueLine, queues
from workflow.rules.vocabulary import Audience, BuildState, EventKind

pytestmark = pytest.mark.usefixtures("ctx")


def waiting(now):
    return {line.queue: line for line in queues(mail.status(now))}


def document(now, minutes, **what):
    return builders.keep(
        Document(
            contract_id=builders.the_contract().id,
            requested_by_id=builders.person().id,
            audience=Audience.CITY,
            manifest={},
            manifest_sha256=f"{minutes:064}",
            created_at=now - timedelta(minutes=minutes),
            next_try_at=now,
            **what,
        )
    )


def test_every_queue_is_named_when_nothing_waits():
    assert list(waiting(clock.now()).values()) == [QueueLine(one, 0, 0, None) for one in Queue]


def test_documents_wait_until_they_are_built_and_are_tried_in_vain_when_they_come_back():
    now = clock.now()
    builders.contract()
    document(now, 1)
    document(now, 2, state=BuildState.RUNNING, attempts=1)
    document(now, 3, attempts=1)
    document(now, 4, state=BuildState.RUNNING, attempts=2)
    document(now, 5, state=BuildState.DONE, attempts=1)
    document(now, 6, state=BuildState.FAILED, attempts=3)
    line = waiting(now)[Queue.DOCUMENTS]
    assert line == QueueLine(Queue.DOCUMENTS, 4, 2, now - timedelta(minutes=4))


def test_messages_to_other_systems_wait_unless_their_hook_is_switched_off():
    now = clock.now()
    told = builders.event(EventKind.SECTION_APPROVED)
    _, fresh = builders.hook("https://a.example/", told=told)
    _, tried = builders.hook("https://b.example/", told=told, last_error="503", attempts=2)
    builders.hook("https://c.example/", told=told, delivered_at=now)
    builders.hook("https://d.example/", told=told, closed_at=now, last_error="too often")
    off, _ = builders.hook("https://e.example/", told=told)
    off.active = False
    builders.keep(off)
    line = waiting(now)[Queue.DELIVERIES]
    assert (line.waiting, line.in_vain) == (2, 1)
    assert line.oldest == min(fresh.created_at, tried.created_at)


def came(now, number, **what):
    """Mail that came so many minutes ago."""
    return builders.keep(
        Inbound(
            message_id=f"<{number}@example.org>",
            recipient="reply+x@example.org",
            sender="ana@example.org",
            sha256="a" * 64,
            size=1,
            received_at=now - timedelta(minutes=number),
            next_try_at=now,
            **what,
        )
    )


def test_mail_that_came_waits_until_it_was_acted_on():
    now = clock.now()
    came(now, 1)
    came(now, 2, last_error="ValueError()", attempts=2)
    came(now, 3, handled_at=now)
    assert waiting(now)[Queue.INBOUND] == QueueLine(Queue.INBOUND, 2, 1, now - timedelta(minutes=2))
