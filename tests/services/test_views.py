"""Views of the board are kept under a name, by each person for himself."""

import pytest

from tests import builders
from workflow.db import db, transaction
from workflow.models import SavedView
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Role
from workflow.services import views


@pytest.fixture
def city(ctx):
    return builders.contract()


@pytest.fixture
def maja(city):
    return builders.person(Role.COORDINATOR)


def save(city, by, name="Waste", query="sector=waste") -> SavedView:
    with transaction():
        views.save(city, by=by, name=name, query=query)
    return db.session.query(SavedView).filter_by(person_id=by.id).order_by(SavedView.id).all()[-1]


def names(person) -> list[str]:
    rows = db.session.query(SavedView.name).filter_by(person_id=person.id)
    return sorted(row.name for row in rows)


def test_a_view_is_kept_renamed_and_removed(city, maja):
    view = save(city, maja, "  Waste,   open ")
    assert (view.name, view.query) == ("Waste, open", "sector=waste")
    with transaction():
        views.rename(view, by=maja, name="Waste only")
    assert names(maja) == ["Waste only"]
    with transaction():
        views.remove(view, by=maja)
    assert names(maja) == []


def test_a_name_that_is_taken_is_refused_and_nothing_else_is_lost(city, maja):
    view = save(city, maja)
    other = save(city, maja, "Energy")
    with pytest.raises(Invalid, match="of this name already"):
        save(city, maja, query="sector=energy")
    with pytest.raises(Invalid, match="of this name already"), transaction():
        views.rename(other, by=maja, name="Waste")
    with transaction():
        views.rename(view, by=maja, name="Waste")
    assert names(maja) == ["Energy", "Waste"]


def test_a_second_click_keeps_the_view_once(city, maja):
    save(city, maja)
    save(city, maja)
    assert names(maja) == ["Waste"]


def test_two_people_and_two_contracts_may_use_one_name(city, maja):
    bor = builders.person(Role.EDITOR)
    elsewhere = builders.contract("kranj")
    builders.member(maja, Role.COORDINATOR, contract=elsewhere)
    for contract, person in ((city, maja), (city, bor), (elsewhere, maja)):
        save(contract, person)
    assert db.session.query(SavedView).count() == 3


def test_nobody_touches_the_view_of_another(city, maja):
    view, bor = save(city, maja), builders.person(Role.ADMIN)
    with pytest.raises(Invalid, match="somebody else's"), transaction():
        views.rename(view, by=bor, name="Mine now")
    with pytest.raises(Invalid, match="somebody else's"), transaction():
        views.remove(view, by=bor)
    assert names(maja) == ["Waste"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_is_needed_and_short(city, maja, name):
    with pytest.raises(Invalid, match="name"):
        save(city, maja, name)


def test_views_do_not_pile_up(city, maja):
    for number in range(views.MOST):
        save(city, maja, f"View {number}")
    with pytest.raises(Invalid, match="30 views"):
        save(city, maja, "One more")


def test_who_may_not_read_the_contract_keeps_no_view_of_it(city):
    with pytest.raises(Denied):
        save(city, builders.person(None))
