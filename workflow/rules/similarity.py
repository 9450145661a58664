"""Which remarks say the same: a proposal from their words alone, which people confirm or pass over."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, utils

FLOOR = 75.0
"""From 0 to 100. Remarks on different matters reach 55; the same point in other words lies between 75 and 95."""

FEWEST_WORDS = 4
"""Shorter remarks ("Why?", "Yes, please") are alike only when they are the same."""

SHARED = 0.4
"""The part of the shorter remark's words that two remarks share before they are compared at all."""

WEIGHT_OF_REMARK = 0.8
"""The rest is the quoted passage's: two people may say different things about the same words."""


@dataclass(frozen=True, slots=True)
class Said:
    """A remark and the passage that it is about (empty: the section as a whole)."""

    key: int
    remark: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Remarks that seem to make one point, the one in their middle first; `score` is that of the least similar."""

    keys: tuple[int, ...]
    score: float


def groups(said: Sequence[Said], *, floor: float = FLOOR) -> list[Alike]:
    """Remarks that are alike, the largest group first; each remark is in one group at most.

    Every member is similar to the one in the middle, so that no chain of small steps joins what differs.
    """
    near = _neighbours(said, floor)
    free = {place for place, others in enumerate(near) if others}
    found = []
    while free:
        middle = max(free, key=lambda place: (len(near[place].keys() & free), -place))
        around = near[middle].keys() & free
        free.discard(middle)
        if not around:
            continue
        free -= around
        scores = {place: near[middle][place] for place in around}
        ordered = sorted(around, key=lambda place: (-scores[place], place))
        keys = tuple(said[place].key for place in (middle, *ordered))
        found.append(Alike(keys, round(min(scores.values()), 1)))
    return found


def _neighbours(said: Sequence[Said], floor: float) -> list[dict[int, float]]:
    """For each remark the places of those that are similar enough, with how similar.

    Comparing letter by letter is left for pairs that share words: a thousand remarks make half a million pairs.
    """
    remarks = [utils.default_process(one.remark) for one in said]
    quotes = [utils.default_process(one.quote) for one in said]
    marked = _marked(remarks)
    counts = [words.bit_count() for words in marked]
    near: list[dict[int, float]] = [{} for _ in said]
    for place, words in enumerate(marked):
        for other in range(place):
            shared = (words & marked[other]).bit_count()
            if not shared or shared < SHARED * min(counts[place], counts[other]):
                continue
            score = _score(remarks[place], remarks[other], quotes[place], quotes[other])
            if score >= floor:
                near[place][other] = near[other][place] = score
    return near


def _marked(remarks: Sequence[str]) -> list[int]:
    """The words of each remark as a set of bits."""
    numbers: dict[str, int] = {}
    return [
        sum(1 << numbers.setdefault(word, len(numbers)) for word in set(remark.split()))
        for remark in remarks
    ]


def _score(remark: str, other: str, quote: str, other_quote: str) -> float:
    if min(len(set(remark.split())), len(set(other.split()))) < FEWEST_WORDS:
        return 100.0 if remark == other else 0.0
    words = (fuzz.token_set_ratio(remark, other) + fuzz.token_sort_ratio(remark, other)) / 2
    if not quote or not other_quote:
        return words
    passages = fuzz.token_set_ratio(quote, other_quote)
    return WEIGHT_OF_REMARK * words + (1 - WEIGHT_OF_REMARK) * passages
