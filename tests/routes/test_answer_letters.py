"""The letter of answers in the browser: looked through by the city, issued once, read by all who take part, printed."""

import re

import pytest

from tasks import documents as jobs
from tests import builders
from tests.support.queries import counted
from tests.typesetting.sample import words_of
from workflow import storage
from workflow.db import db, transaction
from workflow.models import Contract, Document, Manifest, Person, Question, Section
from workflow.rules.vocabulary import BuildState, QuestionState, ReviewBody, Role
from workflow.services import freezing, iterations

LETTERS = "/c/ljubljana/questions/letters"
NOTE = "Dear reviewers, thank you."


@pytest.fixture
def submitted(app, city) -> int:
    """A contract that was handed in, with one of its sections opened, rewritten and approved again."""
    with app.app_context():
        section = builders.approved("B-2.1", contract=city.contract)
        contract = db.session.get(Contract, city.contract.id)
        maja = db.session.get(Person, city.coordinator.id)
        with transaction():
            freezing.freeze(contract, by=maja)
        with transaction():
            today = builders.today()
            iterations.submit(contract, by=maja, body=ReviewBody.COMMISSION, on=today)
        with transaction():
            iterations.begin_addendum(contract, [section], by=maja, reason="The reviewers ask.")
        new = builders.revision(section, builders.TEXT.replace("74 %", "75 %"), author=maja)
        with transaction():
            builders.approve_again(section)
            asked = builders.question(
                section, text="Is it true?", answer="We counted again.", ready=True
            )
            asked.revision_id, asked.carried_out_by = new.base_id, new
            builders.question(contract=contract, text="And sinks?", answer="They grow.", ready=True)
        return section.id


@pytest.fixture
def client(city, enter, submitted):
    return enter(city.coordinator)


def form_of(page: str, *numbers: int, **what) -> dict:
    """The form as the page offers it, with the questions of these numbers chosen."""
    hidden = dict(re.findall(r'name="([\w-]+)"[^>]* value="([^"]*)"', page))
    versions = {name: value for name, value in hidden.items() if name.startswith("version-")}
    return {"note": NOTE, "seen": hidden["seen"], "chosen": list(numbers)} | versions | what


def questions(app) -> list[Question]:
    with app.app_context():
        return db.session.query(Question).order_by(Question.number).all()


def test_the_letter_is_looked_through_and_then_sent(app, client, submitted):
    page = client.get(LETTERS).text
    for told in (
        "Is it true?",
        "We counted again.",
        "And sinks?",
        "<del>",
        "addendum to manifest 1",
    ):
        assert told in page
    answer = client.post(LETTERS, data=form_of(page, 1, 2))
    assert (answer.status_code, answer.location) == (303, f"{LETTERS}/2")
    letter = client.get(answer.location).text
    assert "2 answers are sent with addendum 2." in letter
    for told in (NOTE, "We counted again.", "European Commission", "Addendum, manifest 2"):
        assert told in letter
    assert f"/sections/{submitted}/compare?old=1&amp;new=2" in letter
    assert {one.state for one in questions(app)} == {QuestionState.SENT}
    assert "No answer waits for a letter" in client.get(LETTERS).text
    assert f"{LETTERS}/2" in client.get("/c/ljubljana/questions/1").text
    assert f"{LETTERS}/2" in client.get("/c/ljubljana/whole").text
    assert f"{LETTERS}/2" in client.get("/c/ljubljana/whole/2").text


def test_only_what_is_chosen_is_sent(app, client):
    page = client.get(LETTERS).text
    client.post(LETTERS, data=form_of(page, 2))
    states = [one.state for one in questions(app)]
    assert states == [QuestionState.ANSWERED, QuestionState.SENT]


def test_a_double_click_sends_one_letter(app, client):
    form = form_of(client.get(LETTERS).text, 1, 2)
    assert [client.post(LETTERS, data=form).location for _time in range(2)] == [f"{LETTERS}/2"] * 2
    with app.app_context():
        assert db.session.query(Manifest).count() == 2


def test_a_stale_page_sends_nothing(app, client, enter, city):
    form = form_of(client.get(LETTERS).text, 1, 2)
    seen = questions(app)[1].version
    other = {"answer": "They grow fast.", "step": "ready", "seen": seen}
    enter(city.editor).post("/c/ljubljana/questions/2", data=other)
    answer = client.post(LETTERS, data=form)
    assert answer.status_code == 409
    assert {one.state for one in questions(app)} == {QuestionState.ANSWERED}


