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

STARTING = timedelta(minutes=1)
"""The first signs of life come within half a minute after the very first start."""

FEW = 3
"""Fewer things that were tried in vain are their own matter: one full mailbox is no standstill."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rows tell: how much is late and was never tried, or tried in vain; when what was last seen. The process
    that asks has been there since `started_at`, if that says anything."""

    late_untried: int
    late_in_vain: int
    last_sent: datetime | None
    workers: int
    last_beat: datetime | None
    started_at: datetime | None = None


def troubles(signs: Signs, now: datetime) -> list[Trouble]:
    """What is wrong, the worst first."""
    expected = not starting(signs, now)
    found = {
        Trouble.STALLED: _late(signs) and _before(signs.last_sent, now - STANDSTILL),
        Trouble.WORKER_SILENT: expected and not signs.workers,
        Trouble.BEAT_SILENT: expected and _before(signs.last_beat, now - SILENT),
    }
    return [trouble for trouble in Trouble if found[trouble]]


def starting(signs: Signs, now: datetime) -> bool:
    """Whether it is too early for signs of life: no beat was ever seen, and all of it has only just started."""
    if signs.last_beat is not None or signs.started_at is None:
        return False
    return timedelta(0) <= now - signs.started_at < STARTING


def _late(signs: Signs) -> bool:
    return signs.late_untried > 0 or signs.late_in_vain >= FEW


def _before(moment: datetime | None, bound: datetime) -> bool:
    return moment is None or moment < bound
