import pytest
from flask import url_for
from sqlalchemy import select

from tests import builders
from workflow.db import db, transaction
from workflow.models import Event, Notification, Person, Subscription
from workflow.rules.vocabulary import EventKind, Rhythm, Role, Wish
from workflow.services import notices, people, unsubscribing

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def maja():
    return builders.person(email="maja@example.org", rhythm=Rhythm.DAILY)


@pytest.fixture
def way_out(maja):
    return f"/unsubscribe/{unsubscribing.token(maja)}"


def rhythm_of(person):
    db.session.rollback()
    return db.session.get(Person, person.id).rhythm


def test_looking_at_the_way_out_changes_nothing(client, maja, way_out):
    answer = client.get(way_out)
    assert answer.status_code == 200
    assert "maja@example.org" in answer.text
    assert '<form method="post"' in answer.text
    assert rhythm_of(maja) is Rhythm.DAILY


def test_instead_of_stopping_one_may_hear_less_after_signing_in(client, maja, way_out):
    page = client.get(way_out).text
    assert 'href="/preferences"' in page
    assert 'href="/preferences#follows"' in page
    assert client.get("/preferences").location.startswith("/sign-in")


def test_stopping_stops_what_is_followed_too_and_keeps_the_wishes(client, maja, way_out):
    section = builders.section()
    builders.member(maja, Role.OBSERVER, contract=section.contract)
    builders.follow(maja, section, Wish.IMMEDIATE)
    client.post(way_out)
    event = builders.event(EventKind.SECTION_APPROVED, section=section)
    with transaction():
        notices.fan_out(db.session.get(Event, event.id))
    [told] = db.session.scalars(select(Notification).filter_by(person_id=maja.id))
    assert (told.rhythm, told.due_at) == (Rhythm.OFF, None)
    assert db.session.scalars(select(Subscription.wish)).one() is Wish.IMMEDIATE


def test_one_click_of_a_mail_program_stops_the_letters_without_token_or_sign_in(
    app, client, maja, way_out
):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(way_out, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    assert rhythm_of(maja) is Rhythm.OFF


def test_the_way_out_signs_nobody_in(client, maja, way_out):
    client.post(way_out)
    assert client.get("/inbox").status_code in (302, 303)


def test_it_may_be_asked_for_twice(client, maja, way_out):
    assert client.post(way_out).status_code == client.post(way_out).status_code == 200
    assert client.get(way_out).status_code == 200


def test_a_token_of_another_purpose_stops_nothing(client, maja):
    assert client.post(f"/unsubscribe/{people.link_token(maja)}").status_code == 404
    assert rhythm_of(maja) is Rhythm.DAILY


def test_the_token_of_the_way_out_opens_no_account(app, client, maja):
    with app.test_request_context():
        address = url_for("people.accept", token=unsubscribing.token(maja))
    assert client.get(address).status_code in (404, 410)


@pytest.mark.parametrize("token", ["", "x", "1.2.3", "%00", "WzFd.abc", "ž" * 300])
def test_a_made_up_token_is_nowhere(client, maja, token):
    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code in (404, 405)
    assert rhythm_of(maja) is Rhythm.DAILY


def test_the_page_speaks_the_language_of_the_letter(client):
    spela = builders.person(email="spela@example.org", language="sl")
    answer = client.get(
        f"/unsubscribe/{unsubscribing.token(spela)}", headers={"Accept-Language": "en"}
    )
    assert '<html lang="sl"' in answer.text
