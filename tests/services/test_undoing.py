from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import ApprovalStep, Decision, Display, Event, Notification, Round
from workflow.rules.lifecycle import UNDO_WITHIN, replay
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Act, EventKind, Reason, RemarkKind, Role, Stage, Stance
from workflow.services import (
    digests,
    notices,
    positions,
    reviews,
    revisions,
    rounds,
    standing,
    threads,
    undoing,
)

pytestmark = pytest.mark.usefixtures("ctx")

STEPS = [
    (Stage.DRAFT, Act.CONSULT),
    (Stage.CONSULTATION, Act.CLOSE),
    (Stage.DRAFT, Act.SUBMIT),
    (Stage.REVIEW, Act.REQUEST_CHANGES),
    (Stage.REVIEW, Act.APPROVE),
    (Stage.APPROVED, Act.REOPEN),
]


@pytest.fixture
def boss():
    return builders.person(Role.COORDINATOR)


def move(section, act, by):
    with transaction():
        return reviews.move(section, act, by=by, seen=section.current, reason="A slip.")


def undo(decision, by):
    with transaction():
        return undoing.undo(db.session.get(Decision, decision.id), by=by)


@pytest.mark.parametrize(("stage", "act"), STEPS)
def test_every_step_can_be_taken_back_and_the_ledger_keeps_both_lines(boss, stage, act):
    section = builders.section()
    if stage is Stage.CONSULTATION:
        move(section, Act.CONSULT, boss)
    else:
        section = builders.section(stage=stage)
    step = move(section, act, boss)
    undo(step, boss)
    assert section.stage is stage
    lines = db.session.scalars(
        select(Decision).where(Decision.section_id == section.id).order_by(Decision.number)
    ).all()
    assert [line.act for line in lines[-2:]] == [act, Act.UNDO]
    assert lines[-1].undoes_id == step.id
    if stage in (Stage.DRAFT, Stage.CONSULTATION):
        assert replay([Act(line.act) for line in lines]) is stage


def test_a_section_that_was_opened_by_mistake_is_on_display_no_more(boss):
    section = builders.section()
    undo(move(section, Act.CONSULT, boss), boss)
    assert section.closes_at is None
    assert db.session.scalars(select(Display.closed_at)).one() is not None
    assert db.session.scalars(select(Round.closed_at)).one() is not None


def test_a_section_that_was_closed_by_mistake_is_on_display_until_the_same_day(boss):
    section = builders.section()
    move(section, Act.CONSULT, boss)
    until = section.closes_at
    undo(move(section, Act.CLOSE, boss), boss)
    assert section.closes_at == until
    shown = db.session.scalars(select(Display).where(Display.closed_at.is_(None))).one()
    assert shown.round.closed_at is None


def test_what_the_clock_has_closed_nobody_is_offered_to_take_back(boss):
    """The clock closes in the name of whoever opened, who else would be offered it for five minutes, and refused."""
    section = builders.section()
    move(section, Act.CONSULT, boss)
    with time_machine.travel(section.closes_at + timedelta(seconds=30), tick=False):
        for round_id in rounds.due(clock.now()):
            with transaction():
                rounds.keep_time(round_id, clock.now())
        db.session.rollback()
        assert section.stage is Stage.REVISION
        last = db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1)).one()
        assert (last.act, last.by_id) == (Act.CLOSE, boss.id)
        assert not undoing.possible(last, by=boss, at=clock.now())
        assert undoing.last_of(section, by=boss) is None
        with pytest.raises(Invalid, match="has passed"):
            undo(last, boss)


def test_the_position_that_approved_by_mistake_goes_with_the_approval(boss):
    section = builders.section(stage=Stage.REVIEW)
    undo(move(section, Act.APPROVE, boss), boss)
    assert positions.ballot(section).stances == {boss.id: Stance.NONE}
    assert section.stage is Stage.REVIEW
    move(section, Act.APPROVE, boss)
    assert section.stage is Stage.APPROVED


