"""The calendar and the reminders agree: whoever is reminded of something has it in his calendar, on the same day."""

from datetime import date, datetime

import pytest

from tests import builders
from workflow import clock
from workflow.db import db
from workflow.models import Person
from workflow.queries import calendar
from workflow.rules.vocabulary import EventKind, Mandate, Role, Stage
from workflow.services import reminded, reminders


@pytest.fixture
def house(ctx):
    """A contract with something of each kind that is owed, by people of the whole, a sector and a section."""
    contract = builders.contract("mesto")
    editor = builders.person(Role.EDITOR)
    heat = builders.section("HEAT", owner=editor, due_on=date(2030, 1, 1))
    builders.section("TRAM", sectors=("transport",), stage=Stage.REVIEW)
    builders.section("NET", stage=Stage.REVIEW)
    for where in ({}, {"sector": "energy"}, {"section": heat}):
        builders.person(Role.APPROVER, **where)
        builders.person(Role.STAKEHOLDER, **where)
    answered = builders.section("ASK", owner=editor, stage=Stage.REVISION)
    builders.thread(answered)
    builders.round_of(builders.section("BUS", stage=Stage.CONSULTATION))
    builders.question(heat, assignee=editor, due_on=date(2030, 1, 2))
    works = builders.organisation()
    builders.person(organisation=works, mandate=Mandate.DELEGATE)
    builders.signatory(works, due_on=date(2030, 1, 3))
    return contract


@pytest.mark.parametrize("kind", list(reminders.OWED))
def test_whoever_is_reminded_has_it_in_his_calendar_on_the_day(ctx, house, kind):
    now, told = clock.now(), 0
    with ctx.test_request_context():
        for owed in reminders.OWED[kind](date(2031, 1, 1), now):
            event = builders.event(EventKind.REMINDER_DUE, contract=house, **owed.about)
            for person_id in db.session.scalars(reminded.PEOPLE[kind](event)):
                person = db.session.get(Person, person_id)
                days = {_day(one.on) for one in calendar.deadlines(person)}
                assert owed.due_on in days, (kind, person.memberships[0].role)
                told += 1
    assert told


def _day(on: date) -> date:
    return on.date() if isinstance(on, datetime) else on
