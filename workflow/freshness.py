"""Until when what is being written stays true: the only place that remembers when a page goes out of date by itself.

Most of a page changes only when somebody does something. A few words change because time goes by (“3 hours ago”,
“2 days left”); whoever writes one says until when it holds, and whoever keeps what was written asks.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR, DAY = 60, 3600, 86_400
UNITS = (MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY)
"""Seconds of the units in which a distance in time is told; a unit is taken from `LEAST` of it on."""

LEAST = 0.85


@dataclass(slots=True)
class Watch:
    """`until` is the moment, in seconds since 1970, until which everything written during the watch stays true."""

    until: float = math.inf


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


def holds_until(moment: float) -> None:
    """What is being written is true until this moment and perhaps not after it."""
    watch = _watch.get()
    if watch:
        watch.until = min(watch.until, moment)


@contextmanager
def watched() -> Iterator[Watch]:
    """Listen to what is written inside; whoever listens outside hears of it as well."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)
        holds_until(watch.until)


def distance_holds(distance: timedelta) -> float:
    """For how many seconds a rounded distance (“3 hours ago”, “in 6 days”) is told in the same words."""
    seconds = distance.total_seconds()
    far = abs(seconds)
    unit = max((one for one in UNITS if far >= one * LEAST), default=MINUTE)
    if abs(far % unit - unit / 2) < 1:
        return 0.0
    if seconds < 0:
        larger = [one * LEAST for one in UNITS if one > unit]
        ahead = min([(max(1, math.floor(far / unit + 0.5)) + 0.5) * unit, *larger]) - far
    elif unit == MINUTE:
        ahead = far - (math.ceil(far / unit - 0.5) - 0.5) * unit if far > 1.5 * unit else far
    else:
        ahead = far - max((math.ceil(far / unit - 0.5) - 0.5) * unit, unit * LEAST)
    return max(0.0, ahead - 1)
