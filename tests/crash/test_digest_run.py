"""A digest run whose workers die by kill -9, whose broker is emptied, and which still tells everyone once."""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest
import redis
from sqlalchemy import func, insert, select, update

from tests import builders
from tests.support.application import Beat, Worker
from tests.support.processes import running, until
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Event, Membership, Notification, Person, Subscription
from workflow.rules.vocabulary import EventKind, Rhythm, Role
from workflow.services import outbox

RECIPIENTS = 200
SENDERS = 2
"""Letters that a worker may have in the hands of the mail server when it dies."""


@pytest.fixture
def followers(ctx) -> set[str]:
    """The addresses of two hundred people who want to hear of one section at once."""
    section = builders.section(author=builders.person(None))
    with transaction():
        people = [
            Person(
                name=f"Follower {number}",
                email=f"follower-{number}@example.org",
                rhythm=Rhythm.IMMEDIATE,
                password_hash="set",
            )
            for number in range(RECIPIENTS)
        ]
        db.session.add_all(people)
        db.session.flush()
        here = {"contract_id": section.contract_id, "role": Role.OBSERVER}
        db.session.execute(insert(Membership), [{"person_id": p.id, **here} for p in people])
        db.session.execute(
            insert(Subscription), [{"person_id": p.id, "section_id": section.id} for p in people]
        )
        outbox.record(
            EventKind.SECTION_APPROVED,
            actor=None,
            contract_id=section.contract_id,
            section=section,
        )
    return {person.email for person in people}


@pytest.fixture
def environment(environment):
    """What a dead worker held is free again soon."""
    environment["CONCORD_MAIL_LEASE_SECONDS"] = "4"
    return environment


@pytest.fixture
def worker(environment):
    worker = Worker(environment, concurrency=SENDERS)
    yield worker
    worker.stop()


def work_until(true, worker, *, seconds=90.0):
    """Play the clock that wakes the worker twice a second, until something is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        worker.send("mail.send_due")
        for _ in range(10):
            if true():
                return
            time.sleep(0.05)
    raise AssertionError(f"not in {seconds} s; the worker says:\n{worker.tail()}")


def count(model, *conditions) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


@pytest.mark.timeout(300)
def test_nobody_is_forgotten_and_nobody_hears_twice_however_often_workers_die(
    followers, worker, redis_url, smtp_sink
):
    chance = random.Random()
    smtp_sink.stall(0.02)
    early = chance.uniform(0, 0.4)
    late = sorted(chance.sample(range(10, RECIPIENTS - 10), 2))

    worker.start()
    worker.send("mail.send_due")
    worker.send("mail.relay")
    time.sleep(early)
    worker.kill()
    for letters in late:
        worker.start()
        work_until(lambda letters=letters: len(smtp_sink.letters) >= letters, worker)
        worker.kill()
    with redis.from_url(redis_url) as broker:
        broker.flushdb()
    worker.start()
    work_until(lambda: count(Digest, Digest.sent_at.is_not(None)) == RECIPIENTS, worker)

    told = Counter(letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters)
    ids = {(letter["To"], letter["Message-ID"]) for letter in smtp_sink.letters}
    deaths = 1 + len(late)
    assert told.keys() == followers
    assert len(ids) == RECIPIENTS, "a repeated letter repeats its Message-ID"
    assert sum(told.values()) - RECIPIENTS <= deaths * SENDERS, f"killed at {early:.2f} s, {late}"
    assert count(Event, Event.relayed_at.is_(None)) == 0
    assert count(Notification, Notification.digest_id.is_(None)) == 0
    assert count(Digest) == RECIPIENTS
    until(
        lambda: count(Digest, Digest.next_try_at > clock.now(), Digest.sent_at.is_(None)) == 0,
        seconds=5,
        otherwise=lambda: "a letter is still held",
    )


@pytest.mark.timeout(240)
def test_two_clocks_that_wake_the_same_worker_change_nothing(
    followers, worker, environment, smtp_sink, tmp_path
):
    beats = [Beat(environment, tmp_path / f"schedule-{number}") for number in range(2)]
    with running(worker, *beats):
        for beat in beats:
            for task in ("mail.relay", "mail.send_due"):
                beat.wait_for(f"({task})", seconds=60)
        smtp_sink.wait(RECIPIENTS, seconds=60)
        until(
            lambda: count(Digest, Digest.sent_at.is_not(None)) == RECIPIENTS,
            seconds=20,
            otherwise=lambda: "a letter is not settled",
        )
    told = Counter(letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters)
    assert told == dict.fromkeys(followers, 1)
    assert count(Digest) == RECIPIENTS


@pytest.mark.timeout(240)
def test_a_mail_server_that_hangs_up_refuses_and_stalls_loses_nobody(followers, worker, smtp_sink):
    smtp_sink.drop(accepted=True)
    worker.start()
    work_until(lambda: len(smtp_sink.letters) >= 10, worker)
    smtp_sink.accept()
    smtp_sink.refuse("451 Try again later")
    work_until(lambda: count(Digest, Digest.last_error.like("451%")) >= 10, worker)
    smtp_sink.accept()
    hung_up = len(smtp_sink.letters)
    smtp_sink.stall(0.05)
    work_until(lambda: len(smtp_sink.letters) >= hung_up + 10, worker)
    smtp_sink.accept()

    def all_sent() -> bool:
        """The minutes until the next attempt are over; what a worker holds now it keeps."""
        with transaction():
            later = clock.now() + timedelta(seconds=10)
            waits = Digest.sent_at.is_(None), Digest.next_try_at > later
            db.session.execute(update(Digest).where(*waits).values(next_try_at=clock.now()))
        return count(Digest, Digest.sent_at.is_not(None)) == RECIPIENTS

    work_until(all_sent, worker)
    told = Counter(letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters)
    assert told.keys() == followers
    assert len({letter["Message-ID"] for letter in smtp_sink.letters}) == RECIPIENTS
    assert sum(told.values()) - RECIPIENTS <= hung_up
