"""When a text is approved: steps in sequence or side by side, each with its quorum and the positions of those asked.

Positions are those of an IETF ballot: to approve, to have no objection, to object, to abstain, to recuse oneself, or
none yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .vocabulary import Stance

AGREEING = frozenset({Stance.APPROVE, Stance.NO_OBJECTION})
"""Positions that count towards a quorum; at least one of them has to be an approval."""

Stances = Mapping[int, Stance]
"""The last position of each person, by the person's id."""


class Standing(StrEnum):
    """Where a step stands: it waits for earlier ones, is asked now, or is passed."""

    WAITING = "waiting"
    OPEN = "open"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Step:
    """`asked` are ids of people; steps of the same `order` run side by side."""

    order: int
    asked: frozenset[int]
    quorum: int = 1
    title: str = ""
    id: int | None = None


def passed(step: Step, stances: Stances) -> bool:
    """Whether enough of those asked agree, at least one of them approves, and none objects."""
    taken = [stances[person] for person in step.asked if person in stances]
    agreeing = [stance for stance in taken if stance in AGREEING]
    return Stance.OBJECT not in taken and Stance.APPROVE in taken and len(agreeing) >= step.quorum


def standings(steps: Sequence[Step], stances: Stances) -> list[Standing]:
    """Where each step stands, in the order of `steps`."""
    held = min((step.order for step in steps if not passed(step, stances)), default=None)
    return [
        Standing.PASSED
        if passed(step, stances) and (held is None or step.order <= held)
        else Standing.OPEN
        if held is not None and step.order == held
        else Standing.WAITING
        for step in steps
    ]


def lacking(steps: Sequence[Step], stances: Stances) -> int:
    """How many steps are not passed yet."""
    return sum(standing is not Standing.PASSED for standing in standings(steps, stances))


def may_speak(person: int, steps: Sequence[Step], stances: Stances) -> bool:
    """Whether the person is asked in a step whose turn has come; also whoever has spoken may think again."""
    return any(
        person in step.asked and standing is not Standing.WAITING
        for step, standing in zip(steps, standings(steps, stances), strict=True)
    )


def awaited(steps: Sequence[Step], stances: Stances) -> set[int]:
    """Whoever is asked in an open step and has taken no position yet."""
    silent = {Stance.NONE, None}
    return {
        person
        for step, standing in zip(steps, standings(steps, stances), strict=True)
        if standing is Standing.OPEN
        for person in step.asked
        if stances.get(person) in silent
    }


def objecting(steps: Sequence[Step], stances: Stances) -> set[int]:
    """Whoever is asked and objects."""
    return {
        person for step in steps for person in step.asked if stances.get(person) is Stance.OBJECT
    }


def approving(steps: Sequence[Step], stances: Stances) -> set[int]:
    """Whoever is asked and approves."""
    return {
        person for step in steps for person in step.asked if stances.get(person) is Stance.APPROVE
    }


def four_eyes(approvers: Collection[int], authors: Collection[int]) -> bool:
    """Whether somebody approves who did not write: an author is never the only approver."""
    return not approvers or bool(set(approvers) - set(authors))
