from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from tests import builders
from workflow import clock, packs
from workflow.db import db, transaction
from workflow.models import Decision, Display, Event, Person, Revision, Section
from workflow.rules.lifecycle import replay
from workflow.rules.refusals import Blocked, Denied, Invalid, NotNow, Outdated, Refusal
from workflow.rules.vocabulary import Act, Disposition, EventKind, RemarkKind, Role, Stage
from workflow.services import reviews

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def coordinator():
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def approver():
    return builders.person(Role.APPROVER)


def move(section, act, by, **what):
    what = {"seen": section.current} | what
    with transaction():
        return reviews.move(section, act, by=by, **what)


def test_a_section_walks_from_draft_to_approved_and_the_ledger_replays_it(coordinator, approver):
    section = builders.section()
    for act, by in (
        (Act.CONSULT, coordinator),
        (Act.CLOSE, coordinator),
        (Act.SUBMIT, coordinator),
        (Act.APPROVE, approver),
    ):
        move(section, act, by)
    ledger = db.session.scalars(select(Decision).order_by(Decision.number)).all()
    assert section.stage is Stage.APPROVED is replay([Act(line.act) for line in ledger])
    assert {line.sha256 for line in ledger} == {section.current.sha256}
    assert [event.kind for event in db.session.scalars(select(Event).order_by(Event.id))] == [
        EventKind.CONSULTATION_OPENED,
        EventKind.ROUND_OPENED,
        EventKind.CONSULTATION_CLOSED,
        EventKind.ROUND_CLOSED,
        EventKind.REVIEW_REQUESTED,
        EventKind.POSITION_TAKEN,
        EventKind.SECTION_APPROVED,
    ]


def test_what_was_on_display_from_when_to_when_is_kept(coordinator):
    section = builders.section()
    closes = clock.now() + timedelta(days=14)
    move(section, Act.CONSULT, coordinator, closes_at=closes, announcement="Please comment.")
    shown = db.session.scalars(select(Display)).one()
    assert (shown.revision_id, shown.closes_at, shown.closed_at) == (
        section.current_id,
        closes,
        None,
    )
    assert section.closes_at == closes
    move(section, Act.CLOSE, coordinator)
    assert shown.closed_at is not None
    assert section.closes_at is None


def test_a_round_does_not_close_in_the_past(coordinator):
    section = builders.section()
    with pytest.raises(Invalid):
        move(section, Act.CONSULT, coordinator, closes_at=clock.now() - timedelta(minutes=1))
    assert section.stage is Stage.DRAFT


def test_a_second_click_returns_the_decision_that_the_first_one_made(coordinator):
    section = builders.section(stage=Stage.REVISION)
    assert move(section, Act.SUBMIT, coordinator).id == move(section, Act.SUBMIT, coordinator).id
    assert db.session.query(Event).count() == 1


def test_nobody_judges_a_text_that_he_has_not_seen(approver):
    section = builders.section(stage=Stage.REVIEW)
    seen = section.current
    builders.revision(section, "Another text.")
    with pytest.raises(Outdated):
        move(section, Act.APPROVE, approver, seen=seen)


def test_approval_is_blocked_until_every_remark_is_answered(approver):
    section = builders.section(stage=Stage.REVIEW)
    builders.thread(section, kind=RemarkKind.OBJECTION)
    builders.thread(section, kind=RemarkKind.QUESTION)
    builders.thread(section, kind=RemarkKind.SUPPORT)
    builders.thread(section, kind=RemarkKind.CONCERN, withdrawn=True)
    builders.thread(section, kind=RemarkKind.CONCERN, answer=Disposition.NOTED)
    with pytest.raises(Blocked) as refusal:
        move(section, Act.APPROVE, approver)
    assert [(b.key, b.count) for b in refusal.value.blockers] == [("objections", 1), ("answers", 2)]
    assert section.stage is Stage.REVIEW


def test_a_template_instruction_left_in_the_text_blocks_the_approval(approver):
    section = builders.section(stage=Stage.REVIEW, markdown="The cost is TBD.\n")
    with pytest.raises(Blocked) as refusal:
        move(section, Act.APPROVE, approver)
    assert refusal.value.blockers[0].details == ("TBD",)


