"""The only place that keeps a remark with its passage.

A selector is the W3C pair of TextQuote and TextPosition. `carry` takes selectors over one edit, by
following words; `find` looks for a passage where the edit is not known. Both would rather give up
than point at other words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from workflow.rules.text.alignment import align
from workflow.rules.text.document import Rendered
from workflow.rules.text.passages import Follower
from workflow.rules.text.search import search
from workflow.rules.vocabulary import AnchorStatus

CONTEXT = 40
WORD_REST = 12


@dataclass(frozen=True, slots=True)
class Selector:
    """A passage: its words, what stands before and after, and where that was."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a passage is now. `similarity` is 1.0 for the same words, 0.0 for an orphan."""

    status: AnchorStatus
    start: int | None = None
    end: int | None = None
    similarity: float = 0.0


ORPHANED = Placement(AnchorStatus.ORPHANED)


def select(rendered: Rendered, start: int, end: int) -> Selector:
    """The selector of `plain[start:end]`, without the spaces at its ends.

    Raises ValueError if that leaves no words.
    """
    plain = rendered.plain
    start, end = max(start, 0), min(end, len(plain))
    exact = plain[start:end].strip()
    if not exact:
        raise ValueError("A passage needs words")
    start = plain.index(exact, start)
    block = rendered.block_at(start)
    return selector(plain, start, start + len(exact), block=block.number if block else None)


def selector(plain: str, start: int, end: int, *, block: int | None = None) -> Selector:
    """The selector of a range, whose context begins and ends with whole words."""
    before, after = start - CONTEXT, end + CONTEXT
    while before > 0 and start - before < CONTEXT + WORD_REST and plain[before - 1].isalnum():
        before -= 1
    while after < len(plain) and after - end < CONTEXT + WORD_REST and plain[after].isalnum():
        after += 1
    return Selector(
        exact=plain[start:end],
        prefix=plain[max(before, 0) : start],
        suffix=plain[end:after],
        start=start,
        end=end,
        block=block,
    )


def judged(quote: str, plain: str, placement: Placement) -> Placement:
    """The placement by the words that were once quoted, however many edits ago that was."""
    if placement.start is None or placement.end is None:
        return placement
    words = plain[placement.start : placement.end]
    if words.split() == quote.split():
        moved = placement.status is AnchorStatus.MOVED
        status = AnchorStatus.MOVED if moved else AnchorStatus.EXACT
        return replace(placement, status=status, similarity=1.0)
    similarity = Indel.normalized_similarity(quote, words)
    return replace(placement, status=AnchorStatus.EDITED, similarity=similarity)


def carry(old_plain: str, new_plain: str, selectors: Iterable[Selector]) -> list[Placement]:
    """Where each passage of the old text is in the new one: one alignment for all of them."""
    selectors = list(selectors)
    if not selectors:
        return []
    follower = Follower(align(old_plain, new_plain))
    placements = []
    for passage in selectors:
        here = _standing(old_plain, passage)
        found = follower.follow(here.start, here.end) if here else None
        placements.append(Placement(*found) if found else ORPHANED)
    return placements


def find(rendered: Rendered, passage: Selector) -> Placement:
    """The passage in a text whose history is not known."""
    found = search(
        rendered.plain, passage.exact, passage.prefix, passage.suffix, hint=passage.start
    )
    return Placement(*found) if found else ORPHANED


def _standing(plain: str, passage: Selector) -> Selector | None:
    """The selector with its true position in the text it was made on."""
    if plain[passage.start : passage.end] == passage.exact and passage.exact.strip():
        return passage
    found = search(plain, passage.exact, passage.prefix, passage.suffix, hint=passage.start)
    if found is None or found[0] is AnchorStatus.EDITED:
        return None
    return replace(passage, start=found[1], end=found[2])
