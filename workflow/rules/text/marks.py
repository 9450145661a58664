"""The only place that writes the marks of a comparison: inserted, deleted, moved, reformatted.

Each mark says in words, hidden from the eye, what its colour says to the eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.rules.text.diff import Change, Kind
from workflow.rules.text.document import Block, Element, Text, closing, escape

NAMES = re.compile(r' (?:id|href|aria-label)="#?[^"]*"')
NAMED = re.compile(r' id="[^"]*"')


@dataclass(frozen=True, slots=True)
class Labels:
    """What a screen reader says around the marks. Translate by giving others."""

    inserted: str = "inserted: "
    end_inserted: str = " end of insertion. "
    deleted: str = "deleted: "
    end_deleted: str = " end of deletion. "
    moved_here: str = "moved to here: "
    moved_away: str = "moved from here: "
    reformatted: str = "formatting changed: "


def hidden(text: str) -> str:
    return f'<span class="visually-hidden">{escape(text)}</span>' if text else ""


def inserted(text: str, labels: Labels) -> str:
    return f"<ins>{hidden(labels.inserted)}{escape(text)}{hidden(labels.end_inserted)}</ins>"


def deleted(text: str, labels: Labels) -> str:
    return f"<del>{hidden(labels.deleted)}{escape(text)}{hidden(labels.end_deleted)}</del>"


def leaf(block: Block, inner: str, css: str = "") -> str:
    """A block with this content, without the offsets it has as part of its text."""
    return f"<{block.tag}{_with_class(block.attributes, css)}>{inner}{closing(block.tag)}"


def opening(element: Element, css: str = "") -> str:
    return f"<{element.tag}{_with_class(element.attributes, css)}>" if element.tag else ""


def _with_class(attributes: str, css: str) -> str:
    if not css:
        return attributes
    if ' class="' in attributes:
        return attributes.replace(' class="', f' class="{css} ', 1)
    return f'{attributes} class="{css}"'


def nameless(attributes: str) -> str:
    """Markup of the old text must not repeat the ids of the new one."""
    return NAMED.sub("", attributes)


def whole(block: Block, plain: str, kind: Kind, labels: Labels) -> str:
    """The content of a block that was added or removed as a whole."""
    mark = inserted if kind is Kind.ADDED else deleted
    pieces = []
    for piece in block.pieces:
        if isinstance(piece, Text):
            text = plain[piece.start : piece.end]
            pieces.append(mark(text, labels) if text.strip() else escape(text))
        else:
            pieces.append(piece if kind is Kind.ADDED else nameless(piece))
    return "".join(pieces)


def mixed(block: Block, found: Iterable[Change], labels: Labels) -> str:
    """The content of a new block with its changes; their offsets count from the block's start."""
    pieces: list[str] = []
    queue = list(found)[::-1]
    for piece in block.pieces:
        if not isinstance(piece, Text):
            pieces.append(piece)
            continue
        at = piece.start - block.start
        while at < piece.end - block.start:
            change = queue.pop()
            if change.kind is Kind.REMOVED:
                pieces.append(deleted(change.text, labels))
                continue
            room = piece.end - block.start - at
            text, rest = change.text[:room], change.text[room:]
            at += len(text)
            pieces.append(inserted(text, labels) if change.kind is Kind.ADDED else escape(text))
            if rest:
                queue.append(Change(change.kind, rest, change.old, change.new + len(text)))
    pieces += [deleted(change.text, labels) for change in reversed(queue)]
    return "".join(pieces)


def form(block: Block) -> tuple[str, ...]:
    """The formatting of a block, to tell whether it changed under the same words."""
    markup = [block.tag, *(piece for piece in block.pieces if isinstance(piece, str))]
    return tuple(NAMES.sub("", piece) if piece.startswith("<sup") else piece for piece in markup)