@pytest.mark.parametrize(
    "what",
    [{"note": ""}, {"note": "a" * 4_001}, {"chosen": []}, {"chosen": ["x", "-1", "9" * 30]}],
)
def test_what_cannot_be_sent_is_said_and_the_words_are_kept(app, client, what):
    form = form_of(client.get(LETTERS).text, 1, 2) | what
    answer = client.post(LETTERS, data=form)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert what.get("note", NOTE) in answer.text
    assert {one.state for one in questions(app)} == {QuestionState.ANSWERED}


def test_nothing_can_be_sent_before_anything_was_submitted(app, city, enter):
    with app.app_context(), transaction():
        builders.question(contract=city.contract, answer="We counted.", ready=True)
    page = enter(city.coordinator).get(LETTERS).text
    assert "Nothing was yet." in page and 'name="note"' not in page


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER])
def test_others_of_the_city_read_it_and_do_not_send_it(app, city, enter, client, role):
    reader = enter(getattr(city, role.value))
    page = reader.get(LETTERS).text
    assert "We counted again." in page and 'name="note"' not in page
    form = form_of(client.get(LETTERS).text, 1, 2)
    assert reader.post(LETTERS, data=form).status_code == 403
    assert {one.state for one in questions(app)} == {QuestionState.ANSWERED}


def test_an_editor_of_one_sector_is_not_shown_all_answers(app, city, enter, submitted):
    with app.app_context(), transaction():
        editor = builders.person(Role.EDITOR, contract=city.contract, sector="transport")
    assert enter(editor).get(LETTERS).status_code == 403


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER])
def test_who_takes_part_reads_the_letter_when_it_is_out(city, enter, client, role):
    reader = enter(getattr(city, role.value))
    assert reader.get(LETTERS).status_code == 403
    assert reader.get(f"{LETTERS}/2").status_code == 404
    client.post(LETTERS, data=form_of(client.get(LETTERS).text, 1))
    page = reader.get(f"{LETTERS}/2").text
    assert "We counted again." in page and "And sinks?" not in page
    assert '/c/ljubljana/questions"' not in page
    assert reader.get(f"{LETTERS}/1").status_code == 404


def test_the_letter_is_printed_by_the_jobs_that_print_the_contract(app, client, submitted):
    client.post(LETTERS, data=form_of(client.get(LETTERS).text, 1, 2))
    first = client.post(f"{LETTERS}/2/document")
    assert client.post(f"{LETTERS}/2/document").location == first.location
    assert "Letter of answers with addendum 2" in client.get(first.location).text
    with app.app_context():
        assert jobs.sweep() == 1
        document = db.session.query(Document).one()
        assert (document.state, document.error) == (BuildState.DONE, None)
        words = words_of(storage.find(document.file_key).read_bytes())
    for told in (NOTE, "Is it true?", "They grow.", "74 75 % of all homes", "manifest 2"):
        assert told in words
    assert client.get(f"{first.location}/file").data.startswith(b"%PDF")
    assert "Letter of answers with addendum 2" in client.get("/c/ljubljana/documents").text


def test_a_letter_is_no_version_of_the_contract(app, client):
    client.post(LETTERS, data=form_of(client.get(LETTERS).text, 1, 2))
    client.post(f"{LETTERS}/2/document")
    with app.app_context():
        jobs.sweep()
    assert "/documents/1" not in client.get("/c/ljubljana/").text
    contract = client.post(
        "/c/ljubljana/documents", data={"audience": "participants", "language": "en"}
    )
    assert contract.location != "/documents/1"
    with app.app_context():
        jobs.sweep()
    assert "Open the newest document" not in client.get("/documents/1").text


def test_the_pages_ask_the_same_few_questions_of_a_long_letter(app, client, submitted):
    def cost(address: str) -> int:
        with counted(app) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 8, (address, asked)
        return len(asked)

    few = cost(LETTERS)
    with app.app_context(), transaction():
        section = db.session.get(Section, submitted)
        for number in range(40):
            builders.question(section, text=f"Question {number}?", answer="So.", ready=True)
    assert cost(LETTERS) == few
    client.post(LETTERS, data=form_of(client.get(LETTERS).text, *range(1, 43)))
    cost(f"{LETTERS}/2")
