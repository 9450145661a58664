from datetime import timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Event
from workflow.queries import mail
from workflow.rules.vocabulary import EventKind, Rhythm

pytestmark = pytest.mark.usefixtures("ctx")


def letter(person, now, minutes, **what):
    at = now - timedelta(minutes=minutes)
    what = {
        "person_id": person.id,
        "rhythm": Rhythm.DAILY,
        "due_at": at,
        "composed_at": at,
        "next_try_at": at,
        "message_id": f"<{minutes}@example.org>",
    } | what
    return builders.keep(Digest(**what))


def test_an_empty_house_waits_for_nothing():
    found = mail.status(clock.now())
    assert (found.events_waiting, found.notices_due, found.letters_waiting) == (0, 0, 0)
    assert found.oldest_event is found.last_sent is None


def test_the_numbers_say_what_waits_since_when_and_what_failed(app):
    now = clock.now()
    person = builders.person()
    event = builders.event(EventKind.CONTRACT_CREATED)
    with transaction():
        waiting = db.session.get(Event, event.id)
        waiting.relayed_at, waiting.at, waiting.attempts = None, now - timedelta(hours=2), 1
        due = builders.notice(person, waiting)
        due.due_at = now - timedelta(minutes=5)
    letter(person, now, 10)
    letter(person, now, 30, last_error="451 Later", attempts=2)
    letter(person, now, 40, closed_at=now - timedelta(minutes=39), last_error="550 Never")
    letter(person, now, 41, closed_at=now - timedelta(minutes=39))
    letter(person, now, 50, sent_at=now - timedelta(minutes=49))
    letter(person, now, 300, sent_at=now - timedelta(minutes=299))
    db.session.commit()
    with counted(app) as statements:
        found = mail.status(now)
    assert found == mail.MailStatus(
        events_waiting=1,
        events_failing=1,
        oldest_event=now - timedelta(hours=2),
        notices_due=1,
        oldest_notice=now - timedelta(minutes=5),
        letters_waiting=2,
        letters_retrying=1,
        oldest_letter=now - timedelta(minutes=30),
        letters_failed=1,
        sent_last_hour=1,
        last_sent=now - timedelta(minutes=49),
    )
    assert len(statements) <= 2


def test_the_operator_reads_it_in_words(app):
    letter(builders.person(), clock.now(), 10)
    answer = app.test_cli_runner().invoke(args=["mail", "status"])
    assert answer.exit_code == 0, answer.output
    assert "1  letters waiting to be sent, the oldest for 600 s" in answer.output
    assert "last letter sent: never" in answer.output
