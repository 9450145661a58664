"""Who: which role may do what, scoped to contract, sector or section, in one table.

`require(actor, act, place)` is the first line of every verb. It raises `Denied` (not this person), `NotNow` (not in
this stage), `Frozen` (not while the contract stands still) or returns. The other refusals belong to the verbs that
find them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from .lifecycle import LIFECYCLE, STOPPED, allowed, stages_for
from .refusals import Denied, Frozen, NotNow
from .vocabulary import Act, Mandate, Role, Stage, Visibility

EVERYONE = frozenset(Role)
VOICES = frozenset(Role) - {Role.OBSERVER}
PENS = frozenset({Role.ADMIN, Role.COORDINATOR, Role.EDITOR})
JUDGES = frozenset({Role.COORDINATOR, Role.APPROVER})
REVIEWERS = JUDGES | {Role.REVIEWER}
STEERING = frozenset({Role.ADMIN, Role.COORDINATOR})
CITY = frozenset({Role.ADMIN, Role.COORDINATOR, Role.EDITOR, Role.APPROVER})

GRANTS: dict[Act, frozenset[Role]] = {
    Act.READ: EVERYONE,
    Act.READ_INTERNAL: CITY,
    Act.COMMENT: VOICES,
    Act.RECORD: PENS,
    Act.ANSWER: PENS,
    Act.EDIT: PENS,
    Act.CONSULT: STEERING,
    Act.CLOSE: STEERING,
    Act.SUBMIT: PENS,
    Act.REQUEST_CHANGES: REVIEWERS,
    Act.TAKE_POSITION: REVIEWERS,
    Act.APPROVE: JUDGES,
    Act.REOPEN: STEERING | {Role.APPROVER},
    Act.UNDO: PENS | REVIEWERS,
    Act.CORRECT: STEERING,
    Act.EXTEND: STEERING,
    Act.ASSIGN: STEERING,
    Act.INVITE: STEERING,
    Act.CONNECT: STEERING,
    Act.MODERATE: STEERING,
    Act.FREEZE: STEERING,
    Act.SIGN_OFF: STEERING,
    Act.ANSWER_REVIEWERS: PENS,
    Act.AUDIT: STEERING | {Role.OBSERVER},
    Act.COMPILE: VOICES,
    Act.OPERATE: frozenset({Role.ADMIN}),
}

SPEAKERS: frozenset[Mandate] = frozenset({Mandate.DELEGATE, Mandate.SUBSTITUTE})
"""Mandates with which a member submits what his organisation says."""

CONTRACT_WIDE: frozenset[Act] = frozenset({Act.READ, Act.COMPILE, Act.AUDIT})
"""Acts that any membership in the contract grants for the whole of it: a city writes in the open."""


class Membership(Protocol):
    role: Role
    contract_id: int
    sector_id: int | None
    section_id: int | None
    organisation_id: int | None
    mandate: Mandate


class Actor(Protocol):
    id: int
    memberships: Collection[Membership]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act happens: a contract, or one section of it with its sectors and its stage.

    Without a stage the question is about the person alone, whenever it may be.
    """

    contract_id: int
    section_id: int | None = None
    sector_ids: frozenset[int] = frozenset()
    stage: Stage | None = None
    frozen: bool = False


def covers(membership: Membership, place: Place, act: Act) -> bool:
    """Whether a membership reaches the place: the whole contract, one sector of it, or one section."""
    if membership.contract_id != place.contract_id:
        return False
    if act in CONTRACT_WIDE:
        return True
    if membership.section_id is not None:
        return membership.section_id == place.section_id
    return membership.sector_id is None or membership.sector_id in place.sector_ids


def roles_at(actor: Actor, place: Place, act: Act = Act.READ_INTERNAL) -> set[Role]:
    """The roles that the actor's memberships give him at the place."""
    return {Role(m.role) for m in actor.memberships if covers(m, place, act)}


def grants(actor: Actor, act: Act, place: Place) -> bool:
    """Whether the actor may do it at all, whatever the stage."""
    return not GRANTS[act].isdisjoint(roles_at(actor, place, act))


def may(actor: Actor, act: Act, place: Place) -> bool:
    """Whether the actor may do it here and now."""
    return grants(actor, act, place) and possible(act, place)


def possible(act: Act, place: Place) -> bool:
    """Whether the place leaves room for the act now, whoever asks."""
    return place.stage is None or allowed(place.stage, act, frozen=place.frozen)


def require(actor: Actor, act: Act, place: Place) -> None:
    """Raise `Denied`, `Frozen` or `NotNow` unless the actor may do it here and now."""
    if not grants(actor, act, place):
        raise Denied(act, GRANTS[act])
    if possible(act, place):
        return
    if place.frozen and act in STOPPED:
        raise Frozen(act, place.stage)
    raise NotNow(act, place.stage, stages_for(act))


def grants_somewhere(actor: Actor, act: Act) -> bool:
    """Whether the actor may do it in the whole of some contract: what belongs to the service belongs to no contract."""
    return any(
        m.role in GRANTS[act] and m.sector_id is None and m.section_id is None
        for m in actor.memberships
    )


def require_somewhere(actor: Actor, act: Act) -> None:
    """Raise `Denied` unless the actor may do it in the whole of some contract."""
    if not grants_somewhere(actor, act):
        raise Denied(act, GRANTS[act])


def acts_at(actor: Actor, place: Place) -> set[Act]:
    """Everything the actor may do at the place now: what the buttons of a page are made of."""
    return {act for act in Act if may(actor, act, place)}


def visible_to(actor: Actor, place: Place) -> frozenset[Visibility]:
    """Which remarks the actor may read at the place, besides his own and those among members of his organisation."""
    if grants(actor, Act.READ_INTERNAL, place):
        return frozenset(Visibility) - {Visibility.ORGANISATION}
    if grants(actor, Act.READ, place):
        return frozenset({Visibility.PUBLIC, Visibility.PARTICIPANTS})
    return frozenset({Visibility.PUBLIC})


def organisations_of(actor: Actor, contract_id: int) -> frozenset[int]:
    """The organisations that the actor belongs to in the contract."""
    return frozenset(
        m.organisation_id
        for m in actor.memberships
        if m.contract_id == contract_id and m.organisation_id is not None
    )


def speaks_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor submits what the organisation says: its delegate, or a substitute."""
    return any(
        m.organisation_id == organisation_id and m.mandate in SPEAKERS for m in actor.memberships
    )


def may_read(
    actor: Actor,
    place: Place,
    *,
    author_id: int,
    visibility: Visibility,
    organisation_id: int | None,
) -> bool:
    """Whether the actor may read a remark: his own, one among members of his organisation, or one meant for him."""
    if author_id == actor.id:
        return True
    if visibility is Visibility.ORGANISATION:
        return organisation_id in organisations_of(actor, place.contract_id)
    return visibility in visible_to(actor, place)


def moves_from(stage: Stage) -> dict[Act, Stage]:
    """The acts that lead out of a stage, with where they lead."""
    return {act: target for act, target in LIFECYCLE[stage].items() if target is not None}
