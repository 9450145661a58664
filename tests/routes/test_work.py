"""The page of one's work asks as little whatever the number of contracts."""

from tests import builders
from tests.support.queries import counted
from workflow.db import transaction
from workflow.rules.vocabulary import Role, Stage

MOST_QUERIES = 8


def test_the_page_costs_the_same_with_two_contracts_and_with_eight(app, city, enter):
    client = enter(city.coordinator)
    few = _grown(app, city, client, contracts=1)
    many = _grown(app, city, client, contracts=6)
    assert few == many <= MOST_QUERIES


def _grown(app, city, client, *, contracts: int) -> int:
    with app.app_context(), transaction():
        for number in range(contracts):
            other = builders.contract(f"city-{contracts}-{number}", city=f"City {number}")
            builders.member(city.coordinator, Role.COORDINATOR, contract=other)
            for _ in range(3):
                section = builders.section(contract=other, stage=Stage.REVISION)
                builders.thread(section)
    with counted(app) as questions:
        assert client.get("/work").status_code == 200
    return len(questions)
