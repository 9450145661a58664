"""The clock edge of contracts that were written elsewhere: reads the large files that wait, and tidies the drawer.

A job may run twice, late, or be killed: `import_readings.claim` lets one in, and the sweep finds what fell silent.
"""

import logging
import time
from contextlib import suppress

from workflow import clock, drawer
from workflow.db import transaction
from workflow.rules.refusals import Invalid
from workflow.services import import_files, import_readings

from .celery import celery

log = logging.getLogger(__name__)

PULSE_S = 1


@celery.task(name="imports.sweep")
def sweep() -> int:
    """Read everything that waits, and throw away files that nobody waits for; returns how many were read."""
    read = sum(_read(sheet_id) for sheet_id in import_readings.waiting(clock.now()))
    drawer.tidy(import_readings.wanted())
    return read


def _read(sheet_id: int) -> bool:
    with transaction():
        taken = import_readings.claim(sheet_id, now=clock.now())
    if taken is None:
        return False
    try:
        read = import_files.read(taken.file.read_bytes(), _Pulse(taken))
        with transaction():
            import_readings.finish(taken, read)
    except import_readings.Abandoned:
        log.info("brought sheet %s was thrown away or taken over", sheet_id)
        return False
    except Invalid as refusal:
        with suppress(import_readings.Abandoned), transaction():
            import_readings.refuse(taken, refusal.message)
        return False
    except Exception:
        log.exception("brought sheet %s could not be read", sheet_id)
        return False
    return True


class _Pulse:
    """Writes down every second how much is read."""

    def __init__(self, taken: import_readings.Reading) -> None:
        self.taken, self.next = taken, 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + PULSE_S
        with transaction():
            import_readings.heartbeat(self.taken, progress=int(share * 99), now=clock.now())
