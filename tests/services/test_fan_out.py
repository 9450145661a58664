"""Telling in SQL tells exactly those whom the plain policy would tell, asked person by person."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Notification, Person, Reminder
from workflow.rules import wishes as rules
from workflow.rules.audience import AUDIENCE, HEARS_OWN, UNSTOPPABLE
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    Moderation,
    OrganisationKind,
    ReminderKind,
    Rhythm,
    Role,
    Visibility,
    Wish,
)
from workflow.services import listeners, notices, wishes

pytestmark = [pytest.mark.usefixtures("ctx"), pytest.mark.both_databases]

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
OF_ROUNDS = frozenset(kind for kind in EventKind if kind.startswith("round_"))
BUILT_ELSEWHERE = frozenset({EventKind.STEP_UNDONE})
"""Needs a step, its letters and its undoing: tests/services/test_undoing.py."""


@pytest.fixture
def population():
    """Everyone who may be somebody to the section: each role with each reach, members, guests, and who is gone."""
    section = builders.section(sectors=["energy"])
    elsewhere = builders.section(sectors=["waste"])
    away = builders.contract("riga", city="Riga")
    house = builders.organisation(kind=OrganisationKind.NGO)
    rhythms = list(Rhythm)
    for number, role in enumerate(Role):
        scopes = ({}, {"sector": "energy"}, {"sector": "waste"}, {"section": section})
        for scope in (*scopes, {"section": elsewhere}, {"contract": away}):
            builders.person(role, rhythm=rhythms[number % len(rhythms)], **scope)
    for mandate in Mandate:
        builders.person(Role.STAKEHOLDER, organisation=house, mandate=mandate)
    builders.person(Role.COORDINATOR, password=None)
    stranger, gone, guest, other_guest = (builders.person(None) for _ in range(4))
    builders.member(gone, Role.COORDINATOR)
    with transaction():
        gone.active = False
        for one in (guest, other_guest):
            one.guest, one.password_hash = True, None
    everybody = db.session.scalars(select(Person)).unique().all()
    with transaction():
        for person in everybody[::2]:
            person.quiet_from, person.quiet_until = 11, 15
    chance = Random(5)
    for place in (section.contract, *section.sectors, section):
        for person in chance.sample(everybody, len(everybody) // 2):
            builders.follow(person, place, chance.choice(list(Wish)))
    author = builders.person(Role.STAKEHOLDER, organisation=house)
    return section, house, [author, guest, stranger]


def plainly(event):
    """Person by person: the first reason that means him, if he wants to hear and may know."""
    reasons = AUDIENCE[event.kind]
    meant = [set(db.session.scalars(listeners.people(event, reason))) for reason in reasons]
    everybody = db.session.scalars(select(Person)).unique().all()
    kept = wishes.of([person.id for person in everybody])
    told = {}
    for person in everybody:
        fitting = [reason for reason, ids in zip(reasons, meant, strict=True) if person.id in ids]
        fitting = [reason for reason in fitting if kept[person.id].let_hear(event, reason)]
        himself = person.id == event.actor_id and event.kind not in HEARS_OWN
        if not fitting or not person.active or himself:
            continue
        if event.kind not in UNSTOPPABLE:
            reachable = person.is_active or person.guest
            if not reachable or not listeners.may_know(person, event):
                continue
        own = rules.rhythm(kept[person.id].about(event), person.rhythm)
        rhythm = rules.pace(event.kind, fitting[0], own)
        due_at = notices.due_at(event.at, replace(person.preference, rhythm=rhythm))
        due_at = event.at if event.kind in UNSTOPPABLE else due_at
        told[person.id] = (fitting[0], rhythm, due_at)
    return told


def recorded(kind, section, house, author, **thread_states):
    thread = builders.thread(section, author=author, **thread_states)
    about = {
        "section": section,
        "thread": thread,
        "comment": thread.comments[0],
        "person": author,
        "organisation": house,
        "revision": section.current,
    }
    if kind in OF_ROUNDS:
        about = {"round": builders.round_of(section)}
    if kind is EventKind.REMINDER_DUE:
        about["reminder"] = Reminder(
            contract_id=section.contract_id,
            kind=ReminderKind.SECTION_DUE,
            subject_id=section.id,
            due_on=NOON.date(),
            mark=0,
            rung=2,
            at=clock.now(),
        )
    actor = db.session.scalars(select(Person).order_by(Person.id)).unique().first()
    return builders.keep(
        Event(kind=kind, actor=actor, contract_id=section.contract_id, at=clock.now(), **about)
    )


@time_machine.travel(NOON, tick=False)
def test_the_set_that_is_told_is_the_set_that_the_policy_lets_hear(population):
    section, house, authors = population
    for author in authors[:2]:
        for visibility in Visibility:
            inside = house if visibility is Visibility.ORGANISATION else None
            compare(
                [EventKind.REMARK_MADE, EventKind.REMARK_FLAGGED, EventKind.REMARK_RELEASED],
                section, house, author, visibility=visibility, organisation=inside,
            )  # fmt: skip
    compare(sorted(AUDIENCE.keys() - BUILT_ELSEWHERE), section, house, authors[2])


@time_machine.travel(NOON, tick=False)
def test_of_hidden_words_the_same_people_hear_both_ways(population):
    section, house, authors = population
    for author in authors:
        events = [
            recorded(kind, section, house, author)
            for kind in (EventKind.REMARK_MADE, EventKind.REMARK_HIDDEN, EventKind.REMARK_HELD)
        ]
        with transaction():
            for event in events:
                event.thread.comments[0].moderation = Moderation.HIDDEN
                event.thread.moderation = Moderation.HIDDEN
        compare_told(events)


def compare(kinds, section, house, author, **states):
    compare_told([recorded(kind, section, house, author, **states) for kind in kinds])


def compare_told(events):
    everybody = 0
    for event in events:
        with transaction():
            event = db.session.get(Event, event.id)
            expected = plainly(event)
            count = notices.fan_out(event)
        rows = db.session.scalars(select(Notification).where(Notification.event_id == event.id))
        found = {row.person_id: (row.reason, row.rhythm, row.due_at) for row in rows}
        assert found == expected, event.kind
        assert count == len(expected)
        everybody += count
    assert everybody
