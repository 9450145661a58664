"""The only place that cuts Markdown into the units that people change: one paragraph, heading,
list item, table row or block of code each. A block for fewer eyes is one unit with its marks, so
that no merge can part what it hides from what hides it; so is a chart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.token import Token

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
CONTAINERS = frozenset(f"container_{name}_open" for name in dialect.FEWER_EYES)
COVER = re.compile(rf"^[ \t>]*:{{3,}}[ \t]*({'|'.join(dialect.FEWER_EYES)})\b", re.MULTILINE)
CLOSING = re.compile(r"[ \t>]*:{3,}$")
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
    starts = _starts(lines, dialect.parser().parse(markdown, {}))
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


def _starts(lines: list[str], tokens: list[Token]) -> set[int]:
    """The numbers of the lines on which a unit starts."""
    starts = {token.map[0] for token in tokens if token.map and token.type in STARTS}
    for token in tokens:
        if token.map and (token.type in CONTAINERS or token.type == "chart"):
            first, last = token.map
            last += last < len(lines) and CLOSING.match(lines[last]) is not None
            while last < len(lines) and not lines[last]:
                last += 1
            starts.difference_update(range(first, last))
            starts.update((first, last))
    return starts


def covers(text: str) -> list[str]:
    """The marks in a unit that hide words from some eyes, in their order."""
    return COVER.findall(text)


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
