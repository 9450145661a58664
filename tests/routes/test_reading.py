"""A section's page that was made for one reader is shown to others only while it is what they would see anyway."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests import builders
from tests.routes.deeds import ACTS, AT_ONCE, NOON
from tests.support.complete import share
from tests.support.pages import drawn
from tests.support.queries import counted
from workflow import fragments
from workflow.db import db, transaction
from workflow.models import Membership
from workflow.rules.vocabulary import Role
from workflow.services import threads

READERS = ("ana", "bor", "coordinator", "other", "observer")
BESIDE = ("ana", "coordinator", "other", "observer")
NEWS = "The text has changed since your last visit."


@pytest.fixture
def clients(app, town, enter) -> dict[str, FlaskClient]:
    with app.app_context():
        return {name: enter(getattr(town, name)) for name in READERS}


@pytest.fixture
def addresses(app, town) -> list[str]:
    with app.app_context():
        slug = town.contract.slug
        return [f"/c/{slug}/sections/{one.id}/" for one in (town.shown, town.revised)]


def pages(app) -> int:
    return len(app.extensions["pages"].kept)


@pytest.mark.timeout(300)
def test_after_whatever_was_done_everybody_sees_the_page_as_if_it_were_made_anew(
    app, town, clients, addresses, travel
):
    taken, asked, now = 0, 0, NOON
    everywhere = [(name, address) for address in addresses for name in BESIDE]
    for turn, (what, act) in enumerate(ACTS):
        visits = share(everywhere, turn, of=2)
        travel(now := now + timedelta(minutes=2 if what in AT_ONCE else 7))
        with app.app_context(), transaction():
            act(town)
        for name, address in visits:
            drawn(clients[name], address)  # whatever is told once has been told
        before = pages(app)
        kept = [drawn(clients[name], address) for name, address in visits]
        asked += len(visits)
        taken += len(visits) - (pages(app) - before)
        fragments.forget(app)
        anew = [drawn(clients[name], address) for name, address in visits]
        for visit, one, other in zip(visits, kept, anew, strict=True):
            assert one == other, f"{visit} after: {what}"
    assert taken > asked / 2


def test_those_to_whom_nothing_in_it_belongs_are_given_the_same_page(
    app, clients, addresses, travel
):
    travel(NOON + timedelta(hours=2))
    address = addresses[0]
    for name, sharing in {
        "coordinator": 1,
        "other": 1,
        "ana": 2,  # a remark is hers
        "bor": 3,
        "observer": 4,
    }.items():
        drawn(clients[name], address)
        assert pages(app) == sharing, name


def test_who_may_no_longer_read_is_not_let_in_though_the_page_is_at_hand(
    app, town, clients, addresses
):
    assert clients["other"].get(addresses[0]).status_code == 200
    assert clients["coordinator"].get(addresses[0]).status_code == 200
    with app.app_context():  # past the application, so that nothing beats
        db.session.execute(db.delete(Membership).where(Membership.person_id == town.other.id))
        db.session.connection().commit()
    assert clients["other"].get(addresses[0]).status_code == 404
    assert clients["coordinator"].get(addresses[0]).status_code == 200


def test_withdrawn_words_are_in_no_page_that_was_kept(app, town, clients, addresses):
    with app.app_context(), transaction():
        remark = builders.thread(town.shown, author=town.ana, text="Gooseberries for all!").id
    for client in clients.values():
        assert "Gooseberries" in client.get(addresses[0]).text
    with app.app_context(), transaction():
        threads.withdraw(db.session.get(threads.Thread, remark), by=town.ana)
    for client in clients.values():
        assert "Gooseberries" not in client.get(addresses[0]).text


def test_news_is_told_to_whom_it_is_news(app, town, clients, addresses, travel):
    address = addresses[1]
    for name in ("coordinator", "other"):
        clients[name].get(address)
    with app.app_context(), transaction():
        builders.revision(town.revised, "Quite another text.")
        builders.member(town.observer, Role.COORDINATOR, contract=town.contract)
    assert NEWS not in clients["observer"].get(address).text
    assert NEWS in clients["coordinator"].get(address).text
    assert NEWS in clients["other"].get(address).text
    assert NEWS not in clients["observer"].get(address).text


def test_each_reads_his_own_wish(app, town, clients, addresses):
    address = addresses[0]
    hear = {"scope": "section", "id": address.split("/")[-2], "wish": "mute", "back": "yes"}
    clients["other"].post(f"/c/{address.split('/')[2]}/wishes", data=hear)
    read = {name: "Muted" in clients[name].get(address).text for name in ("coordinator", "other")}
    assert read == {"coordinator": False, "other": True}


def test_what_a_page_at_hand_and_a_new_one_ask_the_database(app, clients, addresses, travel):
    travel(NOON + timedelta(hours=2))
    client = clients["coordinator"]
    client.get(addresses[0])
    with counted(app) as kept:
        client.get(addresses[0])
    fragments.forget(app)
    with counted(app) as anew:
        client.get(addresses[0])
    assert (len(kept), len(anew)) == (4, 9), "eight, and one that counts the figures of all texts"
