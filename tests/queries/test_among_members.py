"""What members of an organisation say among themselves reaches no city desk, gate, board, sheet, letter or document."""

import json
from datetime import timedelta

import pytest
import time_machine

from tasks import mail as jobs
from tasks import reminders
from tests import builders
from tests.support.complete import share
from tests.test_ways_out import SECRET, addresses, echoed, letters_to, words_in
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Person, Section, Thread
from workflow.queries import board, compilation, home, matrix, rounds
from workflow.queries import desk as desks
from workflow.queries import sections as section_pages
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import (
    Audience,
    Disposition,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
    Visibility,
)
from workflow.services import gatekeeping, manuscripts, threads

OUTSIDE = tuple(Role)
OTHERS = ("the city", *OUTSIDE, "another organisation")


@pytest.fixture
def house(ctx):
    """Two members of an organisation talk; everybody else, each role and another organisation, may not hear it."""
    contract = builders.contract()
    city = builders.person(Role.COORDINATOR, contract=contract, name="Maja City")
    club = builders.organisation("Heat club", contract=contract)
    other = builders.organisation("Another club", contract=contract)
    section = builders.section(
        "CO-1", contract=contract, author=city, owner=city, stage=Stage.CONSULTATION
    )
    ana = builders.person(organisation=club, name="Ana", rhythm=Rhythm.IMMEDIATE)
    bor = builders.person(organisation=club, name="Bor", rhythm=Rhythm.IMMEDIATE)
    others = [builders.person(role, rhythm=Rhythm.IMMEDIATE) for role in OUTSIDE]
    others.append(builders.person(organisation=other, rhythm=Rhythm.IMMEDIATE))
    for person in (bor, *others):
        builders.follow(person, section)
    with transaction():
        among = threads.open_thread(
            section,
            by=ana,
            revision=section.current,
            kind=RemarkKind.OBJECTION,
            text=f"Between us: {SECRET}.",
            start=0,
            end=4,
            organisation=club,
            visibility=Visibility.ORGANISATION,
        )
    open_one = builders.thread(section, author=ana, text="An open question.", organisation=other)
    return {
        "contract": contract.slug,
        "section": section.id,
        "private": among.id,
        "open": open_one.id,
        "others": [person.id for person in (city, *others)],
        "members": [ana.id, bor.id],
    }


@pytest.mark.parametrize("who", OTHERS)
def test_no_page_and_no_call_shows_it_to_anybody_else(app, client, house, who):
    turn = OTHERS.index(who)
    builders.sign_in(client, db.session.get(Person, house["others"][turn]))
    for endpoint, address in share([*addresses(app, house)], turn, of=3):
        response = client.get(address)
        assert SECRET not in echoed(words_in(response)), (endpoint, address)


def test_its_members_read_it_and_reply(client, house):
    bor = db.session.get(Person, house["members"][1])
    builders.sign_in(client, bor)
    section = f"/c/{house['contract']}/sections/{house['section']}"
    for address in (f"{section}/", f"/threads/{house['private']}", f"/api{section[-11:]}"):
        if address.startswith("/api"):
            address = f"/api/sections/{house['section']}/threads"
        assert SECRET in words_in(client.get(address)), address
    found = client.get(f"/c/{house['contract']}/search?q={SECRET}")
    assert f"/threads/{house['private']}" in words_in(found) or "CO-1" in words_in(found)
    answer = client.post(f"/threads/{house['private']}/replies", data={"text": "I agree."})
    assert answer.status_code == 303
    page = words_in(client.get(f"{section}/"))
    assert "I agree." in page
    assert "Only my organisation" in page


def test_no_letter_tells_it_but_to_members(house, smtp_sink):
    assert jobs.tell() > 0
    with time_machine.travel(clock.now() + timedelta(days=2)):
        jobs.make()
        jobs.deliver()
    people = [db.session.get(Person, key) for key in house["others"]]
    assert SECRET not in letters_to(smtp_sink, people)
    assert SECRET in letters_to(smtp_sink, [db.session.get(Person, house["members"][1])])


@pytest.mark.parametrize("audience", list(Audience))
def test_no_document_prints_it_not_even_the_citys_own(house, audience):
    contract = db.session.get(Section, house["section"]).contract
    given = compilation.compilation(contract, Edition(audience, "en"))
    assert SECRET not in json.dumps(manuscripts.write(given, "0" * 64), default=str)


def test_it_is_counted_nowhere_and_stops_no_gate(asked, house):
    section = db.session.get(Section, house["section"])
    city = db.session.get(Person, house["others"][0])
    facts = gatekeeping.facts(section)
    assert (facts.unanswered, facts.open_objections) == (1, 0)
    member = db.session.get(Person, house["members"][1])
    for person in (city, member):
        head = section_pages.head(section, person)
        assert head.title
        asked = matrix.told(section.contract, person, rounds.find(section.contract, 0), False)
        told = db.session.query(Thread).join(Section).filter(*asked)
        assert [thread.id for thread in told] == [house["open"]]
    assert desks.desk(section.contract, city, {}).pages.total == 1
    assert home.home(section.contract, city)
    assert board.board(section.contract, city, {})
    with time_machine.travel(clock.now() + timedelta(days=60)):
        reminders.give()


def test_nobody_answers_or_supports_it_and_no_stranger_speaks_in_it(house):
    among = db.session.get(Thread, house["private"])
    city, *_roles = (db.session.get(Person, key) for key in house["others"])
    bor = db.session.get(Person, house["members"][1])
    with pytest.raises(Invalid), transaction():
        threads.answer(among, by=city, disposition=Disposition.NOTED, text="We know.")
    with pytest.raises(Invalid), transaction():
        threads.support(among, by=bor)
    with pytest.raises(Denied), transaction():
        threads.reply(among, by=city, text="I listen.")
    with pytest.raises(Denied), transaction():
        threads.withdraw(among, by=city)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STAKEHOLDER, Role.ADMIN])
def test_only_a_member_says_something_among_members(house, role):
    section = db.session.get(Section, house["section"])
    club = db.session.get(Thread, house["private"]).organisation
    stranger = builders.person(role)
    for organisation in (club, None):
        with pytest.raises(Invalid), transaction():
            threads.open_thread(
                section,
                by=stranger,
                revision=section.current,
                kind=RemarkKind.QUESTION,
                text="Hello?",
                organisation=organisation,
                visibility=Visibility.ORGANISATION,
            )


def test_words_for_the_city_alone_are_not_carried_into_an_organisation(ctx):
    club = builders.organisation()
    editor = builders.person(Role.EDITOR, organisation=club)
    section = builders.section(
        stage=Stage.REVISION, markdown=f"Open.\n\n::: city\n{SECRET}.\n:::\n"
    )
    start = section.current.plain.index(SECRET)
    with pytest.raises(Invalid), transaction():
        threads.open_thread(
            section,
            by=editor,
            revision=section.current,
            kind=RemarkKind.QUESTION,
            text="What do we say to this?",
            start=start,
            end=start + 5,
            organisation=club,
            visibility=Visibility.ORGANISATION,
        )
