"""The only place that decides which words of a new text are a passage of the old one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from rapidfuzz.distance import Indel

from workflow.rules.text.alignment import GONE, Alignment
from workflow.rules.vocabulary import AnchorStatus

FLOOR = 0.5
REWRITTEN = 0.6
EVIDENCE = 15
NEAR = 6
DRIFT = 2
SPREAD = 12
SPARE = 3

NUMBER = re.compile(r"[\d\s.,'’%+\-−–€$£]*\d[\d\s.,'’%+\-−–€$£]*")

Found = tuple[AnchorStatus, int, int, float]


class Follower:
    """Follows passages through one alignment."""

    def __init__(self, alignment: Alignment) -> None:
        self.old, self.new = alignment.old, alignment.new
        self.to, self.moved = alignment.to, alignment.moved

    def follow(self, start: int, end: int) -> Found | None:
        """Where `old[start:end]` went, or None if too little of it is left."""
        first = bisect_right(self.old.ends, start)
        last = bisect_left(self.old.starts, end)
        if first >= last:
            return None
        cluster = max(self._clusters(first, last), key=self._weight, default=None)
        if cluster is None:
            return self._replaced(first, last, start, end)
        kept = self._weight(cluster) / self._weight(range(first, last))
        new_start, new_end = self._span(cluster, first, last, start, end)
        quote, found = self.old.text[start:end], self.new.text[new_start:new_end]
        same = quote.split() == found.split()
        travelled = bool(self.moved[cluster[0]])
        if self._evidence(cluster) < EVIDENCE and not self._in_its_line(cluster):
            return None
        if same:
            status = AnchorStatus.MOVED if travelled else AnchorStatus.EXACT
            return status, new_start, new_end, 1.0
        similarity = Indel.normalized_similarity(quote, found)
        if max(kept, similarity) < FLOOR:
            return None
        return AnchorStatus.EDITED, new_start, new_end, similarity

    def _weight(self, tokens: list[int] | range) -> int:
        return sum(self.old.ends[i] - self.old.starts[i] for i in tokens)

    def _clusters(self, first: int, last: int) -> list[list[int]]:
        """The tokens of a passage that are still there, apart where they went apart."""
        clusters: list[list[int]] = []
        spread = max(SPREAD, last - first)
        for i in range(first, last):
            if self.to[i] == GONE:
                continue
            if clusters:
                before = clusters[-1][-1]
                step = self.to[i] - self.to[before]
                if step > 0 and step - (i - before) <= spread:
                    clusters[-1].append(i)
                    continue
            clusters.append([i])
        return [self._trimmed(cluster) for cluster in clusters]

    def _trimmed(self, cluster: list[int]) -> list[int]:
        """Without the commas and stops at the ends that stand alone."""
        words = [k for k, i in enumerate(cluster) if self.old.keys[i].isalnum()]
        if not words:
            return cluster
        first, last = words[0], words[-1]
        while first and self._adjacent(cluster[first - 1], cluster[first]):
            first -= 1
        while last + 1 < len(cluster) and self._adjacent(cluster[last], cluster[last + 1]):
            last += 1
        return cluster[first : last + 1]

    def _adjacent(self, i: int, following: int) -> bool:
        return following == i + 1 and self.to[following] == self.to[i] + 1

    def _span(
        self, cluster: list[int], first: int, last: int, start: int, end: int
    ) -> tuple[int, int]:
        """The new range of a cluster, with the words that replaced the passage's ends."""
        head, tail = cluster[0], cluster[-1]
        j_first, j_last = self.to[head], self.to[tail]
        if head > first:
            j_first -= self._replacement(first, head, j_first, step=-1)
        if tail + 1 < last:
            j_last += self._replacement(tail + 1, last, j_last, step=1)
        new_start, new_end = self.new.starts[j_first], self.new.ends[j_last]
        if head == first and self.to[head] == j_first:
            new_start += max(start - self.old.starts[head], 0)
        if tail == last - 1 and self.to[tail] == j_last:
            new_end -= max(self.old.ends[tail] - end, 0)
        return new_start, max(new_end, new_start + 1)

    def _replacement(self, first: int, last: int, edge: int, *, step: int) -> int:
        """How many new tokens beyond `edge` replaced the old tokens `first` to `last`.

        What was replaced may reach beyond the passage; then the passage gets its share.
        """
        if step > 0:
            stop = last
            while stop < len(self.to) and self.to[stop] == GONE:
                stop += 1
            next_edge = self.to[stop] if stop < len(self.to) else len(self.new)
            inside, whole, came = last - first, stop - first, next_edge - edge - 1
        else:
            stop = first
            while stop > 0 and self.to[stop - 1] == GONE:
                stop -= 1
            next_edge = self.to[stop - 1] if stop > 0 else -1
            inside, whole, came = last - first, last - stop, edge - next_edge - 1
        if came <= 0 or came > 2 * whole + SPARE:
            return 0
        share = came if inside == whole else round(came * inside / whole)
        if any(self.old.starts_cell(i) for i in range(first + (step < 0), last + (step < 0))):
            return share
        return self._within_cell(edge, share, step)

    def _within_cell(self, edge: int, share: int, step: int) -> int:
        """How many of these tokens beyond `edge` are in the same cell and line as it."""
        for number in range(share):
            if self.new.starts_cell(edge + number + 1 if step > 0 else edge - number):
                return number
        return share

    def _replaced(self, first: int, last: int, start: int, end: int) -> Found | None:
        """A passage of which no word is left may still have been rewritten in its place."""
        before = self.to[first - 1] if first else GONE
        after = self.to[last] if last < len(self.to) else len(self.new)
        if (first and before == GONE) or after == GONE:
            return None
        quote = self.old.text[start:end]
        found = [
            (AnchorStatus.EDITED, new_start, new_end, similarity)
            for new_start, new_end in self._cells(before + 1, after)
            if (similarity := _rewritten(quote, self.new.text[new_start:new_end])) is not None
        ]
        return found[0] if len(found) == 1 else None

    def _cells(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The ranges of new tokens, cell by cell and line by line."""
        start = first
        for j in range(first + 1, last + 1):
            if j == last or self.new.starts_cell(j):
                yield self.new.starts[start], self.new.ends[j - 1]
                start = j

    def _evidence(self, cluster: list[int]) -> int:
        """How many characters of the passage and of what stands next to it came along together."""
        head, tail = cluster[0], cluster[-1]
        before = [i for i in range(max(head - NEAR, 0), head) if self._with(i, head)]
        after = [
            i for i in range(tail + 1, min(tail + 1 + NEAR, len(self.to))) if self._with(i, tail)
        ]
        together = [*before, *cluster, *after]
        return self._weight(together) + len(together) - 1

    def _with(self, i: int, edge: int) -> bool:
        """Whether a token still stands about as far from a token of the passage."""
        return self.to[i] != GONE and abs(self.to[i] - self.to[edge] - (i - edge)) <= DRIFT

    def _in_its_line(self, cluster: list[int]) -> bool:
        """Whether the whole line of the passage is a whole line of the new text."""
        first, last = cluster[0], cluster[-1] + 1
        while not self.old.starts_line(first):
            first -= 1
        while not self.old.starts_line(last):
            last += 1
        places = self.to[first:last]
        return (
            GONE not in places
            and places == list(range(places[0], places[0] + len(places)))
            and self.new.starts_line(places[0])
            and self.new.starts_line(places[-1] + 1)
        )


def _rewritten(quote: str, found: str) -> float | None:
    """How similar words in the same place are, if they are the same words, or number, changed."""
    similarity = Indel.normalized_similarity(quote.casefold(), found.casefold())
    if similarity >= REWRITTEN or (NUMBER.fullmatch(quote) and NUMBER.fullmatch(found)):
        return similarity
    return None
