"""A worker says that it lives, with whatever job it does: best effort, twice a minute at most."""

import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from workflow import clock
from workflow.db import transaction
from workflow.rules.vocabulary import Part
from workflow.services import life_signs

log = logging.getLogger(__name__)

EVERY = 30
"""Seconds."""


class Alive:
    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, name: str | None) -> None:
        if not name or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        try:
            with transaction():
                life_signs.give(Part.WORKER, name, clock.now())
        except SQLAlchemyError as fault:
            log.warning("the sign of life could not be written: %s", fault)


alive = Alive()
