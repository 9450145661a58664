"""The picture of a timeline: where marks stand on the line and how their labels keep out of each other's way.

Labels stand above the line, each to the right of a thin stem. They are placed from the last to the first, so that the
stem of an earlier one, which stands further left, never crosses the label of a later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

WIDTH, ROW, FOOT, GAP = 1160, 19, 44, 18
"""Units of the picture: its width, the height of a row of letters, the room below the line and between labels."""

LETTER, LONGEST, MOST = 7.4, 46, 4
"""The width of a letter on the average, how many of them are shown, and how many lines a label has at most."""


class Dated(Protocol):
    day: date
    kind: str
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """The marks of one day: where their stem stands and how far it reaches up. `texts` are the lines that fit."""

    day: date
    kind: str
    texts: list[str]
    late: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of a month."""

    day: date
    x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """`line` is how high the line lies, `end` where it ends, `today` where we are."""

    spots: list[Spot]
    ticks: list[Tick]
    height: float
    line: float
    end: float
    today: float


def drawn(marks: Sequence[Dated]) -> Picture:
    """The picture of marks that are in the order of their days; one of them is today."""
    days = _by_day(marks)
    first, last = min(days), max(days)
    span = max((last - first).days, 1)
    texts = {day: _label(some) for day, some in days.items()}
    wide = {day: max(8, *map(len, lines)) * LETTER for day, lines in texts.items()}
    end = min(
        [WIDTH] + [(WIDTH - wide[day]) * span / (day - first).days for day in days if day != first]
    )
    at = {day: end * (day - first).days / span for day in days}
    lanes = _lanes(at, wide)
    tops = _tops(lanes, {day: len(lines) for day, lines in texts.items()})
    line = tops[-1] + 8
    today = next(mark.day for mark in marks if mark.kind == "today")
    return Picture(
        spots=[
            Spot(
                day=day,
                kind=_main(some).kind,
                texts=texts[day],
                late=any(mark.late for mark in some),
                x=round(at[day], 1),
                y=round(line - tops[lanes[day]], 1),
            )
            for day, some in days.items()
        ],
        ticks=[
            Tick(day, round(end * (day - first).days / span, 1)) for day in _months(first, last)
        ],
        height=line + FOOT,
        line=line,
        end=round(end, 1),
        today=round(at[today], 1),
    )


def _by_day(marks: Sequence[Dated]) -> dict[date, list[Dated]]:
    found: dict[date, list[Dated]] = {}
    for mark in marks:
        found.setdefault(mark.day, []).append(mark)
    return found


def _main(marks: list[Dated]) -> Dated:
    """The one that gives the stem its look: the last in the order of kinds."""
    return marks[-1]


def _label(marks: list[Dated]) -> list[str]:
    texts = [_short(mark.text) for mark in marks]
    return texts if len(texts) <= MOST else [*texts[: MOST - 1], "…"]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _lanes(at: dict[date, float], wide: dict[date, float]) -> dict[date, int]:
    """The row of each label: above those of all later ones that begin before it ends."""
    lanes: dict[date, int] = {}
    for day in sorted(at, reverse=True):
        until = at[day] + wide[day] + GAP
        lanes[day] = max(
            (lane + 1 for later, lane in lanes.items() if at[later] < until), default=0
        )
    return lanes


def _tops(lanes: dict[date, int], rows: dict[date, int]) -> list[float]:
    """How far above the line each lane begins: each is as high as its highest label and the day above that."""
    tops: list[float] = []
    for lane in range(max(lanes.values()) + 1):
        highest = max(rows[day] for day, one in lanes.items() if one == lane)
        tops.append((tops[-1] if tops else 0) + ROW * (highest + 1) + 8)
    return tops


def _months(first: date, last: date) -> list[date]:
    """The first of each month on the line, of every third where there are many."""
    found, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found if len(found) <= 12 else [day for day in found if day.month % 3 == 1]
