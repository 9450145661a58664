"""The only place that follows each word of an old text into the new one.

First the words of a line that lives on: lines are paired, their words aligned. Then the words that
travelled: a stretch that is gone in one place and new in exactly one other is the same if it is
long, or most of what is gone or new there. Last, what lies between words that stayed in their
order, for lines that were split or joined. A word or two that agree by chance amid longer changes
are no agreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from workflow.rules.text.pairing import heaviest_chain, pair
from workflow.rules.text.tokens import Tokens, tokenise

GONE = -1
CHANCE = 2
SEED = 3
LONG = 6
MOST = 0.6
PLACES = 50

Stretch = tuple[int, int, int]
"""(first old token, last old token + 1, first new token) of words that are the same."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """`to[i]` is where the old token `i` went, or GONE; `moved[i]` is 1 if it left its order."""

    old: Tokens
    new: Tokens
    to: list[int]
    moved: bytearray


def align(old_text: str, new_text: str) -> Alignment:
    """Where each token of the old text is in the new one."""
    return _Aligner(tokenise(old_text), tokenise(new_text)).run()


def stretches(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """What two sequences of words share in order, without what agrees by chance."""
    found = [
        (code.src_start, code.src_end, code.dest_start)
        for code in Indel.opcodes(old, new)
        if code.tag == "equal"
    ]
    kept: list[Stretch] = []
    old_before, new_before = 0, 0
    for number, (first, last, target) in enumerate(found, start=1):
        old_after, new_after = len(old), len(new)
        if number < len(found):
            old_after, _, new_after = found[number]
        words = count_words(old[first:last])
        before = max(first - old_before, target - new_before)
        after = max(old_after - last, new_after - target - (last - first))
        if words > CHANCE or min(before, after) <= 2 * words + 1:
            kept.append((first, last, target))
            old_before, new_before = last, target + last - first
    return kept


def count_words(keys: Iterable[str]) -> int:
    return sum(key.isalnum() for key in keys)


class _Aligner:
    """Fills `to`; `free[j]` is 1 while no old token went to the new token `j`."""

    def __init__(self, old: Tokens, new: Tokens) -> None:
        self.old, self.new = old, new
        self.to = [GONE] * len(old)
        self.free = bytearray(b"\x01") * len(new)

    def run(self) -> Alignment:
        self._follow_lines()
        self._follow_travellers()
        self._close_gaps()
        moved = bytearray(b"\x01") * len(self.old)
        for first, last, _ in self._in_order():
            moved[first:last] = bytes(last - first)
        return Alignment(self.old, self.new, self.to, moved)

    def _follow_lines(self) -> None:
        old_lines, new_lines = self.old.lines(), self.new.lines()
        pairing = pair(
            [self.old.keys[line.start : line.stop] for line in old_lines],
            [self.new.keys[line.start : line.stop] for line in new_lines],
        )
        for i, j in pairing.kept + pairing.moved:
            self._link(old_lines[i], new_lines[j])

    def _follow_travellers(self) -> None:
        seeds: dict[tuple[str, ...], list[int]] = defaultdict(list)
        run_of: dict[int, range] = {}
        for run in _runs(self.free):
            for j in run:
                run_of[j] = run
                if j <= run.stop - SEED:
                    seeds[tuple(self.new.keys[j : j + SEED])].append(j)
        found = [
            stretch
            for run in _runs(target == GONE for target in self.to)
            for stretch in self._travelled(run, seeds, run_of)
        ]
        for first, last, target in sorted(found, key=lambda found: (found[0] - found[1], found[0])):
            places = range(target, target + last - first)
            if all(self.free[j] for j in places):
                self._link(range(first, last), places)

    def _travelled(
        self, run: range, seeds: dict[tuple[str, ...], list[int]], run_of: dict[int, range]
    ) -> Iterator[Stretch]:
        """The longest stretches of a gone run that are new in exactly one place."""
        old, new = self.old.keys, self.new.keys
        at = run.start
        while at <= run.stop - SEED:
            lengths = []
            places = seeds.get(tuple(old[at : at + SEED]), ())
            for j in places if len(places) <= PLACES else ():
                length, limit = SEED, min(run.stop - at, run_of[j].stop - j)
                while length < limit and old[at + length] == new[j + length]:
                    length += 1
                lengths.append((length, j))
            lengths.sort(reverse=True)
            if not lengths or (len(lengths) > 1 and lengths[1][0] == lengths[0][0]):
                at += 1
                continue
            length, j = lengths[0]
            words = count_words(old[at : at + length])
            most = length >= MOST * max(len(run), len(run_of[j]))
            if words >= LONG or (words >= SEED and most):
                yield at, at + length, j
            at += length

    def _close_gaps(self) -> None:
        i, j = 0, 0
        for first, last, target in [*self._in_order(), (len(self.old), 0, len(self.new))]:
            gone = [place for place in range(i, first) if self.to[place] == GONE]
            came = [place for place in range(j, target) if self.free[place]]
            if gone and came:
                self._link(gone, came)
            i, j = last, target + last - first

    def _in_order(self) -> list[Stretch]:
        """The heaviest set of linked stretches that keeps its order."""
        found: dict[int, Stretch] = {}
        for run in _runs(target != GONE for target in self.to):
            first = run.start
            for i in run:
                if i + 1 == run.stop or self.to[i + 1] != self.to[i] + 1:
                    found[first] = (first, i + 1, self.to[first])
                    first = i + 1
        chain = heaviest_chain(
            (first, target, float(last - first)) for first, last, target in found.values()
        )
        return [found[first] for first, _ in chain]

    def _link(self, gone: Sequence[int], came: Sequence[int]) -> None:
        """Align free tokens with free tokens."""
        old_keys = [self.old.keys[i] for i in gone]
        new_keys = [self.new.keys[j] for j in came]
        found = stretches(old_keys, new_keys) if old_keys != new_keys else [(0, len(gone), 0)]
        for first, last, target in found:
            for i, j in zip(gone[first:last], came[target : target + last - first], strict=True):
                self.to[i] = j
                self.free[j] = 0


def _runs(flags: Iterable[object]) -> Iterator[range]:
    """The stretches in which every flag is set."""
    first, position = None, -1
    for position, flag in enumerate(flags):
        if flag and first is None:
            first = position
        elif not flag and first is not None:
            yield range(first, position)
            first = None
    if first is not None:
        yield range(first, position + 1)
