"""The jobs of the letters: in this process, and through a real worker over a real broker."""

import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.application import Worker
from tests.support.processes import until
from workflow import clock
from workflow.db import db, transaction, writes_beside
from workflow.models import Digest, Event, Notification, Thread
from workflow.rules.vocabulary import EventKind, Rhythm, Role
from workflow.services import digests, notices, outbox, people


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


@pytest.fixture
def composed_one_by_one(section, monkeypatch):
    """Three letters of which each is composed for itself; what is given back is called before each, with its number."""
    for name in "abc":
        builders.person(Role.COORDINATOR, email=f"{name}@example.org", rhythm=Rhythm.IMMEDIATE)
    happen(section)
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    before, compose, numbers = [], digests.compose, itertools.count(1)

    def composing(now):
        number = next(numbers)
        for look in before:
            look(number)
        return compose(now)

    monkeypatch.setattr(digests, "compose", composing)
    return before


def test_the_first_letters_leave_while_others_are_composed_if_the_database_lets_two_write(
    jobs, smtp_sink, composed_one_by_one
):
    left = []

    def look(number):
        if number == 2 and writes_beside():
            until(lambda: smtp_sink.letters, seconds=10, otherwise=lambda: "no letter left")
        left.append(len(smtp_sink.letters))

    composed_one_by_one.append(look)
    jobs.send_due()
    assert left[:2] == ([0, 1] if writes_beside() else [0, 0])
    assert addresses(smtp_sink) == ["a@example.org", "b@example.org", "c@example.org"]


def test_what_goes_wrong_in_composing_is_raised_and_what_was_composed_is_sent_in_the_end(
    jobs, smtp_sink, composed_one_by_one
):
    def stumble(number):
        if number == 2:
            raise RuntimeError("no ink")

    composed_one_by_one.append(stumble)
    with pytest.raises(RuntimeError, match="no ink"):
        jobs.send_due()
    composed_one_by_one.clear()
    jobs.send_due()
    assert addresses(smtp_sink) == ["a@example.org", "b@example.org", "c@example.org"]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_what_goes_wrong_in_composing_is_told_also_where_sending_goes_wrong_itself(
    jobs, composed_one_by_one, caplog
):
    def stumble(number):
        raise RuntimeError("no ink")

    def send():
        with jobs.composing() as more:
            until(lambda: not more(), seconds=10, otherwise=lambda: "still composing")
            raise RuntimeError("no stamps")

    composed_one_by_one.append(stumble)
    with pytest.raises(RuntimeError, match="no stamps"):
        send()
    assert "no ink" in caplog.text


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


def test_nobody_works_on_letters_that_another_may_take_up_soon(jobs, section, app, smtp_sink):
    builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    happen(section)
    kept, app.config["MAIL_LEASE_SECONDS"] = app.config["MAIL_LEASE_SECONDS"], 0
    try:
        jobs.send_due()
    finally:
        app.config["MAIL_LEASE_SECONDS"] = kept
    assert smtp_sink.letters == []
    jobs.send_due()
    assert len(smtp_sink.letters) == 1


def test_what_is_taken_back_while_letters_leave_is_not_in_the_later_ones(
    jobs, section, app, smtp_sink, monkeypatch
):
    remark = builders.thread(section)
    for _ in range(4):
        builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    with transaction():
        here = {"contract_id": section.contract_id, "section": section, "thread": remark}
        outbox.record(EventKind.REMARK_MADE, actor=None, comment=remark.comments[0], **here)
    remark_id = remark.id
    monkeypatch.setattr(jobs, "FRESH", 0)
    smtp_sink.stall(0.7)

    def take_back():
        smtp_sink.wait(1)
        with app.app_context(), transaction():
            db.session.get(Thread, remark_id).withdrawn_at = clock.now()

    meanwhile = threading.Thread(target=take_back)
    meanwhile.start()
    jobs.send_due()
    meanwhile.join()
    assert 1 <= len(smtp_sink.letters) < 4
    assert len(db.session.scalars(select(Digest).where(Digest.closed_at.is_not(None))).all()) > 0


def test_a_later_run_tells_what_is_true_by_then_whatever_an_earlier_one_told(
    jobs, section, smtp_sink
):
    remark = builders.thread(section)
    here = {"contract_id": section.contract_id, "section": section, "thread": remark}

    def tell_a_reader(address):
        builders.person(Role.COORDINATOR, email=address, rhythm=Rhythm.IMMEDIATE)
        with transaction():
            outbox.record(EventKind.REMARK_MADE, actor=None, comment=remark.comments[0], **here)
        jobs.send_due()
        return [one.get_body(("plain",)).get_content() for one in smtp_sink.to(address)]

    assert "How was this figure found?" in tell_a_reader("first@example.org")[0]
    with transaction():
        db.session.get(Thread, remark.id).comments[0].text = "Who found this figure?"
    told = tell_a_reader("second@example.org")[0]
    assert "Who found this figure?" in told
    assert "How was this figure found?" not in told


@pytest.mark.timeout(240)
@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_a_worker_that_is_asked_to_stop_ends_after_the_letter_in_hand(
    pool, section, environment, smtp_sink
):
    worker = Worker(environment, pool=pool).start()
    for _ in range(12):
        builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    happen(section)
    smtp_sink.stall(0.5)
    worker.send("mail.send_due")
    smtp_sink.wait(1, seconds=60)
    worker.stop()
    db.session.rollback()
    sent = db.session.scalars(select(Digest).where(Digest.sent_at.is_not(None))).all()
    left = db.session.scalars(select(Digest).where(Digest.sent_at.is_(None))).all()
    assert 1 <= len(sent) == len(smtp_sink.letters) < 12
    assert {(digest.attempts, digest.next_try_at <= clock.now()) for digest in left} == {(0, True)}


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
