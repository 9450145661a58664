"""The jobs on the way from event to letter: tell people, make letters, send them. Each is one short transaction."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.exc import OperationalError

from workflow import clock, mail
from workflow.aside import Aside
from workflow.db import db, transaction, writes_beside
from workflow.services import digests, notices, sending
from workflow.services.memory import Memory
from workflow.services.tidings import Tidings

from .celery import celery, leaving

log = logging.getLogger(__name__)

LONGEST_RUN = 20
"""Seconds that a run sends letters before it lets other jobs have a turn; what is left waits for the next run."""

FRESH = 5
"""Seconds for which letters that were written together may wait for their turn before they are written again."""

MOMENT = 0.01
"""Seconds to wait for letters that are just being composed."""

FEWEST = 20
"""Letters that are written together until it is known how fast the mail server takes them."""


@celery.task(name="mail.relay")
def relay() -> None:
    """Tell people what happened; letters that cannot wait go out at once."""
    if tell():
        _send()


@celery.task(name="mail.send_due")
def send_due() -> None:
    """Send what is due."""
    tell()
    _send()


def _send() -> None:
    with composing() as more:
        deliver(more)


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


@contextmanager
def composing() -> Iterator[Callable[[], bool]]:
    """Compose every letter that is due: beside what the block does, where the database lets two write at once, else
    before it. Yields whether more letters may come. What is still to be composed after the block waits for the next
    run."""
    if not writes_beside():
        make()
        yield lambda: False
        return
    app, enough = current_app._get_current_object(), threading.Event()

    def beside() -> None:
        with app.app_context():
            make(enough.is_set)

    with ThreadPoolExecutor(1, thread_name_prefix="composing") as other:
        made = other.submit(beside)
        try:
            yield lambda: not made.done()
        except BaseException:
            enough.set()
            if fault := made.exception():
                log.error("letters could not be composed", exc_info=fault)
            raise
        enough.set()
        made.result()  # raises what went wrong


def make(enough: Callable[[], bool] = lambda: False) -> None:
    """Compose every letter that is due, unless some are enough."""
    while not enough():
        with transaction():
            if not digests.compose(clock.now()):
                return


def deliver(more: Callable[[], bool] = lambda: False) -> None:
    """Send the waiting letters over one connection, until none waits and no more come, the door is shut, or the run was
    long enough."""
    until = time.monotonic() + LONGEST_RUN
    address, sender = current_app.config["SMTP_URL"], current_app.config["MAIL_FROM"]
    with Aside() as keep, mail.Door(address, sender=sender) as door:
        run = Run(door, keep, until, _happened())
        while time.monotonic() < until and not leaving.is_set():
            held = time.monotonic() + sending.lease().total_seconds()
            coming = more()  # asked first: what was composed since is found
            with transaction():
                ids = sending.claim(clock.now())
            if not ids and coming:
                time.sleep(MOMENT)
            elif not ids or not _deliver(ids, run, held):
                return


def _happened() -> Tidings:
    """What this thread's earlier runs told; each batch of letters looks whether it is still true."""
    kept = current_app.extensions.setdefault("concord.letters", threading.local())
    if not hasattr(kept, "happened"):
        kept.happened = Tidings(Memory())
    return kept.happened


@dataclass(slots=True)
class Run:
    """A run that sends letters: through which door, until when, and how many are written together.

    So many as the mail server takes before they are written anew.
    """

    door: mail.Door
    keep: Aside
    until: float
    happened: Tidings
    portion: int = FEWEST

    def in_time(self) -> None:
        self.portion *= 2

    def too_late(self) -> None:
        self.portion = max(FEWEST, self.portion // 2)


def _deliver(ids: list[int], run: Run, held: float) -> bool:
    """Send these letters, and give back what was not tried in time; returns whether to go on.

    Each is settled before a word of the next one goes, so that a worker that dies repeats one letter at most. What is
    told is read again when it is no longer fresh, and nobody works on what another worker may take up soon: they are
    `held` until the lease ends.
    """
    until = min(run.until, held - sending.lease().total_seconds() / 2)
    waiting, written, written_at, shut = ids, [], 0.0, False
    settled = Settled(run.keep, held)
    while waiting and not shut and time.monotonic() < until and not leaving.is_set():
        if written and time.monotonic() - written_at > FRESH:
            written = []
            run.too_late()
        if not written:
            settled.wait()
            written = sending.write(waiting[: run.portion], run.happened)
            # after the work, which else would be done again for each letter
            written_at = time.monotonic()
        now = clock.now()
        attempt = sending.send(written.pop(0), run.door, now=now, ready=settled.wait)
        settled.begin(attempt)
        waiting, shut = waiting[1:], attempt.shut
        if not written:
            run.in_time()
    settled.wait()
    if waiting:
        with transaction():
            sending.release(waiting)
    return not waiting


class Settled:
    """What became of the last letter: the database keeps it while the next one is begun.

    A database that restarts just now is waited for, until others may take up the letters that are `held`: the letter is
    out already, and would go a second time.
    """

    def __init__(self, keep: Aside, held: float):
        self._keep = keep
        self._held = held
        self._last: sending.Attempt | None = None

    def begin(self, attempt: sending.Attempt) -> None:
        """Have it kept, once the last one is. Raises OperationalError when the database stays away, as `wait` does."""
        self.wait()
        self._last = attempt
        self._insist(lambda: sending.settle(attempt, clock.now(), keep=self._keep.begin))

    def wait(self) -> None:
        """Return when it is kept."""
        if self._last is not None:
            self._insist(self._keep.wait)
            self._last = None

    def _insist(self, first: Callable[[], None]) -> None:
        """Do it, and when the database is gone do all of it again until it is back."""
        work = first
        while True:
            try:
                work()
                return
            except OperationalError as fault:
                if time.monotonic() > self._held:
                    raise
                log.warning("letter %s waits to be settled: %s", self._last.digest_id, fault.orig)
                work = self._again
                time.sleep(0.2)
            finally:
                if self._last.error:
                    db.session.rollback()

    def _again(self) -> None:
        sending.settle(self._last, clock.now(), keep=self._keep)
