"""Delegates are named, and what they submit is the one position of their organisation."""

from datetime import timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Notification, Round, Thread
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    OrganisationKind,
    Reason,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)
from workflow.services import mandates, notices, organisations, threads


@pytest.fixture
def city(ctx):
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def club(city):
    return builders.organisation("Heat club")


@pytest.fixture
def delegate(club):
    return builders.person(name="Dora", organisation=club, mandate=Mandate.DELEGATE)


@pytest.fixture
def member(club):
    return builders.person(name="Miha", organisation=club)


@pytest.fixture
def section(city):
    return builders.section("CO-1", author=city, owner=city, stage=Stage.CONSULTATION)


def among(section, by, club, text="Too dear for our members.", **what) -> Thread:
    with transaction():
        return threads.open_thread(
            section,
            by=by,
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text=text,
            organisation=club,
            visibility=Visibility.ORGANISATION,
            **what,
        )


def submit(club, section, by, text="We ask for a longer change.", **what) -> Thread:
    with transaction():
        return organisations.submit(
            club,
            section,
            by=by,
            revision=section.current,
            kind=RemarkKind.SUGGESTION,
            text=text,
            **what,
        )


def test_the_delegate_makes_one_position_of_what_members_said(club, section, delegate, member):
    said = [among(section, member, club), among(section, delegate, club, start=0, end=4)]
    position = submit(club, section, delegate, remarks=said)
    assert position.official
    assert (position.organisation, position.visibility) == (club, Visibility.PARTICIPANTS)
    assert [remark.consolidated_id for remark in said] == [position.id] * 2
    assert {remark.visibility for remark in said} == {Visibility.ORGANISATION}


def test_the_city_hears_it_once_as_a_remark_and_members_as_their_position(
    city, club, section, delegate, member
):
    other = builders.person(organisation=builders.organisation("Other"))
    for person in (member, other):
        builders.follow(person, section)
    position = submit(club, section, delegate)
    with transaction():
        for event in db.session.query(Event).filter(Event.relayed_at.is_(None)):
            notices.fan_out(event)
    told = {
        (row.person_id, row.event.kind): row.reason
        for row in db.session.query(Notification)
        if row.event.thread_id == position.id
    }
    assert told == {
        (city.id, EventKind.REMARK_MADE): Reason.OWNER,
        (other.id, EventKind.REMARK_MADE): Reason.FOLLOWER,
        (member.id, EventKind.POSITION_SUBMITTED): Reason.MEMBER,
    }


@pytest.mark.parametrize("mandate", [Mandate.MEMBER, None])
def test_nobody_but_a_delegate_or_substitute_submits(club, section, city, mandate):
    person = builders.person(organisation=club, mandate=mandate) if mandate else city
    with pytest.raises(Invalid, match="delegate"):
        submit(club, section, person)
    substitute = builders.person(organisation=club, mandate=Mandate.SUBSTITUTE)
    assert submit(club, section, substitute).official


def test_a_second_position_is_refused_unless_it_amends_the_first(club, section, delegate, member):
    said = among(section, member, club)
    first = submit(club, section, delegate, remarks=[said])
    with pytest.raises(Invalid, match="Amend"):
        submit(club, section, delegate, text="Another one.")
    substitute = builders.person(organisation=club, mandate=Mandate.SUBSTITUTE)
    second = submit(club, section, substitute, text="A better one.", amends=first)
    assert first.withdrawn_at is not None
    assert first.comments[0].text == ""
    assert organisations.position(club, section) == second
    db.session.refresh(said)
    assert said.consolidated_id == second.id
    with pytest.raises(Invalid, match="no longer stands"):
        submit(club, section, delegate, text="A third one.", amends=first)


def test_each_round_and_each_section_has_a_position_of_its_own(city, club, section, delegate):
    first = submit(club, section, delegate)
    elsewhere = builders.section("CO-2", author=city, stage=Stage.CONSULTATION)
    assert submit(club, elsewhere, delegate).official
    at = clock.now()
    round_ = builders.keep(
        Round(
            contract_id=section.contract_id,
            number=2,
            opened_by_id=city.id,
            opened_at=at,
            closes_at=at + timedelta(days=20),
        )
    )
    with transaction():
        shown = db.session.get(type(section), section.id)
        from workflow.models import Display

        db.session.query(Display).filter_by(section_id=shown.id).update({"round_id": round_.id})
    second = submit(club, section, delegate, text="In the second round.")
    assert (first.round_id, second.round_id) == (None, round_.id)
    assert first.withdrawn_at is None


def test_a_token_seen_before_submits_nothing_twice(club, section, delegate):
    assert submit(club, section, delegate, token="t") == submit(club, section, delegate, token="t")


def test_only_what_own_members_said_on_the_section_goes_into_it(city, club, section, delegate):
    other = builders.organisation("Other")
    strange = builders.person(organisation=other)
    elsewhere = builders.section("CO-2", author=city, stage=Stage.CONSULTATION)
    for remark in (
        among(section, strange, other),
        among(elsewhere, delegate, club),
        builders.thread(section, author=delegate, organisation=club),
    ):
        with pytest.raises(Invalid):
            submit(club, section, delegate, remarks=[remark])


@pytest.mark.parametrize("visibility", [Visibility.CITY, Visibility.ORGANISATION])
def test_a_position_is_said_aloud(club, section, delegate, visibility):
    with pytest.raises(Invalid):
        submit(club, section, delegate, visibility=visibility)


def test_coordinators_name_the_first_delegate_and_he_the_next(city, club, member):
    other = builders.person(organisation=club)
    with transaction():
        mandates.give(member.memberships[0], Mandate.DELEGATE, by=city)
    with transaction():
        mandates.give(other.memberships[0], Mandate.DELEGATE, by=member)
    assert other.memberships[0].mandate is Mandate.DELEGATE
    assert member.memberships[0].mandate is Mandate.SUBSTITUTE
    with pytest.raises(Denied), transaction():
        mandates.give(member.memberships[0], Mandate.DELEGATE, by=member)
    told = db.session.query(Event).filter_by(kind=EventKind.MANDATE_GIVEN).order_by(Event.id).all()
    assert [event.person_id for event in told] == [member.id, other.id]


def test_delegates_of_others_members_and_observers_are_refused(club, member, delegate):
    strange = builders.person(organisation=builders.organisation("Other"), mandate=Mandate.DELEGATE)
    for by in (strange, member):
        with pytest.raises(Denied), transaction():
            mandates.give(member.memberships[0], Mandate.SUBSTITUTE, by=by)
    observer = builders.person(Role.OBSERVER, organisation=club)
    with pytest.raises(Invalid), transaction():
        mandates.give(observer.memberships[0], Mandate.DELEGATE, by=delegate)


def test_coordinators_describe_organisations(city, club, member):
    with transaction():
        organisations.describe(club, by=city, kind=OrganisationKind.NGO, detail=" Heat  for all ")
    assert (club.kind, club.detail) == (OrganisationKind.NGO, "Heat for all")
    with pytest.raises(Denied), transaction():
        organisations.describe(club, by=member, kind=OrganisationKind.MEDIA)
