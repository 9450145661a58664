from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Membership, Person
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import EventKind, Reason, Rhythm, Role
from workflow.services import people

pytestmark = pytest.mark.usefixtures("ctx")

PASSWORD = "three words long"


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def coordinator(contract):
    return builders.person(Role.COORDINATOR, contract=contract)


def invite(contract, by, email="eva@example.org", name="Eva Zupan", role=Role.STAKEHOLDER, **what):
    with transaction():
        return people.invite(contract, by=by, email=email, name=name, role=role, **what)


def set_password(person, password=PASSWORD, **what):
    with transaction():
        return people.set_password(person, password=password, **what)


def test_an_invitation_makes_a_person_with_a_role_and_one_letter_to_write(contract, coordinator):
    membership = invite(contract, coordinator)
    assert (membership.person.email, membership.role) == ("eva@example.org", Role.STAKEHOLDER)
    assert not membership.person.is_active
    [event] = db.session.scalars(select(Event))
    assert (event.kind, event.person_id) == (EventKind.PERSON_INVITED, membership.person_id)


def test_inviting_again_repeats_the_letter_not_the_person(contract, coordinator):
    first = invite(contract, coordinator)
    second = invite(contract, coordinator, email="EVA@Example.org")
    assert first.id == second.id
    assert db.session.query(Person).filter_by(email="eva@example.org").count() == 1
    assert db.session.query(Event).count() == 2


def test_a_link_sets_a_password_once(contract, coordinator):
    person = invite(contract, coordinator).person
    token = people.link_token(person)
    assert people.by_token(token).id == person.id
    set_password(person, name="Eva Novak")
    assert people.by_token(token) is None
    assert people.authenticate("Eva@example.org", PASSWORD).name == "Eva Novak"


def test_a_link_dies_of_age_and_serves_its_purpose_only(contract, coordinator):
    person = invite(contract, coordinator).person
    token = people.link_token(person)
    assert people.by_token(token, purpose="unsubscribe") is None
    assert people.by_token(token[:-2] + "xx") is None
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert people.by_token(token) is None


@pytest.mark.parametrize("password", ["short", "eva@example.org", "Eva Zupan  "[:9], "x" * 201])
def test_a_poor_password_is_refused_with_a_sentence(contract, coordinator, password):
    person = invite(contract, coordinator).person
    with pytest.raises(Invalid):
        set_password(person, password)
    assert person.password_hash is None


def test_wrong_password_and_unknown_address_look_the_same(contract, coordinator):
    person = invite(contract, coordinator).person
    assert people.authenticate(person.email, "") is None
    set_password(person)
    assert people.authenticate(person.email, "wrong password") is None
    assert people.authenticate("nobody@example.org", PASSWORD) is None


def test_a_new_password_ends_every_session(contract, coordinator):
    person = set_password(invite(contract, coordinator).person)
    cookie = person.get_id()
    set_password(person, "another three words")
    assert person.get_id() != cookie


@pytest.mark.parametrize("email", ["", "no-at", "a@b@c", "x@", "ana@exa mple.org"])
def test_an_address_that_no_letter_reaches_is_refused(contract, coordinator, email):
    with pytest.raises(Invalid):
        invite(contract, coordinator, email=email)


def test_an_address_with_umlauts_is_welcome(contract, coordinator):
    assert invite(contract, coordinator, email="jože@občina.example.org").person.id


def test_stakeholders_invite_nobody_and_coordinators_make_no_administrators(contract, coordinator):
    with pytest.raises(Denied):
        invite(contract, builders.person(Role.STAKEHOLDER, contract=contract))
    with pytest.raises(Invalid):
        invite(contract, coordinator, role=Role.ADMIN)


def test_a_role_is_taken_away_but_not_ones_own(contract, coordinator):
    membership = invite(contract, coordinator)
    with pytest.raises(Invalid), transaction():
        people.remove(coordinator.memberships[0], contract, by=coordinator)
    with transaction():
        people.remove(membership, contract, by=coordinator)
    assert db.session.query(Membership).count() == 1


def test_a_forgotten_password_is_answered_only_to_whom_it_belongs(contract, coordinator):
    for email in ("nobody@example.org", coordinator.email):
        with transaction():
            people.forgot_password(email)
    [event] = db.session.scalars(select(Event))
    assert event.person_id == coordinator.id


def test_a_new_rhythm_holds_for_what_waits_and_revives_nothing_old(contract, coordinator):
    event = builders.event(EventKind.REMARK_MADE, contract=contract)
    waiting = builders.notice(coordinator, event, reason=Reason.COORDINATOR)
    waiting.due_at = datetime(2026, 5, 5, 7, tzinfo=UTC)
    db.session.commit()
    seen = []
    for wish in (
        {"rhythm": Rhythm.DAILY, "hour": 18, "time_zone": "UTC"},
        {"rhythm": Rhythm.OFF},
        {"rhythm": Rhythm.DAILY},
    ):
        with time_machine.travel(datetime(2026, 5, 4, 10, tzinfo=UTC), tick=False), transaction():
            people.prefer(coordinator, **wish)
        db.session.refresh(waiting)
        seen.append(waiting.due_at)
    assert seen == [datetime(2026, 5, 4, 18, tzinfo=UTC), None, None]


@pytest.mark.parametrize(
    "wish", [{"hour": 24}, {"weekday": 7}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}]
)
def test_an_impossible_wish_is_refused(coordinator, wish):
    with pytest.raises(Invalid), transaction():
        people.prefer(coordinator, **wish)
