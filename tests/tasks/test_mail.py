"""The jobs of the letters: in this process, and through a real worker over a real broker."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Event, Notification
from workflow.rules.vocabulary import EventKind, Rhythm, Role
from workflow.services import notices, outbox, people


@pytest.fixture
def jobs(ctx):
    """The module of the jobs, running in the application of this test."""
    from tasks import mail as jobs

    return jobs


@pytest.fixture
def app(app):
    app.config["BURST_SECONDS"] = 0
    yield app
    app.config["BURST_SECONDS"] = 60


@pytest.fixture
def section(ctx):
    return builders.section(author=builders.person(None))


def happen(section):
    with transaction():
        return outbox.record(
            EventKind.SECTION_APPROVED, actor=None, contract_id=section.contract_id, section=section
        )


def addresses(sink):
    return sorted(letter["To"].addresses[0].addr_spec for letter in sink.letters)


def test_a_relay_sends_what_cannot_wait_and_leaves_the_rest_for_its_time(jobs, section, smtp_sink):
    builders.person(Role.COORDINATOR, email="now@example.org", rhythm=Rhythm.IMMEDIATE)
    builders.person(Role.COORDINATOR, email="daily@example.org", rhythm=Rhythm.DAILY)
    happen(section)
    jobs.relay()
    assert addresses(smtp_sink) == ["now@example.org"]
    jobs.relay()
    jobs.send_due()
    assert addresses(smtp_sink) == ["now@example.org"]


def test_the_sweep_alone_is_enough(jobs, section, smtp_sink):
    builders.person(Role.COORDINATOR, email="now@example.org", rhythm=Rhythm.IMMEDIATE)
    happen(section)
    jobs.send_due()
    assert addresses(smtp_sink) == ["now@example.org"]


def test_an_event_that_cannot_be_told_is_put_aside_and_stops_no_other(
    jobs, section, smtp_sink, monkeypatch, caplog
):
    builders.person(Role.COORDINATOR, email="now@example.org", rhythm=Rhythm.IMMEDIATE)
    bad, good = happen(section), happen(section)
    fan_out = notices.fan_out

    def stumble(event):
        if event.id == bad.id:
            raise RuntimeError("these rows make no sense")
        return fan_out(event)

    monkeypatch.setattr(notices, "fan_out", stumble)
    jobs.send_due()
    db.session.rollback()
    bad, good = db.session.get(Event, bad.id), db.session.get(Event, good.id)
    assert good.relayed_at
    assert (bad.relayed_at, bad.attempts) == (None, 1)
    assert bad.next_try_at > clock.now() + timedelta(seconds=50)
    assert addresses(smtp_sink) == ["now@example.org"]
    assert "could not be told" in caplog.text


def test_a_door_that_is_shut_is_knocked_at_once_per_run(jobs, section, app):
    for _ in range(5):
        builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    happen(section)
    address, app.config["SMTP_URL"] = app.config["SMTP_URL"], "smtp://127.0.0.1:1"
    try:
        jobs.send_due()
    finally:
        app.config["SMTP_URL"] = address
    db.session.rollback()
    digests = db.session.scalars(select(Digest)).all()
    assert sorted(digest.attempts for digest in digests) == [0, 0, 0, 0, 1]
    assert all(digest.sent_at is digest.closed_at is None for digest in digests)


def test_a_run_ends_in_time_and_the_next_one_goes_on(jobs, section, smtp_sink, monkeypatch):
    for _ in range(3):
        builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    happen(section)
    monkeypatch.setattr(jobs, "LONGEST_RUN", -1)
    jobs.send_due()
    assert smtp_sink.letters == []
    monkeypatch.undo()
    jobs.send_due()
    assert len(smtp_sink.letters) == 3


@pytest.mark.timeout(240)
def test_a_real_worker_turns_an_event_into_a_letter(section, worker, smtp_sink):
    with transaction():
        people.invite(
            builders.the_contract(),
            by=None,
            email="new@example.org",
            name="Nova Oseba",
            role=Role.COORDINATOR,
        )
    worker.send("mail.relay")
    [letter] = smtp_sink.wait(1, seconds=60)
    assert letter["To"].addresses[0].addr_spec == "new@example.org"
    worker.send("mail.relay")
    worker.send("mail.send_due")
    db.session.rollback()
    assert db.session.scalars(select(Notification)).one().digest_id
