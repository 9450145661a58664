"""Ending the memberships of links whose day has come."""

from workflow import clock
from workflow.db import transaction
from workflow.services import guest_links

from .celery import celery


@celery.task(name="guest_links.expire")
def expire() -> None:
    """Take what expired links gave; a second run finds nothing."""
    with transaction():
        guest_links.expire(clock.now())
