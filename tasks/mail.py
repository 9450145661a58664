"""The jobs on the way from event to letter: tell people, make letters, send them. Each is one short transaction."""

import logging
import time
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.exc import OperationalError

from workflow import clock, mail
from workflow.db import AtOnce, db, transaction
from workflow.services import digests, notices, sending

from .celery import celery, leaving

log = logging.getLogger(__name__)

LONGEST_RUN = 20
"""Seconds that a run sends letters before it lets other jobs have a turn; what is left waits for the next run."""

FRESH = 5
"""Seconds for which letters that were written together may wait for their turn before they are written again."""


FEWEST = 20
"""Letters that are written together until it is known how fast the mail server takes them."""


@celery.task(name="mail.relay")
def relay() -> None:
    """Tell people what happened; letters that cannot wait go out at once."""
    if tell():
        make()
        deliver()


@celery.task(name="mail.send_due")
def send_due() -> None:
    """Send what is due."""
    tell()
    make()
    deliver()


def tell() -> int:
    """Fan out every waiting event, each for itself; returns how many."""
    count = 0
    while True:
        event_id = None
        try:
            with transaction():
                event = notices.next_event(clock.now())
                if event is None:
                    return count
                event_id = event.id
                notices.fan_out(event)
            count += 1
        except Exception:
            if event_id is None:
                raise
            log.exception("event %s could not be told", event_id)
            with transaction():
                notices.postpone(event_id, clock.now())


def make() -> None:
    """Compose every letter that is due."""
    while True:
        with transaction():
            if not digests.compose(clock.now()):
                return


def deliver() -> None:
    """Send the waiting letters over one connection, until none waits, the door is shut, or the run was long enough."""
    until = time.monotonic() + LONGEST_RUN
    address, sender = current_app.config["SMTP_URL"], current_app.config["MAIL_FROM"]
    with AtOnce() as keep, mail.Door(address, sender=sender) as door:
        run = Run(door, keep, until)
        while time.monotonic() < until and not leaving.is_set():
            held = time.monotonic() + sending.lease().total_seconds()
            with transaction():
                ids = sending.claim(clock.now())
            if not ids or not _deliver(ids, run, held):
                return


@dataclass(slots=True)
class Run:
    """A run that sends letters: through which door, until when, and how many are written together.

    So many as the mail server takes before they are written anew.
    """

    door: mail.Door
    keep: AtOnce
    until: float
    portion: int = FEWEST

    def in_time(self) -> None:
        self.portion *= 2

    def too_late(self) -> None:
        self.portion = max(FEWEST, self.portion // 2)


def _deliver(ids: list[int], run: Run, held: float) -> bool:
    """Send these letters, and give back what was not tried in time; returns whether to go on.

    Each is settled before the next one goes, so that a worker that dies repeats one letter at most. What is told is
    read again when it is no longer fresh, and nobody works on what another worker may take up soon: they are `held`
    until the lease ends.
    """
    until = min(run.until, held - sending.lease().total_seconds() / 2)
    waiting, written, written_at, shut = ids, [], 0.0, False
    while waiting and not shut and time.monotonic() < until and not leaving.is_set():
        if written and time.monotonic() - written_at > FRESH:
            written = []
            run.too_late()
        if not written:
            written = sending.write(waiting[: run.portion])
            # after the work, which else would be done again for each letter
            written_at = time.monotonic()
        attempt = sending.send(written.pop(0), run.door, now=clock.now())
        _settle(attempt, run.keep, held)
        waiting, shut = waiting[1:], attempt.shut
        if not written:
            run.in_time()
    if waiting:
        with transaction():
            sending.release(waiting)
    return not waiting


def _settle(attempt: sending.Attempt, keep: AtOnce, held: float) -> None:
    """Keep what became of the attempt. A database that restarts just now is waited for: the letter is out already, and
    would go a second time."""
    while True:
        try:
            sending.settle(attempt, clock.now(), keep=keep)
            return
        except OperationalError as fault:
            if time.monotonic() > held:
                raise
            log.warning("letter %s waits to be settled: %s", attempt.digest_id, fault.orig)
            time.sleep(0.2)
        finally:
            db.session.rollback()
