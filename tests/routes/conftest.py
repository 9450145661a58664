"""What tests of pages share: a small city with one person of each role, and a client for each of them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace

import pytest
import time_machine
from flask import Flask, g, request_started
from flask.testing import FlaskClient

from tests import builders
from tests.routes.deeds import NOON, Town
from workflow.db import transaction
from workflow.models import Person
from workflow.rules.vocabulary import Role


@pytest.fixture
def city(app: Flask) -> SimpleNamespace:
    """`city.slug`, `city.contract` and one person of each role by the role's name: `city.editor`."""
    with app.app_context(), transaction():
        contract = builders.contract("ljubljana")
        people = {role.value: builders.person(role, contract=contract) for role in Role}
    return SimpleNamespace(contract=contract, slug=contract.slug, **people)


@pytest.fixture
def anew(ctx: Flask) -> Iterator[Flask]:
    """The rows are at hand all the time, and each request starts without what the one before knew of its reader."""

    def forget(*_sender, **_more) -> None:
        for name in list(g):
            g.pop(name)

    with request_started.connected_to(forget):
        yield ctx


@pytest.fixture
def enter(app: Flask) -> Callable[[Person], FlaskClient]:
    """`enter(person)` is a browser of their own in which they are signed in."""

    def enter(person: Person) -> FlaskClient:
        return builders.sign_in(app.test_client(), person)

    return enter


@pytest.fixture
def travel() -> Iterator[Callable[[datetime], None]]:
    """`travel(moment)` sets the clock, which stands still from the start of the `deeds` on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def town(app, travel) -> Town:
    """The town of the `deeds`, at their start."""
    with app.app_context():
        return Town(builders.contract("ljubljana"))
