"""The only place that decides which block of the old text lives on as which block of the new.

Blocks are given as lists of words. What is the same and occurs once is paired first, so that the
heaviest set that keeps its order stays and the rest counts as moved; between these fixed pairs,
blocks are paired by how much they have in common.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

Words = Sequence[str]
SIMILAR = 0.5
MOVED = 0.75
CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Pairing:
    """`kept` pairs are in the same order in both texts; `moved` pairs are not."""

    kept: list[tuple[int, int]]
    moved: list[tuple[int, int]]


def pair(old: Sequence[Words], new: Sequence[Words]) -> Pairing:
    """Pair the blocks of two texts, each with at most one other."""
    old_keys, new_keys = [tuple(words) for words in old], [tuple(words) for words in new]
    same = [(i, j, len(old[i]) + 1.0) for i, j in _unique(old_keys, new_keys)]
    same_old, same_new = {i for i, _, _ in same}, {j for _, j, _ in same}
    others_old = [i for i in range(len(old)) if i not in same_old]
    others_new = [j for j in range(len(new)) if j not in same_new]
    alike = _scored(old, new, others_old, others_new, SIMILAR)
    kept = _extended(heaviest_chain(same + alike), old_keys, new_keys)
    for (i, j), (i_end, j_end) in list(_gaps(kept, len(old), len(new))):
        if i_end - i == j_end - j == 1:
            if _shared(old[i], new[j]) >= SIMILAR:
                kept.append((i, j))
        else:
            kept += heaviest_chain(_scored(old, new, range(i, i_end), range(j, j_end), SIMILAR))
    kept.sort()
    return Pairing(kept, _moved(old, new, kept))


def _shared(old: Words, new: Words) -> float:
    """How much of the shorter block is in the longer one: two that stand alone may have grown."""
    return Indel.similarity(old, new) / 2 / max(min(len(old), len(new)), 1)


def _unique(old: Sequence[Words], new: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Pairs of equal blocks that occur once in each text."""
    count_old, count_new = Counter(old), Counter(new)
    place = {words: j for j, words in enumerate(new)}
    for i, words in enumerate(old):
        if words and count_old[words] == 1 and count_new[words] == 1:
            yield i, place[words]


def heaviest_chain(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The heaviest of all selections of `(i, j, weight)` in which both `i` and `j` only rise."""
    ends: list[int] = []
    weights: list[float] = []
    tips: list[tuple[int, int, tuple | None]] = []
    # Of several pairs with the same `i` none may follow another: they come with falling `j`.
    for i, j, weight in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        at = bisect_right(ends, j - 1)
        total = weight + (weights[at - 1] if at else 0.0)
        tip = (i, j, tips[at - 1] if at else None)
        stop = bisect_right(ends, j)
        if stop > at and weights[stop - 1] >= total:
            continue
        last = stop
        while last < len(ends) and weights[last] <= total:
            last += 1
        ends[at:last], weights[at:last], tips[at:last] = [j], [total], [tip]
    chain = []
    tip = tips[-1] if tips else None
    while tip is not None:
        chain.append((tip[0], tip[1]))
        tip = tip[2]
    return chain[::-1]


def _extended(
    fixed: list[tuple[int, int]], old: Sequence[Words], new: Sequence[Words]
) -> list[tuple[int, int]]:
    """The fixed pairs and the equal neighbours that follow or lead each of them."""
    kept: list[tuple[int, int]] = []
    for (i, j), (i_end, j_end) in _gaps(fixed, len(old), len(new)):
        while i < i_end and j < j_end and old[i] == new[j]:
            kept.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            kept.append((i_end, j_end))
    return sorted(fixed + kept)


def _gaps(
    pairs: list[tuple[int, int]], old_length: int, new_length: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """What lies between pairs that rise, as `((i, j), (i_end, j_end))`."""
    i, j = 0, 0
    for i_end, j_end in [*pairs, (old_length, new_length)]:
        if i < i_end and j < j_end:
            yield (i, j), (i_end, j_end)
        i, j = i_end + 1, j_end + 1


def _scored(
    old: Sequence[Words],
    new: Sequence[Words],
    old_range: Iterable[int],
    new_range: Iterable[int],
    floor: float,
) -> list[tuple[int, int, float]]:
    """The likely pairs, weighted by what they have in common.

    Only the blocks that share the most, and the rarest, words are compared word by word.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for j in new_range:
        for word in set(new[j]):
            holders[word].append(j)
    scored = []
    for i in old_range:
        shared: Counter[int] = Counter()
        for word in set(old[i]):
            if len(holders.get(word, ())) <= 200:
                for j in holders.get(word, ()):
                    shared[j] += 1 / len(holders[word])
        for j, _ in shared.most_common(CANDIDATES):
            likeness = Indel.normalized_similarity(old[i], new[j], score_cutoff=floor)
            if likeness:
                scored.append((i, j, likeness * min(len(old[i]), len(new[j]))))
    return scored


def _moved(
    old: Sequence[Words], new: Sequence[Words], kept: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Blocks that left their place for another: the likeliest pairs first."""
    taken_old, taken_new = {i for i, _ in kept}, {j for _, j in kept}
    free_old = [i for i in range(len(old)) if i not in taken_old and old[i]]
    free_new = [j for j in range(len(new)) if j not in taken_new and new[j]]
    moved = []
    for i, j, _ in sorted(_scored(old, new, free_old, free_new, MOVED), key=lambda pair: -pair[2]):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            moved.append((i, j))
    return sorted(moved)


def in_reading_order(
    pairing: Pairing, old_length: int, new_length: int
) -> Iterator[tuple[int | None, int | None]]:
    """Both texts as one: pairs, `(i, None)` where a block is gone, `(None, j)` where one came.

    A moved block comes twice: as gone from its old place and as a pair in its new one.
    """
    came_from = {j: i for i, j in pairing.moved}
    i, j = 0, 0
    for i_end, j_end in [*pairing.kept, (old_length, new_length)]:
        yield from ((place, None) for place in range(i, i_end))
        yield from ((came_from.get(place), place) for place in range(j, j_end))
        if i_end < old_length:
            yield i_end, j_end
        i, j = i_end + 1, j_end + 1
