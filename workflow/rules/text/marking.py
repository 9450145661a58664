"""The only place that marks passages in the nodes of a text: where each begins and where it ends.

    from, to    n        (the name of the passage; both stand in the inline content, without words of their own)

The marks travel through the parser as characters that nobody types, so that a passage may begin in a table and end in
a list. A mark that would change how the text reads is left out, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.rules.text import nodes
from workflow.rules.text.document import Rendered
from workflow.rules.text.nodes import Node
from workflow.rules.text.render import render

FIRST = 0xF0000
"""The marks' characters: a private plane of Unicode, two for each passage."""

MOST = 0x7FFF

Spans = Mapping[str, tuple[int, int]]
"""Passages by name, as offsets into the plain text."""


@dataclass(frozen=True, slots=True)
class Marked:
    """`left_out` are the names of passages without marks."""

    nodes: list[Node]
    left_out: tuple[str, ...]


def of(markdown: str, spans: Spans) -> Marked:
    """The nodes of the text with the passages marked."""
    unmarked = nodes.of(markdown)
    text = render(markdown)
    names = [name for name, (start, end) in spans.items() if 0 <= start < end <= len(text.plain)][
        :MOST
    ]
    if not names or any(ord(sign) >= FIRST for sign in text.plain):
        return Marked(unmarked, tuple(spans))
    attempt = _Attempt(text, {name: spans[name] for name in names}, unmarked)
    placed = attempt.placeable(names)
    made = attempt.nodes(placed) if placed else unmarked
    there = set(_names(made))
    return Marked(made, tuple(name for name in spans if name not in there))


@dataclass(frozen=True, slots=True)
class _Attempt:
    text: Rendered
    spans: Spans
    unmarked: list[Node]

    def placeable(self, names: list[str]) -> list[str]:
        """Those of the passages whose marks leave the text as it was."""
        if unmarked(self.nodes(names)) == unmarked(self.unmarked):
            return names
        if len(names) == 1:
            return []
        half = len(names) // 2
        left, right = self.placeable(names[:half]), self.placeable(names[half:])
        both = left + right
        if not left or not right or unmarked(self.nodes(both)) == unmarked(self.unmarked):
            return both
        return left

    def nodes(self, names: list[str]) -> list[Node]:
        """The nodes with the marks of these passages; columns are aligned as without them."""
        made = _blocks(nodes.of(_written(self.text, self.spans, names)), names)
        for marked, plain in zip(_tables(made), _tables(self.unmarked), strict=False):
            marked["align"] = plain["align"]
        return made


def _written(text: Rendered, spans: Spans, names: list[str]) -> str:
    """The Markdown with a character at the beginning and at the end of each passage."""
    signs: list[tuple[int, int, str]] = []
    for number, name in enumerate(names):
        start, end = spans[name]
        signs.append((_source_of(text, start, after=False), 1, chr(FIRST + 2 * number)))
        signs.append((_source_of(text, end, after=True), 0, chr(FIRST + 2 * number + 1)))
    pieces, last = [], 0
    for at, _order, sign in sorted(signs):
        pieces += [text.markdown[last:at], sign]
        last = at
    return "".join([*pieces, text.markdown[last:]])


def _source_of(text: Rendered, offset: int, *, after: bool) -> int:
    """Where the Markdown says the character at the offset, or (`after`) where it has said the one before."""
    for run in text.runs:
        if after and run.start < offset <= run.end:
            return run.source_start + offset - run.start if run.by_letter else run.source_end
        if not after and run.start <= offset < run.end:
            return run.source_start + offset - run.start if run.by_letter else run.source_start
    following = [run.source_start for run in text.runs if run.start >= offset]
    preceding = [run.source_end for run in text.runs if run.end <= offset]
    if after:
        return max(preceding, default=0)
    return min(following, default=len(text.markdown.rstrip("\n")))


def _split_block(node: Node, names: list[str]) -> list[Node]:
    """The block with marks instead of their characters; those within code that is a block stand after it."""
    made = dict(node)
    for key in ("c", "caption", "source"):
        if isinstance(made.get(key), list):
            made[key] = _split(made[key], names)
    for key in ("head", "rows", "items", "blocks"):
        if key in made:
            made[key] = INNER[key](made[key], names)
    if made["t"] == "code":
        made["s"], marks = _pulled(made["s"], names)
        return [made, *([{"t": "p", "c": marks}] if marks else [])]
    return [made]


def _blocks(several: list[Node], names: list[str]) -> list[Node]:
    return [made for node in several for made in _split_block(node, names)]


INNER = {
    "head": lambda cells, names: [_split(cell, names) for cell in cells],
    "rows": lambda rows, names: [[_split(cell, names) for cell in row] for row in rows],
    "items": lambda items, names: [_blocks(item, names) for item in items],
    "blocks": _blocks,
}


def _split(content: list, names: list[str]) -> list:
    made: list = []
    for piece in content:
        if isinstance(piece, str):
            made += _pieces(piece, names)
            continue
        piece = dict(piece)
        marks: list = []
        for key in ("s", "alt", "url"):
            if key in piece:
                piece[key], found = _pulled(piece[key], names)
                marks += found
        if "c" in piece:
            piece["c"] = _split(piece["c"], names)
        if "blocks" in piece:
            piece["blocks"] = _blocks(piece["blocks"], names)
        made += [mark for mark in marks if mark["t"] == "from"]
        made.append(piece)
        made += [mark for mark in marks if mark["t"] == "to"]
    return made


def _pieces(text: str, names: list[str]) -> list:
    """The words and the marks between them."""
    made, words = [], ""
    for sign in text:
        mark = _mark(sign, names)
        if mark is None:
            words += sign
            continue
        made += [words, mark] if words else [mark]
        words = ""
    return [*made, words] if words else made


def _pulled(text: str, names: list[str]) -> tuple[str, list[Node]]:
    pieces = _pieces(text, names)
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    return words, [piece for piece in pieces if not isinstance(piece, str)]


def _mark(sign: str, names: list[str]) -> Node | None:
    number = ord(sign) - FIRST
    if not 0 <= number < 2 * len(names):
        return None
    return {"t": "to" if number % 2 else "from", "n": names[number // 2]}


def _tables(several) -> list[Node]:
    """The tables in the order of the text."""
    if isinstance(several, list):
        return [table for inner in several for table in _tables(inner)]
    if not isinstance(several, dict):
        return []
    if several.get("t") == "table":
        return [several]
    return [table for inner in several.values() for table in _tables(inner)]


def _names(several) -> list[str]:
    """Names of passages that end somewhere in the nodes."""
    if isinstance(several, list):
        return [name for inner in several for name in _names(inner)]
    if not isinstance(several, dict):
        return []
    if several.get("t") == "to":
        return [several["n"]]
    return [name for inner in several.values() for name in _names(inner)]


def unmarked(value):
    """The nodes as they were before they were marked; neighbouring strings are one."""
    if isinstance(value, list):
        kept: list = []
        for inner in value:
            if isinstance(inner, dict) and inner.get("t") in ("from", "to"):
                continue
            inner = unmarked(inner)
            if isinstance(inner, dict) and inner.get("t") == "p" and not inner["c"]:
                continue
            if isinstance(inner, str) and kept and isinstance(kept[-1], str):
                kept[-1] += inner
            else:
                kept.append(inner)
        return kept
    if isinstance(value, dict):
        return {key: unmarked(inner) for key, inner in value.items()}
    return value
