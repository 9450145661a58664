"""Letters come back: who is told on which page, and how the address gets another chance."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Person
from workflow.services import bouncing


@pytest.fixture
def gone(anew, city):
    """The editor, to whose address nothing goes any more."""
    with transaction():
        bouncing.suspend(db.session.get(Person, city.editor.id), now=clock.now())
    return city.editor


@pytest.mark.parametrize("address", ["/inbox", "/preferences", "/c/ljubljana/", "/work"])
def test_whose_letters_come_back_is_told_on_every_page(gone, enter, address):
    page = enter(gone).get(address, follow_redirects=True).text
    assert f"Letters to {gone.email} have been coming back since" in page
    assert "It works again" in page


def test_nobody_else_is_told_on_his_pages(gone, city, enter):
    assert "coming back" not in enter(city.coordinator).get("/inbox").text


def test_the_note_costs_no_question(gone, app, enter):
    client = enter(gone)

    def asked() -> int:
        client.get("/work")
        with counted(app) as questions:
            client.get("/work")
        return len(questions)

    before = asked()
    with transaction():
        bouncing.resume(db.session.get(Person, gone.id), now=clock.now())
    assert asked() == before


def test_one_click_says_that_the_address_works_again_and_a_second_does_no_harm(gone, enter):
    client = enter(gone)
    for _ in range(2):
        answer = client.post("/preferences/mail-works")
        assert (answer.status_code, answer.location) == (303, "/preferences")
    assert "coming back" not in client.get("/inbox").text
    assert db.session.get(Person, gone.id).mail_suspended_at is None


def test_who_is_not_signed_in_changes_nothing(gone, client):
    assert client.post("/preferences/mail-works").status_code in (302, 303, 401)
    db.session.expire_all()
    assert db.session.get(Person, gone.id).mail_suspended_at is not None


@pytest.mark.parametrize(("role", "told"), [("coordinator", True), ("stakeholder", False)])
def test_coordinators_see_it_on_the_page_of_people(gone, city, enter, role, told):
    page = enter(getattr(city, role)).get("/c/ljubljana/people").text
    assert ("Letters come back since" in page) is told


@pytest.fixture
def flask(app):
    return lambda *words: app.test_cli_runner().invoke(args=["mail", *words])


def test_an_operator_suspends_resumes_and_corrects(anew, city, flask):
    email = city.editor.email
    assert flask("suspended").output == "0 addresses\n"
    assert flask("suspend", email).exit_code == 0
    listed = flask("suspended").output
    assert listed.startswith(f"{email}  since ")
    assert listed.endswith("0 letters: by hand\n1 addresses\n")
    assert flask("resume", email).exit_code == 0
    assert flask("suspended").output == "0 addresses\n"
    assert flask("correct", email, "new@example.org").exit_code == 0
    db.session.expire_all()
    assert db.session.get(Person, city.editor.id).email == "new@example.org"


def test_an_operator_is_told_what_cannot_be(anew, city, flask):
    assert "Nobody has the address" in flask("resume", "nobody@example.org").output
    taken = flask("correct", city.editor.email, city.approver.email)
    assert taken.exit_code == 1
    assert "Somebody else has this address." in taken.output


def test_the_note_is_in_the_readers_language(gone, enter):
    with transaction():
        db.session.get(Person, gone.id).language = "sl"
    page = builders.sign_in(enter(gone), gone).get("/inbox").text
    assert "Naslov spet deluje" in page
