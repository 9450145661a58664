"""When: the life cycle of a section is this one table, and nothing else decides what a stage allows.

Rows say in which stage, keys what may be done there, values where it leads (`STAY` leaves the stage as it is).
Buttons, refusals and the help page are derived from it. The text is frozen in CONSULTATION and REVIEW, so that
what was on display when is always provable; CORRECT is the one act that changes a displayed text, and keeps both.
"""

from datetime import timedelta

from .vocabulary import Act, EventKind, Stage

STAY = None

LIFECYCLE: dict[Stage, dict[Act, Stage | None]] = {
    Stage.DRAFT: {
        Act.EDIT: STAY,
        Act.ANSWER: STAY,
        Act.CONSULT: Stage.CONSULTATION,
        Act.SUBMIT: Stage.REVIEW,
    },
    Stage.CONSULTATION: {
        Act.COMMENT: STAY,
        Act.RECORD: STAY,
        Act.ANSWER: STAY,
        Act.CORRECT: STAY,
        Act.EXTEND: STAY,
        Act.CLOSE: Stage.REVISION,
    },
    Stage.REVISION: {
        Act.EDIT: STAY,
        Act.COMMENT: STAY,
        Act.RECORD: STAY,
        Act.ANSWER: STAY,
        Act.CONSULT: Stage.CONSULTATION,
        Act.SUBMIT: Stage.REVIEW,
    },
    Stage.REVIEW: {
        Act.COMMENT: STAY,
        Act.RECORD: STAY,
        Act.ANSWER: STAY,
        Act.TAKE_POSITION: STAY,
        Act.REQUEST_CHANGES: Stage.REVISION,
        Act.APPROVE: Stage.APPROVED,
    },
    Stage.APPROVED: {Act.REOPEN: Stage.REVISION},
}

STAGED: frozenset[Act] = frozenset(act for row in LIFECYCLE.values() for act in row)
"""Acts that depend on the stage; every other act is free of it."""

STOPPED: frozenset[Act] = STAGED | {Act.UNDO}
"""Acts that a frozen contract leaves no room for, in whichever stage the section is."""

MOVES: tuple[Act, ...] = (
    Act.CONSULT,
    Act.CLOSE,
    Act.SUBMIT,
    Act.REQUEST_CHANGES,
    Act.APPROVE,
    Act.REOPEN,
)
"""Acts that change the stage and so append a decision to the ledger."""

NEEDS_REASON: frozenset[Act] = frozenset({Act.REQUEST_CHANGES, Act.REOPEN})
"""Steps back carry a reason, which travels in the letter."""

ANNOUNCES: dict[Act, EventKind] = {
    Act.CONSULT: EventKind.CONSULTATION_OPENED,
    Act.CLOSE: EventKind.CONSULTATION_CLOSED,
    Act.SUBMIT: EventKind.REVIEW_REQUESTED,
    Act.REQUEST_CHANGES: EventKind.CHANGES_REQUESTED,
    Act.APPROVE: EventKind.SECTION_APPROVED,
    Act.REOPEN: EventKind.SECTION_REOPENED,
}
"""What everybody concerned is told of each move."""

UNDO_WITHIN = timedelta(minutes=5)
"""How long a wrong click can be taken back, if nothing followed from it."""


def allowed(stage: Stage, act: Act, *, frozen: bool = False) -> bool:
    """Whether the stage leaves room for the act; in a frozen contract no stage does."""
    if frozen and act in STOPPED:
        return False
    return act not in STAGED or act in LIFECYCLE[stage]


def leads_to(stage: Stage, act: Act) -> Stage:
    """The stage after the act. Raises KeyError where the stage does not allow it."""
    target = LIFECYCLE[stage][act]
    return stage if target is STAY else target


def stages_for(act: Act) -> list[Stage]:
    """The stages in which the act is possible, in the order of the life cycle."""
    return [stage for stage in Stage if allowed(stage, act)]


def replay(acts: list[Act]) -> Stage:
    """The stage that a ledger of moves leads to, from the first draft on; UNDO leads back over the line before it."""
    stages = [Stage.DRAFT]
    for act in acts:
        stages.append(stages[-2] if act is Act.UNDO else leads_to(stages[-1], act))
    return stages[-1]
