"""How other systems are told: a row for each hook and event, taken up under a lease, written, posted, and settled.

A killed worker's delivery comes back by itself, under the same id, by which the other system recognises it.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from flask import current_app, request
from sqlalchemy import (
    Insert,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from ..db import db
from ..models import (
    Comment,
    Contract,
    Delivery,
    Event,
    Hook,
    Manifest,
    Question,
    Revision,
    Round,
    Section,
    Thread,
)
from ..models.columns import in_language
from ..queries import happenings
from ..rules import cadence
from ..rules.chain import GRACE
from ..rules.hooks import FAILURES, GONE, TOLD, TRIES, message_id
from ..rules.vocabulary import EventKind, Moderation
from ..webhooks import Answer, Message
from . import hooks
from .letters import site
from .locking import locked
from .upserts import INSERTS

log = logging.getLogger(__name__)

TOGETHER = 20
"""Hooks that are told something at the same moment."""

FORGOTTEN_AT_ONCE = 10_000
"""Old deliveries that one run lets go of; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Written:
    """A delivery that was taken up, with its message; without one when an error says why not, or when what happened is
    not for everybody."""

    delivery_id: int
    message: Message | None = None
    error: str | None = None


def spread(now: datetime) -> int:
    """A row for each event that a hook wants and has none of, in the order of the events; returns how many were made.

    Looks again at what happened in the last minutes: a transaction may end late, and a row that is there stays.
    """
    behind = Hook.seen_id < select(func.max(Event.id)).scalar_subquery()
    hooks_behind = db.session.scalars(
        select(Hook)
        .where(Hook.active, behind)
        .order_by(Hook.id)
        .with_for_update(skip_locked=True, of=Hook)
    ).all()
    if not hooks_behind:
        return 0
    settled = db.session.scalar(select(func.max(Event.id)).where(Event.at < now - GRACE)) or 0
    made = 0
    for hook in hooks_behind:
        made += db.session.execute(_wanted(hook, now)).rowcount
        hook.seen_id = max(hook.seen_id, settled)
    return made


def _wanted(hook: Hook, now: datetime) -> Insert:
    moment = Delivery.next_try_at.type
    rows = select(
        literal(hook.id), Event.id, literal(now, moment), literal(now, moment), literal(0)
    ).where(
        Event.contract_id == hook.contract_id, Event.kind.in_(hook.kinds), Event.id > hook.seen_id
    )
    columns = ["hook_id", "event_id", "created_at", "next_try_at", "attempts"]
    insert = INSERTS[db.engine.dialect.name](Delivery.__table__)
    in_order = rows.where(true()).order_by(Event.id)
    told = insert.from_select(columns, in_order).on_conflict_do_nothing()
    return told.execution_options(preserve_rowcount=True)


def claim(now: datetime) -> list[int]:
    """The ids of deliveries whose time has come, the oldest of each hook, taken under a lease; none when none waits.

    The hook goes with it: nobody else tells it anything meanwhile. Which hooks come first is left to chance, so that
    one with much to hear keeps no other waiting.
    """
    due = *_waits(), Delivery.next_try_at <= now
    ready = db.session.scalars(
        select(Hook.id)
        .where(
            Hook.active,
            or_(Hook.rests_until.is_(None), Hook.rests_until <= now),
            exists().where(Delivery.hook_id == Hook.id, *due),
        )
        .order_by(func.random())
        .limit(TOGETHER)
        .with_for_update(skip_locked=True, of=Hook)
    ).all()
    if not ready:
        return []
    oldest = select(func.min(Delivery.id)).where(Delivery.hook_id.in_(ready), *due)
    ids = db.session.scalars(oldest.group_by(Delivery.hook_id)).all()
    until = now + timedelta(seconds=current_app.config["HOOK_LEASE_SECONDS"])
    taken = {"attempts": Delivery.attempts + 1, "next_try_at": until, "tried_at": now}
    db.session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(taken))
    db.session.execute(update(Hook).where(Hook.id.in_(ready)).values(rests_until=until))
    return list(ids)


def _waits() -> tuple:
    return Delivery.delivered_at.is_(None), Delivery.closed_at.is_(None)


def write(ids: list[int]) -> list[Written]:
    """The messages of these deliveries, from what is true now."""
    with site():
        written = [_written(row) for row in db.session.execute(_facts(ids))]
    db.session.rollback()  # nothing is held while other systems think
    return written


def settle(written: Written, answer: Answer | None, now: datetime) -> None:
    """Keep what became of it: told, closed for good, or waiting for its next turn, as its hook does."""
    delivery = db.session.get(Delivery, written.delivery_id)
    if delivery is None:
        return
    hook = locked(delivery.hook)
    if hook.removed_at is not None:  # and what it was told with it
        return
    delivery = locked(delivery)
    if delivery.delivered_at is not None:
        return
    if written.error:
        answer = Answer(error=written.error)
    if answer is None:
        delivery.closed_at, delivery.last_error = now, None
        hook.rests_until = None
        return
    delivery.status_code = answer.status
    if answer.taken:
        delivery.delivered_at, delivery.last_error = now, None
        hook.failures, hook.rests_until = 0, None
        return
    delivery.last_error = answer.error[:500]
    asked = now + answer.wait
    delivery.next_try_at = max(asked, cadence.retry_at(now, delivery.attempts, chance=random()))
    if delivery.attempts >= TRIES:
        delivery.closed_at = now
    hook.failures += 1
    hook.rests_until = max(asked, cadence.retry_at(now, hook.failures, chance=random()))
    if hook.active and (answer.status == GONE or hook.failures >= FAILURES):
        hooks.give_up(hook, now)


