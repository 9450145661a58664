from datetime import UTC, datetime, timedelta
from threading import Barrier
from threading import Thread as Worker

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from tests.support.events import kinds
from workflow import clock
from workflow.db import db, transaction
from workflow.models import (
    Decision,
    Display,
    Event,
    Notification,
    Person,
    Round,
    RoundEntry,
    Section,
    Thread,
)
from workflow.rules.refusals import Denied, Invalid, Outdated, Unready
from workflow.rules.vocabulary import (
    Act,
    EventKind,
    Reason,
    RemarkKind,
    Role,
    RoundAudience,
    RoundChange,
    Stage,
)
from workflow.services import corrections, displays, notices, planning, reviews, rounds, threads

pytestmark = pytest.mark.usefixtures("ctx")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def sections(maja):
    return [builders.section(code, author=builders.person(None)) for code in ("B-1", "B-2")]


def plan(sections, by, days=10, **what):
    what = {"closes_at": clock.now() + timedelta(days=days)} | what
    with transaction():
        return rounds.plan(builders.the_contract(), sections, by=by, **what)


def remark(section, text="Why?", by=None):
    with transaction():
        return threads.open_thread(
            section,
            by=by or builders.someone(Role.STAKEHOLDER),
            revision=section.current,
            kind=RemarkKind.QUESTION,
            text=text,
        )


def keep_time():
    done = 0
    for round_id in rounds.due(clock.now()):
        with transaction():
            done += rounds.keep_time(round_id, clock.now())
    return done


def test_one_round_opens_for_many_sections_and_is_told_once(maja, sections):
    made = plan(sections, maja, announcement="Please read.", title="Second edition")
    assert (made.number, made.opened_at, made.title) == (1, NOON, "Second edition")
    assert {section.stage for section in sections} == {Stage.CONSULTATION}
    assert {section.closes_at for section in sections} == {made.closes_at}
    shown = db.session.scalars(select(Display)).all()
    assert {one.round_id for one in shown} == {made.id}
    assert {one.revision_id for one in shown} == {section.current_id for section in sections}
    assert kinds() == [EventKind.CONSULTATION_OPENED] * 2 + [EventKind.ROUND_OPENED]


def test_all_sections_open_or_none_and_each_that_cannot_is_named(maja, sections):
    approved = builders.section(stage=Stage.APPROVED)
    empty = builders.section(markdown=None)
    with pytest.raises(Unready) as refusal:
        plan([*sections, approved, empty], maja)
    assert dict(refusal.value.hindered) == {approved.id: "approved", empty.id: "text"}
    assert {section.stage for section in sections} == {Stage.DRAFT}
    assert db.session.query(Round).count() == db.session.query(Event).count() == 0


def test_only_who_leads_every_section_opens_a_round_of_them(sections):
    narrow = builders.person(Role.COORDINATOR, section=sections[0])
    with pytest.raises(Denied):
        plan(sections, narrow)
    assert plan(sections[:1], narrow).number == 1


@pytest.mark.parametrize(
    ("audience", "days", "taken"),
    [
        (RoundAudience.INVITED, 1, True),
        (RoundAudience.INVITED, 0.5, False),
        (RoundAudience.PUBLIC, 30, True),
        (RoundAudience.PUBLIC, 29, False),
        (RoundAudience.ORGANISATIONS, -1, False),
    ],
)
def test_a_round_is_open_for_as_long_as_its_audience_needs(maja, sections, audience, days, taken):
    if taken:
        assert plan(sections, maja, days, audience=audience).audience is audience
        return
    with pytest.raises(Invalid) as refusal:
        plan(sections, maja, days, audience=audience)
    assert refusal.value.name == "closes_at"
    assert db.session.query(Round).count() == 0


def test_a_city_says_how_long_public_rounds_last_at_least(maja, sections):
    with transaction():
        planning.set_public_days(builders.the_contract(), by=maja, days=14)
    assert plan(sections, maja, 14, audience=RoundAudience.PUBLIC).opened_at
    with pytest.raises(Denied), transaction():
        planning.set_public_days(builders.the_contract(), by=builders.person(Role.EDITOR), days=1)


