"""A guest's link opens one organisation's part for a while, and nothing else, and ends at once when it is revoked."""

from datetime import timedelta

import pytest
import time_machine
from flask import g

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import GuestLink, Membership, Person, Thread
from workflow.rules import policy
from workflow.rules.policy import Place
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Act, RemarkKind, Role, Stage
from workflow.services import guest_links, guests, people, threads


@pytest.fixture
def maja(ctx):
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def club(maja):
    return builders.organisation("Heat club")


def made(maja, club, email="gita@example.org", days=30, **what) -> GuestLink:
    with transaction():
        return guest_links.make(
            builders.the_contract(),
            by=maja,
            organisation=club,
            name="Gita Guest",
            email=email,
            role=what.pop("role", Role.REVIEWER),
            expires_at=clock.now() + timedelta(days=days),
            **what,
        )


def asked_anew() -> None:
    """The next request asks who is there, as in a process of its own."""
    db.session.expire_all()
    for known in ("_login_user", "guest_link"):
        g.pop(known, None)


def enter(client, link) -> None:
    asked_anew()
    assert client.post(f"/by-link/{guest_links.token(link)}").status_code == 303


def test_it_gives_one_role_for_one_organisation(maja, club):
    link = made(maja, club)
    [membership] = link.person.memberships
    assert (membership.role, membership.organisation_id) == (Role.REVIEWER, club.id)
    assert link.person.password_hash is None
    place = Place(link.contract_id)
    assert policy.grants(link.person, Act.COMMENT, place)
    assert not policy.grants(link.person, Act.READ_INTERNAL, place)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_it_lasts_at_most_90_days(maja, club, days):
    with pytest.raises(Invalid):
        made(maja, club, days=days)


def test_its_last_day_is_over_when_the_day_is_over_in_the_city(client, maja, club):
    builders.sign_in(client, maja)
    last = builders.today() + timedelta(days=90)
    form = {"name": "Gita", "email": "gita@example.org", "organisation": club.id}
    form |= {"role": "reviewer", "scope": "contract", "language": "en", "expires_on": last}
    address = f"/c/{builders.the_contract().slug}/links"
    assert client.post(address, data=form).status_code == 303
    [link] = db.session.query(GuestLink)
    local = clock.local(link.expires_at, builders.the_contract().time_zone)
    assert (local.date(), local.hour) == (last, 23)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.EDITOR, Role.APPROVER])
def test_it_never_makes_somebody_of_the_city(maja, club, role):
    with pytest.raises(Invalid):
        made(maja, club, role=role)


def test_only_coordinators_make_revoke_and_send_it_again(maja, club):
    stranger = builders.person(Role.EDITOR)
    with pytest.raises(Denied):
        made(stranger, club)
    link = made(maja, club)
    for verb in (guest_links.revoke, guest_links.resend):
        with pytest.raises(Denied), transaction():
            verb(link, by=stranger)


def test_an_address_that_opens_something_gets_no_link(maja, club):
    for known in (maja, builders.person(password=None), made(maja, club).person):
        with pytest.raises(Invalid, match="known already"):
            made(maja, club, email=known.email)


def test_following_it_asks_first_and_then_signs_in(client, maja, club):
    link = made(maja, club)
    address = f"/by-link/{guest_links.token(link)}"
    page = client.get(address)
    assert "Continue as Gita Guest for Heat club" in page.get_data(as_text=True)
    home = f"/c/{link.contract.slug}/"
    assert client.get(home).status_code == 302
    asked_anew()
    assert client.post(address).status_code == 303
    asked_anew()
    inside = client.get(home)
    assert inside.status_code == 200
    assert "You are here by a link for Heat club" in inside.get_data(as_text=True)
    assert db.session.get(GuestLink, link.id).last_used_at is not None


def test_words_written_by_a_link_stay_with_the_person(client, maja, club):
    link = made(maja, club)
    section = builders.section(author=maja, stage=Stage.CONSULTATION)
    with transaction():
        said = threads.open_thread(
            section,
            by=link.person,
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text="This is too late.",
            organisation=club,
        )
    with transaction():
        guest_links.revoke(link, by=maja)
    assert db.session.get(Thread, said.id).author.name == "Gita Guest"
    with transaction():
        people.invite(
            builders.the_contract(),
            by=maja,
            email="gita@example.org",
            name="Gita",
            role=Role.STAKEHOLDER,
            organisation=club,
        )
    db.session.expire_all()
    again = people.find("gita@example.org")
    assert again.id == said.author_id
    assert [membership.role for membership in again.memberships] == [Role.STAKEHOLDER]


