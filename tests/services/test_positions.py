from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.events import kinds
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import (
    ApprovalStep,
    Decision,
    Event,
    Notification,
    Person,
    Position,
    Revision,
    Section,
)
from workflow.models import Thread as Remark
from workflow.rules.refusals import Blocked, Denied, Invalid, NotNow, Outdated, Refusal
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    EventKind,
    Reason,
    RemarkKind,
    Role,
    Stage,
    Stance,
)
from workflow.services import (
    contests,
    gatekeeping,
    notices,
    positions,
    reviews,
    revisions,
    threads,
)

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def coordinator():
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def judges():
    return [builders.person(Role.APPROVER) for _ in range(3)]


@pytest.fixture
def section():
    return builders.section(stage=Stage.REVIEW)


def step(section, *people, order=1, quorum=1, role=None, own=True):
    made = ApprovalStep(
        contract_id=section.contract_id,
        section_id=section.id if own else None,
        order=order,
        title=f"Step {order}",
        quorum=quorum,
        role=role,
    )
    made.people = list(people)
    return builders.keep(made)


def take(section, stance, by, text="", **what):
    with transaction():
        return reviews.take(section, stance, by=by, text=text, **{"seen": section.current} | what)


def test_the_last_position_that_was_lacking_approves_the_section(section, judges):
    step(section, *judges, quorum=2)
    take(section, Stance.APPROVE, judges[0])
    assert section.stage is Stage.REVIEW
    take(section, Stance.NO_OBJECTION, judges[1])
    assert section.stage is Stage.APPROVED
    approval = db.session.scalars(select(Decision)).one()
    assert (approval.act, approval.by_id, approval.sha256) == (
        Act.APPROVE,
        judges[1].id,
        section.current.sha256,
    )


def test_steps_follow_one_another(section, judges):
    step(section, judges[0], order=1)
    step(section, judges[1], order=2)
    with pytest.raises(Invalid):
        take(section, Stance.APPROVE, judges[1])
    take(section, Stance.APPROVE, judges[0])
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.APPROVED


def test_steps_of_the_contract_hold_where_a_section_has_none_of_its_own(section, judges):
    step(section, role=Role.APPROVER, quorum=2, own=False)
    take(section, Stance.APPROVE, judges[0])
    assert section.stage is Stage.REVIEW
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.APPROVED


def test_steps_of_reviewers_alone_are_followed_by_the_approval_of_a_judge(section, judges):
    reviewer = builders.person(Role.REVIEWER)
    step(section, reviewer)
    take(section, Stance.APPROVE, reviewer)
    assert section.stage is Stage.REVIEW
    take(section, Stance.APPROVE, judges[0])
    assert section.stage is Stage.APPROVED


def test_a_step_that_a_reviewer_can_pass_alone_does_not_approve(section, judges):
    reviewer = builders.person(Role.REVIEWER)
    step(section, reviewer, judges[0])
    take(section, Stance.APPROVE, reviewer)
    assert section.stage is Stage.REVIEW
    take(section, Stance.APPROVE, judges[0])
    assert section.stage is Stage.APPROVED


def test_whoever_agreed_already_approves_once_nothing_stands_in_the_way_any_more(
    section, judges, coordinator
):
    step(section, *judges[:2], quorum=2)
    take(section, Stance.APPROVE, judges[0])
    remark = builders.thread(section, kind=RemarkKind.CONCERN)
    take(section, Stance.NO_OBJECTION, judges[1])
    with transaction():
        threads.answer(remark, by=coordinator, disposition=Disposition.NOTED, text="Seen.")
    assert section.stage is Stage.REVIEW
    with transaction():
        reviews.move(section, Act.APPROVE, by=judges[0], seen=section.current)
    assert section.stage is Stage.APPROVED
    assert len(db.session.scalars(select(Position)).all()) == 2


def test_an_objection_needs_its_text_and_holds_the_step(section, judges):
    step(section, *judges, quorum=1)
    with pytest.raises(Invalid):
        take(section, Stance.OBJECT, judges[0])
    take(section, Stance.OBJECT, judges[0], text="The sums are wrong.")
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.REVIEW
    keys = [one.key for one in gatekeeping.blockers(section, Act.APPROVE)]
    assert keys == ["objecting", "positions"]
    take(section, Stance.ABSTAIN, judges[0])
    assert section.stage is Stage.APPROVED


def test_a_text_that_is_not_ready_is_not_approved_but_may_be_objected_to(section, judges):
    builders.thread(section, kind=RemarkKind.OBJECTION)
    with pytest.raises(Blocked) as refusal:
        take(section, Stance.APPROVE, judges[0])
    assert [one.key for one in refusal.value.blockers] == ["objections", "answers"]
    take(section, Stance.OBJECT, judges[0], text="As the remark says.")
    assert db.session.query(Position).count() == 1


