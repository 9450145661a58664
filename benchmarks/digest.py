"""How fast digests leave, beside a bare loop: `python -m benchmarks.digest [--letters N] [--entries N] [--workers N]`.

Personalised digests from a PostgreSQL of its own, made and sent by real Celery workers to a mail server in a process
of its own. The bare loop hands the very same bytes to the same server, over one connection and without a database: as
`smtplib` does it, and beside it in the two turns that our own door needs where the server allows it. Wall clock on a
busy machine says little, so the processor time per letter of each process is shown as well.
"""

import argparse
import os
import random
import smtplib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from benchmarks import sink
from tests import builders
from tests.support.application import Worker
from tests.support.processes import Child, until
from tests.support.servers import Postgres, Redis
from workflow import clock, create_app, smtp
from workflow.db import db, transaction
from workflow.models import Digest, Membership, Notification, Person
from workflow.rules.vocabulary import EventKind, Reason, Rhythm, Role

SECTIONS, REMARKS = 20, 15
CHUNK = 5_000
WAKE = 2.0
"""Seconds between two calls of the clock that wakes the workers."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment of the run: seconds since its start, letters sent, and megabytes of each worker."""

    at: float
    sent: int
    megabytes: list[float]


def populate(letters: int, entries: int) -> None:
    """So many people, each with another choice of what happened, told and due."""
    chance = random.Random(5)
    with transaction():
        contract = builders.contract("benchmark")
        voices = [builders.person(Role.STAKEHOLDER, contract=contract) for _ in range(10)]
        events = [event.id for event in _happened(contract, voices, entries)]
    with transaction():
        now = clock.now()
        people = db.session.scalars(
            insert(Person).returning(Person.id),
            [
                {
                    "name": f"Reader {number}",
                    "email": f"reader-{number}@example.org",
                    "language": "sl" if number % 2 else "en",
                    "rhythm": Rhythm.DAILY,
                    "password_hash": "set",
                }
                for number in range(letters)
            ],
        ).all()
        here = {"contract_id": contract.id, "role": Role.STAKEHOLDER}
        db.session.execute(insert(Membership), [{"person_id": one, **here} for one in people])
        told = {
            "reason": Reason.FOLLOWER,
            "rhythm": Rhythm.DAILY,
            "due_at": now - timedelta(minutes=1),
            "created_at": now,
        }
        for at in range(0, letters, CHUNK // entries):
            rows = [
                {"person_id": one, "event_id": event, **told}
                for one in people[at : at + CHUNK // entries]
                for event in chance.sample(events, entries)
            ]
            db.session.execute(insert(Notification), rows)


def _happened(contract, voices: list[Person], entries: int) -> Iterator:
    """Remarks, replies and approvals, at least twice as many as one letter tells."""
    for number in range(max(SECTIONS, entries // REMARKS + 1)):
        section = builders.section(f"B-{number}", contract=contract)
        here = {"contract": contract, "section": section}
        for turn in range(REMARKS):
            author, other = voices[turn % 10], voices[(turn + 1) % 10]
            words = f"Remark {turn}: where does this figure come from, and who answers for it?"
            thread = builders.thread(section, author=author, text=words)
            first = thread.comments[0]
            yield builders.event(
                EventKind.REMARK_MADE, actor=author, thread=thread, comment=first, **here
            )
            reply = builders.comment(thread, author=other, text="We would like to know as well.")
            yield builders.event(
                EventKind.REPLY_MADE, actor=other, thread=thread, comment=reply, **here
            )


@contextmanager
def servers(folder: Path) -> Iterator[tuple[dict[str, str], int]]:
    """PostgreSQL, Redis and a mail server: what Concord's processes are told of them, and the mail server's process."""
    with ExitStack() as stack:
        postgres, redis = Postgres(), Redis()
        stack.callback(postgres.stop)
        stack.callback(redis.stop)
        server = Child(
            "sink",
            [sys.executable, "-m", "benchmarks.sink", folder / "spool"],
            environment=os.environ,
            ready=lambda child: child.said("port "),
        ).start()
        stack.callback(server.stop)
        port = next(line for line in server.log if line.startswith("port ")).split()[1]
        environment = {
            **os.environ,
            "DATABASE_URL": postgres.url("postgres"),
            "CELERY_BROKER_URL": redis.url(0),
            "REDIS_URL": redis.url(1),
            "SMTP_URL": f"smtp://127.0.0.1:{port}",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "benchmark",
            "CONCORD_BURST_SECONDS": "0",
            "PYTHONUNBUFFERED": "1",
        }
        yield environment, server.pid


def run(workers: list[Worker], letters: int) -> list[Sample]:
    """Let the workers send everything; returns what was seen on the way."""
    samples, began, woken = [], time.monotonic(), -WAKE
    while not samples or samples[-1].sent < letters:
        at = time.monotonic() - began
        if at - woken >= WAKE:
            woken = at
            for worker in workers[:1] if samples else workers:
                worker.send("mail.send_due")
        db.session.rollback()
        sent = db.session.scalar(
            select(func.count()).select_from(Digest).where(Digest.sent_at.is_not(None))
        )
        sizes = [megabytes(worker.pid) for worker in workers]
        samples.append(Sample(time.monotonic() - began, sent, sizes))
        time.sleep(0.2)
    return samples


def megabytes(pid: int) -> float:
    """The resident memory of a process."""
    return (
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
    )


def processor(pid: int) -> float:
    """The processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What some letters took: seconds, and processor seconds of who sent them and of the mail server."""

    name: str
    seconds: float
    sender: float
    server: float


Way = Callable[[smtplib.SMTP, str, bytes], object]


def in_four_turns(line: smtplib.SMTP, recipient: str, letter: bytes) -> None:
    """Sender, recipient, the wish to begin and the letter, each answered before the next."""
    line.sendmail("concord@example.org", [recipient], letter)


def in_two_turns(line: smtplib.SMTP, recipient: str, letter: bytes) -> None:
    """All that comes before the letter in one breath, then the letter."""
    begun = smtp.begin(line, "concord@example.org", recipient, utf8=False)
    assert begun.go_on.code == smtp.GO_ON
    assert smtp.finish(line, [letter]).code == 250


def bare(name: str, way: Way, url: str, server: int, letters: list[bytes]) -> Measured:
    """Hand over the bytes, one letter after the other."""
    host, port = url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as line:
        line.ehlo()
        began, used, by_server = time.monotonic(), time.process_time(), processor(server)
        for number, letter in enumerate(letters):
            way(line, f"reader-{number}@example.org", letter)
        return Measured(
            name,
            time.monotonic() - began,
            time.process_time() - used,
            processor(server) - by_server,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=12)
    parser.add_argument("--workers", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, servers(Path(name)) as told:
        environment, server = told
        app = application(environment)
        with app.app_context():
            upgrade()
            populate(wanted.letters, wanted.entries)
            workers = [Worker(environment, concurrency=1) for _ in range(wanted.workers)]
            for worker in workers:
                worker.start()
            try:
                used, by_server = sum(processor(one.pid) for one in workers), processor(server)
                samples = run(workers, wanted.letters)
                used = sum(processor(one.pid) for one in workers) - used
                by_server = processor(server) - by_server
            finally:
                for worker in workers:
                    worker.stop()
            db.session.remove()
            db.engine.dispose()
        spool = Path(name) / "spool"
        sent = list(sink.letters(spool))
        workers_took = Measured("one worker process", samples[-1].at, used, by_server)
        url = environment["SMTP_URL"]
        loops = [
            bare("bare loop", in_four_turns, url, server, sent),
            bare("the same in two turns", in_two_turns, url, server, sent),
        ]
        until(
            lambda: sum(1 for _ in sink.letters(spool)) == 3 * len(sent),
            seconds=10,
            otherwise=lambda: "the mail server did not get what the bare loops sent",
        )
    report(wanted, samples, sent, [*loops, workers_took])


def application(environment: dict[str, str]) -> Flask:
    return create_app(
        {
            "SQLALCHEMY_DATABASE_URI": environment["DATABASE_URL"],
            "DATA_DIR": Path(environment["DATA_DIR"]),
            "SECRET_KEY": environment["SECRET_KEY"],
        }
    )


def report(
    wanted: argparse.Namespace, samples: list[Sample], sent: list[bytes], measured: list[Measured]
) -> None:
    count = len(sent)
    size = sum(map(len, sent)) / count / 1000
    print(f"{count:,} letters of {wanted.entries} entries, {size:.1f} kB each on average")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'':24}{'letters/s':>12}{'CPU ms/letter':>16}{'of the server':>16}")
    *loops, workers = measured
    for one in measured:
        at_once = wanted.workers if one is workers else 1
        milliseconds = [used / count * 1000 for used in (one.sender, one.server)]
        rate = count / one.seconds / at_once
        print(f"{one.name:24}{rate:12,.0f}{milliseconds[0]:16.2f}{milliseconds[1]:16.2f}")
    for loop in loops:
        by_clock = loop.seconds / workers.seconds / wanted.workers
        print(
            f"of {loop.name}: {by_clock:.2f} by the clock, {loop.sender / workers.sender:.2f} by processor"
        )
    for where, sample in zip(
        ("start", "middle", "end"),
        (samples[0], samples[len(samples) // 2], samples[-1]),
        strict=True,
    ):
        sizes = ", ".join(f"{one:.0f}" for one in sample.megabytes)
        print(f"memory at the {where:6} ({sample.sent:6,} sent): {sizes} MB")


if __name__ == "__main__":
    main()