def test_thirty_days_are_thirty_days_of_the_wall_clock_when_summer_begins(maja, sections):
    """From 2 March, noon, to 1 April, noon in Ljubljana it is an hour less than thirty times 24."""
    maja.time_zone = "Europe/Ljubljana"
    db.session.commit()
    short = timedelta(days=30) - timedelta(hours=1)
    made = plan(sections, maja, closes_at=NOON + short, audience=RoundAudience.PUBLIC)
    assert made.closes_at == NOON + short


def test_a_section_opened_by_itself_is_a_round_of_one(maja, sections):
    with transaction():
        reviews.move(sections[0], Act.CONSULT, by=maja, seen=sections[0].current)
    [made] = db.session.scalars(select(Round)).all()
    assert made.sections == [sections[0]]
    assert kinds() == [EventKind.CONSULTATION_OPENED, EventKind.ROUND_OPENED]
    with transaction():
        reviews.move(sections[1], Act.CONSULT, by=maja, seen=sections[1].current)
    assert db.session.query(Round).count() == 2


def test_a_planned_round_opens_at_its_time_and_once(maja, sections, travel):
    made = plan(sections, maja, opens_at=NOON + timedelta(days=2))
    assert made.opened_at is None
    assert keep_time() == 0
    assert {section.stage for section in sections} == {Stage.DRAFT}
    travel(NOON + timedelta(days=2, minutes=1))
    assert (keep_time(), keep_time()) == (1, 0)
    assert made.opened_at == NOON + timedelta(days=2, minutes=1)
    assert kinds().count(EventKind.ROUND_OPENED) == 1
    assert {line.by_id for line in db.session.scalars(select(Decision))} == {maja.id}
    assert {line.reason for line in db.session.scalars(select(Decision))} == {
        "At the announced time."
    }


def test_a_planned_round_can_be_changed_and_cancelled_before_it_opens(maja, sections, travel):
    made = plan(sections, maja, opens_at=NOON + timedelta(days=2))
    with transaction():
        rounds.change(
            made,
            sections[:1],
            by=maja,
            opens_at=NOON + timedelta(days=3),
            closes_at=NOON + timedelta(days=9),
            audience=RoundAudience.ORGANISATIONS,
            title="Heat",
            announcement="",
        )
    assert (made.title, made.sections) == ("Heat", sections[:1])
    with transaction():
        rounds.cancel(made, by=maja)
    travel(NOON + timedelta(days=4))
    assert keep_time() == 0
    assert {section.stage for section in sections} == {Stage.DRAFT}
    with pytest.raises(Invalid), transaction():
        rounds.cancel(made, by=maja)
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    with transaction():
        assert notices.fan_out(event) == 0


def test_a_planned_round_of_a_section_that_moved_on_waits_and_opens_nothing(maja, sections, travel):
    made = plan(sections, maja, opens_at=NOON + timedelta(days=2))
    with transaction():
        reviews.move(sections[0], Act.SUBMIT, by=maja, seen=sections[0].current)
    travel(NOON + timedelta(days=3))
    assert keep_time() == 0
    assert made.opened_at is None
    assert sections[1].stage is Stage.DRAFT


def test_a_round_that_waited_too_long_opens_for_no_shorter_than_it_has_to(maja, sections, travel):
    asked = {"audience": RoundAudience.PUBLIC, "closes_at": NOON + timedelta(days=33)}
    made = plan(sections, maja, opens_at=NOON + timedelta(days=2), **asked)
    with transaction():
        reviews.move(sections[0], Act.SUBMIT, by=maja, seen=sections[0].current)
    travel(NOON + timedelta(days=5))
    with transaction():
        reviews.move(
            sections[0], Act.REQUEST_CHANGES, by=maja, seen=sections[0].current, reason="Not yet."
        )
    assert keep_time() == 0
    assert made.opened_at is None
    with transaction():
        rounds.change(
            made,
            sections,
            by=maja,
            opens_at=NOON + timedelta(days=6),
            closes_at=NOON + timedelta(days=36),
            audience=RoundAudience.PUBLIC,
            title="",
            announcement="",
        )
    travel(NOON + timedelta(days=6, minutes=20))
    assert keep_time() == 1
    assert made.opened_at is not None


