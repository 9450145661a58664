"""Which database a test runs on, since not every test twice tells anything new.

A test with several cases takes the databases in turn: its first case on one, its second on the other. One with a
single case runs on one of both, every second test on PostgreSQL. On both run the tests of what pages ask the database
(`ASKING`), and those marked `both_databases`: races and locks, migrations and what is told in SQL, where databases
differ. With `--both-databases`, and with CI=true, every test does.
"""

from collections import defaultdict
from zlib import crc32

import pytest

from . import complete

ASKING = {"queries"}
DATABASES = ["sqlite", "postgresql"]


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--both-databases",
        action="store_true",
        default=complete.wanted(),
        help="run every test on SQLite and on PostgreSQL",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out an item only when the same case on the other database stays."""
    if config.getoption("both_databases"):
        return
    tests: dict[str, dict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if database := _database(item):
            tests[item.nodeid.partition("[")[0]][_case(item, database)].append(item)
    left_out = {item for name, cases in tests.items() for item in _not_in_turn(name, cases)}
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def _not_in_turn(name: str, cases: dict[str, list[pytest.Item]]) -> list[pytest.Item]:
    pairs = {case: pair for case, pair in cases.items() if len(pair) == len(DATABASES)}
    if len(pairs) == 1 and name.split("/")[1] in ASKING:
        return []
    first = crc32(name.encode())  # the same in every process and every order
    return [
        item
        for turn, case in enumerate(sorted(pairs), start=first)
        for item in pairs[case]
        if _database(item) != DATABASES[turn % 2] and not item.get_closest_marker("both_databases")
    ]


def _database(item: pytest.Item) -> str | None:
    given = getattr(item, "callspec", None) and item.callspec.params.get("app")
    return given if given in DATABASES else None


def _case(item: pytest.Item, database: str) -> str:
    """What tells the item from its siblings on the same database."""
    words = item.nodeid.partition("[")[2]
    return words.removesuffix("]").replace(database, "", 1)
