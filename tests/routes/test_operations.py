"""The page of operations: for administrators, at a price that does not grow, with buttons that do no harm twice."""

from datetime import timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Document, Event, Inbound, Person
from workflow.queries import operations
from workflow.rules.vocabulary import (
    Audience,
    BounceKind,
    BuildState,
    EventKind,
    MailOutcome,
    Part,
    Rhythm,
    Role,
)
from workflow.services import bouncing, life_signs

pytestmark = pytest.mark.usefixtures("anew")


@pytest.fixture
def now():
    now = clock.now()
    with transaction():
        life_signs.give(Part.BEAT, "beat", now)
        life_signs.give(Part.WORKER, "celery@one", now)
    return now


def letter(person, now, minutes, **what):
    at = now - timedelta(minutes=minutes)
    row = {
        "person_id": person.id,
        "rhythm": Rhythm.DAILY,
        "due_at": at,
        "composed_at": at,
        "next_try_at": at,
        "message_id": f"<{person.id}.{minutes}@example.org>",
    }
    return Digest(**row | what)


def row(letter_id):
    db.session.rollback()
    return db.session.get(Digest, letter_id, populate_existing=True)


@pytest.mark.parametrize("role", list(Role))
def test_only_an_administrator_looks_and_acts(city, enter, role, now):
    held = builders.keep(letter(city.editor, now, 5, last_error="451 Later"))
    client = enter(getattr(city, role.value))
    looked = client.get("/operations/")
    acted = client.post(f"/operations/letters/{held.id}/stop")
    together = client.post("/operations/letters/resend")
    if role is Role.ADMIN:
        assert (looked.status_code, acted.status_code, together.status_code) == (200, 303, 303)
        assert "Is the service well?" in client.get(f"/c/{city.slug}/").text
    else:
        assert {looked.status_code, acted.status_code, together.status_code} == {403}
        assert row(held.id).closed_at is None
        assert "Is the service well?" not in client.get(f"/c/{city.slug}/").text


def test_an_administrator_of_one_sector_looks_after_no_service(enter, city, now):
    someone = builders.person(None)
    builders.member(someone, Role.ADMIN, sector=builders.sector("energy"))
    assert enter(someone).get("/operations/").status_code == 403


def test_a_visitor_is_taken_to_the_door(client, city):
    assert client.get("/operations/").location.startswith("/sign-in")


def test_all_is_well_when_it_is(city, enter, now):
    builders.keep(letter(city.editor, now, 30, sent_at=now - timedelta(minutes=29)))
    page = enter(city.admin).get("/operations/").text
    assert "It is: what waits is being worked on" in page
    assert "1 sent, 0 given up." in page
    assert "Every letter left" in page


def test_in_the_first_minute_it_says_that_it_has_only_just_started(app, city, enter, monkeypatch):
    monkeypatch.setitem(app.config, "STARTED_AT", clock.now())
    page = enter(city.admin).get("/operations/").text
    assert "Concord has only just started" in page
    for words in ("No worker is at work.", "The beat is silent.", "It is: what waits"):
        assert words not in page


def test_the_page_says_what_is_wrong_and_what_to_do(app, city, enter, monkeypatch):
    monkeypatch.setitem(app.config, "STARTED_AT", clock.now() - timedelta(minutes=1))
    builders.keep(letter(city.editor, clock.now(), 31))
    page = enter(city.admin).get("/operations/").text
    for words in ("Letters stand still.", "No worker is at work.", "The beat is silent."):
        assert words in page
    assert "Start the worker, or look into its log." in page


def test_the_last_word_of_the_server_is_read_and_the_letter_tried_again(city, enter, now):
    error = "550 5.1.1 <nobody@example.org>: no such user"
    refused = letter(city.editor, now, 50, last_error=error, closed_at=now)
    builders.keep(refused)
    client = enter(city.admin)
    page = client.get("/operations/").text
    assert "550 5.1.1 &lt;nobody@example.org&gt;: no such user" in page
    assert "0 sent, 1 given up." in page
    for _twice in range(2):
        assert client.post(f"/operations/letters/{refused.id}/resend").status_code == 303
    assert row(refused.id).closed_at is None
    assert "The letter is tried again" in client.get("/operations/").text


def test_a_letter_that_left_meanwhile_is_not_sent_again(city, enter, now):
    gone = letter(city.editor, now, 50, sent_at=now)
    builders.keep(gone)
    client = enter(city.admin)
    for deed in ("resend", "stop"):
        answer = client.post(f"/operations/letters/{gone.id}/{deed}")
        assert answer.status_code == 409
        assert "The page has changed" in answer.text
        assert client.post(f"/operations/letters/{gone.id + 1000}/{deed}").status_code == 404
    assert (row(gone.id).sent_at, row(gone.id).closed_at) == (now, None)


def test_a_letter_is_stopped_and_stopping_it_again_does_no_harm(city, enter, now):
    held = letter(city.editor, now, 50, last_error="451 Later", attempts=3)
    builders.keep(held)
    client = enter(city.admin)
    for _twice in range(2):
        assert client.post(f"/operations/letters/{held.id}/stop").status_code == 303
    assert row(held.id).closed_at is not None


