from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert, select

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Membership, Notification, Person, Subscription
from workflow.rules import policy
from workflow.rules.audience import AUDIENCE
from workflow.rules.vocabulary import (
    Act,
    EventKind,
    Reason,
    Rhythm,
    Role,
    Stage,
    Visibility,
    Wish,
)
from workflow.services import listeners, notices, outbox

pytestmark = pytest.mark.usefixtures("ctx")

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def tell(kind, *, actor=None, section=None, **what):
    """Record an event as a verb does, and fan it out as the job does."""
    with transaction():
        contract_id = what.pop("contract_id", section.contract_id if section else None)
        event = outbox.record(kind, actor=actor, contract_id=contract_id, section=section, **what)
    with transaction():
        notices.fan_out(db.session.get(Event, event.id))
    return event


def tell_of_remark(thread, actor=None):
    return tell(
        EventKind.REMARK_MADE,
        actor=actor or thread.author,
        section=thread.section,
        thread=thread,
        comment=thread.comments[0],
    )


def heard(event):
    rows = db.session.scalars(select(Notification).where(Notification.event_id == event.id))
    return {row.person_id: row.reason for row in rows}


def due(event, person):
    return db.session.scalar(
        select(Notification.due_at).where(
            Notification.event_id == event.id, Notification.person_id == person.id
        )
    )


@pytest.fixture
def section():
    return builders.section(stage=Stage.CONSULTATION, sectors=["energy"])


@pytest.fixture
def thread(section):
    return builders.thread(section)


def test_every_reason_of_the_table_can_be_looked_up():
    assert {reason for reasons in AUDIENCE.values() for reason in reasons} <= set(listeners.FINDERS)


def test_a_new_remark_reaches_owner_editors_coordinators_and_followers_each_for_his_own_reason():
    owner = builders.person(Role.EDITOR, sector="energy")
    section = builders.section(owner=owner, sectors=["energy"])
    pen = builders.person(Role.EDITOR, sector="energy")
    elsewhere = builders.person(Role.EDITOR, sector="waste")
    coordinator = builders.person(Role.COORDINATOR)
    follower = builders.person(Role.STAKEHOLDER)
    builders.follow(follower, section)
    stranger = builders.person(Role.STAKEHOLDER)
    thread = builders.thread(section, author=builders.person(Role.STAKEHOLDER))
    told = heard(tell_of_remark(thread))
    assert (
        told.items()
        >= {
            owner.id: Reason.OWNER,
            pen.id: Reason.PEN,
            coordinator.id: Reason.COORDINATOR,
            follower.id: Reason.FOLLOWER,
        }.items()
    )
    assert told.keys().isdisjoint({elsewhere.id, stranger.id, thread.author_id})


def test_the_most_personal_reason_wins_and_nobody_is_told_twice(section, thread):
    author = thread.author
    builders.comment(thread, author=author, text="And one more thing.")
    builders.follow(author, section)
    builders.member(author, Role.COORDINATOR)
    reply = builders.comment(thread, author=builders.person(Role.EDITOR))
    event = tell(
        EventKind.REPLY_MADE, actor=reply.author, section=section, thread=thread, comment=reply
    )
    assert heard(event)[author.id] is Reason.AUTHOR


def test_the_actor_never_hears_himself(section, thread):
    builders.follow(thread.author, section)
    assert thread.author_id not in heard(tell_of_remark(thread))


def test_who_asked_for_a_new_password_hears_of_it_though_he_did_it_himself():
    person = builders.person(rhythm=Rhythm.OFF)
    event = tell(EventKind.PASSWORD_FORGOTTEN, actor=person, person=person)
    assert heard(event) == {person.id: Reason.INVITED}
    assert due(event, person) == event.at


def test_telling_again_changes_nothing(thread):
    builders.person(Role.COORDINATOR)
    event = tell_of_remark(thread)
    before = heard(event)
    newcomer = builders.person(Role.COORDINATOR)
    with transaction():
        assert notices.fan_out(db.session.get(Event, event.id)) == 1
    assert heard(event) == before | {newcomer.id: Reason.COORDINATOR}


