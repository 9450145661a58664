"""What has to be true before a section moves on. The transition itself asks; pages and letters show the same list."""

from collections.abc import Callable
from dataclasses import dataclass

from .refusals import Blocker
from .vocabulary import Act, Disposition, RemarkKind

PROMISES: frozenset[Disposition] = frozenset({Disposition.ACCEPTED, Disposition.ACCEPTED_IN_PART})
"""Answers that promise another text; they are kept when they name the revision that carries them out."""


def promises(kind: RemarkKind, disposition: Disposition | None) -> bool:
    """Whether the answer promises another text; support that is accepted asks for none."""
    return disposition in PROMISES and kind is not RemarkKind.SUPPORT


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gate looks at: how many remarks and elements are open, what was found in the text, and whose it is."""

    has_text: bool
    open_objections: int = 0
    unanswered: int = 0
    not_carried_out: int = 0
    open_elements: int = 0
    leftovers: tuple[str, ...] = ()
    undescribed: int = 0
    unresolved: tuple[str, ...] = ()
    unknown_charts: tuple[str, ...] = ()
    objecting: int = 0
    lacking_steps: int = 0
    own_text: bool = False


CONDITIONS: dict[str, Callable[[Facts], int]] = {
    "text": lambda facts: not facts.has_text,
    "objections": lambda facts: facts.open_objections,
    "answers": lambda facts: facts.unanswered,
    "carried_out": lambda facts: facts.not_carried_out,
    "elements": lambda facts: facts.open_elements,
    "leftovers": lambda facts: len(facts.leftovers),
    "pictures": lambda facts: facts.undescribed,
    "references": lambda facts: len(facts.unresolved),
    "charts": lambda facts: len(facts.unknown_charts),
    "objecting": lambda facts: facts.objecting,
    "positions": lambda facts: facts.lacking_steps,
    "four_eyes": lambda facts: facts.own_text,
}
"""How often each condition is broken; nought is as it should be."""

QUOTED: dict[str, Callable[[Facts], tuple[str, ...]]] = {
    "leftovers": lambda facts: facts.leftovers,
    "references": lambda facts: facts.unresolved,
    "charts": lambda facts: facts.unknown_charts,
}
"""What of the text is shown as it stands there, so that it is found."""

OF_THE_TEXT = (
    "text",
    "objections",
    "answers",
    "carried_out",
    "elements",
    "leftovers",
    "pictures",
    "references",
    "charts",
)
"""What has to be in order before anybody approves; the other conditions are about the positions themselves."""

GATES: dict[Act, tuple[str, ...]] = {
    Act.CONSULT: ("text",),
    Act.SUBMIT: ("text",),
    Act.TAKE_POSITION: OF_THE_TEXT,
    Act.APPROVE: tuple(CONDITIONS),
}
"""Which conditions guard which step; a step that is not listed has none."""


def blockers(act: Act, facts: Facts) -> list[Blocker]:
    """The conditions that the facts do not meet, in the order of the table."""
    return [
        Blocker(key, count, QUOTED.get(key, lambda _facts: ())(facts))
        for key in GATES.get(act, ())
        if (count := int(CONDITIONS[key](facts)))
    ]