def test_after_a_wrong_password_all_of_the_last_day_are_tried_again(city, enter, now):
    new = [letter(city.editor, now, m, last_error="535", closed_at=now) for m in range(1, 4)]
    old = letter(city.editor, now, 3000, last_error="535", closed_at=now - timedelta(hours=30))
    builders.keep(old, *new)
    client = enter(city.admin)
    client.post("/operations/letters/resend")
    assert [row(one.id).closed_at for one in new] == [None] * 3
    assert row(old.id).closed_at is not None
    assert "3 letters are tried again." in client.get("/operations/").text


def test_letters_are_counted_in_the_hours_of_the_readers_clock(city, enter, now):
    hour = now.replace(minute=0, second=0, microsecond=0)
    times = [
        hour,
        hour - timedelta(seconds=1),
        hour - timedelta(hours=23),
        hour - timedelta(hours=24),
    ]
    builders.keep(*(letter(city.editor, now, m, sent_at=at) for m, at in enumerate(times)))
    page = enter(city.admin).get("/operations/").text
    assert "3 sent, 0 given up." in page
    hours = operations.operations(now).hours
    assert [one.sent for one in hours] == [1] + [0] * 21 + [1, 1]
    assert hours[-1].at == hour


def test_documents_that_failed_are_named(city, enter, now):
    builders.keep(
        Document(
            contract_id=city.contract.id,
            requested_by_id=city.editor.id,
            audience=Audience.CITY,
            manifest={},
            manifest_sha256="a" * 64,
            state=BuildState.FAILED,
            error="memory",
            next_try_at=now,
            finished_at=now,
        )
    )
    page = enter(city.admin).get("/operations/").text
    assert "1 document failed in the last week" in page
    assert "needed more memory" in page


def test_an_address_whose_letters_come_back_is_named_and_given_another_chance(city, enter, now):
    came_back = letter(city.editor, now, 0, sent_at=now)
    builders.keep(came_back)
    with transaction():
        person = db.session.get(Person, city.editor.id)
        word = "550 5.1.1 <ed@example.org> no such user"
        bouncing.note(person, came_back.id, BounceKind.PERMANENT, word, now=now)
        bouncing.suspend(person, now=now)
        bouncing.suspend(db.session.get(Person, city.observer.id), now=now)
    client = enter(city.admin)
    page = client.get("/operations/").text
    assert "2 suspended addresses" in page
    assert city.editor.email in page and "&lt;ed@example.org&gt; no such user" in page
    resume = f"/operations/addresses/{city.editor.id}/resume"
    assert enter(city.coordinator).post(resume).status_code == 403
    for _twice in range(2):
        assert client.post(resume).status_code == 303
    assert f"Letters go to {city.editor.email} again." in client.get("/operations/").text
    assert "1 suspended address" in client.get("/operations/").text
    assert client.post("/operations/addresses/99999/resume").status_code == 404


def test_the_page_costs_the_same_with_many_letters(app, city, enter, now):
    client = enter(city.admin)
    client.get("/operations/")
    costs = []
    for count in (5, 500):
        for minutes in range(count):
            fate = {"sent_at": now} if minutes % 2 else {"last_error": "550 No", "closed_at": now}
            db.session.add(letter(city.editor, now, count * 1000 + minutes, **fate))
        db.session.commit()
        with counted(app) as questions:
            page = client.get("/operations/").text
        costs.append(len(questions))
    assert "The newest 25 of 253 letters" in page
    assert costs[0] == costs[1] <= 8


def test_what_an_operator_did_stands_in_the_record(city, enter, now):
    given_up = letter(city.editor, now, 5, last_error="554 No", closed_at=now)
    held = letter(city.editor, now, 6, last_error="451 Later", next_try_at=now + timedelta(hours=2))
    builders.keep(given_up, held)
    with transaction():
        bouncing.suspend(db.session.get(Person, city.editor.id), now=now)
    admin = enter(city.admin)
    for _ in range(2):
        admin.post(f"/operations/letters/{held.id}/stop")
    admin.post(f"/operations/letters/{given_up.id}/resend")
    for _ in range(2):
        admin.post(f"/operations/addresses/{city.editor.id}/resume")
    db.session.rollback()
    told = db.session.query(Event).filter(
        Event.person_id == city.editor.id, Event.contract_id.is_(None)
    )
    assert [(one.kind, one.actor_id) for one in told.order_by(Event.id)] == [
        (EventKind.ADDRESS_SUSPENDED, None),
        (EventKind.LETTER_STOPPED, city.admin.id),
        (EventKind.LETTER_RESENT, city.admin.id),
        (EventKind.ADDRESS_RESUMED, city.admin.id),
    ]
    assert {one.relayed_at is None for one in told} == {False}


def test_mail_that_was_not_read_is_named(city, enter, now):
    assert "was not read" not in enter(city.admin).get("/operations/").text
    builders.keep(
        Inbound(
            message_id="<1@mail.example>",
            recipient="reply@reply.example.org",
            sender="ana@example.org",
            sha256="a" * 64,
            size=13_000_000,
            received_at=now,
            next_try_at=now,
            handled_at=now,
            outcome=MailOutcome.FAILED,
            last_error="13000000 bytes are too many",
        )
    )
    page = enter(city.admin).get("/operations/").text
    assert "1 e-mail of the last week was not read" in page
    assert "ana@example.org" in page and "13000000 bytes are too many" in page
