"""A contract with a section that is open for comments, and somebody who asks for documents of it."""

from collections.abc import Callable

import pytest

from tests import builders
from workflow.db import transaction
from workflow.models import Contract, Document, Person, Section
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import Audience, Role, Stage
from workflow.services import documents


@pytest.fixture
def contract() -> Contract:
    return builders.contract()


@pytest.fixture
def maja(contract) -> Person:
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def section(contract) -> Section:
    return builders.section("A-1", stage=Stage.CONSULTATION)


@pytest.fixture
def ask() -> Callable[..., Document]:
    """`ask(contract, by)` asks for the whole of it."""

    def ask(contract, by, audience=Audience.PARTICIPANTS, language="en") -> Document:
        with transaction():
            return documents.request(contract, Edition(audience, language), by=by)

    return ask
