"""The only place that cuts Markdown into the units that people change: one paragraph, heading,
list item, table row or block of code each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.rules.text import dialect

STARTS = frozenset(
    {
        "paragraph_open",
        "heading_open",
        "blockquote_open",
        "list_item_open",
        "table_open",
        "tr_open",
        "fence",
        "code_block",
        "hr",
    }
)
SERIES = re.compile(r"[ \t>]*(?:(\|)|([-*+]|\d{1,9}[.)])[ \t])")
APART = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """The Markdown of one unit, and how many line ends follow it: None at the end of the text."""

    text: str
    gap: int | None


def split(markdown: str) -> list[Unit]:
    """The units of a canonical text, in order."""
    lines = markdown.split("\n")[:-1]
    starts = {
        token.map[0]
        for token in dialect.parser().parse(markdown, {})
        if token.map is not None and token.type in STARTS
    }
    found: list[Unit] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and number not in starts:
            continue
        text = "\n".join(lines[first:number])
        bare = text.rstrip("\n")
        gap = len(text) - len(bare) + 1 if number < len(lines) else None
        found.append(Unit(bare, gap))
        first = number
    return found


def join(units: Iterable[Unit]) -> str:
    """The canonical Markdown of these units. What has no gap of its own gets a fitting one."""
    pieces: list[str] = []
    before: Unit | None = None
    for unit in units:
        if before is not None:
            pieces.append("\n" * (before.gap or _fitting(before.text, unit.text)))
        pieces.append(unit.text)
        before = unit
    return dialect.canonical("".join(pieces))


def _fitting(before: str, after: str) -> int:
    """Rows of a table and items of a list follow each other without an empty line."""
    left, right = SERIES.match(before), SERIES.match(after)
    same_series = left is not None and right is not None and bool(left[1]) == bool(right[1])
    return 1 if same_series else APART
