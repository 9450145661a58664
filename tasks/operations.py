"""The clock edge of looking after the service itself: a tick says that the beat beats, a watch says what is wrong."""

import logging

from workflow import clock
from workflow.db import transaction
from workflow.queries import mail
from workflow.rules.vocabulary import Part, Trouble
from workflow.services import life_signs

from .celery import celery

log = logging.getLogger(__name__)


@celery.task(name="operations.tick")
def tick() -> None:
    """Nobody but the beat sends this job; that it runs shows that both beat and a worker live."""
    with transaction():
        life_signs.give(Part.BEAT, "beat", clock.now())
        life_signs.forget(clock.now())


@celery.task(name="operations.watch")
def watch() -> None:
    """Cry when letters should have left and none did."""
    now = clock.now()
    found = mail.status(now)
    if Trouble.STALLED in found.troubles(now):
        log.error(
            "letters stand still: %d late ones wait, the oldest since %s, the last one left %s",
            found.late_untried + found.late_in_vain,
            found.oldest.isoformat(timespec="seconds"),
            found.last_sent.isoformat(timespec="seconds") if found.last_sent else "never",
        )
