"""Every way in which the house says no. A refusal names what was asked for; its type says why not.

The edges translate: `Denied` 403, `NotNow`, `Frozen`, `OutOfTurn`, `Outdated`, `Blocked`, `Bound` 409, `Invalid` 422.
"""

from dataclasses import dataclass

from .vocabulary import Act, Role, SignatoryStatus, Stage


class Refusal(Exception):
    """An act that is not possible."""


class Denied(Refusal):
    """Not this person; `roles` are those who may."""

    def __init__(self, act: Act, roles: frozenset[Role]):
        super().__init__(f"{act} is not granted")
        self.act = act
        self.roles = roles


class NotNow(Refusal):
    """The stage leaves no room for it; `stages` are those that do."""

    def __init__(self, act: Act, stage: Stage, stages: list[Stage]):
        super().__init__(f"{act} is not possible in {stage}")
        self.act = act
        self.stage = stage
        self.stages = stages


class Frozen(NotNow):
    """The contract as a whole stands still, so no stage leaves room for it."""

    def __init__(self, act: Act, stage: Stage):
        super().__init__(act, stage, [])


class OutOfTurn(Refusal):
    """Where the signatory stands, it cannot take this step; `possible` are those that it can."""

    def __init__(
        self, status: SignatoryStatus, target: SignatoryStatus, possible: list[SignatoryStatus]
    ):
        super().__init__(f"{status} does not lead to {target}")
        self.status = status
        self.target = target
        self.possible = possible


class Outdated(Refusal):
    """The screen is older than the rows: somebody saved in the meantime."""

    def __init__(self, act: Act):
        super().__init__(f"{act} was asked for on an older state")
        self.act = act


@dataclass(frozen=True, slots=True)
class Blocker:
    """One condition of the gate that is not met: `key` names it, `count` says how often, `details` quotes what."""

    key: str
    count: int = 1
    details: tuple[str, ...] = ()


class Blocked(Refusal):
    """The gate is closed; `blockers` lists everything that has to happen first."""

    def __init__(self, act: Act, blockers: list[Blocker]):
        super().__init__(f"{act} is blocked by {', '.join(b.key for b in blockers)}")
        self.act = act
        self.blockers = blockers


class Bound(Refusal):
    """Others rely on what is sealed: it was signed or submitted, and is not opened again."""

    def __init__(self, act: Act):
        super().__init__(f"{act} cannot be taken back")
        self.act = act


class Unready(Refusal):
    """Some of several sections do not allow the act, so that none was touched; `hindered` are (section id, why).

    Why is the name of a stage, or the key of a condition of the gate.
    """

    def __init__(self, act: Act, hindered: list[tuple[int, str]]):
        super().__init__(f"{act} is not possible in {len(hindered)} sections")
        self.act = act
        self.hindered = hindered


class Clashing(Refusal):
    """Suggestions that are for a person to decide; nothing was changed.

    `clashes` are pairs of remarks that want the same words; `hindered` are remarks that do not fit, each with why.
    """

    def __init__(self, clashes: list[tuple[int, int]], hindered: list[tuple[int, str]]):
        super().__init__("suggestions clash with each other or with the text")
        self.clashes = clashes
        self.hindered = hindered


class Invalid(Refusal):
    """A value that cannot be taken. `message` is an English sentence that the edge translates."""

    def __init__(self, name: str, message: str):
        super().__init__(message)
        self.name = name
        self.message = message