def test_a_round_closes_at_the_announced_time_once_in_the_name_of_who_opened_it(
    maja, sections, travel
):
    made = plan(sections, maja, days=5)
    with transaction():
        db.session.delete(db.session.get(Person, maja.id).memberships[0])
    travel(NOON + timedelta(days=5))
    assert (keep_time(), keep_time()) == (1, 0)
    assert made.closed_at == NOON + timedelta(days=5)
    assert {section.stage for section in sections} == {Stage.REVISION}
    assert {section.closes_at for section in sections} == {None}
    assert all(one.closed_at for one in db.session.scalars(select(Display)))
    assert kinds()[-1] is EventKind.ROUND_CLOSED
    assert kinds().count(EventKind.ROUND_CLOSED) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("opening", [True, False])
def test_two_workers_at_the_same_instant_do_it_once(app, maja, sections, travel, opening):
    later = NOON + timedelta(days=2)
    made = plan(sections, maja, days=5, opens_at=later if opening else None)
    travel(later if opening else NOON + timedelta(days=6))
    round_id, start, done = made.id, Barrier(2), []
    db.session.remove()

    def work():
        with app.app_context():
            start.wait()
            with transaction():
                done.append(rounds.keep_time(round_id, clock.now()))

    workers = [Worker(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == [False, True]
    kind = EventKind.ROUND_OPENED if opening else EventKind.ROUND_CLOSED
    assert db.session.query(Event).filter_by(kind=kind).count() == 1


def test_closing_one_section_early_leaves_the_round_running(maja, sections):
    made = plan(sections, maja)
    with transaction():
        reviews.move(sections[0], Act.CLOSE, by=maja, seen=sections[0].current)
    assert made.closed_at is None
    with transaction():
        rounds.close(made, by=maja, reason="All is said.")
    assert made.closed_at == NOON
    assert kinds().count(EventKind.ROUND_CLOSED) == 1


def test_a_round_is_extended_only_to_later_and_with_a_reason_that_is_kept(maja, sections):
    made = plan(sections, maja, days=5)
    before, later = made.closes_at, NOON + timedelta(days=9)
    for closes_at, reason in ((before, "More time."), (None, "More time."), (later, " ")):
        with pytest.raises(Invalid), transaction():
            rounds.extend(made, by=maja, closes_at=closes_at, reason=reason)
    with pytest.raises(Denied), transaction():
        rounds.extend(made, by=builders.person(Role.EDITOR), closes_at=later, reason="More.")
    with transaction():
        rounds.extend(made, by=maja, closes_at=later, reason="Holidays.")
    [entry] = db.session.scalars(select(RoundEntry)).all()
    assert (entry.change, entry.closes_before, entry.closes_after) == (
        RoundChange.EXTENDED,
        before,
        later,
    )
    assert {one.closes_at for one in db.session.scalars(select(Display))} == {later}
    assert {db.session.get(Section, one.id).closes_at for one in sections} == {later}
    with transaction():
        rounds.close(made, by=maja)
    with pytest.raises(Invalid), transaction():
        rounds.extend(made, by=maja, closes_at=later + timedelta(days=1), reason="Again.")


def test_a_correction_keeps_both_texts_and_carries_remarks_along(maja, sections, travel):
    section = sections[0]
    made = plan(sections, maja)
    before = section.current
    said = builders.thread(section, quote="74 % of all homes")
    travel(NOON + timedelta(hours=1))
    markdown = before.markdown.replace("74 %", "76 %")
    with pytest.raises(Invalid), transaction():
        corrections.correct(section, by=maja, markdown=markdown, base=before, reason="")
    with pytest.raises(Invalid), transaction():
        corrections.correct(
            section, by=maja, markdown=before.markdown, base=before, reason="Nothing."
        )
    with pytest.raises(Denied), transaction():
        corrections.correct(
            section, by=builders.person(Role.EDITOR), markdown=markdown, base=before, reason="So."
        )
    with transaction():
        after = corrections.correct(
            section, by=maja, markdown=markdown, base=before, reason="A typing error."
        )
    old, new = db.session.scalars(
        select(Display).where(Display.section_id == section.id).order_by(Display.id)
    )
    assert (old.revision_id, old.closed_at) == (before.id, clock.now())
    assert (new.revision_id, new.opened_at, new.closed_at) == (after.id, clock.now(), None)
    assert {old.round_id, new.round_id} == {made.id}
    [entry] = db.session.scalars(select(RoundEntry)).all()
    assert (entry.before_id, entry.after_id, entry.section_id) == (before.id, after.id, section.id)
    assert kinds()[-1] is EventKind.TEXT_CORRECTED
    assert EventKind.REVISION_SAVED not in kinds()
    assert {one.revision_id for one in said.placements} == {after.id}
    with pytest.raises(Outdated), transaction():
        corrections.correct(section, by=maja, markdown="Other.", base=before, reason="Late.")


def test_who_is_asked_follows_from_the_audience(maja, sections):
    covered = builders.person(Role.STAKEHOLDER, sector="energy")
    elsewhere = builders.person(Role.STAKEHOLDER, sector="waste")
    union = builders.organisation("Union", sectors=["energy"])
    of_union = builders.person(Role.STAKEHOLDER, sector="waste", organisation=union)
    observer = builders.person(Role.OBSERVER)
    made = plan(sections, maja)
    expected = {
        RoundAudience.INVITED: {covered},
        RoundAudience.ORGANISATIONS: {covered, of_union},
        RoundAudience.PUBLIC: {covered, of_union, elsewhere},
    }
    known = {one.id for one in (covered, elsewhere, of_union, observer)}
    for audience, people in expected.items():
        made.audience = audience
        db.session.commit()
        asked = set(db.session.scalars(rounds.asked(made)))
        assert asked & known == {one.id for one in people}
        assert maja.id in asked
        assert set(db.session.scalars(rounds.silent(made))) == {one.id for one in people}
    remark(sections[0], by=covered)
    made = db.session.get(Round, made.id)
    assert covered.id not in set(db.session.scalars(rounds.silent(made)))


def test_everybody_asked_hears_of_the_round_and_of_what_changes(maja, sections):
    asked = builders.person(Role.STAKEHOLDER, sector="energy")
    stranger = builders.person(Role.STAKEHOLDER, sector="waste")
    made = plan(sections, maja)
    with transaction():
        rounds.extend(made, by=maja, closes_at=NOON + timedelta(days=20), reason="Holidays.")
    for event in db.session.scalars(select(Event).where(Event.relayed_at.is_(None))):
        meant = set(db.session.scalars(rounds.asked(made)))
        assert asked.id in meant
        with transaction():
            notices.fan_out(event)
    told = {(one.event.kind, one.person_id): one.reason for one in db.session.query(Notification)}
    assert told[EventKind.ROUND_OPENED, asked.id] is Reason.VOICE
    assert told[EventKind.ROUND_EXTENDED, asked.id] is Reason.VOICE
    assert not any(person in (stranger.id, maja.id) for _kind, person in told)


def test_a_late_remark_waits_in_the_tray_and_joins_the_next_round(maja, sections, travel):
    section = sections[0]
    first = plan(sections, maja, days=5)
    in_time = remark(section)
    assert (in_time.round_id, in_time.late) == (first.id, False)
    travel(NOON + timedelta(days=5))
    before_the_job = remark(section)
    assert (before_the_job.round_id, before_the_job.late) == (None, True)
    keep_time()
    after = remark(section, "And now?")
    assert (after.round_id, after.late) == (None, True)
    second = plan([section], maja)
    joined = db.session.scalars(select(Thread).where(Thread.round_id == second.id)).all()
    assert {one.id for one in joined} == {before_the_job.id, after.id}
    assert all(one.late for one in joined)
    assert remark(section).late is False


def test_a_remark_on_a_section_that_was_in_no_round_is_not_late():
    section = builders.section(stage=Stage.REVISION)
    made = remark(section)
    assert (made.round_id, made.late) == (None, False)


def test_what_was_shown_can_be_taken_back_and_what_was_hidden_shown_again(maja, sections, travel):
    section = sections[0]
    first = plan([section], maja, days=5)
    with transaction():
        displays.hide(db.session.get(Section, section.id), at=clock.now())
    assert first.closed_at == NOON
    with transaction():
        displays.show_again(db.session.get(Section, section.id), by=maja)
    assert first.closed_at is None
    assert section.closes_at == first.closes_at
    late = builders.thread(section)
    late.late, late.round_id = True, first.id
    db.session.commit()
    with transaction():
        displays.hide_again(db.session.get(Section, section.id))
    assert first.closed_at == NOON
    assert db.session.get(Thread, late.id).round_id is None
    travel(NOON + timedelta(days=6))
    with pytest.raises(Invalid), transaction():
        displays.show_again(db.session.get(Section, section.id), by=maja)