def test_an_answer_that_opens_the_gate_later_lets_a_next_position_conclude(section, judges):
    step(section, *judges, quorum=2)
    take(section, Stance.APPROVE, judges[0])
    remark = builders.thread(section)
    take(section, Stance.NO_OBJECTION, judges[1])
    assert section.stage is Stage.REVIEW
    with transaction():
        threads.answer(
            remark,
            by=builders.person(Role.EDITOR),
            disposition=Disposition.NOTED,
            text="Thank you.",
        )
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.APPROVED


def test_an_author_may_approve_beside_another_and_never_alone(judges):
    section = builders.section(stage=Stage.REVIEW, author=judges[0])
    take(section, Stance.APPROVE, judges[0])
    assert section.stage is Stage.REVIEW
    assert [one.key for one in gatekeeping.blockers(section, Act.APPROVE)] == ["four_eyes"]
    assert positions.ballot(section).awaited == {judges[1].id, judges[2].id}
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.APPROVED


def test_a_second_click_takes_one_position(section, judges):
    step(section, *judges, quorum=2)
    assert (
        take(section, Stance.APPROVE, judges[0]).id == take(section, Stance.APPROVE, judges[0]).id
    )
    assert kinds() == [EventKind.POSITION_TAKEN]


def test_who_is_not_asked_has_no_position_and_nobody_judges_what_he_has_not_seen(section, judges):
    step(section, judges[0])
    with pytest.raises(Invalid):
        take(section, Stance.APPROVE, judges[1])
    with pytest.raises(Denied):
        take(section, Stance.APPROVE, builders.person(Role.EDITOR))
    seen = section.current
    builders.revision(section, "Another text.")
    with pytest.raises(Outdated):
        take(section, Stance.APPROVE, judges[0], seen=seen)


def test_there_are_no_positions_outside_of_a_review(judges):
    with pytest.raises(NotNow):
        take(builders.section(), Stance.APPROVE, judges[0])


def test_approving_in_one_step_is_refused_and_leaves_nothing_where_others_are_lacking(
    section, judges
):
    step(section, *judges, quorum=2)
    with pytest.raises(Blocked) as refusal, transaction():
        reviews.move(section, Act.APPROVE, by=judges[0], seen=section.current)
    assert [one.key for one in refusal.value.blockers] == ["positions"]
    assert db.session.query(Position).count() == 0


def test_another_review_begins_without_positions(section, judges, coordinator):
    step(section, *judges, quorum=2)
    take(section, Stance.APPROVE, judges[0])
    with transaction():
        reviews.move(
            section,
            Act.REQUEST_CHANGES,
            by=judges[1],
            seen=section.current,
            reason="Not yet.",
        )
    with transaction():
        reviews.move(section, Act.SUBMIT, by=coordinator, seen=section.current)
    assert positions.ballot(section).taken == {}
    take(section, Stance.APPROVE, judges[1])
    assert section.stage is Stage.REVIEW


def test_a_change_voids_what_was_agreed_and_tells_who_agreed_once(section, judges, coordinator):
    step(section, *judges, quorum=2)
    take(section, Stance.APPROVE, judges[0])
    take(section, Stance.ABSTAIN, judges[2])
    take(section, Stance.APPROVE, judges[1])
    editor = builders.person(Role.EDITOR)
    with transaction():
        reviews.move(
            section, Act.REOPEN, by=coordinator, seen=section.current, reason="New figures."
        )
    for text in ("Another text.", "Yet another text."):
        with transaction():
            revisions.save(section, by=editor, markdown=text, base=section.current)
    [voided] = db.session.scalars(select(Event).where(Event.kind == EventKind.APPROVAL_VOIDED))
    with transaction():
        notices.fan_out(db.session.get(Event, voided.id))
    told = db.session.scalars(select(Notification).where(Notification.event_id == voided.id))
    assert {one.person_id: one.reason for one in told} == {
        judges[0].id: Reason.POSITIONED,
        judges[1].id: Reason.POSITIONED,
    }


def test_the_questions_of_a_ballot_do_not_grow_with_the_judges(app, section, judges):
    step(section, *judges, quorum=3)
    take(section, Stance.ABSTAIN, judges[0])
    with counted(app) as few:
        positions.ballot(section)
    more = [builders.person(Role.APPROVER) for _ in range(20)]
    step(section, *more, order=2)
    take(section, Stance.ABSTAIN, judges[1])
    with counted(app) as many:
        positions.ballot(section)
    assert len(few) == len(many) <= 6


ROUNDS = 6
"""How often each race is run; the threads start at the same instant each time."""


