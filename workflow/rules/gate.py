"""What has to be true before a section moves on. The transition itself asks; pages and letters show the same list."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .refusals import Blocker
from .vocabulary import Act


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gate looks at: thread numbers, labels of elements, found leftovers, and who wrote the text."""

    has_text: bool
    open_objections: tuple[int, ...] = ()
    unanswered: tuple[int, ...] = ()
    open_elements: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    authors: frozenset[int] = field(default_factory=frozenset)
    by: int | None = None


def _text(facts: Facts) -> Blocker | None:
    return None if facts.has_text else Blocker("text")


def _objections(facts: Facts) -> Blocker | None:
    found = facts.open_objections
    return Blocker("objections", len(found), found) if found else None


def _answers(facts: Facts) -> Blocker | None:
    found = facts.unanswered
    return Blocker("answers", len(found), found) if found else None


def _elements(facts: Facts) -> Blocker | None:
    found = facts.open_elements
    return Blocker("elements", len(found), details=found) if found else None


def _leftovers(facts: Facts) -> Blocker | None:
    found = facts.leftovers
    return Blocker("leftovers", len(found), details=found) if found else None


def _four_eyes(facts: Facts) -> Blocker | None:
    return Blocker("four_eyes") if facts.by in facts.authors else None


CONDITIONS: dict[str, Callable[[Facts], Blocker | None]] = {
    "text": _text,
    "objections": _objections,
    "answers": _answers,
    "elements": _elements,
    "leftovers": _leftovers,
    "four_eyes": _four_eyes,
}

GATES: dict[Act, tuple[str, ...]] = {
    Act.CONSULT: ("text",),
    Act.SUBMIT: ("text",),
    Act.APPROVE: tuple(CONDITIONS),
}
"""Which conditions guard which step; a step that is not listed has none."""


def blockers(act: Act, facts: Facts) -> list[Blocker]:
    """The conditions that the facts do not meet, in the order of the table."""
    found = (CONDITIONS[key](facts) for key in GATES.get(act, ()))
    return [blocker for blocker in found if blocker]
