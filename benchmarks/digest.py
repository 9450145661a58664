"""How fast digests leave, beside a bare loop: `python -m benchmarks.digest [--letters N] [--entries N] [--workers N]`.

Personalised digests from a PostgreSQL of its own, made and sent by real Celery workers to a mail server in a process
of its own. The bare loop hands the very same bytes to the same server, over one connection and without a database.
Wall clock on a busy machine says little, so the processor time per letter of the sending process is shown as well.
"""

import argparse
import os
import random
import smtplib
import sys
import tempfile
import time
from collections.abc import Iterator
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
from workflow import clock, create_app
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
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL, Redis and a mail server, and what Concord's processes are told of them."""
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
        yield {
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


def bare(url: str, letters: list[bytes]) -> tuple[float, float]:
    """Seconds and processor seconds of handing over the bytes, one letter after the other."""
    host, port = url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as line:
        began, used = time.monotonic(), time.process_time()
        for number, letter in enumerate(letters):
            line.sendmail("concord@example.org", [f"reader-{number}@example.org"], letter)
        return time.monotonic() - began, time.process_time() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=12)
    parser.add_argument("--workers", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, servers(Path(name)) as environment:
        app = application(environment)
        with app.app_context():
            upgrade()
            populate(wanted.letters, wanted.entries)
            workers = [Worker(environment, concurrency=1) for _ in range(wanted.workers)]
            for worker in workers:
                worker.start()
            try:
                used = sum(processor(worker.pid) for worker in workers)
                samples = run(workers, wanted.letters)
                used = sum(processor(worker.pid) for worker in workers) - used
            finally:
                for worker in workers:
                    worker.stop()
            db.session.remove()
            db.engine.dispose()
        spool = Path(name) / "spool"
        sent = list(sink.letters(spool))
        took, beside = bare(environment["SMTP_URL"], sent)
        until(
            lambda: sum(1 for _ in sink.letters(spool)) == 2 * len(sent),
            seconds=10,
            otherwise=lambda: "the mail server did not get what the bare loop sent",
        )
    report(wanted, samples, sent, used=used, took=took, beside=beside)


def application(environment: dict[str, str]) -> Flask:
    return create_app(
        {
            "SQLALCHEMY_DATABASE_URI": environment["DATABASE_URL"],
            "DATA_DIR": Path(environment["DATA_DIR"]),
            "SECRET_KEY": environment["SECRET_KEY"],
        }
    )


def report(
    wanted: argparse.Namespace,
    samples: list[Sample],
    sent: list[bytes],
    *,
    used: float,
    took: float,
    beside: float,
) -> None:
    whole, count = samples[-1].at, len(sent)
    rate, bare_rate = count / whole / wanted.workers, count / took
    size = sum(map(len, sent)) / count / 1000
    print(f"{count:,} letters of {wanted.entries} entries, {size:.1f} kB each on average")
    print(f"{'':24}{'letters/s':>12}{'CPU ms/letter':>16}")
    print(f"{'bare loop':24}{bare_rate:12,.0f}{beside / count * 1000:16.2f}")
    print(f"{'one worker process':24}{rate:12,.0f}{used / count * 1000:16.2f}")
    print(
        f"of the bare loop: {rate / bare_rate:.2f} by the clock, {beside / used:.2f} by processor"
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
