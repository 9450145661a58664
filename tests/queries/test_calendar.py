"""The calendar and the reminders agree: whoever is reminded of something has it in his calendar, on the same day."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.support.complete import many
from workflow import clock
from workflow.db import db
from workflow.models import Contract, Person, Subscription
from workflow.queries import calendar
from workflow.rules import wishes
from workflow.rules.vocabulary import EventKind, Mandate, Role, Stage, Wish
from workflow.services import reminded, reminders
from workflow.services.following import SCOPES


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
    now, told = reminders.Now.read(clock.now()), 0
    with ctx.test_request_context():
        for owed in reminders.OWED[kind](date(2031, 1, 1), now):
            event = builders.event(EventKind.REMINDER_DUE, contract=house, **owed.about)
            for person_id in db.session.scalars(reminded.PEOPLE[kind](event)):
                person = db.session.get(Person, person_id)
                days = {_day(one.on, house) for one in calendar.deadlines(person)}
                assert owed.due_on in days, (kind, person.memberships[0].role)
                told += 1
    assert told


@given(
    st.dictionaries(
        st.sampled_from(["contract", "sector", "other_sector", "section"]),
        st.sampled_from(Wish),
    )
)
@settings(max_examples=many(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_days_of_what_one_follows_are_in_it_as_the_wishes_say(followed, said):
    """The wish about the most specific place counts, as in letters."""
    person, places, section, round_ = followed
    db.session.query(Subscription).delete()
    for name, wish in said.items():
        builders.follow(person, places[name], wish)
    scopes = [(SCOPES[type(places[name])], wish) for name, wish in said.items()]
    keys = {one.key: one for one in calendar.deadlines(person)}
    hears = bool(scopes) and not wishes.muted(scopes)
    assert (f"section-{section.id}-due" in keys) is hears
    assert (f"round-{round_.id}-closes" in keys) is hears
    assert all("you follow" in keys[f"section-{section.id}-due"].text for _ in range(hears))


@pytest.fixture
def followed(ctx):
    """A section of two sectors with a day and a round, and an observer whose role asks him for nothing there."""
    contract = builders.contract("mesto")
    section = builders.section("BUS", stage=Stage.CONSULTATION, due_on=date(2030, 1, 1))
    section.sectors = [builders.sector("transport"), builders.sector("energy")]
    db.session.commit()
    round_ = builders.round_of(section)
    person = builders.person(Role.OBSERVER)
    places = {
        "contract": contract,
        "sector": section.sectors[0],
        "other_sector": section.sectors[1],
        "section": section,
    }
    with ctx.test_request_context():
        yield person, places, section, round_


def _day(on: date, contract: Contract) -> date:
    return clock.day_of(on, contract.time_zone) if isinstance(on, datetime) else on
