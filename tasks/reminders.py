"""The daily look at what is owed."""

from workflow import clock
from workflow.db import transaction
from workflow.services import reminders

from .celery import celery


@celery.task(name="reminders.give")
def give() -> None:
    """Remind of what reached a mark; a second run on the same day finds nothing."""
    with transaction():
        reminders.give(clock.now())
