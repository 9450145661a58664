"""What pages say of days: the city's for what is to be done in it, the reader's own for what is left to him."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from tests.support.pages import steady
from workflow import clock
from workflow.db import db
from workflow.models import Round
from workflow.rules.vocabulary import Role, Stage

EVENING = datetime(2026, 6, 1, 21, 5, tzinfo=UTC)
"""Five past eleven in Ljubljana, ten in Lisbon and six in the morning, of 2 June, in Tokyo."""


@pytest.fixture
def night():
    with time_machine.travel(EVENING, tick=False) as clock:
        yield clock


@pytest.fixture
def town(night, ctx):
    contract = builders.contract("lisboa", city="Lisboa")
    contract.time_zone = "Europe/Lisbon"
    ends = clock.end_of_day(date(2026, 6, 2), "Europe/Lisbon")
    section = builders.section("A-1", contract=contract, stage=Stage.CONSULTATION, closes_at=ends)
    builders.opened_to_all(section)
    db.session.commit()
    return section


def reader(zone: str):
    person = builders.person(Role.COORDINATOR)
    person.time_zone = zone
    db.session.commit()
    return person


def test_a_section_is_open_until_the_last_day_is_over_for_its_reader(client, town, night):
    page = f"/c/lisboa/sections/{town.id}/"
    builders.sign_in(client, reader("Europe/Lisbon"))
    assert "1 day left" in client.get(page).text
    night.shift(timedelta(hours=2))  # after midnight: not a day away, and another day
    assert "closes today" in client.get(page).text
    night.move_to(town.closes_at - timedelta(seconds=1))
    assert "closes today" in client.get(page).text


def test_what_was_not_modified_is_when_the_day_ends_for_its_reader(client, town, night):
    page = f"/c/lisboa/sections/{town.id}/"
    builders.sign_in(client, reader("Europe/Lisbon"))
    client.get(page)
    night.move_to(clock.midnight("Europe/Lisbon") - timedelta(minutes=1))
    first = client.get(page)
    marked = {"If-None-Match": first.headers["ETag"]}
    night.shift(timedelta(seconds=50))
    assert client.get(page, headers=marked).status_code == 304
    night.shift(timedelta(seconds=11))
    later = client.get(page, headers=marked)
    assert later.status_code == 200
    assert steady(later.text) != steady(first.text)


def test_a_section_is_overdue_when_its_day_is_over_for_the_reader(client, town):
    town.due_on = date(2026, 6, 1)
    db.session.commit()
    page = f"/c/lisboa/sections/{town.id}/"
    builders.sign_in(client, reader("Europe/Lisbon"))
    assert '<dd class="late">' not in client.get(page).text
    builders.sign_in(client, reader("Asia/Tokyo"))
    assert '<dd class="late">' in client.get(page).text


def test_a_visitor_of_whom_nothing_is_known_reads_the_clock_of_the_city(client, town):
    for page in ("/public/lisboa", f"/public/lisboa/sections/{town.id}"):
        told = client.get(page).text
        assert "Open for comments until 2 Jun 2026, 23:59" in told
        assert "1 day left" in told


def test_a_round_closes_when_the_day_is_over_in_the_city_wherever_it_was_planned(client, town):
    builders.sign_in(client, reader("Asia/Tokyo"))
    other = builders.section("A-2")
    asked = {"section": [other.id], "audience": "invited", "step": "open"}
    asked |= {"closes_at": "2026-06-20", "opens_at": "2026-06-05T09:00"}
    answer = client.post("/c/lisboa/rounds/open", data=asked)
    assert answer.status_code == 303
    db.session.rollback()
    made = db.session.scalars(select(Round).order_by(Round.id.desc())).first()
    assert made.opens_at == datetime(2026, 6, 5, tzinfo=UTC)  # nine o'clock in Tokyo
    assert made.closes_at == clock.end_of_day(date(2026, 6, 20), "Europe/Lisbon")
    assert "20 Jun 2026, 23:59" in made.announcement
    again = client.get(f"{answer.location}/plan").text
    assert 'value="2026-06-20"' in again
    assert 'value="2026-06-05T09:00"' in again
