"""The jobs on the way from event to letter: tell people, make letters, send them. Each is one short transaction."""

import logging
import time

from flask import current_app

from workflow import clock, mail
from workflow.db import transaction
from workflow.services import digests, notices

from .celery import celery

log = logging.getLogger(__name__)

LONGEST_RUN = 20
"""Seconds that a run sends letters before it lets other jobs have a turn; what is left waits for the next run."""


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
    """Send the waiting letters over one connection, until none waits, the door is shut, or the run was long enough.

    One transaction keeps what became of a letter and takes up the next one.
    """
    until = time.monotonic() + LONGEST_RUN
    attempt = None
    with mail.Door(current_app.config["SMTP_URL"], sender=current_app.config["MAIL_FROM"]) as door:
        while True:
            with transaction():
                now = clock.now()
                if attempt:
                    digests.settle(attempt, now)
                enough = time.monotonic() > until or (attempt and attempt.shut)
                digest_id = None if enough else digests.claim(now)
            if digest_id is None:
                return
            attempt = digests.send(digest_id, door, now=clock.now())