def test_positions_of_others_stand_when_an_approval_is_taken_back(boss):
    section = builders.section(stage=Stage.REVIEW)
    other = builders.person(Role.APPROVER)
    builders.keep(
        ApprovalStep(
            contract_id=section.contract_id,
            section_id=section.id,
            order=1,
            title="Both",
            quorum=2,
            people=[boss, other],
        )
    )
    with transaction():
        reviews.take(section, Stance.APPROVE, by=other, seen=section.current)
    undo(move(section, Act.APPROVE, boss), boss)
    assert positions.ballot(section).stances == {other.id: Stance.APPROVE, boss.id: Stance.NONE}


def test_taking_back_twice_takes_back_once(boss):
    section = builders.section()
    step = move(section, Act.SUBMIT, boss)
    assert undo(step, boss).id == undo(step, boss).id


def test_only_whoever_took_the_step_takes_it_back(boss):
    step = move(builders.section(), Act.SUBMIT, boss)
    with pytest.raises(Invalid):
        undo(step, builders.person(Role.COORDINATOR))
    with pytest.raises(Denied):
        undo(step, builders.person(Role.STAKEHOLDER))


def test_after_five_minutes_a_step_stands(boss):
    step = move(builders.section(), Act.SUBMIT, boss)
    with (
        time_machine.travel(clock.now() + UNDO_WITHIN + timedelta(seconds=1)),
        pytest.raises(Invalid),
    ):
        undo(step, boss)


def _remark(section, boss):
    threads.open_thread(
        section,
        by=builders.person(),
        revision=section.current,
        kind=RemarkKind.QUESTION,
        text="Why?",
    )


def _save(section, boss):
    revisions.save(section, by=boss, markdown="Another text.", base=section.current)


def _step(section, boss):
    reviews.move(section, Act.SUBMIT, by=boss, seen=section.current)


def _reply(section, boss):
    threads.reply(builders.thread(section), by=boss, text="I see.")


@pytest.mark.parametrize("followed", [_remark, _save, _step, _reply])
def test_a_step_that_something_followed_from_stands(boss, followed):
    section = builders.section(stage=Stage.REVIEW)
    step = move(section, Act.REQUEST_CHANGES, boss)
    with transaction():
        followed(section, boss)
    with pytest.raises(Invalid):
        undo(step, boss)
    assert undoing.last_of(section, by=boss) is None or followed is _step


def test_what_was_taken_back_is_not_mailed(boss):
    section = builders.section(owner=builders.person(Role.EDITOR))
    step = move(section, Act.SUBMIT, boss)
    told(EventKind.REVIEW_REQUESTED)
    assert standing.notifications(section.owner)
    undo(step, boss)
    db.session.expire_all()
    assert standing.notifications(section.owner) == []


def test_whoever_has_the_letter_already_is_told_that_it_is_void(boss, smtp_sink):
    owner = builders.person(Role.EDITOR)
    section = builders.section(owner=owner)
    step = move(section, Act.SUBMIT, boss)
    event = told(EventKind.REVIEW_REQUESTED)
    mailed(owner, event)
    undo(step, boss)
    told_back = told(EventKind.STEP_UNDONE)
    heard = db.session.scalars(
        select(Notification).where(Notification.event_id == told_back.id)
    ).all()
    assert [(one.person_id, one.reason) for one in heard] == [(owner.id, Reason.TOLD)]


def told(kind):
    event = db.session.scalars(select(Event).where(Event.kind == kind)).one()
    with transaction():
        notices.fan_out(db.session.get(Event, event.id))
    return event


def mailed(person, event):
    with transaction():
        for one in db.session.scalars(select(Notification)):
            one.due_at = clock.now()
    with transaction():
        digests.compose(clock.now())
    with transaction():
        note = db.session.scalars(
            select(Notification).where(
                Notification.person_id == person.id, Notification.event_id == event.id
            )
        ).one()
        note.digest.sent_at = clock.now()


def test_an_approval_that_was_taken_back_is_no_second_pair_of_eyes(boss):
    author = builders.person(Role.APPROVER)
    section = builders.section(stage=Stage.REVIEW, author=author)
    undo(move(section, Act.APPROVE, boss), boss)
    with transaction():
        reviews.take(section, Stance.APPROVE, by=author, seen=section.current)
    assert section.stage is Stage.REVIEW
