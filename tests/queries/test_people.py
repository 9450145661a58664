"""Who takes part: the city's own people, organisations, and those who speak for themselves."""

import pytest

from tests import builders
from workflow.queries import people
from workflow.rules.vocabulary import Role, Visibility


@pytest.fixture
def city(asked):
    return builders.contract("city", city="Ljubljana")


def test_people_stand_by_the_organisation_they_speak_for(city):
    coordinator = builders.person(Role.COORDINATOR)
    heat = builders.organisation("Heat Ltd", sectors=("energy", "buildings"))
    builders.person(organisation=heat, sector="energy")
    builders.person(Role.STAKEHOLDER)
    page = people.index(city, coordinator)
    assert [(org.id, org.name) for org in page.organisations] == [
        (None, "Ljubljana"),
        (heat.id, "Heat Ltd"),
        (0, "In their own name"),
    ]
    assert [sector.key for sector in page.organisations[1].sectors] == ["energy", "buildings"]
    assert page.organisations[1].members[0].scope == "Energy"
    assert (page.totals.people, page.totals.organisations, page.totals.pending) == (3, 1, 0)


def test_remarks_count_for_whom_they_were_made_for(city):
    section = builders.section(author=builders.person(Role.COORDINATOR))
    heat = builders.organisation("Heat Ltd")
    engineer, tenant = builders.person(organisation=heat), builders.person()
    builders.member(tenant, Role.OBSERVER)
    builders.thread(section, author=engineer, organisation=heat)
    builders.thread(section, author=tenant)
    builders.thread(section, author=tenant, visibility=Visibility.CITY)
    builders.thread(section, author=tenant, withdrawn=True)

    def counts(reader) -> list[int]:
        return [org.remarks for org in people.index(city, reader).organisations]

    assert counts(section.current.author) == [0, 1, 2]
    assert counts(engineer) == [0, 1, 1]


def test_an_invited_person_is_pending_and_may_be_written_to_again(city):
    coordinator = builders.person(Role.COORDINATOR)
    invited = builders.person(password=None)
    page = people.index(city, coordinator)
    assert page.totals.pending == 1
    [member] = [m for o in page.organisations for m in o.members if m.person.id == invited.id]
    assert member.joined_at is None
    assert member.acts["resend"].allowed
    assert member.acts["remove"].allowed


def test_an_organisation_that_nobody_speaks_for_yet_is_shown_once(city):
    coordinator = builders.person(Role.COORDINATOR)
    builders.organisation("Lonely Ltd")
    assert "Lonely Ltd" in {org.name for org in people.index(city, coordinator).organisations}
    second = people.index(city, coordinator, page=2)
    assert "Lonely Ltd" not in {org.name for org in second.organisations}


def test_only_those_who_invite_are_offered_roles_and_places(city):
    builders.section("A-1")
    offered = people.index(city, builders.person(Role.COORDINATOR)).options
    assert Role.ADMIN not in offered.roles
    assert offered.scopes[0] == ("contract", "Whole contract")
    assert offered.scopes[1][0].startswith("sector:")
    assert offered.scopes[-1][1].startswith("A-1 ")
    assert Role.ADMIN in people.index(city, builders.person(Role.ADMIN)).options.roles
    assert people.index(city, builders.person(Role.EDITOR)).options is None
