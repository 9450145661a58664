"""The condition that the database is asked and the policy that verbs ask are the same rule."""

import itertools

import pytest
from sqlalchemy import select

from tests import builders
from workflow.db import db, transaction
from workflow.models import Section, Thread
from workflow.queries.visibility import readable
from workflow.rules import policy
from workflow.rules.vocabulary import Role, Visibility


def may_read(person, thread: Thread) -> bool:
    return policy.may_read(
        person,
        thread.section.place,
        author_id=thread.author_id,
        visibility=thread.visibility,
        organisation_id=thread.organisation_id,
    )


def read_by(person) -> set[int]:
    query = select(Thread.id).join(Section, Section.id == Thread.section_id)
    return set(db.session.scalars(query.where(readable(person))))


@pytest.fixture
def threads(asked):
    """A remark of each visibility on sections of two cities, with one, two and no sectors."""
    with transaction():
        here, there = builders.contract(city="Ljubljana"), builders.contract(city="Kranj")
        sections = [
            builders.section(contract=contract, sectors=sectors)
            for contract in (here, there)
            for sectors in (("energy",), ("energy", "waste"), ())
        ]
        writer = builders.person(contract=here, name="Somebody else")
        clubs = {
            contract.id: builders.organisation("Club", contract=contract)
            for contract in (here, there)
        }
        return [
            builders.thread(
                section,
                author=writer,
                visibility=visibility,
                organisation=clubs[section.contract_id],
            )
            for section, visibility in itertools.product(sections, Visibility)
        ]


@pytest.mark.parametrize("scope", ["contract", "sector", "section", "elsewhere"])
@pytest.mark.parametrize("role", list(Role))
def test_the_database_and_the_policy_agree(threads, role, scope):
    first = threads[0].section
    place = {
        "contract": {},
        "sector": {"sector": "energy"},
        "section": {"section": first},
        "elsewhere": {"contract": threads[-1].section.contract},
    }[scope]
    person = builders.person(role, **place)
    assert read_by(person) == {one.id for one in threads if may_read(person, one)}
    assert not {one.id for one in threads if one.visibility is Visibility.ORGANISATION} & read_by(
        person
    )


@pytest.mark.parametrize("role", list(Role))
def test_members_of_an_organisation_read_what_they_say_among_themselves_and_only_that(
    threads, role
):
    club, other = threads[0].organisation, threads[-1].organisation
    person = builders.person(role, organisation=club)
    among = {one.id for one in threads if one.visibility is Visibility.ORGANISATION}
    own = {one.id for one in threads if one.id in among and one.organisation_id == club.id}
    assert read_by(person) == {one.id for one in threads if may_read(person, one)}
    assert read_by(person) & among == own
    assert other.id != club.id


def test_own_words_are_always_read_even_after_the_role_is_gone(threads):
    stranger = builders.person(None)
    thread = builders.thread(
        threads[0].section, author=stranger, visibility=Visibility.CITY, text="Between us."
    )
    public = {one.id for one in threads if one.visibility is Visibility.PUBLIC}
    assert read_by(stranger) == public | {thread.id}
