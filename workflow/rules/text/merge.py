"""The only place that makes one text of two that were written on the same base.

Unit by unit, then word by word. What only one side changed is taken; what both changed in the same
way is taken once; what both changed differently, or one changed and the other removed, is a
conflict that shows both sides. Nothing that anybody wrote disappears without a mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workflow.rules.text import diff, units
from workflow.rules.text.dialect import canonical
from workflow.rules.text.pairing import pair
from workflow.rules.text.tokens import tokenise
from workflow.rules.text.units import Unit


class Origin(StrEnum):
    """Whose change a part of the merged text is."""

    BASE = "base"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Three readings of one place; an empty one is a removal. `position` counts in `parts`."""

    base: str
    mine: str
    theirs: str
    position: int


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of the merged text. `text` is empty where the sides disagree."""

    origin: Origin
    text: str
    gap: int | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """`markdown` is the merged text, or None as long as there are conflicts."""

    markdown: str | None
    conflicts: list[Conflict] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def resolved(self, answers: Sequence[str]) -> str:
        """The merged text with one answer for each conflict, in their order."""
        if len(answers) != len(self.conflicts):
            raise ValueError("Every conflict needs its answer")
        answer = {
            conflict.position: text for conflict, text in zip(self.conflicts, answers, strict=True)
        }
        texts = [
            Unit(answer.get(position, part.text).strip("\n"), part.gap)
            for position, part in enumerate(self.parts)
        ]
        return units.join(unit for unit in texts if unit.text)


def three_way(base: str, mine: str, theirs: str) -> Merge:
    """Merge what `mine` and `theirs` made of `base`; all three are Markdown."""
    base, mine, theirs = canonical(base), canonical(mine), canonical(theirs)
    merger = _Merger(units.split(base), units.split(mine), units.split(theirs))
    merger.run()
    merge = Merge(None, merger.conflicts, merger.parts)
    if mine in (base, theirs):
        return replace(merge, markdown=theirs, conflicts=[])
    if theirs == base:
        return replace(merge, markdown=mine, conflicts=[])
    return merge if merger.conflicts else replace(merge, markdown=merge.resolved([]))


class _Side:
    """What one side made of the units of the base."""

    def __init__(self, base: list[Unit], side: list[Unit]) -> None:
        self.units = side
        pairing = pair(_words(base), _words(side))
        self.kept = dict(pairing.kept)
        self.moved = dict(pairing.moved)
        self.came_from = {j: i for i, j in pairing.moved}
        # New units stand in the slot after the last unit that they follow.
        self.slots: list[list[int]] = [[] for _ in range(len(base) + 1)]
        self.slot_of: dict[int, int] = {}
        stands = {j: i for i, j in pairing.kept}
        slot = 0
        for j in range(len(side)):
            if j in stands:
                slot = stands[j] + 1
            else:
                self.slots[slot].append(j)
                self.slot_of[j] = slot

    def here(self, number: int) -> Unit | None:
        """What stands in the place of a unit of the base."""
        return self.units[self.kept[number]] if number in self.kept else None


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A unit that one side put in a slot, merged with what `other` says of it."""

    unit: Unit
    merged: str | None
    base: str = ""
    other: str = ""