def test_a_remark_for_the_city_reaches_nobody_outside(section):
    follower = builders.person(Role.STAKEHOLDER)
    builders.follow(follower, section)
    observer = builders.person(Role.OBSERVER)
    builders.follow(observer, section)
    coordinator = builders.person(Role.COORDINATOR)
    thread = builders.thread(
        section, author=builders.person(Role.EDITOR), visibility=Visibility.CITY
    )
    told = heard(tell_of_remark(thread))
    assert coordinator.id in told
    assert told.keys().isdisjoint({follower.id, observer.id})


def test_the_author_of_a_remark_for_the_city_hears_the_answer_even_from_outside(section):
    author = builders.person(Role.STAKEHOLDER)
    thread = builders.thread(section, author=author, visibility=Visibility.CITY)
    event = tell(
        EventKind.REMARK_ANSWERED,
        actor=builders.person(Role.EDITOR),
        section=section,
        thread=thread,
    )
    assert heard(event) == {author.id: Reason.AUTHOR}


def test_who_left_the_contract_hears_nothing_more(section, thread):
    gone = builders.person(None)
    builders.follow(gone, section)
    assert gone.id not in heard(tell_of_remark(thread))


def test_who_muted_a_section_hears_only_what_concerns_him(section):
    pen = builders.person(Role.EDITOR)
    author = builders.person(Role.STAKEHOLDER)
    for person in (pen, author):
        builders.follow(person, section, Wish.MUTE)
    thread = builders.thread(section, author=author)
    assert pen.id not in heard(tell_of_remark(thread))
    answered = tell(
        EventKind.REMARK_ANSWERED,
        actor=builders.person(Role.COORDINATOR),
        section=section,
        thread=thread,
    )
    assert heard(answered) == {author.id: Reason.AUTHOR}


def test_who_has_not_accepted_his_invitation_gets_the_invitation_and_nothing_else(section, thread):
    invited = builders.person(Role.COORDINATOR, password=None)
    invitation = tell(
        EventKind.PERSON_INVITED,
        actor=builders.person(Role.ADMIN),
        contract_id=section.contract_id,
        person=invited,
    )
    assert heard(invitation) == {invited.id: Reason.INVITED}
    assert invited.id not in heard(tell_of_remark(thread))


def test_who_was_deactivated_gets_no_letter_at_all(section, thread):
    gone = builders.person(Role.COORDINATOR)
    with transaction():
        db.session.get(Person, gone.id).active = False
    invitation = tell(EventKind.PASSWORD_FORGOTTEN, actor=gone, person=gone)
    assert heard(invitation) == {}
    assert gone.id not in heard(tell_of_remark(thread))


def test_opening_a_section_asks_everyone_who_may_speak_there_and_no_observer(section):
    voice = builders.person(Role.STAKEHOLDER)
    of_the_sector = builders.person(Role.STAKEHOLDER, sector="energy")
    of_another = builders.person(Role.STAKEHOLDER, sector="waste")
    observer = builders.person(Role.OBSERVER)
    told = heard(
        tell(
            EventKind.ROUND_OPENED,
            actor=builders.person(Role.COORDINATOR),
            contract_id=section.contract_id,
            round=builders.round_of(section),
        )
    )
    assert told[voice.id] == told[of_the_sector.id] == Reason.VOICE
    assert told.keys().isdisjoint({of_another.id, observer.id})


def test_reviewers_and_approvers_hear_that_a_review_is_asked_for(section):
    approver = builders.person(Role.APPROVER)
    reviewer = builders.person(Role.REVIEWER, sector="energy")
    told = heard(
        tell(EventKind.REVIEW_REQUESTED, actor=builders.person(Role.EDITOR), section=section)
    )
    assert told[approver.id] == told[reviewer.id] == Reason.JUDGE


def test_who_spoke_in_a_section_hears_that_its_round_is_closed(section, thread):
    with transaction():
        thread.round = builders.round_of(section)
    told = heard(
        tell(
            EventKind.ROUND_CLOSED,
            actor=builders.person(Role.COORDINATOR),
            contract_id=section.contract_id,
            round=thread.round,
        )
    )
    assert told[thread.author_id] is Reason.IN_THREAD