def race(app, section, *runs: Callable[[Section], object]) -> list:
    """Run at the same instant, each in a thread and a transaction of its own; what each came to."""
    section_id = section.id
    db.session.rollback()
    start, outcomes = Barrier(len(runs)), [None] * len(runs)

    def compete(number: int, run) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    run(db.session.get(Section, section_id))
                outcomes[number] = "done"
            except Refusal as refusal:
                outcomes[number] = type(refusal)

    workers = [Thread(target=compete, args=pair) for pair in enumerate(runs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    db.session.expire_all()
    return outcomes


def approving(person_id: int):
    def run(section: Section) -> None:
        reviews.take(
            section,
            Stance.APPROVE,
            by=db.session.get(Person, person_id),
            seen=db.session.get(Revision, section.current_id),
        )

    return run


@pytest.mark.both_databases
@pytest.mark.parametrize("quorum", [1, 2])
def test_two_approvals_at_the_same_instant_end_in_one_decision(app, judges, quorum):
    for _ in range(ROUNDS):
        section = builders.section(stage=Stage.REVIEW)
        step(section, *judges, quorum=quorum)
        outcomes = race(app, section, approving(judges[0].id), approving(judges[1].id))
        expected = ["done", "done"] if quorum == 2 else ["done", NotNow]
        assert sorted(map(str, outcomes)) == sorted(map(str, expected))
        ledger = db.session.scalars(select(Decision).where(Decision.section_id == section.id)).all()
        assert [line.act for line in ledger] == [Act.APPROVE]


@pytest.mark.both_databases
def test_an_approval_that_races_a_blocking_remark_never_passes_over_it(app, judges):
    author_id = builders.person().id
    for _ in range(ROUNDS):
        section = builders.section(stage=Stage.REVIEW)

        def object_to(section: Section) -> None:
            threads.open_thread(
                section,
                by=db.session.get(Person, author_id),
                revision=db.session.get(Revision, section.current_id),
                kind=RemarkKind.OBJECTION,
                text="Not like this.",
            )

        outcomes = race(app, section, approving(judges[0].id), object_to)
        open_ones = db.session.scalar(
            select(func.count()).select_from(Remark).where(Remark.section_id == section.id)
        )
        approved = db.session.get(Section, section.id).stage is Stage.APPROVED
        assert (approved, open_ones) in {(True, 0), (False, 1)}
        assert sorted(map(str, outcomes)) in (
            sorted(map(str, ["done", NotNow])),
            sorted(map(str, ["done", Blocked])),
        )


@pytest.mark.both_databases
def test_an_approval_that_races_the_withdrawal_of_another_needs_its_quorum(app, judges):
    for _ in range(ROUNDS):
        section = builders.section(stage=Stage.REVIEW)
        step(section, *judges, quorum=2)
        take(section, Stance.APPROVE, judges[0])

        def withdraw(section: Section) -> None:
            reviews.take(
                section,
                Stance.NONE,
                by=db.session.get(Person, judges[0].id),
                seen=db.session.get(Revision, section.current_id),
            )

        outcomes = race(app, section, approving(judges[1].id), withdraw)
        ballot = positions.ballot(db.session.get(Section, section.id))
        if db.session.get(Section, section.id).stage is Stage.APPROVED:
            assert outcomes == ["done", NotNow]
            assert ballot.lacking == 0
        else:
            assert outcomes == ["done", "done"]
            assert ballot.lacking == 1


@pytest.mark.both_databases
def test_an_approval_that_races_a_contest_never_passes_over_it(app, judges):
    author = builders.person()
    for _ in range(ROUNDS):
        section = builders.section(stage=Stage.REVIEW)
        remark = builders.thread(section, author=author, answer=Disposition.NOTED)
        author_id, remark_id = author.id, remark.id

        def contest(section: Section, author_id=author_id, remark_id=remark_id) -> None:
            contests.contest(
                db.session.get(Remark, remark_id),
                by=db.session.get(Person, author_id),
                text="That is not what I asked.",
            )

        race(app, section, approving(judges[0].id), contest)
        approved = db.session.get(Section, section.id).stage is Stage.APPROVED
        assert approved is not db.session.get(Remark, remark_id).contested


@pytest.mark.both_databases
def test_a_save_that_races_the_submission_never_changes_a_text_under_review(app, coordinator):
    editor_id = builders.person(Role.EDITOR).id
    for number in range(ROUNDS):
        section = builders.section(stage=Stage.REVISION)
        seen_id, boss = section.current_id, coordinator.id

        def save(section: Section, number=number, seen_id=seen_id) -> None:
            revisions.save(
                section,
                by=db.session.get(Person, editor_id),
                markdown=f"Another text, {number}.",
                base=db.session.get(Revision, seen_id),
            )

        def submit(section: Section, seen_id=seen_id, boss=boss) -> None:
            reviews.move(
                section,
                Act.SUBMIT,
                by=db.session.get(Person, boss),
                seen=db.session.get(Revision, seen_id),
            )

        outcomes = race(app, section, save, submit)
        assert sorted(map(str, outcomes)) in (
            sorted(map(str, ["done", NotNow])),
            sorted(map(str, ["done", Outdated])),
        )


def test_positions_are_evidence(section, judges):
    take(section, Stance.ABSTAIN, judges[0])
    with pytest.raises(Exception, match="evidence"), transaction():
        db.session.execute(Position.__table__.update().values(stance=Stance.APPROVE))