@pytest.mark.parametrize("end", ["revoked", "expired", "removed", "account", "another role"])
def test_a_session_ends_with_its_link(client, maja, club, end):
    link = made(maja, club)
    enter(client, link)
    home = f"/c/{link.contract.slug}/"
    assert client.get(home).status_code == 200
    token = guest_links.token(link)
    days = 0
    if end == "revoked":
        with transaction():
            guest_links.revoke(link, by=maja)
    if end == "expired":
        days = 31
    if end == "removed":
        with transaction():
            people.remove(link.membership, link.contract, by=maja)
    if end == "account":
        with transaction():
            people.set_password(link.person, password="three words to keep")
    if end == "another role":
        builders.member(link.person, Role.EDITOR)
    asked_anew()
    with time_machine.travel(clock.now() + timedelta(days=days)):
        assert client.get(home).status_code == 302
        asked_anew()
        assert client.get(f"/by-link/{token}").status_code == 410
        assert client.post(f"/by-link/{token}").status_code == 410
        assert client.get(home).status_code == 302


def test_a_revoked_or_expired_link_takes_its_membership_once(maja, club):
    first, second = made(maja, club), made(maja, club, email="second@example.org")
    with transaction():
        guest_links.revoke(first, by=maja)
        guest_links.revoke(first, by=maja)
    assert first.person.memberships == []
    later = clock.now() + timedelta(days=31)
    with transaction():
        assert guest_links.expire(later) == 1
    with transaction():
        assert guest_links.expire(later) == 0
    assert db.session.query(Membership).filter_by(person_id=second.person_id).count() == 0
    with pytest.raises(Invalid), transaction():
        guest_links.resend(first, by=maja)


def test_whoever_was_invited_to_stay_keeps_the_membership(maja, club):
    link = made(maja, club, role=Role.STAKEHOLDER)
    with transaction():
        people.invite(
            builders.the_contract(),
            by=maja,
            email="gita@example.org",
            name="Gita",
            role=Role.STAKEHOLDER,
            organisation=club,
        )
    with transaction():
        guest_links.revoke(link, by=maja)
    assert [m.organisation_id for m in db.session.get(Person, link.person_id).memberships] == [
        club.id
    ]


def test_a_token_is_good_for_nothing_else_and_no_other_token_for_it(client, maja, club):
    link = made(maja, club)
    token = guest_links.token(link)
    assert people.by_token(token) is None
    assert guests.by_token(token) is None
    assert guests.to_confirm(token) is None
    for strange in (
        people.link_token(link.person),
        guests.page_token(link.person),
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.split(".")[0],
        "",
        "1",
        "x" * 5000,
    ):
        assert guest_links.by_token(strange) is None
    assert client.get(f"/accept/{token}").status_code == 410


@pytest.mark.parametrize(
    "cookie", ["{id}.{epoch}", "{id}.{epoch}.", "{id}.{epoch}.{other}", "{id}.{epoch}.{link}.1"]
)
def test_a_session_that_does_not_name_its_own_link_is_none(client, maja, club, cookie):
    link, other = made(maja, club), made(maja, club, email="other@example.org")
    person = link.person
    named = {"id": person.id, "epoch": person.epoch, "link": link.id, "other": other.id}
    with client.session_transaction() as session:
        session["_user_id"] = cookie.format(**named)
        session["_fresh"] = True
    assert client.get(f"/c/{link.contract.slug}/").status_code == 302


def test_an_account_is_never_entered_by_naming_a_link(client, maja, club):
    link = made(maja, club)
    with client.session_transaction() as session:
        session["_user_id"] = f"{maja.get_id()}.{link.id}"
    assert client.get(f"/c/{link.contract.slug}/").status_code == 302


def test_the_page_lists_makes_and_revokes_links(client, maja, club):
    builders.sign_in(client, maja)
    address = f"/c/{builders.the_contract().slug}/links"
    form = {
        "name": "Gita Guest",
        "email": "gita@example.org",
        "organisation": club.id,
        "role": "reviewer",
        "scope": "contract",
        "expires_on": (builders.today() + timedelta(days=20)).isoformat(),
        "language": "en",
        "purpose": "The heat chapter",
    }
    assert client.post(address, data=form | {"expires_on": "2099-01-01"}).status_code == 422
    assert client.post(address, data=form).status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert "Gita Guest" in page
    link = db.session.query(GuestLink).one()
    assert client.post(f"{address}/{link.id}/letter").status_code == 303
    assert client.post(f"{address}/{link.id}/revoke").status_code == 303
    assert "Revoked" in client.get(address).get_data(as_text=True)
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    assert client.get(address).status_code == 403


def test_the_page_costs_the_same_however_many_links_there_are(client, maja, club):
    builders.sign_in(client, maja)
    address, asked = f"/c/{builders.the_contract().slug}/links", []
    client.get(address)
    for many in (2, 8):
        for number in range(many):
            made(maja, club, email=f"gita-{many}-{number}@example.org")
        asked_anew()
        with counted(client.application) as statements:
            assert client.get(address).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8
