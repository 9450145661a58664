"""The daily look at what is owed: each reminder in a transaction of its own."""

import logging

from workflow import clock
from workflow.db import transaction
from workflow.services import reminders

from .celery import celery

log = logging.getLogger(__name__)


@celery.task(name="reminders.give")
def give() -> int:
    """Remind of what reached a mark; returns of how much. A second run on the same day finds nothing.

    What cannot be looked at, or reminded of, keeps nobody else from being reminded.
    """
    given = 0
    for kind in reminders.OWED:
        try:
            found = reminders.due(kind, clock.now())
        except Exception:
            log.exception("what is owed could not be looked for: %s", kind)
            continue
        for one in found:
            try:
                with transaction():
                    given += reminders.remind(one)
            except Exception:
                log.exception("nobody could be reminded: %s of %s", kind, one.owed.subject_id)
    return given
