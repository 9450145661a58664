"""The page of an organisation, and submitting its position from it."""

from datetime import timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Membership, Organisation, Section, Thread
from workflow.rules.vocabulary import Mandate, Role, Stage, Visibility
from workflow.services import rounds


@pytest.fixture
def town(ctx):
    contract = builders.contract("town")
    maja = builders.person(Role.COORDINATOR, name="Maja")
    club = builders.organisation("Heat club")
    section = builders.section("CO-1", author=maja, stage=Stage.CONSULTATION)
    dora = builders.person(name="Dora Delegate", organisation=club, mandate=Mandate.DELEGATE)
    miha = builders.person(name="Miha Member", organisation=club)
    said = builders.thread(
        section,
        author=miha,
        organisation=club,
        visibility=Visibility.ORGANISATION,
        text="Too dear for our members.",
        quote="district heating",
    )
    return {
        "contract": contract,
        "maja": maja,
        "club": club,
        "section": section,
        "dora": dora,
        "miha": miha,
        "said": said,
        "page": f"/c/town/organisations/{club.id}",
        "form": f"/c/town/organisations/{club.id}/sections/{section.id}/position",
    }


def seen(client, person, address) -> str:
    response = builders.sign_in(client, person).get(address)
    assert response.status_code == 200, response.status_code
    return response.get_data(as_text=True)


def test_members_see_what_is_said_among_them_and_who_submits(client, town):
    page = seen(client, town["miha"], town["page"])
    assert "Too dear for our members." in page
    assert "Your delegate Dora Delegate submits" in page
    assert "Submit a position" not in page
    assert "Submit a position" in seen(client, town["dora"], town["page"])


def test_the_city_sees_the_page_without_what_is_said_among_members(client, town):
    page = seen(client, town["maja"], town["page"])
    assert "Too dear for our members." not in page
    assert "Miha Member" in page


def test_the_delegate_submits_and_the_city_sees_one_position(client, town):
    page = seen(client, town["dora"], town["form"])
    assert "Too dear for our members." in page
    assert "Write @ and somebody" in page
    words = {
        "remarks": town["said"].id,
        "passage": f"remark:{town['said'].id}",
        "kind": "suggestion",
        "text": "We ask for a longer change.",
        "visibility": "participants",
        "language": "en",
    }
    assert client.post(town["form"], data=words).status_code == 303
    position = db.session.query(Thread).filter_by(official=True).one()
    assert position.quote == "district heating"
    section = f"/c/town/sections/{town['section'].id}/"
    for person in (town["maja"], town["miha"]):
        assert "Position of Heat club" in seen(client, person, section)
    assert "Too dear" not in seen(client, town["maja"], section)
    assert "Your delegate took this up" in seen(client, town["miha"], section)
    told = builders.sign_in(client, town["maja"]).get(f"/api/sections/{town['section'].id}/threads")
    assert [one["official"] for one in told.json["threads"]] == ["Heat club"]


def test_a_second_one_is_refused_with_the_words_kept_and_amending_replaces_it(client, town):
    builders.sign_in(client, town["dora"])
    words = {"kind": "concern", "visibility": "public", "language": "en", "passage": ""}
    assert client.post(town["form"], data=words | {"text": "First."}).status_code == 303
    again = client.post(town["form"], data=words | {"text": "Second words."})
    assert again.status_code == 422
    assert "Second words." in again.get_data(as_text=True)
    assert "Amend that one" in again.get_data(as_text=True)
    page = seen(client, town["dora"], town["form"])
    assert "First." in page
    first = db.session.query(Thread).filter_by(official=True).one()
    amended = words | {"text": "Second words.", "amends": first.id}
    assert client.post(town["form"], data=amended).status_code == 303
    standing = db.session.query(Thread).filter_by(official=True, withdrawn_at=None).one()
    assert standing.comments[0].text == "Second words."


def test_a_new_round_asks_for_a_position_of_its_own(client, town):
    section, maja, dora = town["section"], town["maja"], town["dora"]
    first = builders.round_of(section)
    text = {"kind": "concern", "text": "Too dear.", "visibility": "participants", "language": "en"}
    builders.sign_in(client, dora).post(town["form"], data=text)
    assert "Position submitted" in seen(client, dora, town["page"])
    with transaction():
        rounds.close(first, by=maja)
    with transaction():
        closes_at = clock.now() + timedelta(days=10)
        rounds.plan(town["contract"], [section], by=maja, closes_at=closes_at)
    page = seen(client, dora, town["page"])
    assert "No position yet" in page
    assert "Position submitted" not in page
    assert "Amend the position" not in page
    assert "Too dear." in page


def test_a_position_that_comes_when_nothing_more_can_be_said_keeps_its_words(client, town):
    text = {"kind": "concern", "text": "Too dear.", "visibility": "participants", "language": "en"}
    town["section"].stage = Stage.APPROVED
    db.session.commit()
    answer = builders.sign_in(client, town["dora"]).post(town["form"], data=text)
    assert answer.status_code == 409
    assert "Too dear." in answer.get_data(as_text=True)
    assert client.get(town["form"]).status_code == 409


def test_members_and_the_city_cannot_submit(client, town):
    for person in (town["miha"], town["maja"]):
        builders.sign_in(client, person)
        assert client.get(town["form"]).status_code == 403
        assert client.post(town["form"], data={"text": "x"}).status_code == 403


def test_mandates_are_given_on_the_page(client, town):
    membership = town["miha"].memberships[0].id
    address = f"{town['page']}/members/{membership}/mandate"
    assert builders.sign_in(client, town["miha"]).post(
        address, data={"mandate": "delegate"}
    ).status_code in (403, 409)
    done = builders.sign_in(client, town["maja"]).post(address, data={"mandate": "substitute"})
    assert done.status_code == 303
    assert db.session.get(Membership, membership).mandate is Mandate.SUBSTITUTE
    assert "Substitute" in seen(client, town["maja"], "/c/town/people")


def test_the_people_page_says_where_nobody_is_the_delegate(client, town):
    other = builders.organisation("Bus club")
    builders.person(organisation=other)
    page = seen(client, town["maja"], "/c/town/people")
    assert page.count("nobody can submit its position") == 1


def test_a_coordinator_says_of_which_kind_it_is(client, town):
    builders.sign_in(client, town["maja"])
    assert client.post(town["page"], data={"kind": "ngo", "detail": "Heat"}).status_code == 303
    assert db.session.get(Organisation, town["club"].id).detail == "Heat"
    assert client.post(town["page"], data={"kind": "galaxy"}).status_code == 422


MOST = {"page": 8, "form": 8}


@pytest.mark.parametrize("which", ["page", "form"])
def test_the_pages_cost_the_same_however_much_was_said(client, town, which):
    builders.sign_in(client, town["dora"])
    client.get(town[which])
    with counted(client.application) as few:
        client.get(town[which])
    section = db.session.get(Section, town["section"].id)
    for number in range(12):
        builders.thread(
            section,
            author=builders.person(organisation=town["club"]),
            organisation=town["club"],
            visibility=Visibility.ORGANISATION if number % 2 else Visibility.PUBLIC,
        )
        builders.section(author=town["maja"], stage=Stage.CONSULTATION)
    with counted(client.application) as many:
        client.get(town[which])
    assert len(few) == len(many)
    assert len(many) <= MOST[which]


def test_members_find_the_page_from_the_home_of_the_contract(client, town):
    assert town["page"] in seen(client, town["miha"], "/c/town/")
    assert town["page"] not in seen(client, town["maja"], "/c/town/")
