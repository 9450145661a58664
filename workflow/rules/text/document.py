"""The only place that says what a rendered text consists of: elements, blocks, runs.

Offsets count characters (code points) of the plain text. A script in a browser, where strings
count UTF-16 units, has to count code points too (`Array.from(text).length`).
"""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import nh3

BLOCK_ATTRIBUTES = {"id", "class", "data-block", "data-start", "data-end"}
ATTRIBUTES = {
    "span": BLOCK_ATTRIBUTES | {"data-to"},
    **dict.fromkeys(("p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), BLOCK_ATTRIBUTES),
    "caption": BLOCK_ATTRIBUTES,
    "figcaption": BLOCK_ATTRIBUTES,
    "td": BLOCK_ATTRIBUTES,
    "th": BLOCK_ATTRIBUTES | {"scope"},
    "a": {"href", "title", "rel", "id", "class", "role", "aria-label"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start", "class"},
    "ul": {"class"},
    "li": {"id", "class"},
    "code": {"class"},
    "section": {"class", "role", "aria-label"},
    "div": {"class", "role", "aria-label", "data-label", "data-visibility", "data-chart"},
    **dict.fromkeys(("table", "figure"), {"class", "id"}),
    **dict.fromkeys(("sup", "tr", "ins", "del", "blockquote"), {"class"}),
}
TAGS = {*ATTRIBUTES, "em", "strong", "s", "br", "hr", "thead", "tbody"}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


class Kind(StrEnum):
    """What a block is to its reader."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    CODE = "code"
    CAPTION = "caption"
    HEADER = "header"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Run:
    """`plain[start:end]` was written as `markdown[source_start:source_end]`.

    Where both have the same length each character stands in its own place; else (an entity, an
    escape, the end of a line in a quotation) only the run as a whole is known.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    code: bool = False

    @property
    def by_letter(self) -> bool:
        return self.end - self.start == self.source_end - self.source_start


@dataclass(frozen=True, slots=True)
class Text:
    """The piece `plain[start:end]` of a block; `note` is the label of a footnote's mark."""

    start: int
    end: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf of the text: its DOM text is `plain[start:end]`. `lines` are those of the source."""

    number: int
    kind: Kind
    start: int
    end: int
    lines: tuple[int, int] | None
    tag: str = field(repr=False)
    attributes: str = field(repr=False)
    pieces: tuple[str | Text, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Element:
    """An element that holds blocks and other elements; a string is finished markup without text."""

    tag: str
    attributes: str
    children: list[Element | Block | str]

    def nodes(self) -> list[Element | Block]:
        """The children that hold text."""
        return [child for child in self.children if not isinstance(child, str)]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One text in all its forms."""

    markdown: str
    plain: str
    html: str
    sha256: str
    blocks: tuple[Block, ...] = field(repr=False)
    runs: tuple[Run, ...] = field(repr=False)
    root: Element = field(repr=False, compare=False)

    def block_at(self, offset: int) -> Block | None:
        """The block that holds this character, or the last one before it."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.start)
        return self.blocks[index - 1] if index else None


def escape(text: str) -> str:
    return html.escape(text, quote=False)


def attribute(name: str, value: str | int) -> str:
    return f' {name}="{html.escape(str(value), quote=True)}"'


def clean(markup: str) -> str:
    """Only what is on our list passes. The last gate of every piece of HTML made from a text."""
    return _CLEANER.clean(markup)


def markup(node: Element | Block | str, plain: str) -> Iterator[str]:
    """The HTML of a node, in pieces."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Block):
        yield f'<{node.tag}{node.attributes} data-block="{node.number}"'
        yield f' data-start="{node.start}" data-end="{node.end}">'
        for piece in node.pieces:
            yield piece if isinstance(piece, str) else escape(plain[piece.start : piece.end])
        yield closing(node.tag)
    else:
        yield opening(node.tag, node.attributes)
        for child in node.children:
            yield from markup(child, plain)
        yield closing(node.tag)


def opening(tag: str, attributes: str = "") -> str:
    if tag == "pre":
        return f"<pre{attributes}>"
    return f"<{tag}{attributes}>" if tag else ""


def closing(tag: str) -> str:
    return f"</{tag}>\n" if tag else ""