def forget(now: datetime) -> int:
    """Let go of what was told long ago, or was not for everybody; returns of how many.

    What was given up stays until somebody sends it again. So does what a hook would take for new if it looked again.
    """
    until = now - timedelta(days=current_app.config["HOOK_LOG_DAYS"])
    withheld = and_(Delivery.closed_at < until, Delivery.last_error.is_(None))
    old = (
        select(Delivery.id)
        .join(Hook, Hook.id == Delivery.hook_id)
        .where(or_(Delivery.delivered_at < until, withheld), Delivery.event_id <= Hook.seen_id)
        .limit(FORGOTTEN_AT_ONCE)
    )
    return db.session.execute(delete(Delivery).where(Delivery.id.in_(old))).rowcount


def _facts(ids: list[int]) -> Select:
    """What a message may say, one row for each delivery; the columns that addresses need are named as they ask."""
    return (
        select(
            Delivery.id.label("delivery_id"),
            Hook.id.label("hook_id"),
            Hook.address,
            Hook.salt,
            Hook.earlier_salt,
            Hook.earlier_until,
            Event.id.label("event_id"),
            Event.kind,
            Event.at,
            Event.comment_id,
            Event.signatory_id,
            Contract.id.label("contract_id"),
            Contract.slug,
            Contract.city,
            Contract.titles.label("contract_titles"),
            Contract.language,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Revision.number.label("revision_number"),
            Revision.sha256,
            Thread.id.label("thread_id"),
            Thread.number.label("thread_number"),
            Thread.kind.label("remark_kind"),
            Thread.visibility,
            Thread.moderation,
            Thread.withdrawn_at,
            Comment.moderation.label("comment_moderation"),
            Round.number.label("round_number"),
            Manifest.number.label("manifest_number"),
            Manifest.sha256.label("manifest_sha256"),
            Question.number.label("question_number"),
        )
        .join(Hook, Hook.id == Delivery.hook_id)
        .join(Event, Event.id == Delivery.event_id)
        .join(Contract, Contract.id == Event.contract_id)
        .outerjoin(Section, Section.id == Event.section_id)
        .outerjoin(Revision, Revision.id == Event.revision_id)
        .outerjoin(Thread, Thread.id == Event.thread_id)
        .outerjoin(Comment, Comment.id == Event.comment_id)
        .outerjoin(Round, Round.id == Event.round_id)
        .outerjoin(Manifest, Manifest.id == Event.manifest_id)
        .outerjoin(Question, Question.id == Event.question_id)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.id)
    )


def _for_everybody(row: Row) -> bool:
    """Whether everybody who takes part may know of it, as it stands now."""
    if row.thread_id is None:
        return True
    shown = {row.moderation, row.comment_moderation} <= {Moderation.SHOWN, None}
    stands = row.withdrawn_at is None or row.kind is EventKind.REMARK_WITHDRAWN
    return shown and stands and row.visibility in TOLD


def _written(row: Row) -> Written:
    """The message of one row. Whatever is wrong with it stays its own problem."""
    try:
        return Written(row.delivery_id, _message(row))
    except Exception as fault:
        log.exception("delivery %s could not be written", row.delivery_id)
        return Written(row.delivery_id, error=repr(fault))


def _message(row: Row) -> Message | None:
    if not _for_everybody(row):
        return None
    body = json.dumps(_payload(row), ensure_ascii=False, separators=(",", ":"))
    signing = hooks.secrets_of(row.salt, row.earlier_salt, row.earlier_until)
    return Message(message_id(row.hook_id, row.event_id), row.address, signing, body)


def _payload(row: Row) -> dict:
    """The message: ids, kinds, links, and what everybody may read; nobody's name and nobody's words."""
    about = {
        "contract": {
            "id": row.contract_id,
            "slug": row.slug,
            "city": row.city,
            "title": in_language(row.contract_titles, row.language),
        },
        "section": row.section_id
        and {
            "id": row.section_id,
            "code": row.code,
            "title": in_language(row.titles, row.language),
        },
        "revision": row.revision_number and {"number": row.revision_number, "sha256": row.sha256},
        "comment": row.thread_id
        and {"thread": row.thread_id, "number": row.thread_number, "kind": row.remark_kind},
        "round": row.round_number and {"number": row.round_number},
        "manifest": row.manifest_number
        and {"number": row.manifest_number, "sha256": row.manifest_sha256},
        "signatory": row.signatory_id and {"id": row.signatory_id},
    }
    return {
        "type": row.kind,
        "timestamp": row.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "event": row.event_id,
            "url": request.host_url.rstrip("/") + happenings.address(row),
            **{name: facts for name, facts in about.items() if facts},
        },
    }