def test_guidance_of_the_pack_left_in_the_text_blocks_the_approval(approver):
    phrase = max(packs.load("netzerocities").guidance_phrases(), key=len)
    section = builders.section(stage=Stage.REVIEW, markdown=f"We begin. {phrase} We end.\n")
    with pytest.raises(Blocked) as refusal:
        move(section, Act.APPROVE, approver)
    [blocker] = refusal.value.blockers
    assert " ".join(blocker.details).startswith(phrase[:40])


def test_four_eyes_whoever_wrote_since_the_last_approval_does_not_approve(coordinator):
    section = builders.section(stage=Stage.REVIEW, author=coordinator)
    with pytest.raises(Blocked) as refusal:
        move(section, Act.APPROVE, coordinator)
    assert [b.key for b in refusal.value.blockers] == ["four_eyes"]
    move(section, Act.APPROVE, builders.person(Role.COORDINATOR))
    assert section.stage is Stage.APPROVED


def test_what_was_approved_by_others_counts_no_more_for_the_four_eyes(coordinator, approver):
    section = builders.section(stage=Stage.REVIEW, author=approver)
    move(section, Act.APPROVE, coordinator)
    move(section, Act.REOPEN, coordinator, reason="New figures.")
    builders.revision(section, "The new figures.", author=coordinator)
    move(section, Act.SUBMIT, coordinator)
    move(section, Act.APPROVE, approver)
    assert section.stage is Stage.APPROVED


@pytest.mark.parametrize(
    ("stage", "act"), [(Stage.REVIEW, Act.REQUEST_CHANGES), (Stage.APPROVED, Act.REOPEN)]
)
def test_a_step_back_needs_a_reason_which_is_kept(approver, stage, act):
    section = builders.section(stage=stage)
    with pytest.raises(Invalid):
        move(section, act, approver, reason="  ")
    assert (
        move(section, act, approver, reason="The sums are wrong.").reason == "The sums are wrong."
    )


def test_a_refusal_leaves_no_trace(approver):
    section = builders.section()
    with pytest.raises(NotNow):
        move(section, Act.APPROVE, approver)
    with pytest.raises(Denied):
        move(section, Act.CONSULT, approver)
    assert db.session.query(Decision).count() == db.session.query(Event).count() == 0


def test_an_empty_section_is_not_opened_for_comments(coordinator):
    with pytest.raises(Blocked):
        move(builders.section(markdown=None), Act.CONSULT, coordinator)


@pytest.mark.both_databases
def test_two_judges_at_the_same_instant_end_in_one_decision(app):
    section = builders.section(stage=Stage.REVIEW)
    one, other = builders.person(Role.APPROVER), builders.person(Role.APPROVER)
    section_id, seen_id, people = section.id, section.current_id, [one.id, other.id]
    db.session.rollback()
    start, outcomes = Barrier(2), []

    def judge(person_id: int, act: Act) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    reviews.move(
                        db.session.get(Section, section_id),
                        act,
                        by=db.session.get(Person, person_id),
                        seen=db.session.get(Revision, seen_id),
                        reason="Because.",
                    )
                outcomes.append(act)
            except Refusal as refusal:
                outcomes.append(type(refusal))

    acts = (Act.APPROVE, Act.REQUEST_CHANGES)
    workers = [Thread(target=judge, args=pair) for pair in zip(people, acts, strict=True)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(map(str, outcomes)) in (
        sorted(map(str, [Act.APPROVE, NotNow])),
        sorted(map(str, [Act.REQUEST_CHANGES, NotNow])),
    )
    assert db.session.query(Decision).count() == 1


@pytest.mark.parametrize("act", ["UPDATE decision SET reason = 'forged'", "DELETE FROM decision"])
def test_the_database_itself_refuses_to_rewrite_the_ledger(coordinator, act):
    move(builders.section(), Act.CONSULT, coordinator)
    with pytest.raises(Exception, match="evidence"), transaction():
        db.session.execute(text(act))
