"""Words that a moderator has not released, or has hidden, leave by no way and are counted nowhere."""

import json
from collections import Counter

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.complete import share
from tests.test_ways_out import addresses, echoed, words_in, words_of_pdf
from workflow.db import db
from workflow.models import Comment, Person, Section, Thread
from workflow.queries import desk, matrix, outline, rounds, search
from workflow.queries import threads as thread_pages
from workflow.queries.compilation import compilation
from workflow.queries.visibility import readable
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import (
    Audience,
    Disposition,
    Moderation,
    ModerationAct,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)
from workflow.services import gatekeeping, manifests, manuscripts
from workflow.typesetting import typeset

SECRET = "zebrafinch"
READERS = (Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER, Role.EDITOR, Role.APPROVER)
NOT_SHOWN = (Moderation.UNCONFIRMED, Moderation.HELD, Moderation.HIDDEN)


@pytest.fixture
def house(ctx):
    """One remark in each state, the hidden one shown before; a hidden and a held reply to the open one."""
    contract = builders.contract()
    city = builders.person(Role.COORDINATOR, contract=contract, name="Maja City")
    section = builders.section(
        "CO-1",
        contract=contract,
        markdown="Open words about heat.",
        author=city,
        owner=city,
        stage=Stage.CONSULTATION,
    )
    builders.opened_to_all(section)
    citizen = builders.person(None, name="Guest Citizen", password=None)
    citizen.guest = True
    open_one = builders.thread(section, quote="Open words", text="An open question about heat.")
    not_shown = [
        builders.thread(
            section,
            author=citizen,
            quote="words",
            kind=RemarkKind.OBJECTION,
            text=f"Too rude: {SECRET}.",
            visibility=Visibility.PUBLIC,
            moderation=state,
        )
        for state in NOT_SHOWN
    ]
    for state in (Moderation.HELD, Moderation.HIDDEN):
        reply = builders.comment(open_one, text=f"A rude reply: {SECRET}.", moderation=state)
        builders.moderated(reply, ModerationAct.HIDE, by=city, reason="Rude words")
    hidden = not_shown[-1]
    hidden.replacement, hidden.on_behalf_of = SECRET, f"Mr. {SECRET}"
    hidden.disposition, hidden.answer = Disposition.NOTED, f"Noted, {SECRET}."
    hidden.answered_at, hidden.answered_by = hidden.created_at, city
    builders.moderated(hidden.comments[0], ModerationAct.HIDE, by=city, reason="Rude words")
    db.session.commit()
    readers = [builders.person(role, contract=contract).id for role in READERS]
    ids = {"contract": contract.slug, "section": section.id, "open": open_one.id}
    return ids | {"readers": readers, "city": city.id, "threads": [one.id for one in not_shown]}


@pytest.fixture
def reader(house) -> Person:
    return db.session.get(Person, house["readers"][3])


@pytest.fixture
def section(house) -> Section:
    return db.session.get(Section, house["section"])


@pytest.mark.parametrize("role", READERS)
def test_no_page_and_no_call_shows_them_to_readers(app, client, house, role):
    turn = READERS.index(role)
    builders.sign_in(client, db.session.get(Person, house["readers"][turn]))
    for endpoint, address in share([*addresses(app, house)], turn, of=2):
        response = client.get(address)
        assert SECRET not in echoed(words_in(response)), (endpoint, address)


def test_no_page_shows_them_to_a_visitor(app, client, house):
    public = f"/public/{house['contract']}/sections/{house['section']}"
    assert "Open words" in words_in(client.get(public))
    for endpoint, address in addresses(app, house):
        assert SECRET not in echoed(words_in(client.get(address))), (endpoint, address)


def test_what_was_shown_before_leaves_a_word_in_its_place(client, house):
    builders.sign_in(client, db.session.get(Person, house["readers"][0]))
    page = words_in(client.get(f"/c/{house['contract']}/sections/{house['section']}/"))
    assert page.count("Hidden by a moderator: Rude words") == 2
    unconfirmed, held, hidden = house["threads"]
    assert client.get(f"/threads/{hidden}").status_code == 200
    assert client.get(f"/threads/{held}").status_code == 404
    assert client.get(f"/threads/{unconfirmed}").status_code == 404


def test_a_guests_remark_that_was_never_shown_leaves_nothing(client, house):
    hidden = db.session.get(Thread, house["threads"][2])
    builders.moderated(hidden.comments[0], ModerationAct.CONFIRM, by=hidden.author)
    builders.sign_in(client, db.session.get(Person, house["readers"][0]))
    assert client.get(f"/threads/{hidden.id}").status_code == 404


@pytest.mark.parametrize("audience", list(Audience))
def test_no_document_prints_them(section, audience):
    given = compilation(section.contract, Edition(audience, "en"))
    written = manuscripts.write(given, "0" * 64)
    assert SECRET not in json.dumps(written, default=str)
    assert SECRET not in json.dumps(manifests.manifest(given), default=str)
    assert SECRET not in words_of_pdf(typeset(written).bytes)


def test_the_gate_and_every_list_count_only_what_is_shown(app, section, reader):
    contract = section.contract
    facts = gatekeeping.facts(section)
    assert (facts.open_objections, facts.unanswered) == (0, 1)
    [line] = outline.lines(contract, reader)
    assert (line.remarks, line.open, line.blocking) == (1, 1, 0)
    outside = rounds.find(contract, 0)
    with app.test_request_context():
        assert desk.desk(contract, reader, {}).pages.total == 1
        assert matrix.matrix(contract, reader, outside, public=False, wanted={}).pages.total == 1
        assert search.search(contract, reader, asked=SECRET).pages.total == 0
        cards = [view.moderation for view in thread_pages.listing(section, reader)]
    assert sorted(cards) == [Moderation.HIDDEN, Moderation.SHOWN]


def test_nothing_is_lost_shown_and_not_shown_make_all(section, house):
    states = Counter(db.session.scalars(select(Thread.moderation)))
    assert sum(states.values()) == db.session.scalar(select(func.count(Thread.id))) == 4
    assert states == Counter([Moderation.SHOWN, *NOT_SHOWN])
    for person_id in (*house["readers"], house["city"]):
        person = db.session.get(Person, person_id)
        query = select(func.count(Thread.id)).join(Section, Section.id == Thread.section_id)
        assert db.session.scalar(query.where(readable(person))) == states[Moderation.SHOWN]
    assert db.session.scalar(select(func.count(Comment.id)).where(Comment.text == "")) == 0
