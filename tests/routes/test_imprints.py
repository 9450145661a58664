"""The page of what documents bear: who may see it, what is refused there, and that nothing typed is lost."""

import io
import re

import pytest

from tests.support.pictures import drawn
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Imprint
from workflow.rules.vocabulary import Role

PAGE = "/c/ljubljana/imprint"


def form(**what) -> dict:
    return {"grant": "101036519", "colour": "#0b5d5b", "alt": "Coat of arms"} | what


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_steer_the_contract_see_it(city, enter, role):
    client = enter(getattr(city, role.value))
    may = role in (Role.ADMIN, Role.COORDINATOR)
    assert client.get(PAGE).status_code == (200 if may else 403)
    assert client.post(PAGE, data=form()).status_code == (303 if may else 403)
    assert ("/imprint" in client.get("/c/ljubljana/documents").text) is may


def test_a_logo_is_brought_shown_and_taken_away(app, city, enter):
    client = enter(city.coordinator)
    answer = client.post(PAGE, data=form(logo=(io.BytesIO(drawn()), "arms.png")))
    assert answer.status_code == 303
    page = client.get(PAGE).text
    assert 'alt="Coat of arms"' in page
    with app.app_context():
        name = db.session.query(Imprint).one().logo.name
    assert client.get(f"/pictures/{name}").status_code == 200
    assert f"/pictures/{name}" in page
    client.post(PAGE, data=form(without_logo="y"))
    assert "<img" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"colour": "#ffcc00"}, "hard to read on white paper"),
        ({"colour": "<b>"}, "six digits"),
        ({"grant": "abc"}, "six to nine digits"),
        ({"logo": b"<svg/>"}, "A drawing (SVG) is not possible"),
    ],
    ids=["pale", "no colour", "no number", "no picture"],
)
def test_what_cannot_be_printed_is_said_beside_its_field_and_the_rest_stays(
    city, enter, wrong, message
):
    sent = form(**wrong)
    if "logo" in sent:
        sent["logo"] = (io.BytesIO(sent["logo"]), "arms.svg")
    answer = enter(city.coordinator).post(PAGE, data=sent)
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Coat of arms"' in answer.text


def test_it_costs_the_same_with_and_without(app, city, enter):
    client = enter(city.coordinator)
    client.get(PAGE)
    with counted(app) as bare:
        client.get(PAGE)
    client.post(PAGE, data=form(logo=(io.BytesIO(drawn()), "arms.png")))
    client.get(PAGE)
    with counted(app) as full:
        client.get(PAGE)
    assert len(full) == len(bare) <= 8


def test_it_is_found_below_the_documents(city, enter):
    page = enter(city.coordinator).get(PAGE).text
    assert re.search(r'<a href="/c/ljubljana/documents" aria-current="true">', page)
