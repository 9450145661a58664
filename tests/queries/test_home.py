"""The home of the contract: where do we stand, what is open now, until when, and what waits for me?"""

from datetime import date, timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.models import FigureSet, Milestone
from workflow.queries import home
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)

BASELINE = {
    "base_year": 2018,
    "unit": "t CO2e/year",
    "total": 2000,
    "by_source_sector": [
        {"sector": "transport", "label": "Transport", "total": 500},
        {"sector": "buildings", "label": "Buildings", "total": 1500},
        {"sector": "ippu", "label": "Industry", "total": None},
    ],
}
TARGET = {
    "unit": "t CO2e/year",
    "columns": ["baseline", "by_existing_plans", "by_ccc_actions", "residual"],
    "rows": [{"sector": "total", "values": [2000, 700, 900, 400]}],
}


def sentences(page) -> list[str]:
    return [task.text for task in page.tasks]


@pytest.fixture
def city(asked):
    return builders.contract("city")


def test_it_counts_sections_by_stage_and_component(city):
    builders.section(stage=Stage.APPROVED)
    builders.section(stage=Stage.DRAFT, component="commitments")
    builders.section(stage=Stage.DRAFT)
    page = home.home(city, builders.person(Role.OBSERVER))
    assert page.total == 3
    assert dict(page.stages) == {
        Stage.DRAFT: 2,
        Stage.CONSULTATION: 0,
        Stage.REVISION: 0,
        Stage.REVIEW: 0,
        Stage.APPROVED: 1,
    }
    assert {name: total for name, _stages, total in page.components} == {
        "Action plan": 2,
        "Commitments": 1,
    }


def test_rounds_stand_in_the_order_in_which_they_close(city):
    late = builders.section("LATE", stage=Stage.CONSULTATION)
    soon = builders.section(
        "SOON", stage=Stage.CONSULTATION, closes_at=clock.now() + timedelta(days=2)
    )
    builders.thread(soon)
    page = home.home(city, builders.person(Role.OBSERVER))
    assert [round.section.id for round in page.rounds] == [soon.id, late.id]
    assert [round.days_left for round in page.rounds] == [2, 30]
    assert [round.remarks for round in page.rounds] == [1, 0]


def test_an_approver_is_asked_to_decide_and_a_stakeholder_is_not(city):
    builders.section("A-1", stage=Stage.REVIEW)
    approver, voice = builders.person(Role.APPROVER), builders.person(Role.STAKEHOLDER)
    assert any("Decide on A-1" in one for one in sentences(home.home(city, approver)))
    assert sentences(home.home(city, voice)) == []


def test_an_owner_is_told_what_to_write_first_what_is_overdue(city):
    editor = builders.person(Role.EDITOR)
    builders.section("LATER", owner=editor, due_on=date(2100, 1, 1))
    builders.section("LATE", owner=editor, due_on=date(2001, 1, 1), markdown=None)
    [first, second] = home.home(city, editor).tasks
    assert (first.overdue, second.overdue) == (True, False)
    assert "LATE " in first.text
    assert "LATER " in second.text


def test_a_voice_is_asked_for_its_opinion_until_it_was_given(city):
    section = builders.section("E-1", stage=Stage.CONSULTATION)
    utility = builders.organisation()
    engineer = builders.person(organisation=utility)
    colleague = builders.person(organisation=utility)
    assert any("E-1" in one for one in sentences(home.home(city, engineer)))
    builders.thread(section, author=colleague, organisation=utility)
    assert sentences(home.home(city, engineer)) == []


def test_a_coordinator_sees_unanswered_comments_of_all_sections_as_one_task(city):
    coordinator = builders.person(Role.COORDINATOR)
    for _ in range(3):
        builders.thread(builders.section(stage=Stage.REVISION))
    builders.thread(builders.section(stage=Stage.REVISION), answer=Disposition.ACCEPTED)
    [task] = home.home(city, coordinator).tasks
    assert task.count == 3
    assert task.url.endswith("/desk")


def test_a_round_that_is_over_waits_to_be_closed(city):
    builders.section("B-1", stage=Stage.CONSULTATION, closes_at=clock.now() - timedelta(days=1))
    coordinator, voice = builders.person(Role.COORDINATOR), builders.person(Role.STAKEHOLDER)
    assert any(
        "Close the comment round on B-1" in s for s in sentences(home.home(city, coordinator))
    )
    assert not any("Close" in one for one in sentences(home.home(city, voice)))


