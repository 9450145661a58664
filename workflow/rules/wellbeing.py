"""When the service is not well: which letters are late, when none leaves that should, who has gone silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .vocabulary import Trouble

LATE = timedelta(minutes=30)
"""What is due for so long should have left: a due letter waits ten minutes at most for the rest to be told."""

STANDSTILL = timedelta(hours=1)
"""After so long without any letter, late ones say that none leaves at all."""

SILENT = timedelta(minutes=5)
"""After so long without a sign of life, a part that gives one twice a minute is taken for dead."""

FEW = 3
"""Fewer things that were tried in vain are their own matter: one full mailbox is no standstill."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rows tell: how much is late and was never tried, or tried in vain; when what was last seen."""

    late_untried: int
    late_in_vain: int
    last_sent: datetime | None
    workers: int
    last_beat: datetime | None


def troubles(signs: Signs, now: datetime) -> list[Trouble]:
    """What is wrong, the worst first."""
    found = {
        Trouble.STALLED: _late(signs) and _before(signs.last_sent, now - STANDSTILL),
        Trouble.WORKER_SILENT: not signs.workers,
        Trouble.BEAT_SILENT: _before(signs.last_beat, now - SILENT),
    }
    return [trouble for trouble in Trouble if found[trouble]]


def _late(signs: Signs) -> bool:
    return signs.late_untried > 0 or signs.late_in_vain >= FEW


def _before(moment: datetime | None, bound: datetime) -> bool:
    return moment is None or moment < bound
