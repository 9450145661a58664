"""The clock edge of web hooks: finds what other systems were not told, and tells each of them one thing at a time."""

import logging
import time

from flask import current_app

from workflow import clock, webhooks
from workflow.db import transaction
from workflow.services import deliveries

from .celery import celery, leaving

log = logging.getLogger(__name__)

LONGEST_RUN = 20
"""Seconds after which other jobs have a turn; what is left waits for the next run."""


@celery.task(name="hooks.deliver")
def deliver() -> None:
    """Tell other systems what happened, until nothing waits or the run was long enough."""
    with transaction():
        deliveries.spread(clock.now())
    until = time.monotonic() + LONGEST_RUN
    while time.monotonic() < until and not leaving.is_set():
        with transaction():
            ids = deliveries.claim(clock.now())
        if not ids:
            return
        _deliver(ids)


@celery.task(name="hooks.forget")
def forget() -> None:
    """Let go of old deliveries."""
    with transaction():
        deliveries.forget(clock.now())


def _deliver(ids: list[int]) -> None:
    """Post these messages at once, and settle each in a transaction of its own."""
    written = deliveries.write(ids)
    said = [one for one in written if one.message]
    answers = webhooks.post(
        [one.message for one in said],
        at=clock.now(),
        seconds=current_app.config["HOOK_SECONDS"],
        loopback=current_app.config["HOOKS_TO_LOOPBACK"],
    )
    answered = {one.delivery_id: answer for one, answer in zip(said, answers, strict=True)}
    for one in written:
        with transaction():
            deliveries.settle(one, answered.get(one.delivery_id), clock.now())
