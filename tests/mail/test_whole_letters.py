"""Letters about the contract as a whole: frozen, lifted, submitted, opened again; with the reason and the hash."""

from datetime import timedelta

import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from workflow.db import db, transaction
from workflow.models import Person, Section
from workflow.rules.vocabulary import Act, ReviewBody, Rhythm, Role
from workflow.services import freezing, iterations, reviews, revisions

PEOPLE = (
    (Role.COORDINATOR, "Maja Hribar", "maja@example.org", "en"),
    (Role.APPROVER, "Tine Kos", "tine@example.org", "en"),
    (Role.STAKEHOLDER, "Špela Žnidaršič", "spela@example.org", "sl"),
    (Role.OBSERVER, "Oto Vidmar", "oto@example.org", "en"),
)


@pytest.fixture
def city(travel):
    """A contract of two approved sections, and people who hear of it at once."""
    contract = builders.contract("ljubljana")
    people = {
        name: builders.person(role, name=name, email=email, language=language)
        for role, name, email, language in PEOPLE
    }
    for code, markdown in (("A-1", "Heat comes from coal."), ("A-2", "Waste is burnt.")):
        builders.approved(code, contract=contract, markdown=markdown)
    for person in people.values():
        person.rhythm = Rhythm.IMMEDIATE
    db.session.commit()
    return contract


@pytest.fixture
def letters(smtp_sink, post, travel):
    """What everybody has got since the last time, by address; a letter goes out after its burst."""
    hour = [0]

    def fetch() -> dict[str, object]:
        hour[0] += 1
        travel(MONDAY + timedelta(hours=hour[0]))
        smtp_sink.clear()
        post(MONDAY + timedelta(hours=hour[0]))
        return {str(one["To"]).split("<")[-1].strip(">"): one for one in smtp_sink.letters}

    return fetch


def person(name: str) -> Person:
    return db.session.query(Person).filter_by(name=name).one()


def maja():
    return person("Maja Hribar")


def freeze(contract, **what):
    with transaction():
        return freezing.freeze(contract, by=maja(), **what)


def submit(contract):
    with transaction():
        iterations.submit(contract, by=maja(), body=ReviewBody.MISSION_PLATFORM, on=MONDAY.date())


def section(code: str) -> Section:
    return db.session.query(Section).filter_by(code=code).one()


def test_everybody_who_takes_part_hears_that_the_contract_is_frozen(city, letters, as_kept):
    freeze(city)
    sent = letters()
    assert set(sent) == {"tine@example.org", "spela@example.org", "oto@example.org"}
    as_kept("frozen", sent["tine@example.org"])
    as_kept("frozen-sl", sent["spela@example.org"])


def test_the_reason_for_lifting_the_freeze_travels_with_the_letter(city, letters, as_kept):
    freeze(city)
    letters()
    with transaction():
        freezing.lift(city, by=maja(), reason="The gap table of A-1 is wrong.")
    as_kept("freeze-lifted", letters()["tine@example.org"])


def test_who_has_not_heard_of_a_freeze_hears_of_its_lifting_only(city, letters):
    freeze(city)
    with transaction():
        freezing.lift(city, by=maja(), reason="The gap table of A-1 is wrong.")
    text = letters()["tine@example.org"].get_body(("plain",)).get_content()
    assert "froze the contract" not in text
    assert "The gap table of A-1 is wrong." in text


def test_a_submission_and_an_addendum_are_told_with_what_they_change(city, letters, as_kept):
    freeze(city)
    submit(city)
    letters()
    with transaction():
        iterations.begin_addendum(
            city, [section("A-2")], by=maja(), reason="The reviewers ask how waste is sorted."
        )
    as_kept("addendum-begun", letters()["tine@example.org"])
    waste = section("A-2")
    with transaction():
        revisions.save(waste, by=maja(), markdown="Waste is sorted.", base=waste.current)
        reviews.move(waste, Act.SUBMIT, by=maja(), seen=waste.current)
        reviews.move(waste, Act.APPROVE, by=person("Tine Kos"), seen=waste.current)
    letters()
    freeze(city, note="Section A-2 says how waste is sorted.")
    as_kept("addendum-issued", letters()["oto@example.org"])


def test_a_submission_says_to_whom_and_when(city, letters, as_kept):
    freeze(city)
    letters()
    submit(city)
    as_kept("submitted", letters()["oto@example.org"])


def test_the_next_iteration_is_told_in_one_letter(city, letters, as_kept):
    freeze(city)
    submit(city)
    letters()
    with transaction():
        iterations.begin(
            city, [section("A-1"), section("A-2")], by=maja(), reason="Two years have passed."
        )
    as_kept("iteration", letters()["tine@example.org"])
