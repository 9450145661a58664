"""How it works, read off the tables: what may happen in which stage, who may do it, and how it comes to a signature."""

from dataclasses import dataclass

from ..rules.lifecycle import LIFECYCLE, leads_to
from ..rules.policy import GRANTS
from ..rules.signing import SIGNING
from ..rules.vocabulary import Act, Role, SignatoryStatus, Stage


@dataclass(frozen=True, slots=True)
class StageHelp:
    """A stage with the acts that it leaves room for; an act that moves a section says to which stage."""

    stage: Stage
    acts: list[tuple[Act, Stage | None]]


@dataclass(frozen=True, slots=True)
class HelpPage:
    stages: list[StageHelp]
    roles: list[Role]
    grants: list[tuple[Act, dict[Role, bool]]]
    signing: list[tuple[SignatoryStatus, list[SignatoryStatus]]]


def page() -> HelpPage:
    return HelpPage(
        stages=[
            StageHelp(stage, [(act, _moves_to(stage, act)) for act in acts])
            for stage, acts in LIFECYCLE.items()
        ],
        roles=list(Role),
        grants=[(act, {role: role in roles for role in Role}) for act, roles in GRANTS.items()],
        signing=[(status, list(targets)) for status, targets in SIGNING.items()],
    )


def _moves_to(stage: Stage, act: Act) -> Stage | None:
    target = leads_to(stage, act)
    return None if target is stage else target
