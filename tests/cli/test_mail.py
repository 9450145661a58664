"""`flask mail …`: what an operator sees of the letters, and what he may do."""

import json
from datetime import timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Person
from workflow.rules.vocabulary import EventKind, Part, Rhythm
from workflow.services import life_signs

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def flask(app):
    return lambda *words: app.test_cli_runner().invoke(args=["mail", *words])


@pytest.fixture
def now():
    """This moment, in which beat and a worker are at work."""
    now = clock.now()
    with transaction():
        life_signs.give(Part.BEAT, "beat", now)
        life_signs.give(Part.WORKER, "celery@one", now)
    return now


def letter(now, minutes, *, email="ana@example.org", **what):
    at = now - timedelta(minutes=minutes)
    person = db.session.query(Person).filter_by(email=email).first()
    what = {
        "person_id": (person or builders.person(email=email)).id,
        "rhythm": Rhythm.DAILY,
        "due_at": at,
        "composed_at": at,
        "next_try_at": at,
        "message_id": f"<{minutes}@example.org>",
    } | what
    return builders.keep(Digest(**what)).id


def row(letter_id):
    db.session.rollback()
    return db.session.get(Digest, letter_id, populate_existing=True)


def test_the_operator_reads_how_it_is_in_words(flask, now):
    letter(now, 10)
    answer = flask("status")
    assert answer.exit_code == 0, answer.output
    assert "1  letters waiting to be sent, the oldest for 600 s" in answer.output
    assert "1  workers at work" in answer.output
    assert "last letter sent: never" in answer.output


def test_a_machine_reads_the_same(flask, now):
    letter(now, 10)
    letter(now, 20, sent_at=now)
    answer = flask("status", "--json")
    read = json.loads(answer.output)
    assert read["letters_waiting"] == read["sent_last_hour"] == 1
    assert read["last_sent"] == read["last_sent_by"]["daily"] == now.isoformat(timespec="seconds")
    assert (read["troubles"], read["broker"], read["broker_calls"]) == ([], "not configured", None)


def test_letters_that_stand_still_end_it_with_two_and_a_silent_part_with_one(flask):
    silent = flask("status")
    assert silent.exit_code == 1
    assert "No worker gave a sign of life" in silent.output
    letter(clock.now(), 31)
    stalled = flask("status", "--json")
    assert stalled.exit_code == 2
    assert json.loads(stalled.stdout)["troubles"] == ["stalled", "worker_silent", "beat_silent"]


def test_the_failed_are_listed_with_the_servers_last_word(flask, now):
    refused = letter(now, 50, attempts=1, last_error="550 5.1.1 No such user", closed_at=now)
    later = now + timedelta(minutes=30)
    delayed = letter(now, 40, attempts=3, last_error="451 Later", next_try_at=later)
    letter(now, 30, closed_at=now)
    letter(now, 20, sent_at=now)
    letter(now, 60 * 24 * 40, last_error="550", closed_at=now - timedelta(days=39))
    told = flask("failed").output
    assert f"{refused}  ana@example.org  1 tries, given up: 550 5.1.1 No such user" in told
    assert f"{delayed}  ana@example.org  3 tries, again at {later:%Y-%m-%dT%H:%M}" in told
    assert told.endswith("2 letters\n")
    assert [one["id"] for one in json.loads(flask("failed", "--json").output)] == [delayed, refused]


def test_a_letter_that_was_given_up_goes_once_more_and_one_that_left_never(flask, now):
    refused = letter(now, 50, last_error="550 No", closed_at=now - timedelta(minutes=40))
    sent = letter(now, 20, sent_at=now)
    answer = flask("resend", str(refused), str(sent), "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.output) == {"done": [refused], "refused": [sent]}
    again = row(refused)
    assert again.closed_at is None
    assert now <= again.next_try_at <= clock.now()
    assert row(sent).sent_at == now


def test_what_was_given_up_in_the_last_hours_goes_again_together(flask, now):
    new = [
        letter(now, m, last_error="550 No", closed_at=now - timedelta(minutes=m)) for m in (5, 90)
    ]
    old = letter(now, 200, last_error="550 No", closed_at=now - timedelta(minutes=190))
    answer = flask("resend", "--hours", "2")
    assert (answer.exit_code, answer.output) == (0, "2 to be sent again\n")
    assert [row(one).closed_at for one in new] == [None, None]
    assert row(old).closed_at is not None
    assert flask("resend").exit_code == 2


def test_a_letter_that_a_worker_may_hold_keeps_its_turn(flask, now):
    turn = now + timedelta(seconds=200)
    held = letter(now, 50, attempts=2, last_error="451 Later", next_try_at=turn)
    assert flask("resend", str(held)).exit_code == 0
    assert row(held).next_try_at == turn


def test_a_letter_that_is_tried_in_vain_is_stopped(flask, now):
    delayed = letter(now, 50, attempts=2, last_error="451 Later")
    fresh = letter(now, 10)
    assert flask("stop", str(delayed)).output == "1 stopped\n"
    assert row(delayed).closed_at is not None
    refused = flask("stop", str(fresh), str(delayed))
    assert refused.exit_code == 1
    assert f"{fresh}: not waiting after a failure" in refused.output
    assert row(fresh).closed_at is None


def test_letters_that_were_put_off_go_now(flask, now):
    later = now + timedelta(hours=2)
    put_off = letter(now, 50, attempts=3, last_error="451 Later", next_try_at=later)
    held = letter(now, 40, attempts=1, next_try_at=now + timedelta(seconds=200))
    assert json.loads(flask("send-now", "--json").output) == {"letters": 1}
    assert row(put_off).next_try_at <= clock.now()
    assert row(held).next_try_at == now + timedelta(seconds=200)


def test_a_persons_next_letter_is_previewed_and_sent_now(flask, now):
    section = builders.section(author=builders.person(None))
    ana = builders.person(email="ana@example.org", rhythm=Rhythm.WEEKLY)
    empty = flask("preview", "Ana@example.org")
    assert "Nothing waits for a letter" in empty.output
    event = builders.event(EventKind.SECTION_APPROVED, section=section)
    notice = builders.notice(ana, event)
    notice.due_at = now + timedelta(days=3)
    db.session.commit()
    shown = json.loads(flask("preview", "ana@example.org", "--json").output)
    assert shown["count"] == 1
    assert shown["subject"] in flask("preview", "ana@example.org").output
    assert flask("send-now", "ana@example.org").output == "1 notices go now\n"
    db.session.refresh(notice)
    assert notice.due_at <= clock.now()


def test_an_address_that_nobody_has_is_said(flask, now):
    for command in ("preview", "send-now"):
        answer = flask(command, "nobody@example.org")
        assert answer.exit_code == 1
        assert "Nobody has the address nobody@example.org." in answer.output


def test_an_address_is_suspended_and_given_another_chance_by_hand(flask, now):
    builders.person(email="ana@example.org")
    assert flask("suspend", "ana@example.org").exit_code == 0
    (one,) = json.loads(flask("suspended", "--json").output)
    assert (one["email"], one["letters"], one["said"]) == ("ana@example.org", 0, None)
    assert flask("resume", "ana@example.org").exit_code == 0
    assert json.loads(flask("suspended", "--json").output) == []
