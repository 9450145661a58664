"""A section is asked for once in a transaction, and read as it is when it is held."""

import pytest
from sqlalchemy import delete, update

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Contract, Membership, Person, Section
from workflow.rules.vocabulary import Role, Stage
from workflow.services.locking import locked, section

pytestmark = [pytest.mark.usefixtures("ctx"), pytest.mark.both_databases]


@pytest.fixture
def place() -> Section:
    return builders.section(stage=Stage.REVISION)


@pytest.fixture
def ana() -> Person:
    return builders.person(Role.STAKEHOLDER)


def test_what_is_held_is_not_asked_for_again(app, place):
    with transaction():
        assert section(place.id) is place
        with counted(app) as statements:
            assert locked(place) is place
            assert section(place.id) is place
        assert statements == []


def test_the_next_transaction_asks_anew(app, place):
    for _ in range(2):
        with transaction(), counted(app) as statements:
            locked(place)
        assert len(statements) == 2


def test_what_a_savepoint_let_go_is_asked_for_again(app, place):
    with transaction():
        with db.session.begin_nested() as savepoint:
            locked(place)
            savepoint.rollback()
        with counted(app) as statements:
            locked(place)
        assert len(statements) == 2


def test_whoever_waited_sees_what_happened_meanwhile(place, ana):
    """Somebody else's transaction: the session of this one knows nothing of it."""
    assert ana.memberships and place.contract.target_year == 2030
    with db.engine.begin() as other:
        other.execute(update(Contract.__table__).values(target_year=2035))
        other.execute(
            delete(Membership.__table__).where(Membership.__table__.c.person_id == ana.id)
        )
    with transaction():
        found = section(place.id, by=ana)
        assert found.contract.target_year == 2035
        assert ana.memberships == []


def test_a_section_that_is_not_there_is_none(ana):
    with transaction():
        assert section(2**31 - 1, by=ana) is None
