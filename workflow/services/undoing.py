"""Taking back a wrong click: for a short time, by whoever clicked, and only if nothing followed from it."""

from datetime import datetime

from sqlalchemy import exists, select

from .. import clock
from ..db import db
from ..models import Comment, Decision, Person, Position, Revision, Section, Thread
from ..rules import lifecycle, policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, Stance
from . import displays, outbox, positions
from .locking import locked


def undo(decision: Decision, *, by: Person) -> Decision:
    """Lead the section back to where the decision found it, by another line of the ledger.

    The letters of the step are not written any more; whoever has got one is told. Taking back twice takes back once.
    Raises `Denied`, or `Invalid` when it is too late or something followed.
    """
    section = decision.section
    policy.require(by, Act.UNDO, section.place)
    if decision.act == Act.CLOSE:
        displays.hold(section)
    section = locked(section)
    policy.require(by, Act.UNDO, section.place)
    done = db.session.scalar(select(Decision).where(Decision.undoes_id == decision.id))
    if done:
        return done
    at = clock.now()
    _require(decision, by=by, at=at)
    _restore(section, decision, by=by, at=at)
    taken_back = Decision(
        section=section,
        number=decision.number + 1,
        act=Act.UNDO,
        from_stage=section.stage,
        to_stage=decision.from_stage,
        by=by,
        revision=section.current,
        sha256=section.current.sha256 if section.current else None,
        undoes_id=decision.id,
        at=at,
    )
    db.session.add(taken_back)
    section.stage, section.stage_since = decision.from_stage, at
    db.session.flush()
    outbox.record(
        EventKind.STEP_UNDONE,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        decision=taken_back,
    )
    return taken_back


def possible(decision: Decision, *, by: Person, at: datetime) -> bool:
    """Whether the person could take the step back at that moment."""
    if not policy.possible(Act.UNDO, decision.section.place):
        return False
    try:
        _require(decision, by=by, at=at)
    except Invalid:
        return False
    return True


def _require(decision: Decision, *, by: Person, at: datetime) -> None:
    if decision.act == Act.UNDO or decision.by_id != by.id:
        raise Invalid("decision", "Only whoever took the step can take it back.")
    if at > decision.at + lifecycle.UNDO_WITHIN:
        raise Invalid("decision", "The step was taken more than five minutes ago and stands.")
    if decision.act == Act.CLOSE and displays.is_over(decision.section, at):
        raise Invalid("decision", "The closing time of the round has passed. Open a new round.")
    if _something_followed(decision):
        raise Invalid("decision", "Something followed from the step already, so it stands.")


def last_of(section: Section, *, by: Person) -> Decision | None:
    """The last step of the section, if this person can still take it back."""
    decision = db.session.scalar(
        select(Decision)
        .where(Decision.section_id == section.id)
        .order_by(Decision.number.desc())
        .limit(1)
    )
    return decision if decision and possible(decision, by=by, at=clock.now()) else None


def _something_followed(decision: Decision) -> bool:
    here, after = decision.section_id, decision.at
    return db.session.scalar(
        select(
            exists().where(Decision.section_id == here, Decision.number > decision.number)
            | exists().where(Revision.section_id == here, Revision.created_at > after)
            | exists().where(Thread.section_id == here, Thread.created_at > after)
            | exists().where(Thread.section_id == here, Thread.answered_at > after)
            | exists().where(
                Comment.thread_id == Thread.id,
                Thread.section_id == here,
                Comment.created_at > after,
            )
            | exists().where(
                Position.section_id == here,
                Position.at > after,
                Position.person_id != decision.by_id,
            )
        )
    )


def _restore(section: Section, decision: Decision, *, by: Person, at: datetime) -> None:
    """What the step did besides moving the section, the other way round."""
    match Act(decision.act):
        case Act.CONSULT:
            displays.hide_again(section)
        case Act.CLOSE:
            displays.show_again(section, by=by)
        case Act.APPROVE:
            _forget_position(section, by=by, at=at)


def _forget_position(section: Section, *, by: Person, at: datetime) -> None:
    """The approval that completed the steps was the wrong click, so it goes, too."""
    ballot = positions.ballot(section)
    if by.id in ballot.taken:
        db.session.add(
            Position(
                section=section,
                review_id=ballot.review_id,
                person_id=by.id,
                stance=Stance.NONE,
                revision_id=section.current_id,
                sha256=section.current.sha256,
                at=at,
            )
        )
