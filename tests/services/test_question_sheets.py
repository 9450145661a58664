"""Sheets of reviewers' questions: looked through first, and entered once however often they are brought."""

from datetime import date

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Event, Question, Sheet
from workflow.rules.question_sheet import Column
from workflow.rules.quoting import Found
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.sheet_layout import Why
from workflow.rules.vocabulary import EventKind, ReviewBody, Role
from workflow.services import question_sheets, questions

pytestmark = pytest.mark.usefixtures("ctx")

DEFAULTS = {Column.BODY: "commission", Column.ASKED_ON: "2025-07-01", Column.DUE_ON: "2025-09-30"}
HEAD = "Ref,Section,Passage,Question,Checklist item,Date,Deadline,Reviewer"
GOOD = """EC-1,B-2.1,74 % of all homes,How was it found?,15,2.6.2025,,JRC
EC-2,,,Is the boundary the city's?,11,,1.9.2025,
"""


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def section(contract):
    return builders.section("B-2.1")


def bring(contract, by, rows: str = GOOD, head: str = HEAD) -> Sheet:
    with transaction():
        return question_sheets.bring(
            contract, by=by, name="jrc.csv", content=f"{head}\n{rows}".encode(), defaults=DEFAULTS
        )


def confirm(sheet: Sheet, by) -> Sheet:
    with transaction():
        return question_sheets.confirm(sheet, by=by)


def register() -> list[Question]:
    return db.session.query(Question).order_by(Question.number).all()


def faults(sheet: Sheet, by) -> list[list[tuple]]:
    lines = question_sheets.lines(sheet, by=by)
    return [[(fault.column, fault.why) for fault in line.faults] for line in lines]


def test_rows_become_questions_only_when_they_are_confirmed(contract, section, maja):
    sheet = bring(contract, maja)
    first, second = question_sheets.lines(sheet, by=maja)
    assert (first.found, second.found) == (Found.PASSAGE, Found.NOT_QUOTED)
    assert register() == []
    assert confirm(sheet, maja).recorded == 2
    first, second = register()
    assert (first.reference, first.section, first.quote) == ("EC-1", section, "74 % of all homes")
    assert (first.checklist, first.asked_on, first.due_on) == (
        15,
        date(2025, 6, 2),
        date(2025, 9, 30),
    )
    assert (second.section, second.body) == (None, ReviewBody.COMMISSION)
    assert (second.asked_on, second.due_on) == (date(2025, 7, 1), date(2025, 9, 1))
    [told] = db.session.query(Event).filter_by(kind=EventKind.QUESTIONS_RECEIVED)
    assert told.question_id is None


def test_the_same_sheet_again_enters_nothing_new(contract, section, maja):
    sheet = bring(contract, maja)
    confirm(sheet, maja)
    confirm(sheet, maja)
    again = bring(contract, maja, GOOD + "EC-3,,,And the sinks?,,,,\n")
    assert [line.known_as for line in question_sheets.lines(again, by=maja)] == [1, 2, None]
    assert confirm(again, maja).recorded == 1
    assert [question.reference for question in register()] == ["EC-1", "EC-2", "EC-3"]


def test_what_is_not_understood_is_said_row_by_row_and_stays_in_the_sheet(contract, section, maja):
    rows = """EC-1,B-9,,How?,,,,
EC-2,B-2.1,,How?,many,soon,,the neighbours
,,,How?,,,,
EC-4,,a passage of nowhere,How?,,,,
EC-5,,,Fine.,,,,
"""
    sheet = bring(contract, maja, rows)
    assert faults(sheet, maja) == [
        [(Column.SECTION, Why.UNKNOWN)],
        [
            (Column.BODY, Why.UNKNOWN),
            (Column.CHECKLIST, Why.UNKNOWN),
            (Column.ASKED_ON, Why.UNKNOWN),
        ],
        [(Column.REFERENCE, Why.MISSING)],
        [(Column.SECTION, Why.MISSING)],
        [],
    ]
    assert confirm(sheet, maja).recorded == 1
    assert [row["line"] for row in sheet.rows] == [2, 3, 4, 5]


def test_a_reference_that_stands_for_other_words_is_a_fault(contract, maja):
    builders.question(contract=contract, reference="EC-1", text="What else?")
    rows = (
        "EC-1,,,How?,,,,\nEC-2,,,How?,,,,\nEC-2,,,Why?,,,,\nEC-2,,,How?,,,,\nEC-1,,,How?,,,,NZC\n"
    )
    sheet = bring(contract, maja, rows)
    assert faults(sheet, maja) == [
        [(Column.REFERENCE, Why.TAKEN)],
        [],
        [(Column.REFERENCE, Why.TAKEN)],
        [(Column.REFERENCE, Why.TWICE)],
        [],
    ]
    assert confirm(sheet, maja).recorded == 2


def test_a_sheet_without_the_needed_columns_is_refused(contract, maja):
    with pytest.raises(Invalid, match="“Reference” and “Question” are needed"):
        bring(contract, maja, head="Ref,Section,a,b,c,d,e,f")


def test_an_editor_enters_for_his_sections_only(contract, section, maja):
    editor = builders.person(Role.EDITOR, sector="transport")
    builders.section("C-1", sectors=("transport",))
    rows = "EC-1,B-2.1,,How?,,,,\nEC-2,C-1,,How?,,,,\nEC-3,,,How?,,,,\n"
    sheet = bring(contract, editor, rows)
    closed = [(Column.SECTION, Why.CLOSED)]
    assert faults(sheet, editor) == [closed, [], closed]
    [line, *_others] = question_sheets.lines(sheet, by=editor)
    assert line.faults[0].accepted == ("C-1",)
    assert confirm(sheet, editor).recorded == 1


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.REVIEWER, Role.APPROVER, Role.OBSERVER])
def test_others_bring_none(contract, role):
    with pytest.raises(Denied):
        bring(contract, builders.person(role))


def test_looking_through_a_long_sheet_asks_a_few_questions(app, contract, maja):
    for number in range(5):
        builders.section(f"S-{number}")
    rows = "".join(f"EC-{n},S-{n % 5},no such words,How?,,,,\n" for n in range(200))
    sheet = bring(contract, maja, rows)
    with counted(app) as asked:
        assert len(question_sheets.lines(sheet, by=maja)) == 200
    assert len(asked) <= 4, asked


def test_a_sheet_can_be_thrown_away(contract, maja):
    sheet = bring(contract, maja)
    with transaction():
        question_sheets.discard(sheet, by=maja)
    assert db.session.query(Sheet).count() == 0


def test_both_ways_of_entering_know_each_other(contract, section, maja):
    confirm(bring(contract, maja), maja)
    [first, _second] = register()
    again = questions.Asked(
        first.body, first.text, first.asked_on, first.reference, section, first.quote, 15
    )
    with transaction():
        assert questions.receive(contract, again, by=maja).id == first.id
