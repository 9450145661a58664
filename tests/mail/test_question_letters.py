"""Letters about reviewers' questions: to the city's own people, who asks, until when, and the words."""

from datetime import date, timedelta

import pytest

from tasks import reminders
from tests import builders
from tests.mail.conftest import MONDAY
from workflow.db import db, transaction
from workflow.models import Person
from workflow.rules.vocabulary import ReviewBody, Rhythm, Role
from workflow.services import question_sheets, questions
from workflow.services.questions import Asked

SOON = MONDAY + timedelta(minutes=2)
SHEET = b"Ref,Section,Question,Date\nEC-1,B-2.1,How?,2026-11-20\nEC-2,,Why?,2026-11-20\n"


@pytest.fixture
def contract(travel):
    contract = builders.contract("ljubljana")
    for name, role in (("Maja", Role.COORDINATOR), ("Mitja", Role.COORDINATOR)):
        builders.person(
            role,
            name=f"{name} Hribar",
            email=f"{name}@example.org".lower(),
            rhythm=Rhythm.IMMEDIATE,
        )
    builders.person(
        Role.EDITOR, name="Jona Kralj", email="jona@example.org", rhythm=Rhythm.IMMEDIATE
    )
    builders.person(Role.STAKEHOLDER, email="ana@example.org", rhythm=Rhythm.IMMEDIATE)
    return contract


def one(name: str) -> Person:
    return db.session.query(Person).filter(Person.name.startswith(name)).one()


@pytest.fixture
def section(contract):
    made = builders.section("B-2.1", author=one("Jona"), owner=one("Jona"))
    builders.follow(db.session.query(Person).filter_by(email="ana@example.org").one(), made)
    return made


@pytest.fixture
def question(contract, section):
    asked = Asked(
        ReviewBody.COMMISSION,
        "How was the share of homes found?\n\nPlease name the source.",
        date(2026, 11, 20),
        "EC-4",
        section,
        "74 % of all homes",
        due_on=date(2026, 11, 30),
    )
    with transaction():
        return questions.receive(contract, asked, by=one("Maja"))


def recipients(sink) -> list[str]:
    return sorted(letter["To"].addresses[0].addr_spec for letter in sink.letters)


def test_a_question_that_came_in_is_told_to_the_city_alone(question, post, smtp_sink, as_kept):
    post(SOON)
    assert recipients(smtp_sink) == ["jona@example.org", "mitja@example.org"]
    [letter] = smtp_sink.to("mitja@example.org")
    as_kept("question-received", letter)


def test_a_sheet_of_questions_is_told_in_one_line(contract, section, travel, post, smtp_sink):
    with transaction():
        sheet = question_sheets.bring(
            contract, by=one("Maja"), name="jrc.csv", content=SHEET, defaults={}
        )
        question_sheets.confirm(sheet, by=one("Maja"))
    travel(SOON)
    post(SOON)
    assert recipients(smtp_sink) == ["jona@example.org", "mitja@example.org"]
    [letter] = smtp_sink.to("mitja@example.org")
    assert "Maja Hribar entered questions of the reviewers" in letter["Subject"]
    body = letter.get_body(("plain",)).get_content()
    assert "http://concord.test/c/ljubljana/questions" in body.split()


def test_whoever_gets_a_question_reads_it_at_once(question, travel, post, smtp_sink, as_kept):
    post(SOON)
    smtp_sink.clear()
    travel(SOON)
    with transaction():
        questions.assign(question, by=one("Maja"), to=one("Jona"))
    travel(SOON + timedelta(minutes=2))
    post(SOON + timedelta(minutes=2))
    assert recipients(smtp_sink) == ["jona@example.org"]
    as_kept("question-assigned", smtp_sink.letters[0])


def test_no_letter_hands_over_what_was_taken_back(question, travel, post, smtp_sink):
    post(SOON)
    smtp_sink.clear()
    for to in (one("Jona"), None):
        with transaction():
            questions.assign(question, by=one("Maja"), to=to)
    post(SOON + timedelta(minutes=2))
    assert recipients(smtp_sink) == []


def test_an_answer_is_told_to_the_coordinators_and_to_the_owner(
    question, travel, post, smtp_sink, as_kept
):
    post(SOON)
    smtp_sink.clear()
    with transaction():
        questions.answer(
            question,
            by=one("Maja"),
            text="It comes from the register of buildings of 2024.",
            ready=True,
            seen=question.version,
        )
    post(SOON + timedelta(minutes=2))
    assert recipients(smtp_sink) == ["jona@example.org", "mitja@example.org"]
    [letter] = smtp_sink.to("jona@example.org")
    as_kept("question-answered", letter)


def test_who_owes_an_answer_is_reminded_with_the_day(question, travel, post, smtp_sink, as_kept):
    with transaction():
        questions.assign(question, by=one("Maja"), to=one("Jona"))
    post(SOON)
    smtp_sink.clear()
    travel(MONDAY + timedelta(days=5))
    assert reminders.give() == 1
    travel(MONDAY + timedelta(days=6))
    post(MONDAY + timedelta(days=6))
    assert recipients(smtp_sink) == ["jona@example.org"]
    as_kept("question-due", smtp_sink.letters[0])
