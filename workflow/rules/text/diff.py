"""The only place that says, word by word, what became of a text.

Made to be read, not to be short: lines are paired first, a word that agrees by chance amid a
rewritten phrase is part of the rewriting, and what was added or removed begins where a sentence or
a line begins if it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from rapidfuzz.distance import Indel

from workflow.rules.text.pairing import pair

PIECE = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
SENTENCE_ENDS = frozenset(".!?…;")
SMALL = 40
ALIKE = 0.5


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text. SAME and REMOVED make the old text, SAME and ADDED the new one.

    `old` and `new` are the offsets at which it begins in either text.
    """

    kind: Kind
    text: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut into words, marks and spaces; pieces are the same if their keys are."""

    text: str
    keys: list[str]
    ends: list[int]


Island = tuple[int, int, int]
"""(first old piece, first new piece, length) of pieces that are the same."""

Step = tuple[Kind, int, int, int, int]
"""(kind, first old piece, last, first new piece, last)"""


def words(old: str, new: str) -> list[Change]:
    """What became of `old`, in the order of reading."""
    return changes(cut(old), cut(new))


def cut(text: str, labels: Iterable[tuple[int, int, str]] = ()) -> Pieces:
    """The pieces of a text. A range with a label is one piece that the label stands for."""
    keys: list[str] = []
    ends: list[int] = []
    at = 0
    for start, end, label in [*labels, (len(text), len(text), "")]:
        for match in PIECE.finditer(text, at, start):
            keys.append(match[0])
            ends.append(match.end())
        if end > start:
            keys.append(f"\0{label}")
            ends.append(end)
        at = end
    return Pieces(text, keys, ends)


def changes(old: Pieces, new: Pieces) -> list[Change]:
    """The changes between two texts that are cut already."""
    found: list[Change] = []
    for kind, i, i_end, j, j_end in _joined(_steps(old.keys, new.keys)):
        old_at, new_at = _start(old, i), _start(new, j)
        text = new.text[new_at : _start(new, j_end)]
        if kind is Kind.REMOVED:
            text = old.text[old_at : _start(old, i_end)]
        found.append(Change(kind, text, old_at, new_at))
    return found


def replacements(old: str, new: str) -> list[tuple[int, int, str]]:
    """What to write where in `old` to make it `new`: `(start, end, text)` in rising order."""
    found: list[tuple[int, int, str]] = []
    for change in words(old, new):
        if change.kind is Kind.REMOVED:
            found.append((change.old, change.old + len(change.text), ""))
        elif change.kind is Kind.ADDED and found and found[-1][1:] == (change.old, ""):
            found[-1] = (found[-1][0], change.old, change.text)
        elif change.kind is Kind.ADDED:
            found.append((change.old, change.old, change.text))
    return found


def _start(pieces: Pieces, number: int) -> int:
    return pieces.ends[number - 1] if number else 0


def _steps(old: list[str], new: list[str]) -> Iterator[Step]:
    """The steps line by line: paired lines word by word, the others as a whole."""
    old_lines, new_lines = _lines(old), _lines(new)
    kept: list[tuple[int, int]] = [(0, 0)] if len(old_lines) == len(new_lines) == 1 else []
    if not kept:
        pairing = pair(
            [_words(old[line.start : line.stop]) for line in old_lines],
            [_words(new[line.start : line.stop]) for line in new_lines],
        )
        kept = pairing.kept
    i, j = 0, 0
    for old_number, new_number in kept:
        old_line, new_line = old_lines[old_number], new_lines[new_number]
        yield from _between(old, new, range(i, old_line.start), range(j, new_line.start))
        yield from _within(old, new, old_line, new_line)
        i, j = old_line.stop, new_line.stop
    yield from _between(old, new, range(i, len(old)), range(j, len(new)))


def _between(old: list[str], new: list[str], gone: range, came: range) -> Iterator[Step]:
    """Lines without a partner; if they say much the same they were split or joined."""
    old_words, new_words = (
        _words(old[gone.start : gone.stop]),
        _words(new[came.start : came.stop]),
    )
    if old_words and new_words and Indel.normalized_similarity(old_words, new_words) >= ALIKE:
        yield from _within(old, new, gone, came)
    else:
        yield from _whole(gone.start, gone.stop, came.start, came.stop)


def _whole(i: int, i_end: int, j: int, j_end: int) -> Iterator[Step]:
    if i < i_end:
        yield Kind.REMOVED, i, i_end, j, j
    if j < j_end:
        yield Kind.ADDED, i_end, i_end, j, j_end


def _lines(keys: list[str]) -> list[range]:
    """The pieces of each line, with the line ends and empty lines after it."""
    found: list[range] = []
    first = 0
    for number, key in enumerate(keys):
        if number and keys[number - 1] == "\n" and not key.isspace():
            found.append(range(first, number))
            first = number
    return [*found, range(first, len(keys))] if keys else found


def _words(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if not key.isspace()]


def _within(old: list[str], new: list[str], old_line: range, new_line: range) -> Iterator[Step]:
    """The steps within two paired lines."""
    old_keys, new_keys = old[old_line.start : old_line.stop], new[new_line.start : new_line.stop]
    same = _readable(old_keys, new_keys, _same(old_keys, new_keys))
    i, j = 0, 0
    for first, target, length in [*same, (len(old_keys), len(new_keys), 0)]:
        for kind, *places in _whole(i, first, j, target):
            shift = old_line.start, old_line.start, new_line.start, new_line.start
            yield kind, *(place + by for place, by in zip(places, shift, strict=True))
        i, j = first + length, target + length
        if length:
            yield (
                Kind.SAME,
                old_line.start + first,
                old_line.start + i,
                new_line.start + target,
                new_line.start + j,
            )


def _same(old: list[str], new: list[str]) -> list[Island]:
    """What two lines share, as `(first old piece, first new piece, length)`."""
    if old == new:
        return [(0, 0, len(old))]
    return [
        (code.src_start, code.dest_start, code.src_end - code.src_start)
        for code in Indel.opcodes(old, new)
        if code.tag == "equal"
    ]


def _readable(old: list[str], new: list[str], same: list[Island]) -> list[Island]:
    """Islands that a reader wants to see: no small ones, and edges where sentences begin."""
    before = None
    while same != before:
        before = same
        same = _without_small(old, new, same)
    return _slid(old, new, same)


def _without_small(old: list[str], new: list[str], same: list[Island]) -> list[Island]:
    """Without islands that are smaller than what changed on either side of them."""
    kept: list[Island] = []
    i, j = 0, 0
    for number, (first, target, length) in enumerate(same, start=1):
        stop, target_stop = first + length, target + length
        next_first, next_target = len(old), len(new)
        if number < len(same):
            next_first, next_target, _ = same[number]
        island = old[first:stop]
        at_end = (first, target) == (i, j) or (stop, target_stop) == (next_first, next_target)
        before = max(_size(old[i:first]), _size(new[j:target]))
        after = max(_size(old[stop:next_first]), _size(new[target_stop:next_target]))
        small = not at_end and _size(island) <= min(before, after, SMALL)
        if small and not SENTENCE_ENDS.intersection(island):
            continue
        kept.append((first, target, length))
        i, j = stop, target_stop
    return kept


def _size(keys: list[str]) -> int:
    """How much there is to read."""
    return sum(len(key) for key in keys if not key.isspace())


def _slid(old: list[str], new: list[str], same: list[Island]) -> list[Island]:
    """With what was only added, or only removed, begun where a sentence or a word begins.

    "a b [a b] c" and "a [b a] b c" say the same; the first is easier to read.
    """
    islands = [list(island) for island in same]
    for left, right in pairwise(islands):
        first, target = left[0] + left[2], left[1] + left[2]
        if first == right[0]:
            keys, start, end = new, target, right[1]
        elif target == right[1]:
            keys, start, end = old, first, right[0]
        else:
            continue
        back, on = 0, 0
        while back < left[2] - 1 and keys[start - back - 1] == keys[end - back - 1]:
            back += 1
        while on < right[2] - 1 and keys[start + on] == keys[end + on]:
            on += 1
        shift = max(range(-back, on + 1), key=lambda by: (_opening(keys, start + by), -abs(by)))
        left[2] += shift
        right[0] += shift
        right[1] += shift
        right[2] -= shift
    return [(first, target, length) for first, target, length in islands]


def _opening(keys: list[str], at: int) -> int:
    """How much of a beginning this is: of a line, a sentence, a word, or none."""
    if at == 0 or keys[at - 1] == "\n":
        return 3
    if not keys[at - 1].isspace():
        return 0
    return 2 if at > 1 and keys[at - 2] in SENTENCE_ENDS else 1


def _joined(steps: Iterable[Step]) -> Iterator[Step]:
    """Each run of changes as one removal and one addition."""
    for same, run in groupby(steps, key=lambda step: step[0] is Kind.SAME):
        places = [step[1:] for step in run]
        i, i_end = places[0][0], places[-1][1]
        j, j_end = places[0][2], places[-1][3]
        if same:
            yield Kind.SAME, i, i_end, j, j_end
        else:
            yield from _whole(i, i_end, j, j_end)
