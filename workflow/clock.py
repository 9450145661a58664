"""The only place that reads the clock. Rules receive time as an argument; everything stored is UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, in UTC."""
    return datetime.now(UTC)
