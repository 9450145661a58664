"""The calendar of deadlines: what stands in it for whom, at which address, and how programs keep it up to date."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import (
    ApprovalStep,
    CalendarEntry,
    Milestone,
    Organisation,
    Person,
    Position,
    Question,
    Round,
    Section,
    Signatory,
)
from workflow.rules.vocabulary import Mandate, Role, RoundAudience, SignatoryStatus, Stage, Stance
from workflow.services import calendar, people, rounds, sections, unsubscribing

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SOON = date(2026, 12, 6)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def address(person: Person) -> str:
    return f"/calendar/{calendar.token(db.session.get(Person, person.id))}.ics"


@pytest.fixture
def fetch(app, client):
    """`fetch(person)`: the entries of their calendar by their titles, fetched without a session."""

    def fetch(person: Person) -> dict[str, icalendar.Event]:
        with app.app_context():
            where = address(person)
        answer = client.get(where)
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
        assert len({one["UID"] for one in found}) == len(found)
        return {str(one["SUMMARY"]): one for one in found}

    return fetch


def planned(section: Section, *, audience=RoundAudience.INVITED, title="") -> Round:
    """A round that opens in a week and closes in five."""
    with transaction():
        section = db.session.get(Section, section.id)
        return rounds.plan(
            section.contract,
            [section],
            by=builders.someone(Role.COORDINATOR),
            opens_at=NOW + timedelta(days=7),
            closes_at=NOW + timedelta(days=40),
            audience=audience,
            title=title,
            announcement="",
        )


def test_what_somebody_carries_stands_in_his_calendar_until_it_is_done(app, city, fetch):
    with app.app_context():
        section = builders.section("HEAT", owner=city.editor, due_on=SOON)
    [(title, due)] = fetch(city.editor).items()
    assert title == "Ljubljana: HEAT Section HEAT is due"
    assert due["DTSTART"].dt == SOON
    assert due["URL"] == f"http://localhost/c/{city.slug}/sections/{section.id}/"
    assert "because you own this section" in due["DESCRIPTION"]
    assert fetch(city.coordinator) == fetch(city.stakeholder) == {}
    with app.app_context():
        builders.approve_again(db.session.get(Section, section.id))
    assert fetch(city.editor) == {}


def test_a_round_stands_in_it_to_the_minute_for_those_it_concerns(app, city, fetch):
    with app.app_context():
        planned(builders.section("HEAT"), title="Heat, and; more")
    found = fetch(city.stakeholder)
    assert {title: one["DTSTART"].dt for title, one in found.items()} == {
        "Ljubljana: Round 1: Heat, and; more opens": NOW + timedelta(days=7),
        "Ljubljana: Round 1: Heat, and; more closes": NOW + timedelta(days=40),
    }
    assert set(fetch(city.coordinator)) == set(found)
    assert fetch(city.observer) == {}, "who has no voice is asked nothing"


def test_a_round_for_the_public_concerns_everybody_and_one_of_another_part_nobody(app, city, fetch):
    with app.app_context():
        elsewhere = builders.someone(Role.STAKEHOLDER)
        other = builders.section("BUS")
        guest = builders.person(Role.STAKEHOLDER, section=other)
        planned(builders.section("HEAT"))
        assert elsewhere.id == city.stakeholder.id
    assert fetch(guest) == {}
    with app.app_context():
        db.session.query(Round).update({"audience": RoundAudience.PUBLIC})
        db.session.commit()
    assert len(fetch(guest)) == len(fetch(city.observer)) == 2


def test_organisations_that_are_asked_and_followers_have_it_too(app, city, fetch):
    with app.app_context():
        heat = builders.section("HEAT", sectors=("energy",))
        follower = builders.person(Role.OBSERVER)
        builders.follow(follower, heat)
        partner = builders.organisation("Heat works", sectors=("energy",))
        member = builders.person(Role.OBSERVER, organisation=partner)
        planned(heat, audience=RoundAudience.ORGANISATIONS)
    assert len(fetch(follower)) == len(fetch(member)) == 2
    assert fetch(city.observer) == {}


def test_a_cancelled_round_disappears_and_an_extended_one_moves(app, city, fetch):
    with app.app_context():
        planned(builders.section("HEAT"))
        running = builders.round_of(builders.section("BUS", stage=Stage.CONSULTATION))
        number = running.id
    before = fetch(city.stakeholder)["Ljubljana: Round 2 closes"]
    with app.app_context(), transaction():
        rounds.cancel(
            db.session.query(Round).filter_by(number=1).one(), by=builders.someone(Role.COORDINATOR)
        )
        later = NOW + timedelta(days=60)
        rounds.extend(
            db.session.get(Round, number),
            by=builders.someone(Role.COORDINATOR),
            closes_at=later,
            reason="Holidays.",
        )
    [after] = fetch(city.stakeholder).values()
    assert after["DTSTART"].dt == later
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_whoever_judges_has_the_text_until_he_has_taken_a_position(app, city, fetch):
    with app.app_context():
        section = builders.section("HEAT", stage=Stage.REVIEW)
    [(title, one)] = fetch(city.approver).items()
    assert title == "Ljubljana: Your position on HEAT Section HEAT is awaited"
    assert one["DTSTART"].dt == date(2026, 12, 4)
    assert one["URL"].endswith("/review")
    assert fetch(city.reviewer) == {}
    with app.app_context():
        section = db.session.get(Section, section.id)
        builders.keep(
            Position(
                section=section,
                person=db.session.get(Person, city.approver.id),
                stance=Stance.APPROVE,
                revision=section.current,
                sha256=section.current.sha256,
                at=clock.now(),
            )
        )
    assert fetch(city.approver) == {}


@pytest.mark.parametrize("own", [True, False])
def test_whoever_is_named_in_a_step_is_awaited(app, city, fetch, own):
    with app.app_context():
        section = builders.section("HEAT", stage=Stage.REVIEW)
        reviewer = db.session.get(Person, city.reviewer.id)
        builders.keep(
            ApprovalStep(
                contract_id=section.contract_id,
                section_id=section.id if own else None,
                order=1,
                title="Experts",
                people=[reviewer],
            )
        )
    assert len(fetch(city.reviewer)) == 1
    if not own:
        with app.app_context():
            step = ApprovalStep(
                contract_id=city.contract.id,
                section_id=section.id,
                order=1,
                title="Its own",
                people=[db.session.get(Person, city.editor.id)],
            )
            builders.keep(step)
        assert fetch(city.reviewer) == {}


def test_comments_that_wait_stand_in_the_calendar_of_whoever_carries_the_section(app, city, fetch):
    with app.app_context():
        section = builders.section("HEAT", stage=Stage.REVISION, owner=city.editor)
        assert fetch(city.editor) == {}
        builders.thread(section, author=city.stakeholder)
    [(title, one)] = fetch(city.editor).items()
    assert title == "Ljubljana: Comments on HEAT Section HEAT wait for an answer"
    assert one["DTSTART"].dt == date(2026, 12, 18)


def test_a_signature_is_awaited_of_whoever_speaks_for_the_organisation(app, city, fetch):
    with app.app_context():
        works = builders.organisation("Heat works")
        delegate = builders.person(organisation=works, mandate=Mandate.DELEGATE)
        member = builders.person(organisation=works)
        signatory = builders.signatory(works, due_on=SOON)
    [(title, one)] = fetch(delegate).items()
    assert title == "Ljubljana: Prepare the signature of Heat works"
    assert one["DTSTART"].dt == SOON
    assert fetch(member) == {}
    with app.app_context():
        db.session.get(Signatory, signatory.id).status = SignatoryStatus.WITHDRAWN
        db.session.commit()
    assert fetch(delegate) == {}


def test_a_question_of_the_reviewers_lies_in_the_calendar_of_whoever_answers_it(app, city, fetch):
    with app.app_context():
        question = builders.question(assignee=city.editor, due_on=SOON)
        builders.question(assignee=city.editor, due_on=SOON, answer="Yes.", ready=True)
    [(title, one)] = fetch(city.editor).items()
    assert title == "Ljubljana: The answer to the reviewers' question 1 is due"
    with app.app_context():
        [membership] = db.session.get(Person, city.editor.id).memberships
        membership.role = Role.STAKEHOLDER
        db.session.commit()
        assert db.session.get(Question, question.id).assignee_id == city.editor.id
    assert fetch(city.editor) == {}, "what only the city reads leaves with the role"


def test_milestones_and_the_submission_are_for_everybody_who_takes_part(app, city, fetch):
    with app.app_context():
        contract = builders.the_contract()
        contract.submit_on = date(2027, 3, 1)
        for on, label in ((SOON, "Council"), (date(2026, 1, 1), "Long ago")):
            builders.keep(Milestone(contract_id=contract.id, on=on, label=label, status="planned"))
        db.session.commit()
        stranger = builders.person(contract=builders.contract("kranj", city="Kranj"))
    found = {title: one["DTSTART"].dt for title, one in fetch(city.observer).items()}
    assert found == {"Ljubljana: Council": SOON, "Ljubljana: Submission": date(2027, 3, 1)}
    assert fetch(stranger) == {}


def test_whoever_leaves_the_contract_no_longer_reads_its_dates(app, city, fetch):
    with app.app_context():
        builders.section("HEAT", owner=city.editor, due_on=SOON)
    assert len(fetch(city.editor)) == 1
    with app.app_context():
        [membership] = db.session.get(Person, city.editor.id).memberships
        db.session.delete(membership)
        db.session.commit()
    assert fetch(city.editor) == {}


def test_it_speaks_the_language_of_its_reader(app, city, fetch):
    with app.app_context(), transaction():
        people.prefer(db.session.get(Person, city.editor.id), language="sl")
        builders.section("HEAT", owner=city.editor, due_on=SOON)
    [(title, one)] = fetch(city.editor).items()
    assert title == "Ljubljana: Rok za HEAT Poglavje HEAT"
    assert one["SUMMARY"].params["LANGUAGE"] == "sl"
    assert "Podnebna pogodba: Ljubljana" in one["DESCRIPTION"]


def test_an_entry_keeps_its_name_and_counts_its_changes(app, city, fetch):
    with app.app_context():
        section = builders.section("HEAT", owner=city.editor, due_on=SOON)
    [first] = fetch(city.editor).values()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        [same] = fetch(city.editor).values()
        with app.app_context(), transaction():
            section = db.session.get(Section, section.id)
            sections.assign(
                section,
                by=builders.someone(Role.COORDINATOR),
                owner=section.owner,
                due_on=date(2026, 12, 7),
            )
        [moved] = fetch(city.editor).values()
    assert first["UID"] == same["UID"] == moved["UID"]
    assert [one["SEQUENCE"] for one in (first, same, moved)] == [0, 0, 1]
    assert first["LAST-MODIFIED"].dt == same["LAST-MODIFIED"].dt == NOW
    assert moved["LAST-MODIFIED"].dt == NOW + timedelta(hours=1)


def test_who_has_it_already_is_told_that_nothing_changed(app, city, client):
    with app.app_context():
        section = builders.section("HEAT", owner=city.editor, due_on=SOON)
        where = address(city.editor)
    first = client.get(where)
    assert first.headers["Cache-Control"] == "private, no-cache"
    held = {"If-None-Match": first.headers["ETag"]}
    again = client.get(where, headers=held)
    assert (again.status_code, again.data) == (304, b"")
    with app.app_context():
        db.session.get(Section, section.id).due_on = date(2026, 12, 7)
        db.session.commit()
    changed = client.get(where, headers=held)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_fetch_writes_only_when_something_changed(app, city, client):
    with app.app_context():
        builders.section("HEAT", owner=city.editor, due_on=SOON)
        where = address(city.editor)
    client.get(where)
    with counted(app) as questions:
        client.get(where)
    assert not [one for one in questions if not one.startswith("SELECT")]
    with app.app_context():
        assert db.session.query(CalendarEntry).count() == 1


def test_another_address_ends_the_old_one(app, city, client, enter):
    with app.app_context():
        old = address(city.editor)
    page = enter(city.editor).get("/preferences").text
    assert f"http://localhost{old}" in page
    assert f"webcal://localhost{old}" in page
    answer = enter(city.editor).post("/calendar/address")
    assert (answer.status_code, answer.location) == (303, "/preferences#calendar")
    with app.app_context():
        new = address(city.editor)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert f"http://localhost{new}" in enter(city.editor).get("/preferences").text


def test_only_its_person_makes_another_address(app, city, client, enter):
    with app.app_context():
        where = address(city.editor)
    assert client.post("/calendar/address").status_code == 302
    enter(city.observer).post("/calendar/address")
    assert client.get(where).status_code == 200


def test_no_other_token_opens_a_calendar_and_this_one_opens_nothing_else(app, city, client):
    with app.app_context():
        editor = db.session.get(Person, city.editor.id)
        word = calendar.token(editor)
        others = [unsubscribing.token(editor), people.link_token(editor), word[:-1], "1", "a.b.c"]
    for other in others:
        assert client.get(f"/calendar/{other}.ics").status_code == 404
    assert client.get(f"/unsubscribe/{word}").status_code == 404
    assert client.get(f"/accept/{word}").status_code == 410
    assert client.get(f"/calendar/{word}.ics").status_code == 200
    assert client.get("/inbox").status_code == 302, "it signs nobody in"


def test_whoever_may_not_sign_in_has_no_calendar(app, city, client):
    with app.app_context():
        where = address(city.editor)
        db.session.get(Person, city.editor.id).active = False
        db.session.commit()
    assert client.get(where).status_code == 404


def test_one_round_is_taken_from_its_page(app, city, enter, fetch):
    with app.app_context():
        planned(builders.section("HEAT"))
    client = enter(city.observer)
    where = f"/c/{city.slug}/rounds/1.ics"
    assert f'href="{where}"' in client.get(f"/c/{city.slug}/rounds/1").text
    answer = client.get(where)
    assert answer.headers["Content-Disposition"] == "attachment; filename=ljubljana-1.ics"
    taken = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert {one["UID"] for one in taken} == {one["UID"] for one in fetch(city.stakeholder).values()}
    assert client.get(f"/c/{city.slug}/rounds/7.ics").status_code == 404
    with app.app_context(), transaction():
        rounds.cancel(db.session.query(Round).one(), by=builders.someone(Role.COORDINATOR))
    assert client.get(where).status_code == 404


def test_it_asks_the_same_few_questions_however_much_is_due(app, city, client):
    with app.app_context(), transaction():
        works = builders.organisation("Heat works")
        builders.member(city.coordinator, Role.EDITOR, organisation=works, mandate=Mandate.DELEGATE)
        _fill(city.coordinator, works, 1)
    small = _cost(app, client, city.coordinator)
    with app.app_context(), transaction():
        for slug in ("kranj", "celje"):
            other = builders.contract(slug)
            builders.member(city.coordinator, Role.COORDINATOR, contract=other)
            builders.section(contract=other, owner=city.coordinator, due_on=SOON)
        _fill(city.coordinator, db.session.get(Organisation, works.id), 30)
    assert _cost(app, client, city.coordinator) == small <= 8


def _fill(person: Person, works: Organisation, many: int) -> None:
    for _ in range(many):
        builders.section(owner=person, due_on=SOON)
        builders.section(stage=Stage.REVIEW)
        builders.round_of(builders.section(stage=Stage.CONSULTATION))
        builders.question(assignee=person, due_on=SOON)
    if many == 1:
        builders.signatory(works, due_on=SOON)
    builders.keep(Milestone(contract_id=works.contract_id, on=SOON, label="X", status="planned"))


def _cost(app, client, person: Person) -> int:
    with app.app_context():
        where = address(person)
    client.get(where)
    with counted(app) as questions:
        assert client.get(where).status_code == 200
    return len(questions)
