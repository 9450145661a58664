"""A refusal says why and what would make it possible; nothing that anybody sends ends in a stack trace."""

import json
from urllib.parse import quote

import pytest
from flask import Flask, abort
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests import builders
from workflow import create_app
from workflow.db import db
from workflow.routes import errors
from workflow.rules.refusals import (
    Blocked,
    Blocker,
    Bound,
    Denied,
    Frozen,
    Invalid,
    NotNow,
    Outdated,
    Refusal,
)
from workflow.rules.vocabulary import Act, Role, Stage

ODD = [
    "\x00",
    "'; DROP TABLE person; --",
    "<script>alert(1)</script>",
    "ﷺ" * 100,
    "\u202etest",
    "🏳️‍🌈",
    "../../../../etc/passwd",
    "%s%s%n",
    "{{ 7 * 7 }}",
    "1e309",
    "-1",
    "0",
    "9" * 30,
    "NaN",
]

ADDRESSES = [
    "/c/{odd}/",
    "/c/{odd}/board",
    "/c/ljubljana/sections/{odd}/",
    "/c/ljubljana/sections/{odd}/review",
    "/threads/{odd}",
    "/documents/{odd}",
    "/accept/{odd}",
    "/mail/{odd}",
]
QUERIES = [
    "/c/ljubljana/board?stage=",
    "/c/ljubljana/people?page=",
    "/inbox?page=",
    "/sign-in?next=",
]

REFUSALS = {
    "denied": (Denied(Act.APPROVE, frozenset({Role.APPROVER})), 403, "Approver"),
    "not-now": (NotNow(Act.EDIT, Stage.REVIEW, [Stage.DRAFT]), 409, "In revision"),
    "frozen": (Frozen(Act.EDIT, Stage.APPROVED), 409, "frozen as a whole"),
    "bound": (Bound(Act.FREEZE), 409, "signed or submitted"),
    "outdated": (Outdated(Act.EDIT), 409, "Somebody saved in the meantime"),
    "blocked": (
        Blocked(Act.APPROVE, [Blocker("objections", 2), Blocker("text")]),
        409,
        "2 blocking objections are open; The section has no text yet",
    ),
    "invalid": (Invalid("reason", "Please say why."), 422, "Please say why."),
}
FAULTS = {
    "stale": (StaleDataError("other"), 409),
    "integrity": (IntegrityError("insert", {}, Exception("unique")), 409),
    "data": (DataError("select", {}, Exception("out of range")), 400),
    "overflow": (OverflowError("too large"), 400),
    "silence": (OperationalError("select", {}, Exception("no server")), 503),
    "bug": (ZeroDivisionError("secret detail"), 500),
}


