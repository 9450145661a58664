"""The one writer of a section's stage: each move asks the policy and the gate, and appends a line to the ledger."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, func, select

from .. import clock, packs
from ..db import db
from ..models import Decision, Element, Person, Revision, Round, Section, Thread
from ..rules import gate, lifecycle, policy
from ..rules.checks import leftovers
from ..rules.refusals import Blocked, Blocker, Invalid, NotNow, Outdated
from ..rules.vocabulary import Act, RemarkKind, Stage
from . import displays, outbox, planning
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
    round: Round | None = None,
) -> Decision:
    """Take the section one step along its life cycle, bound to exactly the text that `by` has `seen`.

    A section that is opened without a `round` makes a round of its own.
    A repeated click returns the decision it already made. Raises `Denied`, `NotNow`, `Outdated` (the text changed),
    `Blocked` (with everything that has to happen first) or `Invalid` (a reason or a closing time is missing).
    """
    _hold(section, act, round)
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
    if act is Act.CONSULT and round is None:
        round = _round_of_one(section, by, closes_at, announcement or reason)
        decision = _step(section, act, by=by, reason=reason, made=made, round=round)
        displays.told_open(round, by=by)
        return decision
    return _step(section, act, by=by, reason=reason, made=made, round=round)


def by_the_clock(section: Section, act: Act, *, by: Person, reason: str, round: Round) -> Decision:
    """Open or close a section at the announced time, in the name of who announced it: nobody acts, and nobody is asked
    for his role. Raises `NotNow` or `Blocked`. The round is held already."""
    section = locked(section)
    if not lifecycle.allowed(section.stage, act):
        raise NotNow(act, section.stage, lifecycle.stages_for(act))
    if closed := blockers(section, act):
        raise Blocked(act, closed)
    return _step(
        section, act, by=by, reason=reason, made=_last(section), round=round, clockwork=True
    )


def _hold(section: Section, act: Act, round: Round | None) -> None:
    """Rounds are taken before their sections, so that no two verbs wait for each other."""
    if round is not None:
        return
    if act is Act.CONSULT:
        planning.alone(section.contract_id)
    elif act is Act.CLOSE:
        displays.hold(section)


def _round_of_one(
    section: Section, by: Person, closes_at: datetime | None, announcement: str
) -> Round:
    at = clock.now()
    return planning.written(
        section.contract,
        by=by,
        sections=[section],
        opens_at=at,
        opened_at=at,
        closes_at=closes_at or planning.later(at, CONSULTATION_DAYS, by),
        announcement=announcement,
    )


def _step(
    section: Section,
    act: Act,
    *,
    by: Person,
    reason: str,
    made: Decision | None,
    round: Round | None,
    clockwork: bool = False,
) -> Decision:
    """Write the step: what is on display, the line in the ledger, the stage, and what happened."""
    at = clock.now()
    actor = None if clockwork else by
    over = None
    if act is Act.CONSULT:
        displays.show(section, round, by=by, at=at)
    elif section.stage is Stage.CONSULTATION:
        over = displays.hide(section, at=at)
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
        actor=actor,
        contract_id=section.contract_id,
        section=section,
        decision=decision,
        revision=section.current,
    )
    if over:
        displays.told_closed(over, by=actor)
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
