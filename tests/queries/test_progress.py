"""The way to submission: what comes when, what is late, and how far each sector is."""

from datetime import date, timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Contract, Milestone
from workflow.queries import outline, progress
from workflow.queries.progress import Kind
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Role, Stage
from workflow.services import contracts


@pytest.fixture
def city(asked):
    return builders.contract("city")


@pytest.fixture
def maja(city):
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def today(maja):
    return outline.today_of(maja)


def marks(city, person) -> list[tuple[Kind, int, str]]:
    page = progress.progress(city, person)
    return [(mark.kind, mark.days, mark.text) for mark in page.marks]


def test_marks_stand_in_the_order_of_their_days(city, maja, today):
    opened = builders.section("A", stage=Stage.CONSULTATION, due_on=today + timedelta(days=40))
    builders.section("B", due_on=today + timedelta(days=40))
    builders.section("C", due_on=today - timedelta(days=3))
    builders.section("D", due_on=today - timedelta(days=3), stage=Stage.APPROVED)
    builders.round_of(opened, closes_at=clock.now() + timedelta(days=20))
    for days, text in ((-300, "Long ago"), (60, "Council votes")):
        builders.keep(
            Milestone(
                contract_id=city.id, on=today + timedelta(days=days), label=text, status="public"
            )
        )
    with transaction():
        contracts.plan_submission(city, by=maja, on=today + timedelta(days=70))
    assert marks(city, maja) == [
        (Kind.DUE, -3, "C is due"),
        (Kind.TODAY, 0, "Today"),
        (Kind.CLOSES, 20, "Round 1 closes"),
        (Kind.DUE, 40, "2 sections are due"),
        (Kind.MILESTONE, 60, "Council votes"),
        (Kind.SUBMISSION, 70, "Submission"),
    ]
    page = progress.progress(city, maja)
    assert (page.days, page.total, page.lacking) == (70, 4, 3)
    assert [mark.late for mark in page.marks if mark.kind is Kind.DUE] == [True, False]


def test_a_planned_round_opens_and_closes_and_one_that_is_over_does_neither(city, maja):
    planned = builders.round_of(builders.section("A"))
    planned.opened_at, planned.opens_at = None, clock.now() + timedelta(days=5)
    over = builders.round_of(builders.section("B"))
    over.closed_at = clock.now()
    builders.keep(planned, over)
    assert [kind for kind, _days, _text in marks(city, maja)] == [
        Kind.TODAY,
        Kind.OPENS,
        Kind.CLOSES,
    ]


def test_each_sector_is_counted_and_all_together(city, maja):
    builders.section(sectors=("energy", "waste"), stage=Stage.APPROVED)
    builders.section(sectors=("waste",))
    lines = {line.label: line for line in progress.progress(city, maja).sectors}
    assert {name: (line.approved, line.total) for name, line in lines.items()} == {
        "All sections": (1, 2),
        "Energy": (1, 1),
        "Waste management": (1, 2),
    }
    assert dict(lines["Waste management"].stages)[Stage.DRAFT] == 1


def test_without_a_date_the_page_says_so_and_who_leads_may_set_it(client, city, maja):
    address = f"/c/{city.slug}/progress"
    page = builders.sign_in(client, maja).get(address).text
    assert "No submission date is set yet." in page
    assert client.post(address, data={"submit_on": "2026-13-40"}).status_code == 422
    assert client.post(address, data={"submit_on": "1999-01-01"}).status_code == 422
    assert client.post(address, data={"submit_on": "2031-06-30"}).status_code == 303
    assert db.session.get(Contract, city.id, populate_existing=True).submit_on == date(2031, 6, 30)
    assert "30 June 2031" in client.get(address).text
    voice = builders.sign_in(client, builders.person())
    assert "submission date" not in voice.get(address).text.replace("No submission date", "")
    assert client.post(address, data={"submit_on": "2031-06-30"}).status_code == 403


def test_the_date_is_for_those_who_lead(city, maja):
    with pytest.raises(Denied), transaction():
        contracts.plan_submission(city, by=builders.person(Role.EDITOR), on=None)
    with pytest.raises(Invalid, match="between 2025 and 2100"), transaction():
        contracts.plan_submission(city, by=maja, on=date(2222, 1, 1))


def test_an_empty_contract_has_a_page_as_well(client, city, maja):
    assert builders.sign_in(client, maja).get(f"/c/{city.slug}/progress").status_code == 200