@pytest.fixture
def failing(app: Flask, monkeypatch) -> Flask:
    """The application with its help page replaced by one that raises what its query names."""

    def fail() -> None:
        from flask import request

        name = request.args["raise"]
        if name.isdigit():
            abort(int(name))
        raise {**REFUSALS, **FAULTS}[name][0]

    monkeypatch.setitem(app.view_functions, "help.show", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_a_page_that_says_why_and_shows_a_way_on(failing, city, enter, name):
    _refusal, status, words = REFUSALS[name]
    page = enter(city.editor).get(f"/help?raise={name}")
    assert page.status_code == status
    assert words in page.text
    assert "data-problem" in page.text
    assert 'class="button' in page.text


@pytest.mark.parametrize("name", REFUSALS)
def test_a_program_gets_the_same_as_a_problem_in_json(failing, client, name):
    _refusal, status, words = REFUSALS[name]
    answer = client.get(f"/help?raise={name}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = json.loads(answer.data)
    assert problem["type"] == f"urn:concord:problem:{name}"
    assert problem["status"] == status
    assert words in problem["detail"]
    assert problem["instance"] == "/help"


def test_a_blocked_move_lists_every_condition_for_programs(failing, client):
    answer = client.get("/help?raise=blocked", headers={"Accept": "application/json"})
    assert [one["key"] for one in answer.get_json()["blockers"]] == ["objections", "text"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_no_stack_trace(failing, city, enter, name):
    fault, status = FAULTS[name]
    page = enter(city.editor).get(f"/help?raise={name}")
    assert page.status_code == status
    assert "data-problem" in page.text
    assert "Traceback" not in page.text
    assert str(fault) not in page.text


@pytest.mark.parametrize("name", ["silence", "bug"])
def test_an_error_page_is_shown_without_the_database(failing, city, enter, monkeypatch, name):
    client = enter(city.editor)

    def silent(*_arguments, **_named):
        raise FAULTS["silence"][0]

    monkeypatch.setattr(db.session, "scalar", silent)
    monkeypatch.setattr(db.session, "execute", silent)
    assert client.get(f"/help?raise={name}").status_code == FAULTS[name][1]


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_status_has_a_page(failing, client, language):
    for status in (400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 422, 429, 500, 503):
        page = client.get(f"/help?raise={status}", headers={"Accept-Language": language})
        assert page.status_code == status
        assert f'<html lang="{language}">' in page.text


def test_words_given_to_abort_are_told(failing, client, monkeypatch):
    monkeypatch.setitem(
        failing.view_functions, "help.show", lambda: abort(400, description="Not valid JSON.")
    )
    assert "Not valid JSON." in client.get("/help").text


def test_a_wrong_method_says_which_are_right(client):
    answer = client.post("/help")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/nowhere", "/c/nowhere/", "/threads/1", "/c/x/sections/1/edit"])
def test_an_unknown_address_is_a_404_that_helps(city, enter, path):
    page = enter(city.editor).get(path)
    assert page.status_code == 404
    assert "My contracts" in page.text


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_and_ids_in_addresses_are_not_there(city, enter, odd):
    client = enter(city.editor)
    for path in ADDRESSES:
        answer = client.get(path.format(odd=quote(odd, safe="")))
        assert answer.status_code in (308, 400, 404, 410), path


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_in_queries_are_passed_over(city, enter, odd):
    client = enter(city.editor)
    for path in QUERIES:
        assert client.get(path + quote(odd, safe="")).status_code in (200, 303, 400), path


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_in_forms_are_taken_or_refused_with_a_message(city, enter, client, odd):
    coordinator = enter(city.coordinator)
    attempts = [
        (client, "/sign-in", {"email": odd, "password": odd, "next": odd}),
        (client, "/forgotten-password", {"email": odd}),
        (coordinator, "/inbox/read", {"notice": odd, "section": odd}),
        (coordinator, "/language", {"language": odd, "next": odd}),
        (
            coordinator,
            "/preferences",
            {"rhythm": odd, "hour": odd, "weekday": odd, "timezone": odd},
        ),
        (
            coordinator,
            "/c/ljubljana/people",
            {"email": "a@example.org", "name": odd, "role": odd, "scope": odd, "organisation": odd},
        ),
        (
            coordinator,
            "/c/ljubljana/people",
            {
                "email": "a@example.org",
                "name": odd,
                "role": "stakeholder",
                "new_organisation": odd,
                "scope": "contract",
                "organisation": "",
                "language": "en",
            },
        ),
    ]
    for browser, path, form in attempts:
        assert browser.post(path, data=form).status_code in (303, 400, 422), path


def test_a_body_that_is_too_large_is_refused(city, enter):
    answer = enter(city.coordinator).post("/language", data={"language": "x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "4 MB" in answer.text


def test_a_form_without_its_token_is_refused_and_told_what_to_do(app, city):
    settings = ("TESTING", "SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY")
    guarded = create_app({name: app.config[name] for name in settings})
    client = builders.sign_in(guarded.test_client(), city.editor)
    answer = client.post("/language", data={"language": "sl"})
    with guarded.app_context():
        db.engine.dispose()
    assert answer.status_code == 400
    assert "copy what you wrote" in answer.text


def test_whoever_comes_from_elsewhere_is_not_sent_back_there(failing, client):
    page = client.get("/help?raise=404", headers={"Referer": "https://elsewhere.example/evil"})
    assert "elsewhere" not in page.text
    page = client.get(
        "/help?raise=404", headers={"Referer": "http://localhost/sign-in?next=/inbox"}
    )
    assert 'href="/sign-in?next=/inbox"' in page.text


def test_words_of_every_refusal_are_ready():
    known = {*Refusal.__subclasses__(), Frozen}
    assert set(errors.REFUSALS) == {one for one in known if one.__module__ == Refusal.__module__}


def test_a_refusal_that_a_page_of_its_own_explains_is_no_fault_elsewhere(
    failing, client, monkeypatch
):
    class Unheard(Refusal):
        pass

    monkeypatch.setitem(REFUSALS, "unheard", (Unheard(), 409, ""))
    assert client.get("/help?raise=unheard").status_code == 409
