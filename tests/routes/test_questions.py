"""The register of reviewers' questions: for the city's own people, cheap however long, and nothing typed is lost."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Question, Revision, Section
from workflow.rules.vocabulary import QuestionState, ReviewBody, Role

REGISTER = "/c/ljubljana/questions"
INSIDE = [Role.ADMIN, Role.COORDINATOR, Role.EDITOR, Role.APPROVER]
OUTSIDE = [Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER]
PASSAGE = "74 % of all homes"
FORM = {
    "body": "commission",
    "reference": "EC-4",
    "text": "How was the share of homes found?",
    "checklist": "15",
    "asked_on": "2025-07-01",
    "due_on": "2025-09-30",
    "quote": PASSAGE,
}


@pytest.fixture
def section(app, city) -> int:
    with app.app_context(), transaction():
        return builders.section("B-2.1", author=city.editor).id


@pytest.fixture
def client(city, enter, section):
    return enter(city.coordinator)


def made(app, **what) -> None:
    with app.app_context(), transaction():
        builders.question(**what)


def first(app) -> Question:
    with app.app_context():
        return db.session.query(Question).order_by(Question.number).first()


def test_a_question_is_entered_and_shown_with_its_passage(app, client, section):
    answer = client.post(REGISTER, data=FORM | {"section": section})
    assert (answer.status_code, answer.location) == (303, f"{REGISTER}/1")
    page = client.get(answer.location).text
    for words in ("This is question 1", "EC-4", PASSAGE, "Passage unchanged", "B-2.1"):
        assert words in page
    question = first(app)
    assert (question.checklist, question.due_on) == (15, date(2025, 9, 30))
    assert "How was the share of homes found?" in client.get(REGISTER).text


def test_sending_the_form_twice_enters_it_once(app, client, section):
    for _time in range(2):
        assert client.post(REGISTER, data=FORM | {"section": section}).location == f"{REGISTER}/1"
    with app.app_context():
        assert db.session.query(Question).count() == 1


def test_words_without_a_place_are_told(client, section):
    client.post(REGISTER, data=FORM | {"section": section, "quote": "no such words"})
    assert "The text does not have these words once" in client.get(f"{REGISTER}/1").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("asked_on", "soon"),
        ("due_on", "2025-01-01"),
        ("checklist", "0"),
        ("body", "x"),
    ],
)
def test_nothing_typed_is_lost_when_a_question_cannot_be_taken(app, client, field, value):
    answer = client.post(REGISTER, data=FORM | {"quote": "", field: value})
    assert answer.status_code == 422
    kept = {name: words for name, words in FORM.items() if name in ("reference", "text")}
    assert all(words in answer.text for name, words in kept.items() if name != field)
    assert first(app) is None


def test_a_question_is_corrected_in_the_same_form(app, client, section):
    made(app, section=None, reference="EC-4")
    page = client.get(f"{REGISTER}/1/correct").text
    assert 'value="EC-4"' in page and "How was the share" in page
    answer = client.post(f"{REGISTER}/1/correct", data=FORM | {"section": section})
    assert answer.status_code == 303
    assert (first(app).section_id, first(app).quote) == (section, PASSAGE)


def test_an_answer_is_drafted_then_ready_for_the_letter(app, client, section):
    made(app, text="How?")
    client.post(f"{REGISTER}/1", data={"answer": "We counted.", "step": "draft"})
    assert first(app).state is QuestionState.DRAFTED
    seen = first(app).version
    client.post(f"{REGISTER}/1", data={"answer": "We counted.", "step": "ready", "seen": seen})
    assert first(app).state is QuestionState.ANSWERED
    assert "We counted." in client.get(f"{REGISTER}/1").text


def test_who_saves_second_sees_both_answers(app, client, section, enter, city):
    made(app)
    seen = first(app).version
    enter(city.editor).post(f"{REGISTER}/1", data={"answer": "We counted.", "seen": seen})
    answer = client.post(f"{REGISTER}/1", data={"answer": "We guessed.", "seen": seen})
    assert answer.status_code == 422
    assert "We counted." in answer.text and "We guessed." in answer.text
    assert first(app).answer == "We counted."
    assert f'value="{first(app).version}"' in answer.text


def test_the_page_shows_what_the_carrying_revision_changed(app, client, section):
    with app.app_context(), transaction():
        asked = db.session.get(Section, section)
        question = builders.question(asked, quote=PASSAGE)
        builders.revision(asked, builders.TEXT.replace("74 %", "75 %"))
        builders.keep(question)
    answer = client.post(f"{REGISTER}/1", data={"answer": "Yes.", "revision_number": "2"})
    assert answer.status_code == 303
    page = client.get(f"{REGISTER}/1").text
    assert "Passage edited since" in page and "75 % of all homes" in page
    assert "<del>" in page and "<ins>" in page
    assert f"/sections/{section}/compare?old=1&amp;new=2" in page
    wrong = client.post(f"{REGISTER}/1", data={"answer": "Yes.", "revision_number": "7"})
    assert wrong.status_code == 422 and "no revision of that number" in wrong.text


def test_the_answer_stays_on_the_page_that_refuses_a_colleague(app, client, city):
    with app.app_context(), transaction():
        builders.question(text="Why so few?", answer="A draft that took an hour.")
    refused = client.post(f"{REGISTER}/1/colleague", data={"assignee": city.stakeholder.id})
    assert refused.status_code == 422
    assert "A draft that took an hour.</textarea>" in refused.text


def test_a_question_is_handed_to_a_colleague(app, client, city):
    made(app)
    editor = city.editor
    answer = client.post(f"{REGISTER}/1/colleague", data={"assignee": editor.id})
    assert answer.status_code == 303
    assert first(app).assignee_id == editor.id
    stranger = client.post(f"{REGISTER}/1/colleague", data={"assignee": city.stakeholder.id})
    assert stranger.status_code == 422
    assert first(app).assignee_id == editor.id


def test_what_was_sent_offers_no_form(app, client):
    with app.app_context(), transaction():
        builders.question(answer="We counted.", addendum=builders.manifest(frozen=False))
    page = client.get(f"{REGISTER}/1").text
    assert "We counted." in page and "<textarea" not in page
    late = client.post(f"{REGISTER}/1", data={"answer": "We guessed."})
    assert late.status_code == 422 and "has been sent" in late.text
    assert first(app).answer == "We counted."


@pytest.mark.parametrize("role", INSIDE)
def test_the_citys_own_people_read_the_register(app, city, enter, section, role):
    made(app)
    reader = enter(getattr(city, role.value))
    for address in (REGISTER, f"{REGISTER}/1", f"{REGISTER}/register.csv"):
        assert reader.get(address).status_code == 200, address


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_does(app, city, enter, section, role):
    made(app)
    reader = enter(getattr(city, role.value))
    for address in ("", "/1", "/new", "/1/correct", "/register.csv", "/register.xlsx", "/sheets"):
        assert reader.get(REGISTER + address).status_code == 403, address
    for address in ("", "/1", "/1/colleague", "/1/correct", "/sheets", "/sheets/1"):
        assert reader.post(REGISTER + address, data=FORM).status_code == 403, address


def test_an_approver_reads_but_does_not_answer(app, city, enter):
    made(app)
    approver = enter(city.approver)
    assert "<textarea" not in approver.get(f"{REGISTER}/1").text
    assert approver.post(f"{REGISTER}/1", data={"answer": "Yes."}).status_code == 403


def test_an_editor_of_one_sector_sees_its_questions_only(app, city, enter):
    with app.app_context(), transaction():
        editor = builders.person(Role.EDITOR, contract=city.contract, sector="transport")
        builders.question(builders.section(sectors=("transport",)), text="Own?")
        builders.question(builders.section(sectors=("waste",)), text="Foreign?")
        builders.question(text="Whole?")
    reader = enter(editor)
    page = reader.get(REGISTER).text
    assert "Own?" in page and "Foreign?" not in page and "Whole?" not in page
    assert [reader.get(f"{REGISTER}/{number}").status_code for number in (1, 2, 3)] == [
        200,
        404,
        404,
    ]


def test_a_sections_page_tells_the_city_that_it_is_asked_about(app, city, client, enter, section):
    address, mark = f"/c/ljubljana/sections/{section}/", f"/questions?section={section}"
    assert mark not in client.get(address).text
    with app.app_context(), transaction():
        builders.question(db.session.get(Section, section))
    assert mark in client.get(address).text
    assert mark not in enter(city.stakeholder).get(address).text


def test_the_register_is_filtered_and_counted(app, city, client, section):
    with app.app_context(), transaction():
        asked = db.session.get(Section, section)
        builders.question(asked, text="Mine?", assignee=city.coordinator)
        builders.question(text="Platform?", body=ReviewBody.MISSION_PLATFORM)
        builders.question(text="Drafted?", answer="So.")
        builders.question(text="Ready?", answer="So.", ready=True)
        builders.question(text="Gone?", answer="So.", addendum=builders.manifest(frozen=False))
    shown = {
        "": "Mine? Platform? Drafted?",
        "?state=drafted": "Drafted?",
        "?state=answered": "Ready?",
        "?state=sent": "Gone?",
        "?state=all": "Mine? Platform? Drafted? Ready? Gone?",
        "?body=mission_platform": "Platform?",
        f"?section={section}": "Mine?",
        "?section=whole": "Platform? Drafted?",
        "?assignee=me": "Mine?",
        "?assignee=nobody": "Platform? Drafted?",
        "?state=odd&body=odd&section=0&assignee=x": "Mine? Platform? Drafted?",
    }
    every = shown["?state=all"].split()
    for asked, wanted in shown.items():
        page = client.get(REGISTER + asked).text
        assert [words for words in every if words in page] == wanted.split(), asked


def cells_of(answer) -> list[list]:
    if "csv" in answer.mimetype:
        return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    return [list(row) for row in load_workbook(io.BytesIO(answer.get_data())).active.values]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_response_table_is_a_file_with_the_same_filters(app, client, section, kind):
    with app.app_context(), transaction():
        asked = db.session.get(Section, section)
        new = builders.revision(asked, "## Heat\n\nFor all homes.")
        old = {"text": "=1+1 is right?", "reference": "EC-1", "answer": "It is.", "ready": True}
        question = builders.question(asked, carried_out_by=new, **old)
        question.revision = asked.current = db.session.get(Revision, new.base_id)
        builders.question(text="Not asked for")
    answer = client.get(f"{REGISTER}/register.{kind}?state=answered")
    assert answer.headers["Cache-Control"] == "private, no-store"
    headings, row = cells_of(answer)
    told = dict(zip(headings, row, strict=True))
    assert told["Question"].lstrip("'") == "=1+1 is right?"
    assert (told["Reference"], told["The answer"], told["State"]) == (
        "EC-1",
        "It is.",
        "Answered, not sent",
    )
    assert told["What changed"].endswith(f"/sections/{section}/compare?old=1&new=2")


def test_no_page_asks_more_questions_for_more_rows(app, client, section, city):
    def cost(address: str) -> int:
        with counted(app) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 8, (address, asked)
        return len(asked)

    made(app, section=None, text="Alone?")
    pages = [REGISTER, f"{REGISTER}?assignee=me&state=all", f"{REGISTER}/1", f"{REGISTER}/new"]
    few = [cost(page) for page in pages]
    with app.app_context(), transaction():
        asked = db.session.get(Section, section)
        for number in range(60):
            builders.question(asked, text=f"Question {number}?", assignee=city.editor)
    assert [cost(page) for page in pages] == few


def upload(client, content: bytes, **values):
    form = {"body": "commission", "asked_on": "2025-07-01", "due_on": ""}
    return client.post(
        f"{REGISTER}/sheets", data=form | values | {"file": (io.BytesIO(content), "jrc.csv")}
    )


def test_a_sheet_is_shown_before_anything_is_entered(app, client):
    answer = upload(client, b"Ref,Section,Question,Date\nEC-1,B-2.1,How?,\nEC-2,B-9,Why?,soon\n")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "1 row would become a question." in page
    assert "There is no section “B-9”. There are: B-2.1." in page
    assert "“soon” is no day. Write it like: 2025-09-30, 30.9.2025." in page
    assert first(app) is None
    assert client.post(answer.location).status_code == 303
    assert first(app).reference == "EC-1"
    assert "1 question of this sheet is entered." in client.get(answer.location).text
    again = upload(client, b"Ref,Section,Question\nEC-1,B-2.1,How?\n")
    assert "1 row is in the register already." in client.get(again.location).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"A,B\n1,2\n", "“Reference” and “Question” are needed"),
        (b"PK\x03\x04broken", "This file cannot be read."),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_words(client, content, words):
    answer = upload(client, content)
    assert answer.status_code == 422 and words in answer.text
    assert upload(client, b"Ref,Question\n1,How?\n", asked_on="").status_code == 422


def test_a_sheet_belongs_to_whoever_brought_it_and_to_its_kind(client, enter, city):
    address = upload(client, b"Ref,Question\n1,How?\n").location
    assert enter(city.editor).get(address).status_code == 404
    number = address.rpartition("/")[2]
    assert client.get(f"/c/ljubljana/record/sheets/{number}").status_code == 404
    assert "jrc.csv" in client.get(f"{REGISTER}/sheets").text
    assert "jrc.csv" not in client.get("/c/ljubljana/record/sheets").text
    assert client.post(f"{address}/discard").status_code == 303
    assert client.get(address).status_code == 404


def test_looking_through_a_sheet_costs_the_same_however_long(app, client, section):
    def cost(rows: int) -> int:
        content = "Ref,Section,Question,Passage\n" + "".join(
            f"EC-{n},B-2.1,How {n}?,{PASSAGE}\n" for n in range(rows)
        )
        address = upload(client, content.encode()).location
        with counted(app) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 8, asked
        return len(asked)

    assert cost(1) == cost(120)


def test_the_empty_sheet_has_all_columns_and_can_be_brought_back(client, section):
    answer = client.get(f"{REGISTER}/sheets/template.xlsx")
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == [
        "Reference",
        "Question",
        "Section",
    ]
    assert "B-2.1 Section B-2.1" in [row[0] for row in book.worksheets[1].values]


def test_the_register_is_read_as_json_by_the_same_people(app, client, enter, city, section):
    with app.app_context(), transaction():
        asked = db.session.get(Section, section)
        builders.question(asked, quote=PASSAGE, reference="EC-1", assignee=city.coordinator)
        builders.question(text="Gone?", answer="So.", addendum=builders.manifest(frozen=False))
    address = "/api/contracts/ljubljana/questions"
    answer = client.get(address).json
    assert (answer["total"], answer["pages"]) == (2, 1)
    first, second = answer["questions"]
    assert (first["section"]["code"], first["quote"], first["state"]) == ("B-2.1", PASSAGE, "open")
    assert (second["section"], second["state"], second["letter"]) == (None, "sent", 1)
    for asked, numbers in {
        "?state=sent": [2],
        f"?section={section}": [1],
        "?section=whole": [2],
        "?assignee=me": [1],
        "?body=mission_platform": [],
    }.items():
        told = client.get(address + asked).json["questions"]
        assert [one["number"] for one in told] == numbers, asked
    assert client.get(f"{address}?state=odd").status_code == 422
    assert enter(city.reviewer).get(address).status_code == 403
