"""Two thousand people are told while everything dies: workers by kill -9, the broker, and the database."""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from benchmarks import sink
from tests import builders
from tests.support.application import Worker
from tests.support.processes import Child
from tests.support.servers import Postgres, Redis
from workflow import create_app
from workflow.db import db, transaction
from workflow.models import Digest, Event, Membership, Notification, Person, Subscription
from workflow.rules.vocabulary import EventKind, Rhythm, Role
from workflow.services import outbox

RECIPIENTS = 2_000
SENDERS = 2
KILLS = 20
RESTARTS = 2
"""Of the database, and of the broker."""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def broker() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.stop()


@pytest.fixture
def spool(tmp_path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def server(spool) -> Iterator[Child]:
    """A mail server that is faster than any worker."""
    server = Child(
        "sink",
        [sys.executable, "-m", "benchmarks.sink", spool],
        environment=os.environ,
        ready=lambda child: child.said("port "),
    ).start()
    yield server
    server.stop()


@pytest.fixture
def environment(postgres, broker, server, tmp_path) -> dict[str, str]:
    """What a dead worker held is free again soon."""
    port = next(line for line in server.log if line.startswith("port ")).split()[1]
    return {
        **os.environ,
        "DATABASE_URL": postgres.url("postgres"),
        "CELERY_BROKER_URL": broker.url(0),
        "REDIS_URL": broker.url(1),
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "BASE_URL": "http://concord.test",
        "DATA_DIR": str(tmp_path / "data"),
        "SECRET_KEY": "for tests only",
        "CONCORD_BURST_SECONDS": "0",
        "CONCORD_MAIL_LEASE_SECONDS": "6",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def app(environment) -> Iterator[Flask]:
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": environment["DATABASE_URL"],
            "DATA_DIR": Path(environment["DATA_DIR"]),
            "SECRET_KEY": environment["SECRET_KEY"],
        }
    )
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def followers(app) -> set[str]:
    """The addresses of two thousand people who want to hear of one section at once."""
    section = builders.section(author=builders.person(None))
    with transaction():
        people = db.session.scalars(
            insert(Person).returning(Person.id),
            [
                {
                    "name": f"Follower {number}",
                    "email": f"follower-{number}@example.org",
                    "rhythm": Rhythm.IMMEDIATE,
                    "password_hash": "set",
                }
                for number in range(RECIPIENTS)
            ],
        ).all()
        here = {"contract_id": section.contract_id, "role": Role.OBSERVER}
        db.session.execute(insert(Membership), [{"person_id": one, **here} for one in people])
        db.session.execute(
            insert(Subscription), [{"person_id": one, "section_id": section.id} for one in people]
        )
        outbox.record(
            EventKind.SECTION_APPROVED, actor=None, contract_id=section.contract_id, section=section
        )
    return {f"follower-{number}@example.org" for number in range(RECIPIENTS)}


@pytest.fixture
def worker(environment) -> Iterator[Worker]:
    worker = Worker(environment, concurrency=SENDERS, pool="prefork")
    yield worker
    worker.kill()


def count(model, *conditions) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


class Day:
    """The clock that wakes the worker, and what goes wrong meanwhile: `repeats` letters may go out twice by that."""

    def __init__(self, worker: Worker, spool: Path, chance: random.Random):
        self.worker, self.spool, self.chance = worker, spool, chance
        self.kills = self.repeats = 0
        self._woken = 0.0

    def until(self, true, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"not in {seconds} s:\n{self.worker.tail()}"
            if time.monotonic() - self._woken > 0.5:
                self._woken = time.monotonic()
                for _ in range(SENDERS):
                    self.worker.send("mail.send_due")
            time.sleep(0.01)

    def taken(self) -> int:
        """The letters that the mail server has said yes to."""
        return sum(1 for _ in sink.letters(self.spool))

    def kill_one(self) -> None:
        """A process that sends; another takes its place."""
        self.until(lambda: len(self.worker.forked()) == SENDERS, seconds=30)
        os.kill(self.chance.choice(self.worker.forked()), signal.SIGKILL)
        self.kills += 1
        self.repeats += 1

    def kill_all(self) -> None:
        self.worker.kill()
        self.worker.log.clear()
        self.kills += 1
        self.repeats += SENDERS
        self.worker.start()


@pytest.mark.timeout(400)
def test_two_thousand_are_told_once_whatever_dies(followers, worker, postgres, broker, spool):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    worker.start()
    day = Day(worker, spool, chance)
    day.kill_one()  # while it tells people and composes letters
    points = sorted(chance.sample(range(1, RECIPIENTS - 50), KILLS - 1 + 2 * RESTARTS))
    mishaps = [day.kill_one] * (KILLS - 3) + [day.kill_all] * 2
    mishaps += [postgres.restart, broker.restart] * RESTARTS
    chance.shuffle(mishaps)
    for letters, mishap in zip(points, mishaps, strict=True):
        day.until(lambda letters=letters: day.taken() >= letters, seconds=120)
        mishap()

    def all_sent() -> bool:
        try:
            return count(Digest, Digest.sent_at.is_not(None)) == RECIPIENTS
        except OperationalError:
            db.session.rollback()
            return False

    day.until(all_sent, seconds=120)
    letters = [message_from_bytes(raw, policy=policy.default) for raw in sink.letters(spool)]
    told = Counter(letter["To"].addresses[0].addr_spec for letter in letters)
    assert day.kills == KILLS
    assert told.keys() == followers
    ids = {(letter["To"], letter["Message-ID"]) for letter in letters}
    assert len(ids) == RECIPIENTS, "a repeated letter repeats its Message-ID"
    print(f"{len(letters) - RECIPIENTS} letters went out again, of at most {day.repeats}")
    assert len(letters) - RECIPIENTS <= day.repeats
    assert count(Digest) == RECIPIENTS
    assert count(Event, Event.relayed_at.is_(None)) == 0
    assert count(Notification, Notification.digest_id.is_(None)) == 0
