from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select

from tasks import reminders as jobs
from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import ApprovalStep, Event, Notification, Reminder, Round, Signatory
from workflow.rules.reminding import Rung
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    Reason,
    RemarkKind,
    ReminderKind,
    Rhythm,
    Role,
    RoundAudience,
    SignatoryStatus,
    Stage,
    Stance,
)
from workflow.services import (
    letters,
    notices,
    reminded,
    reminders,
    reviews,
    rounds,
    sections,
    standing,
    threads,
)

pytestmark = pytest.mark.usefixtures("ctx")

DUE = date(2026, 12, 1)


def morning(days_before: int) -> datetime:
    return datetime(2026, 12, 1, 8, tzinfo=UTC) - timedelta(days=days_before)


def give(days_before: int) -> int:
    """What the job does on that day, and the fan-out after it."""
    with time_machine.travel(morning(days_before), tick=False):
        given = jobs.give()
        while True:
            with transaction():
                event = notices.next_event(clock.now())
                if event is None:
                    return given
                notices.fan_out(event)


def told() -> dict[int, Reason]:
    """Who hears of the newest reminder, and why."""
    newest = db.session.scalar(
        select(Event.id).where(Event.kind == EventKind.REMINDER_DUE).order_by(Event.id.desc())
    )
    rows = db.session.scalars(select(Notification).where(Notification.event_id == newest))
    return {row.person_id: row.reason for row in rows}


def due(person) -> list[ReminderKind]:
    """What the person's next letter would remind of."""
    found = standing.notifications(person)
    return [one.event.reminder.kind for one in found if one.event.reminder]


@pytest.fixture
def coordinator():
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def editor():
    return builders.person(Role.EDITOR)


@pytest.fixture
def section(editor, coordinator):
    return builders.section(owner=editor, due_on=DUE)


def test_the_owner_is_reminded_once_at_each_mark(section, editor):
    given = {day: give(day) for day in (9, 7, 6, 5, 2, 1, 0)}
    assert given == {9: 0, 7: 1, 6: 0, 5: 0, 2: 1, 1: 0, 0: 0}
    assert told() == {editor.id: Reason.ASSIGNED}


def test_after_days_of_silence_one_reminder_comes_not_many(section):
    assert give(-6) == 1
    assert [(one.mark, one.rung) for one in db.session.scalars(select(Reminder))] == [(-1, 1)]


def test_what_is_long_overdue_reaches_the_coordinator_too(section, editor, coordinator):
    give(-8)
    assert told() == {editor.id: Reason.ASSIGNED, coordinator.id: Reason.CHAIN}


def test_the_organisation_hears_in_between(section, editor, coordinator):
    utility = builders.organisation()
    delegate = builders.person(organisation=utility)
    builders.member(editor, Role.STAKEHOLDER, organisation=utility)
    delegate.memberships[0].mandate = Mandate.DELEGATE
    db.session.commit()
    give(-1)
    assert told() == {editor.id: Reason.ASSIGNED, delegate.id: Reason.DELEGATE}


@pytest.mark.parametrize("gone", ["nobody", "inactive", "never signed up"])
def test_where_nobody_can_hear_it_the_coordinator_does(section, editor, coordinator, gone):
    match gone:
        case "nobody":
            section.owner = None
        case "inactive":
            editor.active = False
        case _:
            editor.password_hash = None
    db.session.commit()
    give(7)
    assert told() == {coordinator.id: Reason.CHAIN}
    assert db.session.scalars(select(Reminder.rung)).one() == Rung.COORDINATOR


def test_an_approved_section_reminds_nobody(section):
    section.stage = Stage.APPROVED
    db.session.commit()
    assert give(2) == 0


def test_a_new_due_day_begins_anew(section, coordinator, editor):
    give(2)
    with transaction():
        sections.assign(section, by=coordinator, owner=editor, due_on=DUE + timedelta(days=30))
    assert give(2) == 0
    assert give(-28) == 1


def test_a_judge_who_took_no_position_is_reminded(coordinator):
    judge = builders.person(Role.APPROVER)
    section = builders.section(stage=Stage.REVIEW)
    section.stage_since = morning(7)
    db.session.commit()
    assert give(2) == 1
    assert told() == {judge.id: Reason.ASSIGNED}


