"""The only place that knows how a day is written in a language: its order, its words and its points."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton


def read(locale: str) -> None:
    """Have the words and orders of a language at hand, which are read from a file once."""
    _ = Locale.parse(_written_as(locale)).date_formats


def day(on: date, locale: Locale | str) -> str:
    """6 December 2026 · 6. december 2026"""
    return format_date(on, "long", locale=_written_as(locale))


def short_day(on: date, locale: Locale | str) -> str:
    """6 Dec · 6. dec."""
    return format_skeleton("MMMd", on, locale=_written_as(locale))


def moment(at: datetime, locale: Locale | str) -> str:
    """6 Dec 2026, 14:05 · 6. dec. 2026, 14:05; on the clock that `at` is told by."""
    return _moment(at.replace(tzinfo=None), str(locale))


@lru_cache(maxsize=4096)
def _moment(at: datetime, locale: str) -> str:
    return f"{format_date(at.date(), 'medium', locale=_written_as(locale))}, {at:%H:%M}"


def _written_as(locale: Locale | str) -> Locale | str:
    """English is written as in Europe, day before month."""
    return "en_GB" if str(locale) == "en" else locale
