"""The clock edge of rounds: opens what was planned and closes what is over, each round in a transaction of its own."""

import logging

from workflow import clock
from workflow.db import transaction
from workflow.services import rounds

from .celery import celery

log = logging.getLogger(__name__)


@celery.task(name="rounds.keep_time")
def keep_time() -> int:
    """Do what was announced for now; returns how many rounds were opened or closed."""
    done = 0
    for round_id in rounds.due(clock.now()):
        try:
            with transaction():
                done += rounds.keep_time(round_id, clock.now())
        except Exception:
            log.exception("round %s could not be opened or closed", round_id)
    return done
