"""The only place that leads from a range of the plain text back to the Markdown that says it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from workflow.rules.text.document import Rendered, Run, Text


@dataclass(frozen=True, slots=True)
class Source:
    """`markdown[start:end]`, and whether it stands in code, where nothing needs an escape."""

    start: int
    end: int
    code: bool


def source_of(
    rendered: Rendered, start: int, end: int, *, within: range = range(0)
) -> Source | None:
    """The Markdown of `plain[start:end]`, or None if it is not one stretch of one formatting.

    Where nothing is replaced and two places would do, the one that belongs to `within` is meant.
    """
    if start == end:
        return _point(rendered, start, within)
    runs = rendered.runs
    first = bisect_right(runs, start, key=lambda run: run.start) - 1
    last = bisect_left(runs, end, key=lambda run: run.start)
    found = runs[max(first, 0) : last]
    if not found or found[0].start > start or found[-1].end < end:
        return None
    for run, following in zip(found, found[1:], strict=False):
        if run.end != following.start or run.source_end != following.source_start:
            return None
    source_start, source_end = _letter(found[0], start), _letter(found[-1], end)
    if source_start is None or source_end is None:
        return None
    return Source(source_start, source_end, found[0].code)


def _letter(run: Run, offset: int) -> int | None:
    """Where a character of a run is in the source; only the ends are known of some runs."""
    if offset == run.start:
        return run.source_start
    if offset == run.end:
        return run.source_end
    return run.source_start + offset - run.start if run.by_letter else None


def _point(rendered: Rendered, offset: int, within: range) -> Source | None:
    """Where in the Markdown to write something new: outside of formatting if there is a choice."""
    runs = rendered.runs
    index = bisect_left(runs, offset, key=lambda run: run.end)
    touching = [run for run in runs[index : index + 2] if run.start <= offset <= run.end]
    if not touching:
        return None
    run = touching[0]
    if len(touching) == 2 and _second_is_meant(rendered, offset, within):
        run = touching[1]
    at = _letter(run, offset)
    return None if at is None else Source(at, at, run.code)


def _second_is_meant(rendered: Rendered, offset: int, within: range) -> bool:
    if within and offset in (within.start, within.stop):
        return offset == within.start
    block = rendered.block_at(offset)
    return block is not None and _closes_before(block.pieces, offset)


def _closes_before(pieces: tuple[str | Text, ...], offset: int) -> bool:
    """Whether an element closes between the text that ends here and the one that begins here."""
    return any(
        isinstance(piece, Text)
        and piece.end == offset
        and isinstance(following, str)
        and following.startswith("</")
        for piece, following in zip(pieces, pieces[1:], strict=False)
    )
