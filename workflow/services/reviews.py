"""The one writer of a section's stage: each move asks the policy and the gate, and appends a line to the ledger."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, func, select, update

from .. import clock, packs
from ..db import db
from ..models import Decision, Display, Element, Person, Revision, Section, Thread
from ..rules import gate, lifecycle, policy
from ..rules.checks import leftovers
from ..rules.refusals import Blocked, Blocker, Invalid, Outdated
from ..rules.vocabulary import Act, RemarkKind, Stage
from . import outbox, rounds
from .locking import locked

CONSULTATION_DAYS = 30
MAX_REASON = 4_000


def move(
    section: Section,
    act: Act,
    *,
    by: Person,
    seen: Revision | None,
    reason: str = "",
    closes_at: datetime | None = None,
    announcement: str = "",
) -> Decision:
    """Take the section one step along its life cycle, bound to exactly the text that `by` has `seen`.

    A repeated click returns the decision it already made. Raises `Denied`, `NotNow`, `Outdated` (the text changed),
    `Blocked` (with everything that has to happen first) or `Invalid` (a reason or a closing time is missing).
    """
    section = locked(section)
    made = _last(section)
    if made and _same(made, act, by, seen, section):
        return made
    policy.require(by, act, section.place)
    if (seen.id if seen else None) != section.current_id:
        raise Outdated(act)
    reason = reason.strip()
    if act in lifecycle.NEEDS_REASON and not reason:
        raise Invalid("reason", "Please say why: it goes into the letter and into the record.")
    if len(reason) > MAX_REASON:
        raise Invalid("reason", "This is too long. Please keep it under 4,000 characters.")
    closed = blockers(section, act, by=by)
    if closed:
        raise Blocked(act, closed)
    at = clock.now()
    _show_or_hide(section, act, by=by, at=at, closes_at=closes_at, announcement=announcement)
    decision = Decision(
        section=section,
        number=made.number + 1 if made else 1,
        act=act,
        from_stage=section.stage,
        to_stage=lifecycle.leads_to(section.stage, act),
        by=by,
        reason=reason,
        revision=section.current,
        sha256=section.current.sha256 if section.current else None,
        at=at,
    )
    db.session.add(decision)
    section.stage, section.stage_since = decision.to_stage, at
    db.session.flush()
    outbox.record(
        lifecycle.ANNOUNCES[act],
        actor=by,
        contract_id=section.contract_id,
        section=section,
        decision=decision,
        revision=section.current,
    )
    return decision


def blockers(section: Section, act: Act, *, by: Person | None = None) -> list[Blocker]:
    """What has to happen before the step; the page, the refusal and the letters list the same."""
    return gate.blockers(act, facts(section, by=by)) if act in gate.GATES else []


def facts(section: Section, *, by: Person | None = None) -> gate.Facts:
    """What the gate looks at, counted by the database in one query whatever the number of remarks."""
    unanswered = (
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.unanswered,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
        )
    )
    promised = (
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.disposition.in_(gate.PROMISES),
            Thread.carried_out_by_id.is_(None),
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
        )
    )
    elements = (
        select(func.count())
        .select_from(Element)
        .where(
            Element.section_id == section.id,
            Element.required,
            Element.not_applicable_because.is_(None),
        )
    )
    row = db.session.execute(
        select(
            unanswered.scalar_subquery().label("unanswered"),
            unanswered.where(Thread.kind == RemarkKind.OBJECTION)
            .scalar_subquery()
            .label("objections"),
            promised.scalar_subquery().label("promised"),
            elements.scalar_subquery().label("elements"),
            _wrote_since_approval(section, by).label("wrote"),
        )
    ).one()
    text = section.current.plain.strip() if section.current else ""
    return gate.Facts(
        has_text=bool(text),
        open_objections=row.objections,
        unanswered=row.unanswered,
        not_carried_out=row.promised,
        open_elements=0 if text else row.elements,
        leftovers=_left_in(text, section.contract.pack, section.contract.pack_version),
        own_text=row.wrote,
    )


@lru_cache(maxsize=256)
def _left_in(text: str, pack: str, version: str) -> tuple[str, ...]:
    """What must not be printed of the text, the pack's guidance included; found once for each text."""
    phrases = packs.load(pack, version).guidance_phrases()
    return tuple(found.text for found in leftovers.find(text, phrases=phrases))


def _wrote_since_approval(section: Section, by: Person | None) -> ColumnElement[bool]:
    """Whether `by` wrote any revision since the last approved one, and so cannot be the second pair of eyes."""
    approved = (
        select(func.max(Revision.number))
        .join(Decision, Decision.revision_id == Revision.id)
        .where(Decision.section_id == section.id, Decision.act == Act.APPROVE)
    ).scalar_subquery()
    return exists().where(
        Revision.section_id == section.id,
        Revision.number > func.coalesce(approved, 0),
        Revision.author_id == (by.id if by else None),
    )


def _last(section: Section) -> Decision | None:
    return db.session.scalar(
        select(Decision)
        .where(Decision.section_id == section.id)
        .order_by(Decision.number.desc())
        .limit(1)
    )


def _same(made: Decision, act: Act, by: Person, seen: Revision | None, section: Section) -> bool:
    return (
        made.act == act
        and made.by_id == by.id
        and made.revision_id == (seen.id if seen else None)
        and made.to_stage == section.stage
    )


def _show_or_hide(section, act, *, by, at, closes_at, announcement) -> None:
    """Keep the evidence of what was on display from when to when."""
    if act is Act.CONSULT:
        closes_at = closes_at or at + timedelta(days=CONSULTATION_DAYS)
        if closes_at <= at:
            raise Invalid("closes_at", "The closing time has to lie in the future.")
        section.closes_at = closes_at
        db.session.add(
            Display(
                section_id=section.id,
                round=rounds.joined(section, by=by, at=at, closes_at=closes_at),
                revision_id=section.current_id,
                opened_by_id=by.id,
                opened_at=at,
                closes_at=closes_at,
                announcement=announcement.strip(),
            )
        )
    elif section.stage is Stage.CONSULTATION:
        section.closes_at = None
        db.session.execute(
            update(Display)
            .where(Display.section_id == section.id, Display.closed_at.is_(None))
            .values(closed_at=at)
        )
        rounds.close_finished(section.contract_id, at=at)
