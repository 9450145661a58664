"""The only place that shows two revisions as one page with its changes."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.rules.text import diff, grids, marks
from workflow.rules.text.diff import Kind, Pieces
from workflow.rules.text.document import Block, Element, Rendered, Text, clean, closing
from workflow.rules.text.marks import Labels
from workflow.rules.text.pairing import in_reading_order, pair
from workflow.rules.text.tokens import tokenise

Node = Element | Block


def html(old: Rendered, new: Rendered, *, labels: Labels | None = None) -> str:
    """The new text with what was added in `<ins>` and what is gone in `<del>`.

    Blocks are paired first. One that left its place is marked in both places; tables are compared
    cell by cell, with the columns and rows of both.
    """
    comparison = Comparison(old, new, labels or Labels())
    return clean("".join(comparison.children(old.root, new.root)))


class Comparison:
    """Walks both trees side by side and writes one."""

    def __init__(self, old: Rendered, new: Rendered, labels: Labels) -> None:
        self.old, self.new = old.plain, new.plain
        self.labels = labels
        self.lead = ""

    def children(self, old: Element, new: Element) -> Iterator[str]:
        """The content of two elements that are one."""
        old_nodes, new_nodes = old.nodes(), new.nodes()
        between = _strings(new)
        pairing = pair(
            [self._key(node, self.old) for node in old_nodes],
            [self._key(node, self.new) for node in new_nodes],
        )
        moved = dict(pairing.moved)
        for i, j in in_reading_order(pairing, len(old_nodes), len(new_nodes)):
            if j is None:
                yield from self.gone(old_nodes[i], moved=i in moved)
                continue
            yield from between[j]
            if i is None:
                yield from self.whole(new_nodes[j], Kind.ADDED)
            else:
                yield from self.one(old_nodes[i], new_nodes[j], moved=i in moved)
        yield from between[-1]

    def one(self, old: Node, new: Node, *, moved: bool = False) -> Iterator[str]:
        """A node of the old text that lives on as a node of the new one."""
        css = "moved" if moved else ""
        if moved:
            self.lead = marks.hidden(self.labels.moved_here)
        if isinstance(old, Block) and isinstance(new, Block):
            yield self._leaf(old, new, css)
        elif isinstance(old, Element) and isinstance(new, Element) and old.tag == new.tag:
            yield marks.opening(new, css)
            if new.tag == "table":
                yield from grids.table(self, old, new)
            else:
                yield from self.children(old, new)
            yield closing(new.tag)
        else:
            yield from self.whole(old, Kind.REMOVED)
            yield from self.whole(new, Kind.ADDED)

    def _leaf(self, old: Block, new: Block, css: str) -> str:
        found = diff.changes(_cut(old, self.old), _cut(new, self.new))
        inner = marks.mixed(new, found, self.labels)
        if any(change.kind is not Kind.SAME for change in found):
            css = f"changed {css}".strip()
        elif marks.form(old) != marks.form(new):
            css = f"reformatted {css}".strip()
            inner = marks.hidden(self.labels.reformatted) + inner
        return marks.leaf(new, self._led(inner), css)

    def whole(self, node: Node, kind: Kind, *, css: str | None = None) -> Iterator[str]:
        """A node that was added or removed as a whole."""
        css = kind.value if css is None else css
        added = kind is Kind.ADDED
        if isinstance(node, Block):
            inner = marks.whole(node, self.new if added else self.old, kind, self.labels)
            markup = marks.leaf(node, self._led(inner), css)
            yield markup if added else marks.nameless(markup)
            return
        markup = marks.opening(node, css)
        yield markup if added else marks.nameless(markup)
        for child in node.children if added else node.nodes():
            if isinstance(child, str):
                yield child
            else:
                yield from self.whole(child, kind, css="")
        yield closing(node.tag)

    def gone(self, node: Node, *, moved: bool) -> Iterator[str]:
        """A node that is not in this place any more: removed, or moved elsewhere."""
        if not moved:
            yield from self.whole(node, Kind.REMOVED)
            return
        self.lead = marks.hidden(self.labels.moved_away)
        yield from self.whole(node, Kind.REMOVED, css="moved-away")

    def _led(self, inner: str) -> str:
        """The content of the next leaf with what has to be said before it."""
        lead, self.lead = self.lead, ""
        return lead + inner

    def _key(self, node: Node, plain: str) -> list[str]:
        """What a node is recognised by. There is only one list of notes, whatever it says."""
        return ["<section>"] if node.tag == "section" else self.words(node, plain)

    def words(self, node: Node, plain: str) -> list[str]:
        """The words of a node."""
        if isinstance(node, Block):
            return tokenise(plain[node.start : node.end]).keys
        parts = [self.words(child, plain) for child in node.nodes()]
        if node.tag == "tr":
            return grids.row_words(parts)
        return [word for part in parts for word in part]


def _cut(block: Block, plain: str) -> Pieces:
    """The pieces of a block, in which the mark of a note is its label and not its number."""
    labels = [
        (piece.start - block.start, piece.end - block.start, piece.note)
        for piece in block.pieces
        if isinstance(piece, Text) and piece.note is not None
    ]
    return diff.cut(plain[block.start : block.end], labels)


def _strings(element: Element) -> list[list[str]]:
    """The finished markup before each node of an element, and after the last."""
    found: list[list[str]] = [[]]
    for child in element.children:
        if isinstance(child, str):
            found[-1].append(child)
        else:
            found.append([])
    return found
