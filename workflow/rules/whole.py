"""What has to be true of each section before the contract as a whole is frozen, and which sections it needs at all."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from .refusals import Blocker
from .vocabulary import Stage

ASKED: frozenset[Stage] = frozenset({Stage.CONSULTATION, Stage.REVIEW})
"""Stages in which somebody is asked about the text; nothing is frozen while an answer may come."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A section as the freeze looks at it. `approved` is the hash of the text that its last step approved."""

    id: int
    code: str
    stage: Stage
    sha256: str | None = None
    approved: str | None = None
    has_text: bool = False
    wanted: int = 0
    set_aside: bool = False
    objections: int = 0
    unanswered: int = 0
    unresolved: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether it belongs to the contract: a text, or a required element that waits for one.

        Not one of which every element was answered with "not applicable".
        """
        return not self.set_aside and (self.has_text or self.wanted > 0)


CONDITIONS: dict[str, Callable[[Standing], int]] = {
    "asked": lambda one: one.stage in ASKED,
    "approved": lambda one: (
        one.needed and one.stage not in ASKED and one.stage is not Stage.APPROVED
    ),
    "stale": lambda one: one.needed and one.stage is Stage.APPROVED and one.approved != one.sha256,
    "objections": lambda one: one.objections if one.needed else 0,
    "answers": lambda one: one.unanswered if one.needed else 0,
    "references": lambda one: len(one.unresolved) if one.needed else 0,
}
"""How often each condition is broken in a section; nought is as it should be."""

EMPTY = "contents"
"""The condition that there is anything to freeze."""


def blockers(sections: Collection[Standing]) -> list[Blocker]:
    """The conditions that are not met, in the order of the table, each with the codes of the sections concerned."""
    found = []
    for key, broken in CONDITIONS.items():
        counts = {one: int(broken(one)) for one in sections}
        codes = tuple(one.code for one, count in counts.items() if count)
        if codes:
            found.append(Blocker(key, sum(counts.values()), codes))
    if not any(one.needed for one in sections):
        found.append(Blocker(EMPTY))
    return found
