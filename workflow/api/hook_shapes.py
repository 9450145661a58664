"""The bodies of requests and answers about web hooks."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from ..queries.hooks import DeliveryState, HookState
from ..rules.vocabulary import EventKind
from ..webhooks import LONGEST_ADDRESS
from .shapes import Asked, Told


class NewHook(Asked):
    """`kinds` are the types of messages that it wants, as docs/webhooks.md lists them."""

    address: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS, pattern="^[^\x00]*$")]
    kinds: list[EventKind] = Field(min_length=1, max_length=len(EventKind))


class Hook(Told):
    """`told_at` is when it took a message last; `waiting` counts those that it has not taken yet."""

    id: int
    address: str
    kinds: list[EventKind]
    state: HookState
    made_by: str
    made_at: datetime
    told_at: datetime | None
    waiting: int


class MadeHook(Hook):
    """With the secret by which the other system knows our messages; it is told this once."""

    secret: str


class Hooks(Told):
    hooks: list[Hook]


class LogAsked(Asked):
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class Delivery(Told):
    """What became of one message; `message_id` is its `webhook-id`, `error` what was answered or went wrong."""

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


class Deliveries(Told):
    deliveries: list[Delivery]
    total: int
    page: int
    pages: int
