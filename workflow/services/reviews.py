"""The one writer of a section's stage: each move asks the policy and the gate, and appends a line to the ledger."""

from datetime import datetime

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Decision, Person, Position, Revision, Round, Section
from ..rules import lifecycle, policy
from ..rules.refusals import Blocked, Frozen, Invalid, NotNow, Outdated
from ..rules.vocabulary import Act, EventKind, Stage, Stance
from . import displays, gatekeeping, outbox, planning, positions
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
    if act is Act.APPROVE:
        return _approve(section, by=by, seen=seen, reason=reason)
    reason = reason.strip()
    if act in lifecycle.NEEDS_REASON and not reason:
        raise Invalid("reason", "Please say why: it goes into the letter and into the record.")
    if len(reason) > MAX_REASON:
        raise Invalid("reason", "This is too long. Please keep it under 4,000 characters.")
    closed = gatekeeping.blockers(section, act, by=by)
    if closed:
        raise Blocked(act, closed)
    if act is Act.CONSULT and round is None:
        round = _round_of_one(section, by, closes_at, announcement or reason)
        decision = _step(section, act, by=by, reason=reason, made=made, round=round)
        displays.told_open(round, by=by)
        return decision
    return _step(section, act, by=by, reason=reason, made=made, round=round)


def take(
    section: Section, stance: Stance, *, by: Person, seen: Revision | None, text: str = ""
) -> Position:
    """Take a position on exactly the text that `by` has `seen`; the last one that was lacking approves the section.

    The same position again is no second one; it approves where nothing stands in the way any more. Raises `Denied`,
    `NotNow`, `Outdated`, `Invalid` (not asked, or an objection without its reason) or, for an approval of a text that
    is not ready, `Blocked`.
    """
    section = locked(section)
    policy.require(by, Act.TAKE_POSITION, section.place)
    if (seen.id if seen else None) != section.current_id:
        raise Outdated(Act.TAKE_POSITION)
    text = text.strip()
    if len(text) > MAX_REASON:
        raise Invalid("text", "This is too long. Please keep it under 4,000 characters.")
    if stance is Stance.OBJECT and not text:
        raise Invalid("text", "Please say what you object to: the authors have to answer it.")
    ballot = positions.ballot(section)
    if not ballot.may_speak(by.id):
        raise Invalid("stance", "Nobody asks for your position at this step of the approval.")
    position = ballot.taken.get(by.id)
    if position is None or (position.stance, position.text) != (stance, text):
        if stance is Stance.APPROVE and (
            closed := gatekeeping.blockers(section, Act.TAKE_POSITION, by=by)
        ):
            raise Blocked(Act.APPROVE, closed)
        position = _position(section, stance, by=by, text=text, review_id=ballot.review_id)
    if not gatekeeping.blockers(section, Act.APPROVE):
        _step(section, Act.APPROVE, by=by, reason=text, made=_last(section), round=None)
    return position


def _approve(section: Section, *, by: Person, seen: Revision | None, reason: str) -> Decision:
    """Approve in one step, where no other position is lacking; else nothing is kept and the refusal says what is."""
    take(section, Stance.APPROVE, by=by, seen=seen, text=reason)
    if section.stage is not Stage.APPROVED:
        raise Blocked(Act.APPROVE, gatekeeping.blockers(section, Act.APPROVE))
    return _last(section)


def _position(
    section: Section, stance: Stance, *, by: Person, text: str, review_id: int | None
) -> Position:
    spoken_for = {m.organisation_id for m in by.memberships if m.contract_id == section.contract_id}
    position = Position(
        section=section,
        review_id=review_id,
        person_id=by.id,
        organisation_id=spoken_for.pop() if len(spoken_for) == 1 else None,
        stance=stance,
        text=text,
        revision_id=section.current_id,
        sha256=section.current.sha256,
        at=clock.now(),
    )
    db.session.add(position)
    db.session.flush()
    outbox.record(
        EventKind.POSITION_TAKEN,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        position=position,
        revision=section.current,
    )
    return position


def by_the_clock(section: Section, act: Act, *, by: Person, reason: str, round: Round) -> Decision:
    """Open or close a section at the announced time, in the name of who announced it: nobody acts, and nobody is asked
    for his role. Raises `Frozen`, `NotNow` or `Blocked`. The round is held already."""
    section = locked(section)
    if section.place.frozen:
        raise Frozen(act, section.stage)
    if not lifecycle.allowed(section.stage, act):
        raise NotNow(act, section.stage, lifecycle.stages_for(act))
    if closed := gatekeeping.blockers(section, act):
        raise Blocked(act, closed)
    return _step(
        section, act, by=by, reason=reason, made=_last(section), round=round, clockwork=True
    )


def reopen(section: Section, *, by: Person, reason: str) -> Decision:
    """Open an approved section together with others, for the verb that tells of all of them. It is held already."""
    policy.require(by, Act.REOPEN, section.place)
    return _step(
        section, Act.REOPEN, by=by, reason=reason, made=_last(section), round=None, told=False
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
        closes_at=closes_at or planning.later(at, CONSULTATION_DAYS, section.contract),
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
    told: bool = True,
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
        heard=told,
    )
    if over:
        displays.told_closed(over, by=actor)
    return decision


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
