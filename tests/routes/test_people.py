"""Doors: signing in and out, invitations, forgotten passwords, and who takes part."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, session

from tests import builders
from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.extensions import limiter
from workflow.models import Event, Membership, Organisation, Person
from workflow.routes.people import local
from workflow.rules.vocabulary import EventKind, Role
from workflow.services import people

NEW_PASSWORD = "another three words"
RANDOM = re.compile(r'nonce="[^"]*"|name="csrf_token"[^>]* value="[^"]*"')


def sign_in(client, person, **changes):
    data = {"email": person.email, "password": builders.PASSWORD} | changes
    return client.post("/sign-in", data=data)


def token_for(app, person) -> str:
    with app.app_context():
        return people.link_token(db.session.get(Person, person.id))


def invitation(**changes) -> dict:
    return {
        "email": "eva@example.org",
        "name": "Eva Zupan",
        "role": "stakeholder",
        "organisation": "",
        "new_organisation": "",
        "scope": "contract",
        "language": "sl",
    } | changes


def test_signing_in_leads_to_where_one_wanted_to_go(client, city):
    answer = sign_in(client, city.editor, next="/c/ljubljana/board?stage=draft")
    assert (answer.status_code, answer.location) == (303, "/c/ljubljana/board?stage=draft")
    assert city.editor.name in client.get("/inbox").text


def test_upper_case_and_blanks_in_the_address_do_not_matter(client, city):
    assert sign_in(client, city.editor, email=f"  {city.editor.email.upper()} ").status_code == 303


def test_a_session_lasts_fourteen_days(client, city):
    with client:
        sign_in(client, city.editor)
        assert session.permanent
    assert client.application.permanent_session_lifetime == timedelta(days=14)


def test_nothing_of_an_earlier_session_is_left_after_signing_in(client, city):
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    with client:
        sign_in(client, city.editor)
        assert "planted" not in session


@pytest.mark.parametrize(
    "next_",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client, city, next_):
    assert local(next_) is None
    assert sign_in(client, city.editor, next=next_).location == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, city):
    wrong = sign_in(client, city.editor, password="wrong password")
    unknown = sign_in(client, city.editor, email="nobody@example.org")
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert "do not fit together" in answer.text
    known_words = wrong.text.replace(city.editor.email, "nobody@example.org")
    assert RANDOM.sub("", known_words) == RANDOM.sub("", unknown.text)


def test_what_was_typed_is_kept_but_never_the_password(client, city):
    answer = sign_in(client, city.editor, password="wrong password")
    assert city.editor.email in answer.text
    assert "wrong password" not in answer.text


def test_who_was_only_invited_or_was_put_to_rest_cannot_sign_in(app, client, city):
    with app.app_context():
        invited = builders.person(password=None)
        gone = builders.person()
        gone.active = False
        builders.keep(gone)
    assert sign_in(client, invited).status_code == 422
    assert sign_in(client, gone).status_code == 422


def test_signing_out_ends_the_session_and_keeps_the_language(client, city):
    sign_in(client, city.editor)
    client.post("/language", data={"language": "sl"})
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/inbox").status_code == 302
    assert '<html lang="sl">' in client.get("/sign-in").text


@pytest.fixture
def watched(app) -> Iterator[Flask]:
    """A second application on the same rows, with rate limits."""
    settings = ("TESTING", "SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY", "WTF_CSRF_ENABLED")
    kept = {name: app.config[name] for name in settings}
    watched = create_app(kept | {"RATELIMIT_ENABLED": True})
    yield watched
    limiter.reset()
    limiter.enabled = False
    with watched.app_context():
        db.engine.dispose()


def test_too_many_failures_are_stopped_for_that_address_only(watched, city):
    client = watched.test_client()
    for _ in range(10):
        assert sign_in(client, city.editor, password="wrong").status_code == 422
    stopped = sign_in(client, city.editor)
    assert stopped.status_code == 429
    assert "data-problem" in stopped.text
    assert int(stopped.headers["Retry-After"]) > 0
    assert sign_in(client, city.approver).status_code == 303


def test_the_doors_stay_open_and_watched_when_the_shared_counter_is_down(
    watched, city, monkeypatch
):
    def down(*_arguments, **_named):
        raise ConnectionError

    monkeypatch.setattr(limiter, "_storage_dead", False)
    monkeypatch.setattr(limiter.storage, "check", lambda: False)
    for counting in ("acquire_entry", "get_moving_window"):
        monkeypatch.setattr(limiter.storage, counting, down)
    answers = [sign_in(watched.test_client(), city.editor, password="wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_whoever_signs_in_well_is_never_stopped(watched, city):
    for _ in range(11):
        assert sign_in(watched.test_client(), city.editor).status_code == 303


def test_the_chosen_language_is_kept_for_the_next_time(app, client, city):
    sign_in(client, city.editor)
    answer = client.post("/language", data={"language": "sl", "next": "/inbox"})
    assert (answer.status_code, answer.location) == (303, "/inbox")
    with app.app_context():
        assert db.session.get(Person, city.editor.id).language == "sl"


def test_a_language_that_we_do_not_speak_is_refused(client):
    assert client.post("/language", data={"language": "tlh"}).status_code == 400


def test_demo_sign_ins_are_shown_in_the_demo_only(app, client, city, monkeypatch):
    with app.app_context():
        db.session.get(Person, city.coordinator.id).invented = True
        db.session.commit()
    assert "podnebje" not in client.get("/sign-in").text
    monkeypatch.setitem(app.config, "DEMO", True)
    page = client.get("/sign-in").text
    assert "podnebje" in page
    assert city.coordinator.email in page
    assert city.editor.email not in page


def test_an_invited_person_sets_a_password_and_is_inside(app, client, city):
    with app.app_context():
        invited = builders.person(password=None, name="Eva Zupan")
    path = f"/accept/{token_for(app, invited)}"
    assert "Contract of Ljubljana" in client.get(path).text
    answer = client.post(
        path,
        data={
            "name": "Eva Zupan Novak",
            "password": NEW_PASSWORD,
            "password_again": NEW_PASSWORD,
            "language": "sl",
        },
    )
    assert answer.status_code == 303
    assert "Eva Zupan Novak" in client.get("/inbox").text
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"password": "short", "password_again": "short"}, "at least 10 characters"),
        ({"password_again": "something else"}, "not the same"),
        ({"name": "   "}, "give a name"),
        ({"name": ""}, "Please give your name"),
        ({"password": "", "password_again": ""}, "Please choose a password"),
    ],
)
def test_an_acceptance_that_cannot_be_taken_says_why_beside_the_field(
    app, client, city, changes, message
):
    with app.app_context():
        invited = builders.person(password=None)
    data = {
        "name": "Eva Zupan",
        "password": NEW_PASSWORD,
        "password_again": NEW_PASSWORD,
        "language": "en",
    }
    answer = client.post(f"/accept/{token_for(app, invited)}", data=data | changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert "field-error" in answer.text


@pytest.mark.parametrize("token", ["nonsense", "a" * 3000, "%00", "čšž"])
def test_a_link_that_is_not_ours_says_that_it_no_longer_works(client, token):
    assert client.get(f"/accept/{token}").status_code in (404, 410)


def test_an_old_link_says_that_it_no_longer_works(app, client, city):
    with app.app_context():
        invited = builders.person(password=None)
    token = token_for(app, invited)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert client.get(f"/accept/{token}").status_code == 410


def test_a_forgotten_password_gets_the_same_answer_for_everybody(app, client, city):
    for email in (city.editor.email, "nobody@example.org"):
        answer = client.post("/forgotten-password", data={"email": email})
        assert (answer.status_code, answer.location) == (303, "/sign-in")
    with app.app_context():
        [event] = db.session.query(Event).filter_by(kind=EventKind.PASSWORD_FORGOTTEN)
        assert event.person_id == city.editor.id


def test_a_new_password_ends_every_other_session(app, client, city, enter):
    other = enter(city.editor)
    assert other.get("/inbox").status_code == 200
    data = {
        "name": "Ed",
        "password": NEW_PASSWORD,
        "password_again": NEW_PASSWORD,
        "language": "en",
    }
    client.post(f"/accept/{token_for(app, city.editor)}", data=data)
    assert other.get("/inbox").status_code == 302
    assert sign_in(app.test_client(), city.editor, password=NEW_PASSWORD).status_code == 303


def test_a_coordinator_invites_somebody_for_a_new_organisation_and_one_sector(app, city, enter):
    with app.app_context():
        energy = builders.sector("energy").id
    data = invitation(new_organisation="Heat Ltd", scope=f"sector:{energy}")
    answer = enter(city.coordinator).post(f"/c/{city.slug}/people", data=data)
    assert answer.status_code == 303
    with app.app_context():
        person = people.find("eva@example.org")
        [membership] = person.memberships
        assert (membership.role, membership.sector_id) == (Role.STAKEHOLDER, energy)
        assert (membership.organisation.name, person.language) == ("Heat Ltd", "sl")
        assert db.session.query(Event).filter_by(kind=EventKind.PERSON_INVITED).count() == 1


def test_the_same_organisation_is_not_entered_twice(app, city, enter):
    client = enter(city.coordinator)
    for email in ("a@example.org", "b@example.org"):
        data = invitation(
            email=email, new_organisation="ŠKOFIJA" if email[0] == "a" else "Škofija "
        )
        client.post(f"/c/{city.slug}/people", data=data)
    with app.app_context():
        assert db.session.query(Organisation).count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "no address"}, "not an e-mail address"),
        ({"email": ""}, "Please give your e-mail address"),
        ({"name": ""}, "Please give a name"),
        ({"name": "x" * 201}, "longer than 200"),
        ({"role": "emperor"}, "Not a valid choice"),
        ({"role": "admin"}, "Not a valid choice"),
        ({"scope": "sector:999999"}, "Not a valid choice"),
        ({"scope": "galaxy"}, "Not a valid choice"),
        ({"organisation": "424242"}, "Not a valid choice"),
        ({"new_organisation": "x" * 201}, "longer than 200"),
    ],
)
def test_an_invitation_that_cannot_be_taken_keeps_what_was_typed(city, enter, changes, message):
    data = invitation(name="Žiga Ščurk") | changes
    answer = enter(city.coordinator).post(f"/c/{city.slug}/people", data=data)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Žiga Ščurk" in answer.text or "name" in changes


@pytest.mark.parametrize("role", set(Role) - {Role.ADMIN, Role.COORDINATOR})
def test_others_may_not_invite_and_are_told_who_may(city, enter, role):
    client = enter(getattr(city, role.value))
    answer = client.post(f"/c/{city.slug}/people", data=invitation())
    assert answer.status_code == 403
    assert "Coordinator" in answer.text
    assert "Invite somebody" not in client.get(f"/c/{city.slug}/people").text


def test_addresses_are_shown_to_those_who_invite_only(city, enter):
    path = f"/c/{city.slug}/people"
    assert city.approver.email in enter(city.coordinator).get(path).text
    page = enter(city.stakeholder).get(path).text
    assert city.approver.name in page
    assert city.approver.email not in page


def test_sending_an_invitation_again_makes_no_second_role(app, city, enter):
    client = enter(city.coordinator)
    client.post(f"/c/{city.slug}/people", data=invitation())
    with app.app_context():
        [membership] = people.find("eva@example.org").memberships
    answer = client.post(f"/c/{city.slug}/people/{membership.id}/invitation")
    assert answer.status_code == 303
    with app.app_context():
        assert len(people.find("eva@example.org").memberships) == 1
        assert db.session.query(Event).filter_by(kind=EventKind.PERSON_INVITED).count() == 2


def test_removing_takes_the_role_and_nobody_removes_themselves(app, city, enter):
    client = enter(city.coordinator)
    with app.app_context():
        [theirs] = db.session.get(Person, city.stakeholder.id).memberships
        [own] = db.session.get(Person, city.coordinator.id).memberships
    assert client.post(f"/c/{city.slug}/people/{theirs.id}/remove").status_code == 303
    assert client.post(f"/c/{city.slug}/people/{own.id}/remove").status_code == 422
    assert client.post(f"/c/{city.slug}/people/{theirs.id}/remove").status_code == 404
    assert enter(city.stakeholder).get(f"/c/{city.slug}/").status_code == 404


def test_a_membership_of_another_contract_is_not_there(app, city, enter):
    with app.app_context():
        other = builders.contract("kranj")
        foreign = builders.person(contract=other)
        [membership] = foreign.memberships
    path = f"/c/{city.slug}/people/{membership.id}/remove"
    assert enter(city.coordinator).post(path).status_code == 404
    with app.app_context():
        assert db.session.get(Membership, membership.id)


def test_many_people_are_shown_a_page_at_a_time(app, city, enter):
    with app.app_context(), transaction():
        for _ in range(200):
            builders.person(Role.STAKEHOLDER)
    client = enter(city.coordinator)
    first, second = (client.get(f"/c/{city.slug}/people?page={n}").text for n in (1, 2))
    assert "page=2" in first
    assert first.count('class="member-state"') == 200
    assert second.count('class="member-state"') == 7