def test_who_said_nothing_in_a_round_is_reminded_before_it_ends(coordinator):
    section = builders.section(stage=Stage.CONSULTATION)
    heard, silent = builders.person(), builders.person()
    held = builders.keep(
        Round(
            contract_id=section.contract_id,
            number=1,
            audience=RoundAudience.INVITED,
            opened_by_id=coordinator.id,
            opens_at=morning(30),
            opened_at=morning(30),
            closes_at=morning(0),
        )
    )
    builders.thread(section, author=heard).round_id = held.id
    db.session.commit()
    assert give(2) == 1
    hearing = told()
    assert silent.id in hearing
    assert heard.id not in hearing


def test_an_unsigned_organisation_reminds_its_delegate(coordinator):
    utility = builders.organisation()
    delegate = builders.person(organisation=utility)
    delegate.memberships[0].mandate = Mandate.DELEGATE
    builders.keep(
        Signatory(
            contract_id=utility.contract_id,
            organisation_id=utility.id,
            status=SignatoryStatus.INVITED,
            due_on=DUE,
        )
    )
    assert give(3) == 1
    assert told() == {delegate.id: Reason.ASSIGNED}


def test_what_is_signed_is_asked_once_for_the_contracts_of_all_reminders(ctx):
    """Of each contract it is what is in force there: signed is one, the other is signed as it was before."""
    events = {}
    for number in range(6):
        contract = builders.contract(f"city-{number}")
        house = builders.organisation(contract=contract)
        delegate = builders.person(contract=contract, organisation=house)
        delegate.memberships[0].mandate = Mandate.DELEGATE
        first = builders.manifest(contract)
        asked = builders.signatory(house, status=SignatoryStatus.SIGNED, manifest=first)
        if number % 2:
            builders.manifest(contract)
        row = {"kind": ReminderKind.SIGNATURE_AWAITED, "subject_id": asked.id, "due_on": DUE}
        asked.due_on = DUE
        kept = Reminder(contract_id=contract.id, mark=3, rung=0, at=clock.now(), **row)
        about = {"reminder": builders.keep(kept), "signatory": asked}
        events[builders.event(EventKind.REMINDER_DUE, contract=contract, **about)] = delegate
    people = [delegate.id for delegate in events.values()]
    asked_about = list(events)
    reminded.owing_still(asked_about, people)  # with all rows at hand
    costs = {}
    for many in (2, 6):
        with counted(ctx) as questions:
            found = reminded.owing_still(asked_about[:many], people)
        costs[many] = len(questions)
    assert costs[2] == costs[6]
    assert [len(found[event.id]) for event in asked_about] == [0, 1] * 3


def test_a_reminder_comes_at_the_hour_that_the_person_chose_even_to_a_weekly_reader(
    section, editor
):
    editor.rhythm, editor.digest_hour = Rhythm.WEEKLY, 17
    db.session.commit()
    give(7)
    due_at = db.session.scalars(select(Notification.due_at)).one()
    assert due_at == datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_what_was_done_before_the_letter_went_out_is_not_reminded_of(section, editor):
    give(7)
    assert standing.notifications(editor)
    section.stage = Stage.APPROVED
    db.session.commit()
    assert standing.notifications(editor) == []


def test_the_letter_lists_what_blocks_the_approval_as_the_review_page_does(section, editor):
    builders.thread(section)
    give(-1)
    with time_machine.travel(morning(-1), tick=False):
        letter = letters.draft(editor, standing.notifications(editor))
    assert "It was due on 1 December 2026." in str(letter.text)
    assert "1 remark has no answer" in str(letter.text)