def test_membership_covers_in_the_query_exactly_where_it_covers_in_the_policy(section):
    """The same rule twice, in Python and in SQL; here both are asked for every scope."""
    other = builders.section(sectors=["waste"])
    people = [
        builders.person(Role.EDITOR),
        builders.person(Role.EDITOR, sector="energy"),
        builders.person(Role.EDITOR, sector="waste"),
        builders.person(Role.EDITOR, section=section),
        builders.person(Role.EDITOR, section=other),
        builders.person(Role.EDITOR, section=section, sector="waste"),
        builders.person(Role.EDITOR, contract=builders.contract("riga", city="Riga")),
    ]
    for place in (section, other):
        event = Event(
            kind=EventKind.REMARK_MADE, contract_id=place.contract_id, section=place, at=clock.now()
        )
        found = set(db.session.scalars(listeners.people(event, Reason.PEN)))
        expected = {p.id for p in people if policy.grants(p, Act.EDIT, place.place)}
        assert found & {p.id for p in people} == expected


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm.IMMEDIATE, NOON + timedelta(seconds=60)),
        (Rhythm.DAILY, datetime(2026, 11, 25, 6, 0, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2026, 11, 30, 6, 0, tzinfo=UTC)),
        (Rhythm.OFF, None),
    ],
)
def test_the_letter_is_due_by_the_rhythm_that_a_person_chose(section, thread, rhythm, expected):
    coordinator = builders.person(Role.COORDINATOR, rhythm=rhythm)
    with time_machine.travel(NOON, tick=False):
        event = tell_of_remark(thread)
    assert due(event, coordinator) == expected


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [(Rhythm.WEEKLY, NOON + timedelta(seconds=60)), (Rhythm.OFF, None)],
)
def test_an_assignment_never_waits_for_a_digest_but_respects_off(section, rhythm, expected):
    owner = builders.person(Role.EDITOR, rhythm=rhythm)
    with time_machine.travel(NOON, tick=False):
        event = tell(
            EventKind.SECTION_ASSIGNED,
            actor=builders.person(Role.COORDINATOR),
            section=section,
            person=owner,
        )
    assert due(event, owner) == expected


def test_a_time_zone_that_nobody_knows_stops_nobodys_letter(section, thread):
    odd, other = builders.person(Role.COORDINATOR), builders.person(Role.COORDINATOR)
    with transaction():
        db.session.get(Person, odd.id).time_zone = "Nowhere/At_all"
    with time_machine.travel(NOON, tick=False):
        event = tell_of_remark(thread)
    assert due(event, odd) == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert due(event, other) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def test_events_are_told_oldest_first_and_one_that_fails_waits_without_stopping_the_others(section):
    with transaction():
        first = outbox.record(
            EventKind.REVIEW_REQUESTED, actor=None, contract_id=section.contract_id
        )
        second = outbox.record(
            EventKind.REVIEW_REQUESTED, actor=None, contract_id=section.contract_id
        )
    with transaction():
        assert notices.next_event(clock.now()).id == first.id
        notices.postpone(first.id, clock.now())
    with transaction():
        assert notices.next_event(clock.now()).id == second.id
        notices.fan_out(db.session.get(Event, second.id))
        assert notices.next_event(clock.now()) is None
        assert notices.next_event(clock.now() + timedelta(minutes=2)).id == first.id
    assert not notices.behind()


def test_the_number_of_queries_does_not_grow_with_the_number_of_listeners(app, section):
    def follow(count):
        with transaction():
            people = [
                Person(name=f"P {n}", email=f"p{n}-{count}@example.org", password_hash="x")
                for n in range(count)
            ]
            db.session.add_all(people)
            db.session.flush()
            contract_id = section.contract_id
            db.session.execute(
                insert(Membership),
                [
                    {"person_id": p.id, "contract_id": contract_id, "role": Role.STAKEHOLDER}
                    for p in people
                ],
            )
            db.session.execute(
                insert(Subscription),
                [{"person_id": p.id, "section_id": section.id} for p in people],
            )

    def asked():
        actor = builders.person(Role.EDITOR)
        thread = builders.thread(section, author=actor)
        with counted(app) as statements:
            event = tell_of_remark(thread)
        return len(statements), len(heard(event))

    few, _ = asked()
    follow(400)
    many, told = asked()
    assert told >= 400
    assert many <= few + 1
