"""A contract that was written elsewhere, cut at its headings into pieces; and Markdown read as one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .bringing import Piece
from .picture_files import Rewritten
from .text.dialect import canonical, parser

NOTE = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]", re.MULTILINE)
REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")


class Lost(StrEnum):
    """What of a brought text is not taken over, or otherwise than it stood there."""

    PICTURE = "picture"
    UNDESCRIBED = "undescribed"
    TEXT_BOX = "text_box"
    EQUATION = "equation"
    SYMBOL = "symbol"
    OBJECT = "object"
    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    HIDDEN = "hidden"
    MERGED = "merged"
    NESTED = "nested"
    CONTENTS = "contents"
    FEWER_EYES = "fewer_eyes"


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that was not understood: its words as far as it has any, and the heading that it stands under."""

    kind: Lost
    words: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A picture as it is kept, and what it is said to show."""

    made: Rewritten
    alt: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """`pictures` are those that the pieces name, by name."""

    pieces: list[Piece]
    missed: list[Missed]
    pictures: dict[str, Brought] = field(default_factory=dict)


def of_markdown(markdown: str) -> Manuscript:
    """The pieces of a Markdown text, cut at headings that stand in no list and no quotation."""
    text = canonical(markdown)
    lines = text.split("\n")
    notes, gone = _notes(text)
    heads = []
    tokens = parser().parse(text, {})
    for token, inside in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.level == 0:
            heads.append((token.map[0], token.map[1], int(token.tag[1:]), inside.content))
    starts = [0, *(end for _, end, _, _ in heads)]
    ends = [*(start for start, _, _, _ in heads), len(lines)]
    titles = [(0, ""), *((level, heading) for _, _, level, heading in heads)]
    pieces = []
    for (level, heading), start, end in zip(titles, starts, ends, strict=True):
        body = "\n".join(lines[n] for n in range(start, end) if n not in gone).strip("\n")
        if level or body:
            pieces.append(Piece(0, level, _plain(heading), heading, body))
    return Manuscript(numbered(pieces, notes), [])


def numbered(pieces: Iterable[Piece], notes: dict[str, str]) -> list[Piece]:
    """The pieces in their order, each with the footnotes that it refers to."""
    return [
        replace(piece, number=number, notes=_referred(f"{piece.heading}\n{piece.markdown}", notes))
        for number, piece in enumerate(pieces, 1)
    ]


def _referred(text: str, notes: dict[str, str]) -> dict[str, str]:
    labels = dict.fromkeys(REFERENCE.findall(text))
    return {label: notes[label] for label in labels if label in notes}


def _notes(text: str) -> tuple[dict[str, str], set[int]]:
    """The definitions of footnotes by their labels, and the lines on which they stand."""
    lines = text.split("\n")
    notes: dict[str, str] = {}
    gone: set[int] = set()
    label, span = "", []
    for token in parser().parse(text, {}):
        if token.type == "footnote_open":
            label, span = token.meta["label"], []
        elif token.type == "footnote_close":
            first = lines[min(span)] if span else ""
            if NOTE.match(first):
                notes[label] = "\n".join(lines[min(span) : max(span) + 1]).rstrip("\n")
                gone |= set(range(min(span), max(span) + 1))
        elif label and token.map:
            span += range(*token.map)
    return notes, gone


def _plain(heading: str) -> str:
    """The words of a heading, without marks."""
    [_open, inline, _close] = parser().parse(f"# {heading}", {})[:3] or [None] * 3
    said = [child.content for child in inline.children or () if child.content]
    return " ".join("".join(said).split())