def test_internal_remarks_are_neither_counted_nor_told_to_others(city):
    section = builders.section("A-1", stage=Stage.CONSULTATION)
    inside = builders.thread(section, visibility=Visibility.CITY, kind=RemarkKind.OBJECTION)
    builders.event(EventKind.REMARK_MADE, section=section, thread=inside, actor=inside.author)
    outsider = builders.person(Role.STAKEHOLDER)
    page = home.home(city, outsider)
    assert page.rounds[0].remarks == 0
    assert (page.recent, page.heat) == ([], [])
    [happening] = home.home(city, builders.person(Role.EDITOR)).recent
    assert "A-1" in happening.text


def test_the_figures_are_drawn_from_the_largest_and_a_missing_set_is_no_picture(city):
    reader = builders.person(Role.OBSERVER)
    assert home.home(city, reader).emissions is None
    builders.keep(
        FigureSet(contract_id=city.id, key="baseline", figures=BASELINE, source="Own count"),
        FigureSet(contract_id=city.id, key="target", figures=TARGET),
    )
    page = home.home(city, reader)
    assert [row.key for row in page.emissions.rows] == ["buildings", "transport"]
    assert page.emissions.rows[0].share == 0.75
    assert page.emissions.source == "Own count"
    assert [(step.value, step.kind) for step in page.gap.steps] == [
        (2000, "total"),
        (700, "cut"),
        (900, "cut"),
        (400, "rest"),
    ]


def test_the_next_milestone_is_the_first_that_is_not_past(city):
    for day in (date(2001, 5, 20), date(2101, 1, 1), date(2102, 6, 22)):
        builders.keep(Milestone(contract_id=city.id, on=day, label=str(day), status="illustrative"))
    milestones = home.home(city, builders.person(Role.OBSERVER)).milestones
    assert [(one.done, one.next) for one in milestones] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [one.precision for one in milestones] == ["day", "month", "day"]


def test_the_list_of_contracts_shows_only_ones_own(asked):
    mine, _other = builders.contract("mine"), builders.contract("other")
    builders.section(contract=mine, stage=Stage.APPROVED)
    builders.section(contract=mine, stage=Stage.CONSULTATION)
    [listed] = home.index(builders.person(Role.OBSERVER, contract=mine)).contracts
    assert (listed.slug, listed.sections, listed.approved, listed.open_rounds) == ("mine", 2, 1, 1)


def test_questions_of_the_reviewers_wait_for_who_has_them_and_for_who_hands_them_out(city):
    coordinator = builders.person(Role.COORDINATOR)
    editor = builders.person(Role.EDITOR)
    soon, late = builders.today() + timedelta(days=3), builders.today() - timedelta(days=2)
    builders.question(assignee=editor, due_on=soon + timedelta(days=1))
    builders.question(assignee=editor, due_on=soon)
    builders.question(assignee=editor, answer="We counted.", ready=True, due_on=late)
    builders.question(due_on=late)
    [task] = home.home(city, editor).tasks
    assert (task.text, task.due, task.overdue) == (
        "Answer 2 questions of the reviewers",
        soon,
        False,
    )
    assert task.url == "/c/city/questions?assignee=me"
    [task] = home.home(city, coordinator).tasks
    assert task.text == "1 question of the reviewers lies before nobody"
    assert (task.due, task.overdue) == (late, True)
    assert home.home(city, builders.person(Role.APPROVER)).tasks == []


@pytest.mark.parametrize(
    ("role", "sector", "told"),
    [
        (Role.COORDINATOR, None, 2),
        (Role.APPROVER, None, 2),
        (Role.EDITOR, "energy", 1),
        (Role.EDITOR, "waste", 0),
        (Role.STAKEHOLDER, None, 0),
        (Role.REVIEWER, None, 0),
    ],
)
def test_what_reviewers_ask_is_news_for_the_citys_own_people(city, role, sector, told):
    section = builders.section(sectors=("energy",))
    question = builders.question(section)
    builders.event(EventKind.QUESTION_ANSWERED, section=section, question=question)
    builders.event(EventKind.QUESTIONS_RECEIVED)
    page = home.home(city, builders.person(role, sector=sector))
    assert len([one for one in page.recent if "questions" in one.url]) == told