@pytest.mark.both_databases
def test_two_workers_at_once_remind_once(app, section):
    db.session.rollback()
    start, given = Barrier(2), []

    def remind() -> None:
        with app.app_context():
            [owed] = reminders.due(ReminderKind.SECTION_DUE, morning(7))
            start.wait()
            with transaction():
                given.append(reminders.remind(owed))

    workers = [Thread(target=remind) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(given) == [0, 1]
    assert db.session.query(Event).filter_by(kind=EventKind.REMINDER_DUE).count() == 1


def test_a_row_that_cannot_be_looked_at_stops_no_other_kind_of_reminder(editor, section, caplog):
    odd = builders.section(stage=Stage.REVIEW)
    odd.stage_since = datetime(9999, 12, 28, tzinfo=UTC)
    db.session.commit()
    assert give(7) == 1
    assert told() == {editor.id: Reason.ASSIGNED}
    assert "could not be looked for: position_awaited" in caplog.text


def test_who_answers_a_reviewer_is_reminded_and_the_coordinator_where_nobody_does(
    editor, coordinator
):
    builders.question(due_on=DUE, assignee=editor)
    assert [give(day) for day in (8, 7, 2, -1)] == [0, 1, 1, 1]
    assert told() == {editor.id: Reason.ASSIGNED}
    assert give(-7) == 1
    assert told() == {editor.id: Reason.ASSIGNED, coordinator.id: Reason.CHAIN}
    second = builders.question(text="And this?", due_on=DUE)
    assert give(7) == 1
    assert told() == {coordinator.id: Reason.CHAIN}
    second.answer, second.answered_at = "We counted.", clock.now()
    db.session.commit()
    assert give(-7) == 0


def test_of_a_question_about_the_whole_no_stranger_to_the_city_is_reminded(coordinator):
    utility = builders.organisation()
    builders.person(organisation=utility, mandate=Mandate.DELEGATE)
    member = builders.person(Role.EDITOR)
    builders.member(member, Role.STAKEHOLDER, organisation=utility)
    builders.question(due_on=DUE, assignee=member)
    give(-1)
    assert told() == {member.id: Reason.ASSIGNED}


def test_who_is_named_in_a_step_is_reminded_and_nobody_whose_turn_it_is_not(coordinator):
    approver, reviewer = builders.person(Role.APPROVER), builders.person(Role.REVIEWER)
    section = builders.section(stage=Stage.REVIEW)
    section.stage_since = morning(7)
    builders.keep(
        ApprovalStep(
            contract_id=section.contract_id,
            section_id=section.id,
            order=1,
            title="Reading",
            role=Role.REVIEWER,
        )
    )
    assert give(2) == 1
    assert told() == {reviewer.id: Reason.ASSIGNED}
    with transaction():
        reviews.take(section, Stance.APPROVE, by=reviewer, seen=section.current)
    assert give(-1) == 1
    assert told() == {approver.id: Reason.ASSIGNED}


def test_where_only_coordinators_judge_they_are_reminded(coordinator):
    section = builders.section(stage=Stage.REVIEW)
    section.stage_since = morning(7)
    db.session.commit()
    give(2)
    assert told() == {coordinator.id: Reason.ASSIGNED}


def test_who_has_spoken_since_gets_no_letter_that_his_word_is_missing(coordinator):
    first, second = builders.person(Role.APPROVER), builders.person(Role.APPROVER)
    section = builders.section(stage=Stage.REVIEW)
    section.stage_since = morning(7)
    db.session.commit()
    give(2)
    with transaction():
        reviews.take(section, Stance.ABSTAIN, by=first, seen=section.current)
    assert due(first) == []
    assert due(second) == [ReminderKind.POSITION_AWAITED]


def test_only_who_is_asked_is_reminded_of_a_round_and_only_while_he_is_silent(coordinator):
    section = builders.section(sectors=["energy"])
    asked, speaks = builders.person(sector="energy"), builders.person(sector="energy")
    builders.person(sector="waste")
    with time_machine.travel(morning(30), tick=False), transaction():
        rounds.plan(builders.the_contract(), [section], by=coordinator, closes_at=morning(0))
    give(2)
    assert set(told()) == {asked.id, speaks.id}
    with time_machine.travel(morning(2), tick=False), transaction():
        threads.open_thread(
            section,
            by=speaks,
            revision=section.current,
            kind=RemarkKind.QUESTION,
            text="How was it counted?",
        )
    assert due(speaks) == []
    assert due(asked) == [ReminderKind.ROUND_CLOSING]


def test_the_letter_that_names_a_day_is_not_sent_when_the_day_was_moved(
    section, editor, coordinator
):
    give(7)
    with transaction():
        sections.assign(section, by=coordinator, owner=editor, due_on=DUE + timedelta(days=30))
    assert due(editor) == []


def test_a_former_owner_is_not_reminded_of_what_is_no_longer_his(section, editor, coordinator):
    give(7)
    with transaction():
        sections.assign(section, by=coordinator, owner=builders.person(Role.EDITOR), due_on=DUE)
    assert due(editor) == []


def test_remarks_taken_back_since_ask_for_no_answer(editor):
    section = builders.section(stage=Stage.REVISION, owner=editor)
    section.stage_since = morning(21)
    remark = builders.thread(section)
    db.session.commit()
    give(0)
    assert due(editor) == [ReminderKind.ANSWERS_DUE]
    with transaction():
        threads.withdraw(remark, by=remark.author)
    assert due(editor) == []


def test_while_the_contract_stands_still_nobody_is_reminded_of_what_he_cannot_do(section, editor):
    give(7)
    builders.manifest()
    assert due(editor) == []
    assert give(2) == 0
