"""Which wish counts in SQL is which wish counts by the rule; and what following or muting a place does at once."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Notification, Person, Subscription
from workflow.rules import wishes as rules
from workflow.rules.refusals import Denied
from workflow.rules.vocabulary import (
    EventKind,
    Reason,
    RemarkKind,
    Rhythm,
    Role,
    Visibility,
    Wish,
    WishScope,
)
from workflow.services import following, notices, people, wishes

pytestmark = pytest.mark.usefixtures("ctx")

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)


@pytest.fixture
def section():
    return builders.section("B-2.1", sectors=["energy", "waste"], author=builders.person(None))


@pytest.fixture
def thread(section):
    return builders.thread(section, author=builders.person(Role.STAKEHOLDER))


def remark_event(thread, kind=EventKind.REPLY_MADE):
    return builders.event(
        kind,
        actor=thread.author,
        contract=thread.section.contract,
        section=thread.section,
        thread=thread,
        comment=thread.comments[0],
    )


def told(event) -> dict[int, Notification]:
    with transaction():
        notices.fan_out(db.session.get(Event, event.id))
    rows = db.session.scalars(select(Notification).where(Notification.event_id == event.id))
    return {row.person_id: row for row in rows}


def test_in_sql_the_wish_that_counts_is_the_one_of_the_rule(section, thread):
    energy, waste = section.sectors
    places = [
        (WishScope.THREAD, thread),
        (WishScope.SECTION, section),
        (WishScope.SECTOR, energy),
        (WishScope.SECTOR, waste),
        (WishScope.CONTRACT, section.contract),
    ]
    said = [
        list(zip(chosen, spoken, strict=True))
        for count in (1, 2)
        for chosen in combinations(places, count)
        for spoken in product(Wish, repeat=count)
    ]
    chance = Random(7)
    for _ in range(60):
        said.append([(place, chance.choice(list(Wish))) for place in places])
    owns = [list(Rhythm)[number % len(Rhythm)] for number in range(len(said))]
    readers = [
        Person(name=f"R {n}", email=f"r{n}@example.org", password_hash="x", rhythm=own)
        for n, own in enumerate(owns)
    ]
    with transaction():
        db.session.add_all(readers)
        db.session.flush()
        for reader, spoken in zip(readers, said, strict=True):
            for (scope, place), wish in spoken:
                row = {"person_id": reader.id, f"{scope}_id": place.id, "wish": wish}
                db.session.add(Subscription(**row))
    event = remark_event(thread)
    found = wishes.spoken(event)
    rows = db.session.execute(
        select(Person.id, wishes.muted(found), wishes.rhythm(found))
        .outerjoin(found, found.c.person_id == Person.id)
        .where(Person.id.in_([reader.id for reader in readers]))
        .order_by(Person.id)
    ).all()
    expected = []
    for reader, own, spoken in zip(readers, owns, said, strict=True):
        plain = [(scope, wish) for (scope, _), wish in spoken]
        expected.append((reader.id, rules.muted(plain), rules.rhythm(plain, own)))
    assert [tuple(row) for row in rows] == sorted(expected)
    assert len({(muted, rhythm) for _, muted, rhythm in expected}) == 2 * len(Rhythm)
    kept = wishes.of([reader.id for reader in readers])
    for reader, spoken in zip(readers, said, strict=True):
        plain = sorted((scope, wish) for (scope, _), wish in spoken)
        assert sorted(kept[reader.id].about(event)) == plain


@pytest.mark.parametrize("scope", WishScope)
def test_whoever_follows_a_place_hears_what_happens_in_it_and_nobody_else_does(
    section, thread, scope
):
    elsewhere = builders.thread(builders.section("OTHER", sectors=["transport"]))
    place = {
        WishScope.THREAD: thread,
        WishScope.SECTION: section,
        WishScope.SECTOR: section.sectors[0],
        WishScope.CONTRACT: section.contract,
    }[scope]
    follower, other = builders.person(Role.OBSERVER), builders.person(Role.OBSERVER)
    builders.follow(follower, place, Wish.WEEKLY)
    with time_machine.travel(NOON, tick=False):
        here, there = told(remark_event(thread)), told(remark_event(elsewhere))
    assert (here[follower.id].reason, here[follower.id].rhythm, here[follower.id].due_at) == (
        Reason.FOLLOWER,
        Rhythm.WEEKLY,
        MONDAY,
    )
    assert other.id not in here
    assert (follower.id in there) is (scope is WishScope.CONTRACT)


def test_whoever_follows_a_contract_hears_nothing_that_he_may_not_read(section):
    follower = builders.person(Role.STAKEHOLDER)
    builders.follow(follower, section.contract, Wish.IMMEDIATE)
    inside = builders.thread(section, visibility=Visibility.CITY)
    assert follower.id not in told(remark_event(inside, EventKind.REMARK_MADE))


def test_a_thread_is_heard_of_in_a_section_that_is_muted(section, thread):
    reader = builders.person(Role.COORDINATOR)
    builders.follow(reader, section, Wish.MUTE)
    assert reader.id not in told(remark_event(thread, EventKind.REMARK_MADE))
    builders.follow(reader, thread, Wish.FOLLOW)
    assert reader.id in told(remark_event(thread, EventKind.REMARK_MADE))


def test_one_muted_section_does_not_silence_a_round_of_several(section):
    other = builders.section("OTHER")
    reader = builders.person(Role.COORDINATOR)
    builders.follow(reader, section, Wish.MUTE)
    round = builders.round_of(section, other)
    event = builders.event(EventKind.ROUND_OPENED, contract=section.contract, round=round)
    assert reader.id in told(event)
    builders.follow(reader, section.contract, Wish.MUTE)
    again = builders.event(EventKind.ROUND_OPENED, contract=section.contract, round=round)
    assert reader.id not in told(again)


def test_a_wish_is_kept_once_changed_and_let_go(section):
    reader = builders.person(Role.OBSERVER)
    for place in (section, section.sectors[0], section.contract):
        for wish in (Wish.FOLLOW, Wish.DAILY, Wish.DAILY, Wish.MUTE):
            with transaction():
                following.keep(place, by=reader, wish=wish)
            assert [row.wish for row in kept(reader)] == [wish]
        for _ in range(2):
            with transaction():
                following.keep(place, by=reader, wish=None)
        assert kept(reader) == []


def kept(reader) -> list[Subscription]:
    db.session.expire_all()
    rows = select(Subscription).where(Subscription.person_id == reader.id)
    return db.session.scalars(rows).all()


def test_nobody_follows_what_he_may_not_read(section):
    stranger = builders.person(None)
    insider = builders.thread(section, visibility=Visibility.CITY)
    for place in (section, section.sectors[0], section.contract):
        with pytest.raises(Denied), transaction():
            following.keep(place, by=stranger, wish=Wish.FOLLOW)
    with pytest.raises(Denied), transaction():
        following.keep(insider, by=builders.person(Role.STAKEHOLDER), wish=Wish.FOLLOW)


@time_machine.travel(NOON, tick=False)
def test_what_waits_keeps_to_a_new_wish_about_its_place_alone(section, thread):
    reader = builders.person(Role.COORDINATOR)
    elsewhere = builders.thread(builders.section("OTHER"), kind=RemarkKind.CONCERN)
    here, there = (remark_event(one, EventKind.REMARK_MADE) for one in (thread, elsewhere))
    assert told(here)[reader.id].due_at == told(there)[reader.id].due_at == MORNING

    def due() -> list[tuple[Rhythm, datetime]]:
        db.session.expire_all()
        rows = select(Notification).where(Notification.person_id == reader.id)
        return [(row.rhythm, row.due_at) for row in db.session.scalars(rows.order_by("event_id"))]

    usual = (Rhythm.DAILY, MORNING)
    with transaction():
        following.keep(section, by=reader, wish=Wish.WEEKLY)
    assert due() == [(Rhythm.WEEKLY, MONDAY), usual]
    with transaction():
        following.keep(section, by=reader, wish=Wish.IMMEDIATE)
    assert due() == [(Rhythm.IMMEDIATE, NOON + timedelta(minutes=1)), usual]
    with transaction():
        people.prefer(reader, hour=18)
    evening = NOON.replace(hour=17)
    assert due() == [(Rhythm.IMMEDIATE, NOON + timedelta(minutes=1)), (Rhythm.DAILY, evening)]
    with transaction():
        following.keep(section, by=reader, wish=None)
    assert due() == [(Rhythm.DAILY, evening)] * 2


def test_the_next_letter_comes_by_the_shortest_of_the_rhythms(section):
    reader = builders.person(Role.OBSERVER, rhythm=Rhythm.WEEKLY)
    assert wishes.next_moment(reader, NOON) == MONDAY
    builders.follow(reader, section, Wish.DAILY)
    assert wishes.next_moment(reader, NOON) == MORNING
    with transaction():
        people.prefer(reader, rhythm=Rhythm.OFF)
    assert wishes.next_moment(reader, clock.now()) is None


@pytest.mark.parametrize(
    ("role", "scope", "wishes_kept"),
    [
        (Role.COORDINATOR, {}, {("contract", Wish.DAILY)}),
        (Role.EDITOR, {}, set()),
        (Role.EDITOR, {"sector": 0}, {("sector", Wish.DAILY)}),
        (Role.EDITOR, {"section": True}, {("section", Wish.DAILY)}),
        (Role.APPROVER, {}, set()),
        (Role.REVIEWER, {"sector": 0}, set()),
        (Role.STAKEHOLDER, {}, set()),
        (Role.STAKEHOLDER, {"sector": 1}, {("sector", Wish.DAILY)}),
        (Role.STAKEHOLDER, {"organisation": True}, {("sector", Wish.DAILY)}),
        (Role.OBSERVER, {}, {("contract", Wish.WEEKLY)}),
        (Role.OBSERVER, {"section": True}, {("section", Wish.WEEKLY)}),
    ],
)
def test_who_joins_hears_of_the_places_of_the_role(section, role, scope, wishes_kept):
    house = builders.organisation(sectors=["energy", "waste"])
    by = builders.person(Role.ADMIN)
    where = {
        "sector": section.sectors[scope["sector"]] if "sector" in scope else None,
        "section": section if "section" in scope else None,
        "organisation": house if "organisation" in scope else None,
    }
    person = invited(section, by, role, where)
    said = {
        (one.value, row.wish)
        for row in kept(person)
        for one in WishScope
        if getattr(row, f"{one}_id")
    }
    assert said == wishes_kept
    assert len(kept(person)) == (2 if "organisation" in scope else len(wishes_kept))


def invited(section, by, role, where):
    with transaction():
        membership = people.invite(
            section.contract, by=by, email="new@example.org", name="New", role=role, **where
        )
    return membership.person


def test_joining_changes_no_wish_and_inviting_again_brings_none_back(section):
    by, where = builders.person(Role.ADMIN), {"sector": section.sectors[0]}
    person = invited(section, by, Role.STAKEHOLDER, where)
    with transaction():
        following.keep(section.sectors[0], by=person, wish=Wish.MUTE)
    invited(section, by, Role.EDITOR, where)
    assert [row.wish for row in kept(person)] == [Wish.MUTE]
    with transaction():
        following.keep(section.sectors[0], by=person, wish=None)
    invited(section, by, Role.STAKEHOLDER, where)
    assert kept(person) == []
