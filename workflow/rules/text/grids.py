"""The only place that compares tables: by column and row, and in the end by cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from workflow.rules.text import marks
from workflow.rules.text.diff import Kind
from workflow.rules.text.document import Block, Element, closing
from workflow.rules.text.pairing import in_reading_order, pair

Node = Element | Block
Columns = list[tuple[int | None, int | None]]
EMPTY = "<td></td>\n"


class Comparer(Protocol):
    """What the comparison of two texts lends to that of two tables."""

    old: str
    new: str

    def words(self, node: Node, plain: str) -> list[str]: ...

    def one(self, old: Node, new: Node, *, moved: bool = False) -> Iterator[str]: ...

    def whole(self, node: Node, kind: Kind, *, css: str | None = None) -> Iterator[str]: ...


def table(comparer: Comparer, old: Element, new: Element) -> Iterator[str]:
    """The content of a table that lives on."""
    paired = columns(
        [comparer.words(cell, comparer.old) for cell in _headings(old)],
        [comparer.words(cell, comparer.new) for cell in _headings(new)],
    )
    old_parts = {part.tag: part for part in old.nodes()}
    new_parts = {part.tag: part for part in new.nodes()}
    for name in ("caption", "thead", "tbody"):
        before, after = old_parts.get(name), new_parts.get(name)
        if isinstance(before, Element) and isinstance(after, Element):
            yield from _rows(comparer, before, after, paired)
        elif before and after:
            yield from comparer.one(before, after)
        elif before:
            yield from comparer.whole(before, Kind.REMOVED)
        elif after:
            yield from comparer.whole(after, Kind.ADDED)


def row_words(cells: list[list[str]]) -> list[str]:
    """The words of a row; its first cell, which names it, counts as much as all the others."""
    first = cells[0] if cells else []
    others = [word for cell in cells[1:] for word in cell]
    return first * max(1, -(-len(others) // max(len(first), 1))) + others


def columns(old: list[list[str]], new: list[list[str]]) -> Columns:
    """The columns of both tables in reading order, paired by the words of their headings, else by place."""
    pairing = pair(old, new)
    found: Columns = []
    moved = {i for i, _ in pairing.moved}
    i, j = 0, 0
    for old_stop, new_stop in [*pairing.kept, (len(old), len(new))]:
        gone, came = range(i, old_stop), range(j, new_stop)
        if len(gone) == len(came) and not moved.intersection(gone):
            found += zip(gone, came, strict=True)
        else:
            found += [(place, None) for place in gone]
            found += [(None, place) for place in came]
        found.append((old_stop, new_stop))
        i, j = old_stop + 1, new_stop + 1
    return found[:-1]


def _headings(element: Element) -> list[Node]:
    head = next(part for part in element.nodes() if part.tag == "thead")
    return head.nodes()[0].nodes()


def _rows(comparer: Comparer, old: Element, new: Element, paired: Columns) -> Iterator[str]:
    old_rows, new_rows = old.nodes(), new.nodes()
    pairing = pair(
        [comparer.words(row, comparer.old) for row in old_rows],
        [comparer.words(row, comparer.new) for row in new_rows],
    )
    moved = dict(pairing.moved)
    yield marks.opening(new)
    for i, j in in_reading_order(pairing, len(old_rows), len(new_rows)):
        before = old_rows[i].nodes() if i is not None else None
        after = new_rows[j].nodes() if j is not None else None
        css = _row_class(i in moved, before is not None, after is not None)
        yield f'<tr class="{css}">' if css else "<tr>"
        for old_column, new_column in paired:
            yield from _cell(
                comparer,
                before[old_column] if before and old_column is not None else None,
                after[new_column] if after and new_column is not None else None,
            )
        yield closing("tr")
    yield closing(new.tag)


def _row_class(moved: bool, before: bool, after: bool) -> str:
    if moved:
        return "moved" if after else "moved-away"
    return "" if before and after else Kind.ADDED if after else Kind.REMOVED


def _cell(comparer: Comparer, before: Node | None, after: Node | None) -> Iterator[str]:
    if before and after:
        yield from comparer.one(before, after)
    elif after:
        yield from comparer.whole(after, Kind.ADDED)
    elif before:
        yield from comparer.whole(before, Kind.REMOVED)
    else:
        yield EMPTY