class _Merger:
    def __init__(self, base: list[Unit], mine: list[Unit], theirs: list[Unit]) -> None:
        self.base = base
        self.mine, self.theirs = _Side(base, mine), _Side(base, theirs)
        self.parts: list[Part] = []
        self.conflicts: list[Conflict] = []

    def run(self) -> None:
        for number, unit in enumerate(self.base):
            self._put(number)
            self._go_on(number, unit)
        self._put(len(self.base))

    def _put(self, slot: int) -> None:
        """What one side, or both, put before a unit of the base."""
        mine = self._arrivals(self.mine, self.theirs, slot)
        theirs = self._arrivals(self.theirs, self.mine, slot)
        if mine and theirs and not _agree(mine, theirs):
            self._disagree("", _said(mine, theirs), _said(theirs, mine))
            return
        origin = Origin.BOTH if mine and theirs else Origin.MINE if mine else Origin.THEIRS
        for one in mine or theirs:
            if one.merged is not None:
                self.parts.append(Part(origin, one.merged, one.unit.gap))
            elif mine:
                self._disagree(one.base, one.unit.text, one.other, one.unit.gap)
            else:
                self._disagree(one.base, one.other, one.unit.text, one.unit.gap)

    def _arrivals(self, side: _Side, other: _Side, slot: int) -> list[_Arrival]:
        arrivals = []
        for j in side.slots[slot]:
            unit, number = side.units[j], side.came_from.get(j)
            if number is None:
                arrivals.append(_Arrival(unit, unit.text))
            elif number in other.moved:
                if self._moved_alike(number):
                    arrivals.append(_Arrival(unit, unit.text))
            else:
                base = self.base[number].text
                left = other.units[other.kept[number]].text if number in other.kept else ""
                arrivals.append(_Arrival(unit, _merged(base, unit.text, left), base, left))
        return arrivals

    def _moved_alike(self, number: int) -> bool:
        """Whether both sides moved a unit to the same slot and wrote the same there."""
        mine, theirs = self.mine.moved[number], self.theirs.moved[number]
        return (
            self.mine.slot_of[mine] == self.theirs.slot_of[theirs]
            and self.mine.units[mine].text == self.theirs.units[theirs].text
        )

    def _go_on(self, number: int, base: Unit) -> None:
        """What the sides made of one unit of the base, in its place."""
        if number in self.mine.moved and number in self.theirs.moved:
            self._moved_apart(number, base)
            return
        if number in self.mine.moved or number in self.theirs.moved:
            return
        mine, theirs = self.mine.here(number), self.theirs.here(number)
        gap = _gap(base, mine, theirs)
        self._settle(base, mine.text if mine else "", theirs.text if theirs else "", gap)

    def _moved_apart(self, number: int, base: Unit) -> None:
        """Both sides moved a unit: if not to the same place, it stays where it was."""
        if self._moved_alike(number):
            return
        mine = self.mine.units[self.mine.moved[number]].text
        theirs = self.theirs.units[self.theirs.moved[number]].text
        self._settle(base, mine, theirs, base.gap)

    def _settle(self, base: Unit, mine: str, theirs: str, gap: int | None) -> None:
        """One unit in its place: merged, removed, or a conflict."""
        merged = _merged(base.text, mine, theirs)
        if merged is None:
            self._disagree(base.text, mine, theirs, gap)
        elif merged:
            self.parts.append(Part(_origin(base.text, mine, theirs), merged, gap))

    def _disagree(self, base: str, mine: str, theirs: str, gap: int | None = None) -> None:
        self.conflicts.append(Conflict(base, mine, theirs, len(self.parts)))
        self.parts.append(Part(Origin.CONFLICT, "", gap))


def _agree(mine: list[_Arrival], theirs: list[_Arrival]) -> bool:
    """Whether both sides put the same in a slot, and nobody has anything else to say of it."""
    texts = [one.merged for one in mine]
    return None not in texts and texts == [one.merged for one in theirs]


def _said(side: list[_Arrival], other: list[_Arrival]) -> str:
    """All that a side has to say of a slot: what it put there, and of what the other moved there."""
    changed = [one for one in other if one.other and one.other != one.base]
    return units.join([one.unit for one in side] + [Unit(one.other, None) for one in changed])


def _words(side: list[Unit]) -> list[list[str]]:
    return [tokenise(unit.text).keys or [unit.text] for unit in side]


def _origin(base: str, mine: str, theirs: str) -> Origin:
    if mine == base:
        return Origin.BASE if theirs == base else Origin.THEIRS
    return Origin.MINE if theirs == base else Origin.BOTH


def _gap(base: Unit, mine: Unit | None, theirs: Unit | None) -> int | None:
    """The line ends after a unit: who changed them decides, the larger gap if both did."""
    gaps = [side.gap for side in (mine, theirs) if side is not None and side.gap is not None]
    changed = [gap for gap in gaps if gap != base.gap]
    return max(changed or gaps, default=None)


def _uncovered(base: str, mine: str, theirs: str) -> bool:
    """Whether one side shows more people what the other still wrote for fewer eyes."""
    covers = units.covers(base)
    return bool(covers) and not covers == units.covers(mine) == units.covers(theirs)


def _merged(base: str, mine: str, theirs: str) -> str | None:
    """One unit merged word by word, or None if the sides disagree; "" is a unit removed."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if not (base and mine and theirs) or _uncovered(base, mine, theirs):
        return None
    edits = sorted({*diff.replacements(base, mine), *diff.replacements(base, theirs)})
    pieces = []
    at = 0
    for number, (start, end, text) in enumerate(edits):
        if number and start <= edits[number - 1][1]:
            return None
        pieces += [base[at:start], text]
        at = end
    return "".join(pieces) + base[at:]
