"""The only place that looks for a quoted passage in a text whose history is not known."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from workflow.rules.vocabulary import AnchorStatus

SHORT = 15
IN_CONTEXT = 0.5
ALIKE = 0.8
MARGIN = 0.1
NEIGHBOURHOOD = 2000

Found = tuple[AnchorStatus, int, int, float]


def search(text: str, exact: str, prefix: str, suffix: str, *, hint: int) -> Found | None:
    """The one place where `exact` stands, also a little changed; None if it is not one place.

    Words that occur more than once, or are short, are told apart by what stands around them.
    """
    if not exact.strip():
        return None
    if exact in text:
        return _told_apart(text, exact, prefix, suffix, hint)
    if len(exact) < SHORT:
        return None
    return _alike(text, exact, prefix, suffix, hint)


def _told_apart(text: str, exact: str, prefix: str, suffix: str, hint: int) -> Found | None:
    ranked = sorted(
        ((_context(text, at, at + len(exact), prefix, suffix), at) for at in _all(text, exact)),
        key=lambda place: (-place[0], abs(place[1] - hint)),
    )
    likeness, at = ranked[0]
    if len(ranked) > 1 and likeness - ranked[1][0] < MARGIN:
        return None
    if likeness < IN_CONTEXT and (len(ranked) > 1 or len(exact) < SHORT):
        return None
    status = AnchorStatus.EXACT if at == hint else AnchorStatus.MOVED
    return status, at, at + len(exact), 1.0


def _all(text: str, exact: str) -> Iterator[int]:
    at = text.find(exact)
    while at >= 0:
        yield at
        at = text.find(exact, at + 1)


def _context(text: str, start: int, end: int, prefix: str, suffix: str) -> float:
    """How much what stands around a place is what stood around the passage: 0 to 1."""
    before = text[max(start - len(prefix), 0) : start]
    after = text[end : end + len(suffix)]
    if not (prefix or suffix):
        return 0.0
    return Indel.normalized_similarity(f"{prefix}\0{suffix}", f"{before}\0{after}")


def _alike(text: str, exact: str, prefix: str, suffix: str, hint: int) -> Found | None:
    """The place most like the passage, if no other is nearly as much so."""
    window = max(hint - NEIGHBOURHOOD, 0), hint + len(exact) + NEIGHBOURHOOD
    for first, last in (window, (0, len(text))):
        best = _best(text, exact, first, last)
        if best is None:
            continue
        similarity, start, end = best
        others = (_best(text, exact, 0, start), _best(text, exact, end, len(text)))
        likeness = _context(text, start, end, prefix, suffix)
        for other in others:
            if other is None or similarity - other[0] >= MARGIN:
                continue
            if likeness - _context(text, other[1], other[2], prefix, suffix) < MARGIN:
                return None
        return AnchorStatus.EDITED, start, end, similarity
    return None


def _best(text: str, exact: str, first: int, last: int) -> tuple[float, int, int] | None:
    part = text[first:last]
    if len(part) < len(exact) // 2:
        return None
    found = fuzz.partial_ratio_alignment(exact, part, score_cutoff=ALIKE * 100)
    if found is None or len(part) < len(exact):
        return None
    start, end = _whole_words(text, first + found.dest_start, first + found.dest_end)
    return Indel.normalized_similarity(exact, text[start:end]), start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
