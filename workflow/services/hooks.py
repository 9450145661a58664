"""Web hooks: the only place that makes and changes them, and that knows their secrets."""

import base64
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select

from .. import clock, webhooks
from ..db import db
from ..models import Contract, Delivery, Event, Hook, Person
from ..rules import policy
from ..rules.hooks import BOTH_SECRETS_FOR, OFFERED
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind
from . import outbox
from .locking import locked


def make(contract: Contract, *, by: Person, address: str, kinds: Collection[EventKind]) -> Hook:
    """Tell another system what happens from now on. Raises `Invalid` for an address that cannot be used."""
    policy.require(by, Act.CONNECT, Place(contract.id))
    hook = Hook(
        contract=locked(contract),
        address=_free_address(contract, address),
        kinds=_offered(kinds),
        salt=secrets.token_urlsafe(),
        seen_id=_newest(),
        made_by=by,
        created_at=clock.now(),
    )
    db.session.add(hook)
    _record(EventKind.HOOK_MADE, hook, by)
    return hook


def change(
    hook: Hook, *, by: Person, address: str, kinds: Collection[EventKind], active: bool
) -> Hook:
    """Another address, other kinds, on or off. Switched on again, it hears what happens from then on.

    Of a hook that is switched off only what is changed has to be fit: what it was made with may be allowed no longer.
    """
    hook = _in_use(hook, by)
    wanted = {"address": address, "kinds": list(kinds), "active": active}
    if active or address != hook.address:
        wanted["address"] = _free_address(hook.contract, address, besides=hook)
    if active or wanted["kinds"] != hook.kinds:
        wanted["kinds"] = _offered(kinds)
    if all(getattr(hook, name) == value for name, value in wanted.items()):
        return hook
    if active and not hook.active:
        hook.seen_id = _newest()
    if active:
        hook.failures, hook.rests_until, hook.given_up_at = 0, None, None
    for name, value in wanted.items():
        setattr(hook, name, value)
    _record(EventKind.HOOK_CHANGED, hook, by)
    return hook


def renew_secret(hook: Hook, *, by: Person) -> Hook:
    """Another secret; for a day the earlier one signs too, so that the other system can change over."""
    hook = _in_use(hook, by)
    hook.earlier_salt, hook.earlier_until = hook.salt, clock.now() + BOTH_SECRETS_FOR
    hook.salt = secrets.token_urlsafe()
    _record(EventKind.HOOK_CHANGED, hook, by)
    return hook


def send_again(delivery: Delivery, *, by: Person) -> Delivery:
    """Tell it once more, under the same id, whatever became of it. Raises `Invalid` while the hook is off."""
    hook = _in_use(delivery.hook, by)
    delivery = locked(delivery)
    if not hook.active:
        raise Invalid("hook", "This web hook is switched off. Switch it on first.")
    hook.rests_until = None
    delivery.delivered_at = delivery.closed_at = None
    delivery.attempts, delivery.next_try_at = 0, clock.now()
    return delivery


def remove(hook: Hook, *, by: Person) -> Hook:
    """Take one away that is switched off, with all that it was told and its secret; only the record names it still.

    Raises `Invalid` while it is on. Whoever removes it a second time changes nothing.
    """
    hook = _held(hook, by)
    if hook.removed_at is not None:
        return hook
    if hook.active:
        raise Invalid("hook", "This web hook is on. Switch it off first.")
    db.session.execute(delete(Delivery).where(Delivery.hook_id == hook.id))
    hook.removed_at, hook.given_up_at = clock.now(), None
    hook.salt, hook.earlier_salt, hook.earlier_until = "", None, None
    _record(EventKind.HOOK_REMOVED, hook, by)
    return hook


def _held(hook: Hook, by: Person) -> Hook:
    """The hook as it is now, for who may change it."""
    policy.require(by, Act.CONNECT, Place(hook.contract_id))
    locked(hook.contract)
    return locked(hook)


def _in_use(hook: Hook, by: Person) -> Hook:
    """The same; `Invalid` where somebody has removed it."""
    hook = _held(hook, by)
    if hook.removed_at is not None:
        raise Invalid("hook", "This web hook was removed meanwhile.")
    return hook


def give_up(hook: Hook, now: datetime) -> None:
    """Switch a hook off that has failed too often, and let the coordinators know."""
    hook.active, hook.given_up_at = False, now
    _record(EventKind.HOOK_GIVEN_UP, hook, None)


def secret(hook: Hook) -> str:
    """What the other system checks signatures with."""
    return _secret(hook.salt)


def secrets_of(salt: str, earlier: str | None, until: datetime | None) -> tuple[str, ...]:
    """The secrets that sign now, the newest first."""
    salts = (salt, earlier) if earlier and until and clock.now() < until else (salt,)
    return tuple(_secret(one) for one in salts)


def _secret(salt: str) -> str:
    """Made anew from the site's key each time, so that whoever reads the database cannot sign."""
    key = current_app.config["SECRET_KEY"].encode()
    made = hmac.digest(key, f"concord.hook.{salt}".encode(), "sha256")
    return f"whsec_{base64.b64encode(made).decode()}"


def _free_address(contract: Contract, address: str, besides: Hook | None = None) -> str:
    """The address as it is kept, unless another hook of the contract has it."""
    try:
        loopback = current_app.config["HOOKS_TO_LOOPBACK"]
        checked = str(webhooks.checked(address.strip(), loopback=loopback))
    except webhooks.Unfit as fault:
        raise Invalid("address", str(fault)) from fault
    taken = select(Hook.id).where(
        Hook.contract_id == contract.id, Hook.address == checked, Hook.removed_at.is_(None)
    )
    if besides is not None:
        taken = taken.where(Hook.id != besides.id)
    if db.session.scalar(taken):
        raise Invalid("address", "There is a web hook to this address already.")
    return checked


def _offered(kinds: Collection[EventKind]) -> list[str]:
    chosen = [kind.value for kind in OFFERED if kind in kinds]
    if not chosen:
        raise Invalid("kinds", "Please choose at least one.")
    return chosen


def _newest() -> int:
    return db.session.scalar(select(func.max(Event.id))) or 0


def _record(kind: EventKind, hook: Hook, by: Person | None) -> None:
    db.session.flush()
    outbox.record(kind, actor=by, contract_id=hook.contract_id, hook=hook)
