"""Who was asked and is silent, in a number of questions that does not grow; and reminding them, once a day."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Membership, Notification, Organisation, Person, Reminder, Section
from workflow.queries import silence
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    OrganisationKind,
    Reason,
    Role,
    Stage,
    Visibility,
)
from workflow.services import notices, reminded
from workflow.services import silence as reminding


@pytest.fixture
def town(asked):
    contract = builders.contract("town")
    maja = builders.person(Role.COORDINATOR, name="Maja")
    ends = clock.now() + timedelta(days=10, hours=1)
    section = builders.section(
        "CO-1", author=maja, stage=Stage.CONSULTATION, sectors=("energy",), closes_at=ends
    )
    builders.section("CO-2", author=maja, stage=Stage.REVISION, sectors=("waste",))
    heard = builders.organisation("Heard", kind=OrganisationKind.NGO, sectors=("energy",))
    silent = builders.organisation("Silent", kind=OrganisationKind.BUSINESS)
    elsewhere = builders.organisation("Elsewhere", kind=OrganisationKind.MEDIA)
    voice = builders.person(organisation=heard)
    quiet = builders.person(organisation=silent, name="Quiet")
    builders.person(organisation=elsewhere, sector="waste")
    builders.thread(section, author=voice, organisation=heard)
    builders.thread(section, author=quiet, organisation=silent, visibility=Visibility.ORGANISATION)
    return {
        "contract": contract,
        "maja": maja,
        "section": section,
        "silent": silent,
        "quiet": quiet,
        "heard": heard,
    }


def lines(town, **wanted) -> dict:
    page = silence.page(town["contract"], town["maja"], wanted)
    return {line.name: (line.asked, line.heard) for line in page.lines}


def test_what_is_open_asks_whom_it_reaches_and_words_among_members_are_silence(town):
    assert lines(town) == {"Silent": (1, 0), "Heard": (1, 1)}
    page = silence.page(town["contract"], town["maja"], {})
    assert [line.name for line in page.lines] == ["Silent", "Heard"]
    assert (page.asked, page.heard) == (2, 1)
    assert [(one.label, one.asked, one.heard) for one in page.sectors] == [("Energy", 2, 1)]
    assert {one.label: one.share for one in page.kinds} == {
        "NGO or social enterprise": 1.0,
        "Business": 0.0,
    }
    [quiet, _other] = page.lines
    assert (quiet.silent_on, quiet.days_left, quiet.to) == (["CO-1"], 10, "Quiet")


def test_overall_asks_everybody_who_takes_part(town):
    assert lines(town, scope="ever") == {"Elsewhere": (1, 0), "Heard": (2, 1), "Silent": (2, 0)}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "ngo"}, {"Heard"}),
        ({"only": "silent"}, {"Silent"}),
        ({"only": "nobody"}, set()),
        ({"kind": "galaxy", "section": "x"}, {"Heard", "Silent"}),
        ({"sector": "energy"}, {"Heard"}),
    ],
)
def test_the_page_shows_what_was_asked_for(town, wanted, found):
    assert set(lines(town, **wanted)) == found


def remind(town, organisation=None, by=None) -> Event:
    with transaction():
        return reminding.remind(organisation or town["silent"], by=by or town["maja"])


def told(event) -> dict:
    with transaction():
        notices.fan_out(db.session.get(Event, event.id))
    rows = db.session.query(Notification).filter_by(event_id=event.id)
    return {row.person_id: row.reason for row in rows}


def test_a_reminder_goes_to_the_delegate_else_to_the_members(town):
    assert told(remind(town)) == {town["quiet"].id: Reason.ASSIGNED}
    delegate = builders.person(organisation=town["silent"], mandate=Mandate.DELEGATE)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        event = remind(town)
        assert told(event) == {delegate.id: Reason.ASSIGNED}
        assert reminded.still_owed(event, delegate)
    assert event.kind is EventKind.REMINDER_DUE


def test_a_round_that_is_extended_brings_no_second_reminder_on_one_day(town):
    remind(town)
    town["section"].closes_at += timedelta(days=5)
    db.session.commit()
    with pytest.raises(Invalid, match="reminded today"):
        remind(town)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert remind(town)


def test_nobody_is_reminded_when_the_time_is_over(town):
    with (
        time_machine.travel(town["section"].closes_at + timedelta(minutes=1)),
        pytest.raises(Invalid, match="nothing that is open"),
    ):
        remind(town)


def test_once_a_day_and_not_without_need_and_not_into_the_void(town):
    remind(town)
    with pytest.raises(Invalid, match="today already"):
        remind(town)
    with pytest.raises(Invalid, match="silent on nothing"):
        remind(town, town["heard"])
    alone = builders.organisation("Alone")
    builders.person(organisation=alone, password=None)
    with pytest.raises(Invalid, match="nobody to remind"):
        remind(town, alone)
    assert db.session.query(Reminder).count() == 1
    with pytest.raises(Denied):
        remind(town, by=town["quiet"])


def test_the_page_and_its_file_are_for_the_city(client, town):
    for address in ("/c/town/silence", "/c/town/silence.csv"):
        assert builders.sign_in(client, town["quiet"]).get(address).status_code == 403
    builders.sign_in(client, town["maja"])
    assert "Who has been silent" in client.get("/c/town/silence").get_data(as_text=True)
    body = client.get("/c/town/silence.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(body), delimiter=";" if ";" in body.split("\n")[0] else ","))
    assert [row[0] for row in rows[1:]] == ["Silent", "Heard"]
    address = f"/c/town/organisations/{town['silent'].id}/reminder"
    assert client.post(address).status_code == 303
    assert "reminded today" in client.get("/c/town/silence").get_data(as_text=True)
    assert "today already" in client.post(address, follow_redirects=True).get_data(as_text=True)
    answer = client.post(f"{address}?slug=other&_external=1&only=silent")
    assert answer.location == "/c/town/silence?only=silent"


def test_the_page_costs_the_same_with_230_organisations_and_60_sections(client, town):
    builders.sign_in(client, town["maja"])
    client.get("/c/town/silence")
    with counted(client.application) as few:
        client.get("/c/town/silence")
    with transaction():
        contract_id = town["contract"].id
        for number in range(230):
            organisation = Organisation(
                contract_id=contract_id, name=f"Org {number}", kind=OrganisationKind.BUSINESS
            )
            person = Person(name=f"P {number}", email=f"p{number}@example.net")
            db.session.add_all((organisation, person))
            db.session.flush()
            db.session.add(
                Membership(
                    person=person,
                    contract_id=contract_id,
                    role=Role.STAKEHOLDER,
                    organisation_id=organisation.id,
                )
            )
        for number in range(60):
            builders.section(
                f"X-{number}", author=town["maja"], stage=Stage.CONSULTATION, sectors=("waste",)
            )
    assert db.session.query(Section).count() == 62
    with counted(client.application) as many:
        assert client.get("/c/town/silence").status_code == 200
    assert len(few) == len(many) <= 8
