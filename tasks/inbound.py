"""The clock edge of mail that comes back: each message for itself, and a bad one blocks nobody."""

import logging

from workflow import clock
from workflow.db import transaction
from workflow.services import bouncing, inbound

from .celery import celery, leaving

log = logging.getLogger(__name__)


@celery.task(name="inbound.read")
def read() -> None:
    """Act on every message that waits."""
    while not leaving.is_set():
        with transaction():
            inbound_id = inbound.claim(clock.now())
        if inbound_id is None:
            return
        _act(inbound_id)


def _act(inbound_id: int) -> None:
    try:
        message = inbound.read(inbound_id)
        if message is None:
            return
        with transaction():
            inbound.act(inbound_id, message, clock.now())
    except Exception as fault:
        log.exception("message %s could not be acted on", inbound_id)
        with transaction():
            inbound.failed(inbound_id, repr(fault))


@celery.task(name="inbound.count_refused")
def count_refused() -> None:
    """Count the letters that the mail server refused because of their address."""
    with transaction():
        bouncing.count_refused(clock.now())


@celery.task(name="inbound.forget")
def forget() -> None:
    """Let go of the bytes of old messages."""
    with transaction():
        inbound.forget(clock.now())
