"""The only door to iCalendar (RFC 5545): deadlines as a file that calendar programs read.

A moment is written in UTC, so that it is the same everywhere and stays so when a time zone changes its rules; a day
is a day, wherever its reader is. Nothing rings and nothing makes its reader busy.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vText

MIME_TYPE = "text/calendar"
PRODUCT = "-//Concord//Climate City Contract//EN"
ASK_AGAIN = timedelta(hours=1)
"""How often a program that subscribed is asked to look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline. `uid` names it for good, `sequence` rises when it changed, `changed_at` says when that was."""

    uid: str
    on: date | datetime
    title: str
    text: str
    url: str
    sequence: int
    changed_at: datetime


def written(entries: Iterable[Entry], *, name: str, language: str) -> bytes:
    """The calendar as a file: the same entries make the same bytes."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    for name_of in ("NAME", "X-WR-CALNAME"):
        calendar.add(name_of, vText(clean(name)))
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vText("PT1H"))
    for entry in entries:
        calendar.add_component(_event(entry, language))
    return calendar.to_ical()


def _event(entry: Entry, language: str) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SEQUENCE", entry.sequence)
    moment = isinstance(entry.on, datetime)
    event.add("DTSTART", entry.on.astimezone(UTC).replace(microsecond=0) if moment else entry.on)
    told = {"SUMMARY": clean(entry.title), "DESCRIPTION": f"{clean(entry.text)}\n{entry.url}"}
    for field, words in told.items():
        event.add(field, vText(words), parameters={"LANGUAGE": language})
    event.add("URL", entry.url)
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    return event


def clean(words: str) -> str:
    """The words as the format can carry them: without control characters and byte order marks, every break of a line
    as one."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one
        for one in lines
        if one in "\n\t" or (one != "\ufeff" and unicodedata.category(one) not in ("Cc", "Cs"))
    )
