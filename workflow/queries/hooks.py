"""What the pages of web hooks answer: which other systems hear of what, and what became of each message?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Contract, Delivery, Event, Hook, Person, Section
from ..rules.hooks import host_of, message_id
from ..rules.vocabulary import EventKind
from .navigation import ContractRef, contract_ref
from .views import Pages

PER_PAGE = 50


class HookState(StrEnum):
    ON = "on"
    FAILING = "failing"
    OFF = "off"
    GIVEN_UP = "given_up"


class DeliveryState(StrEnum):
    DELIVERED = "delivered"
    WAITING = "waiting"
    RETRYING = "retrying"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class HookLine:
    """`told_at` is when it took a message last; `waiting` counts those that it has not taken yet."""

    id: int
    address: str
    host: str
    kinds: list[EventKind]
    state: HookState
    made_by: str
    made_at: datetime
    told_at: datetime | None
    waiting: int

    @property
    def off(self) -> bool:
        """Whether it is switched off: by somebody, or because it was given up."""
        return self.state in (HookState.OFF, HookState.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class HooksPage:
    contract: ContractRef
    hooks: list[HookLine]


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    id: int
    kind: EventKind
    section: str | None
    at: datetime
    message_id: str
    state: DeliveryState
    attempts: int
    tried_at: datetime | None
    next_try_at: datetime
    status_code: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class HookPage:
    """`earlier_until` is until when the earlier secret signs too."""

    contract: ContractRef
    hook: HookLine
    failures: int
    rests_until: datetime | None
    earlier_until: datetime | None
    log: list[DeliveryLine]
    pages: Pages


def index(contract: Contract, person: Person) -> HooksPage:
    """All web hooks of the contract, in the order in which they were made."""
    return HooksPage(
        contract=contract_ref(contract, person.language),
        hooks=_lines(and_(Hook.contract_id == contract.id, Hook.removed_at.is_(None))),
    )


def show(hook: Hook, person: Person, page: int) -> HookPage:
    """One of them, and what became of its messages, the newest first."""
    where = {"slug": hook.contract.slug, "hook_id": hook.id}
    total = db.session.scalar(select(func.count()).where(Delivery.hook_id == hook.id))
    rows = db.session.execute(
        select(Delivery, Event.kind, Event.at, Section.code)
        .join(Event, Event.id == Delivery.event_id)
        .outerjoin(Section, Section.id == Event.section_id)
        .where(Delivery.hook_id == hook.id)
        .order_by(Delivery.event_id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return HookPage(
        contract=contract_ref(hook.contract, person.language),
        hook=line(hook),
        failures=hook.failures,
        rests_until=hook.rests_until,
        earlier_until=hook.earlier_until,
        log=[_delivery(*row) for row in rows],
        pages=Pages(page, PER_PAGE, total, "hooks.show", where),
    )


def find(contract: Contract, hook_id: int) -> Hook | None:
    """The web hook of the contract, unless it was removed."""
    hook = db.session.get(Hook, hook_id)
    here = hook is not None and hook.contract_id == contract.id and hook.removed_at is None
    return hook if here else None


def line(hook: Hook) -> HookLine:
    """This one, as the list has it."""
    [found] = _lines(Hook.id == hook.id)
    return found


def _lines(condition) -> list[HookLine]:
    of_hook = Delivery.hook_id == Hook.id
    told_at = select(func.max(Delivery.delivered_at)).where(of_hook).scalar_subquery()
    waits = of_hook, Delivery.delivered_at.is_(None), Delivery.closed_at.is_(None)
    waiting = select(func.count()).select_from(Delivery).where(*waits).scalar_subquery()
    rows = db.session.execute(
        select(Hook, told_at, waiting)
        .where(condition)
        .order_by(Hook.id)
        .options(joinedload(Hook.made_by).lazyload(Person.memberships))
    )
    return [
        HookLine(
            id=hook.id,
            address=hook.address,
            host=host_of(hook.address),
            kinds=[EventKind(kind) for kind in hook.kinds],
            state=_state(hook),
            made_by=hook.made_by.name,
            made_at=hook.created_at,
            told_at=told,
            waiting=count,
        )
        for hook, told, count in rows
    ]


def _state(hook: Hook) -> HookState:
    if hook.active:
        return HookState.FAILING if hook.failures else HookState.ON
    return HookState.GIVEN_UP if hook.given_up_at else HookState.OFF


def _delivery(delivery: Delivery, kind: EventKind, at: datetime, code: str | None) -> DeliveryLine:
    return DeliveryLine(
        id=delivery.id,
        kind=kind,
        section=code,
        at=at,
        message_id=message_id(delivery.hook_id, delivery.event_id),
        state=_became(delivery),
        attempts=delivery.attempts,
        tried_at=delivery.tried_at,
        next_try_at=delivery.next_try_at,
        status_code=delivery.status_code,
        error=delivery.last_error,
    )


def _became(delivery: Delivery) -> DeliveryState:
    if delivery.delivered_at:
        return DeliveryState.DELIVERED
    if delivery.closed_at:
        return DeliveryState.FAILED if delivery.last_error else DeliveryState.WITHHELD
    return DeliveryState.RETRYING if delivery.last_error else DeliveryState.WAITING
