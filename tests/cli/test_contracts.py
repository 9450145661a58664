"""`flask contract …` and `flask admin …`: what an operator types first."""

import re

import pytest

from tests import builders
from workflow.db import db
from workflow.models import Contract, Person
from workflow.rules.vocabulary import Role

KRANJ = ["contract", "new", "--city", "Kranj", "--country", "si", "--slug", "kranj"]
EVA = ["admin", "create", "--email", "eva@example.org", "--name", "Eva Zupan"]


@pytest.fixture
def flask(app):
    return lambda *words, **more: app.test_cli_runner().invoke(args=list(words), **more)


def test_a_contract_is_made_and_listed(app, flask):
    made = flask(*KRANJ, "--language", "sl", "--also", "en")
    assert made.exit_code == 0, made.output
    assert "/c/kranj" in made.output
    assert "Kranj" in flask("contract", "list").output
    with app.app_context():
        contract = db.session.query(Contract).one()
        assert (contract.country, contract.languages) == ("SI", ["sl", "en"])


def test_a_contract_that_cannot_be_made_says_which_option_is_wrong(flask):
    again = [flask(*KRANJ), flask(*KRANJ)][1]
    assert again.exit_code == 2
    assert "--slug" in again.output
    assert "already" in again.output
    unknown = flask(*KRANJ, "--pack", "nowhere")
    assert unknown.exit_code == 1
    assert "netzerocities" in unknown.output


def test_a_city_has_its_own_clock(app, flask):
    assert flask(*KRANJ, "--time-zone", "Europe/Atlantis").exit_code == 2
    made = flask(*KRANJ, "--time-zone", "Europe/Lisbon")
    assert made.exit_code == 0, made.output
    assert "Europe/Lisbon" in flask("contract", "list").output
    assert flask("contract", "clock", "kranj", "Europe/Riga").exit_code == 0
    unknown = flask("contract", "clock", "kranj", "Riga")
    assert unknown.exit_code == 2
    assert "Europe/Riga" in unknown.output
    with app.app_context():
        assert db.session.query(Contract).one().time_zone == "Europe/Riga"


def test_the_first_administrator_gets_a_link_that_works(app, client, flask):
    flask(*KRANJ)
    made = flask(*EVA)
    assert made.exit_code == 0, made.output
    link = re.search(r"http://concord\.test(/accept/\S+)", made.output)[1]
    data = {
        "name": "Eva Zupan",
        "password": "three words here",
        "password_again": "three words here",
        "language": "en",
    }
    assert client.post(link, data=data).status_code == 303
    assert client.get("/c/kranj/").status_code == 200
    with app.app_context():
        [membership] = db.session.query(Person).one().memberships
        assert membership.role is Role.ADMIN


def test_a_password_may_be_asked_for(client, flask):
    flask(*KRANJ)
    made = flask(*EVA, "--ask", input="three words here\nthree words here\n")
    assert made.exit_code == 0, made.output
    assert "three words" not in made.output
    data = {"email": "eva@example.org", "password": "three words here"}
    assert client.post("/sign-in", data=data).status_code == 303


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--contract", "nowhere"], "flask contract list"),
        (["--email", "no address"], "--email"),
        (["--password", "short"], "--password"),
    ],
)
def test_an_administrator_that_cannot_be_made_is_explained(app, flask, words, message):
    flask(*KRANJ)
    made = flask(*EVA, *words)
    assert made.exit_code == 2
    assert message in made.output
    with app.app_context():
        assert db.session.query(Person).count() == 0


def test_without_a_contract_or_with_several_one_is_told_what_to_do(app, flask):
    assert "flask contract new" in flask(*EVA).output
    with app.app_context():
        builders.contract("one")
        builders.contract("two")
    assert "--contract" in flask(*EVA).output
    assert flask(*EVA, "--contract", "two").exit_code == 0
