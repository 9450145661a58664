"""No case is lost when tests take the databases in turn."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from tests.support import complete, turns

CASES = ("one", "two", "three")


@dataclass(eq=False)
class Item:
    """What a collected test tells of itself."""

    test: str
    case: str
    database: str
    marked: bool = False
    callspec: SimpleNamespace = field(init=False)

    def __post_init__(self):
        self.callspec = SimpleNamespace(params={"app": self.database})

    @property
    def nodeid(self) -> str:
        return f"tests/{self.test}[{self.database}-{self.case}]"

    def get_closest_marker(self, name: str) -> bool:
        return self.marked and name == "both_databases"


def chosen(items: list[Item], *, both: bool = False) -> list[tuple[str, str]]:
    config = SimpleNamespace(
        getoption=lambda name: both, hook=SimpleNamespace(pytest_deselected=lambda items: None)
    )
    turns.pytest_collection_modifyitems(config, items)
    return [(item.case, item.database) for item in items]


def items(test: str, *cases: str, **what) -> list[Item]:
    return [Item(test, case, database, **what) for case in cases for database in turns.DATABASES]


@pytest.mark.parametrize("test", ["services/test_a.py::test_b", "routes/test_a.py::test_b"])
def test_every_case_stays_once_and_both_databases_have_some(test):
    stayed = chosen(items(test, *CASES))
    assert [case for case, _ in stayed] == list(CASES)
    assert {database for _, database in stayed} == set(turns.DATABASES)
    assert chosen(items(test, *reversed(CASES))) == stayed[::-1]


def test_a_single_case_stays_on_one_of_both_but_when_it_asks_the_database():
    assert len(chosen(items("queries/test_a.py::test_b", "one"))) == 2
    others = [chosen(items(f"services/test_a.py::test_{n}", "one")) for n in range(20)]
    assert [len(one) for one in others] == [1] * 20
    assert {database for ((_, database),) in others} == set(turns.DATABASES)


def test_what_is_marked_and_what_is_asked_for_stays_on_both():
    assert len(chosen(items("services/test_a.py::test_b", *CASES, marked=True))) == 6
    assert len(chosen(items("routes/test_a.py::test_b", *CASES), both=True)) == 6


def test_of_a_database_that_was_asked_for_alone_nothing_is_left_out():
    alone = [one for one in items("routes/test_a.py::test_b", *CASES) if one.database == "sqlite"]
    assert len(chosen(alone)) == 3


def test_shares_of_a_walk_make_all_of_it_and_with_ci_each_is_all(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    shares = [complete.share("abcdefg", turn, of=3) for turn in range(3)]
    assert sorted("".join(shares)) == list("abcdefg")
    monkeypatch.setenv("CI", "true")
    assert complete.share("abcdefg", 1, of=3) == "abcdefg"
