from datetime import timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Event
from workflow.queries import mail
from workflow.rules.vocabulary import EventKind, Part, Rhythm, Trouble
from workflow.services import life_signs

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


def alive(now):
    """Beat and a worker were just seen."""
    seen = now - timedelta(seconds=20)
    with transaction():
        life_signs.give(Part.BEAT, "beat", seen)
        life_signs.give(Part.WORKER, "celery@one", seen)


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
    alive(now)
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
        last_sent_by={
            Rhythm.IMMEDIATE: None,
            Rhythm.DAILY: now - timedelta(minutes=49),
            Rhythm.WEEKLY: None,
        },
        late_untried=0,
        late_in_vain=2,
        last_beat=now - timedelta(seconds=20),
        workers=1,
    )
    assert found.last_sent == now - timedelta(minutes=49)
    assert found.oldest == now - timedelta(hours=2)
    assert len(statements) <= 2


def test_late_letters_say_that_none_leaves_unless_their_recipients_put_them_off():
    now = clock.now()
    person = builders.person()
    alive(now)
    letter(person, now, 29)
    letter(person, now, 40, last_error="450 Mailbox full", attempts=4)
    letter(person, now, 41, last_error="450 Mailbox full", attempts=4)
    assert mail.status(now).troubles(now) == []
    shut = letter(person, now, 42, last_error="421 Closing", attempts=4)
    assert mail.status(now).troubles(now) == [Trouble.STALLED]
    shut.sent_at = now - timedelta(minutes=59)
    db.session.commit()
    assert mail.status(now).troubles(now) == []
    later = now + timedelta(minutes=2)
    assert mail.status(later).troubles(later) == [Trouble.STALLED]


def test_what_was_never_told_or_composed_stands_still_too():
    now = clock.now()
    alive(now)
    person = builders.person()
    event = builders.event(EventKind.CONTRACT_CREATED)
    notice = builders.notice(person, event)
    notice.due_at = notice.created_at = now - timedelta(minutes=31)
    db.session.commit()
    assert mail.status(now).troubles(now) == [Trouble.STALLED]
    notice.read_at = now
    event.relayed_at, event.at = None, now - timedelta(minutes=31)
    db.session.commit()
    assert mail.status(now).troubles(now) == [Trouble.STALLED]
    event.relayed_at = now
    db.session.commit()
    assert mail.status(now).troubles(now) == []


def test_a_part_that_gives_no_sign_of_life_is_named():
    now = clock.now()
    assert mail.status(now).troubles(now) == [Trouble.WORKER_SILENT, Trouble.BEAT_SILENT]
    alive(now)
    assert mail.status(now).troubles(now) == []
    later = now + timedelta(minutes=6)
    with transaction():
        life_signs.give(Part.WORKER, "celery@one", later)
    assert mail.status(later).troubles(later) == [Trouble.BEAT_SILENT]
