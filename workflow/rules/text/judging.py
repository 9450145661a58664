"""The only place that says how a remark's own words compare with those that stand in its place now."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz.distance import Indel

from workflow.rules.text.anchors import Placement
from workflow.rules.vocabulary import AnchorStatus


def reads(quote: str, plain: str, start: int, end: int) -> bool:
    """Whether `plain[start:end]` says what was quoted; only spaces may differ."""
    return plain[start:end].split() == quote.split()


def judged(quote: str, plain: str, placement: Placement) -> Placement:
    """The placement by the words that were once quoted, however many edits ago that was."""
    start, end = placement.start, placement.end
    if start is None or end is None:
        return placement
    if not reads(quote, plain, start, end):
        similarity = Indel.normalized_similarity(quote, plain[start:end])
        return replace(placement, status=AnchorStatus.EDITED, similarity=similarity)
    moved = placement.status is AnchorStatus.MOVED
    status = AnchorStatus.MOVED if moved else AnchorStatus.EXACT
    return replace(placement, status=status, similarity=1.0)
