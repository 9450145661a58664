"""The board: which sections are in which stage, who owes what, what blocks approval, who has been silent?"""

from datetime import date

import pytest

from tests import builders
from workflow.queries import board
from workflow.rules.vocabulary import Disposition, RemarkKind, Role, Stage, Visibility


@pytest.fixture
def city(asked):
    return builders.contract("city")


@pytest.fixture
def coordinator(city):
    return builders.person(Role.COORDINATOR)


def codes(city, person, **asked) -> list[str]:
    page = board.board(city, person, asked)
    return [row.section.code for _component, rows in page.groups for row in rows]


def row_of(city, person, section) -> board.Row:
    page = board.board(city, person, {})
    [row] = [row for _c, rows in page.groups for row in rows if row.section.id == section.id]
    return row


def test_sections_stand_by_component_in_the_order_of_the_outline(city, coordinator):
    builders.section("A", component="first")
    builders.section("B", component="second")
    builders.section("C", component="first")
    page = board.board(city, coordinator, {})
    assert [name for name, _rows in page.groups] == ["First", "Second"]
    assert codes(city, coordinator) == ["A", "C", "B"]
    assert not page.filtered


def test_a_row_counts_what_is_open_and_what_blocks(city, coordinator):
    section = builders.section(stage=Stage.REVISION)
    builders.thread(section)
    builders.thread(section, kind=RemarkKind.OBJECTION)
    builders.thread(section, kind=RemarkKind.OBJECTION, answer=Disposition.NOT_ACCEPTED)
    builders.thread(section, kind=RemarkKind.SUPPORT)
    builders.thread(section, withdrawn=True)
    row = row_of(city, coordinator, section)
    assert (row.remarks, row.open, row.blocking, row.silent) == (4, 2, 1, None)


def test_counts_hold_only_what_the_reader_may_read(city):
    section = builders.section(sectors=("energy",))
    builders.thread(section, visibility=Visibility.CITY)
    builders.thread(section, visibility=Visibility.PUBLIC)
    energy, waste = (builders.person(Role.EDITOR, sector=key) for key in ("energy", "waste"))
    assert row_of(city, energy, section).remarks == 2
    assert row_of(city, waste, section).remarks == 1


def test_silent_are_the_organisations_that_were_asked_and_said_nothing(city, coordinator):
    section = builders.section(stage=Stage.CONSULTATION, sectors=("energy",))
    heat, bus, tenants = (builders.organisation() for _ in range(3))
    builders.person(organisation=heat, sector="energy")
    builders.person(organisation=heat, sector="energy")
    builders.person(organisation=bus, sector="transport")
    builders.person(organisation=tenants)
    builders.person(Role.OBSERVER, organisation=builders.organisation())
    assert row_of(city, coordinator, section).silent == 2
    builders.thread(section, organisation=tenants)
    assert row_of(city, coordinator, section).silent == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"stage": "review"}, ["REVIEW"]),
        ({"component": "commitments"}, ["OTHER"]),
        ({"sector": "waste"}, ["WASTE"]),
        ({"owner": "nobody"}, ["REVIEW", "WASTE", "OTHER", "BLOCKED"]),
        ({"only": "mine"}, ["MINE"]),
        ({"only": "overdue"}, ["MINE"]),
        ({"only": "blocked"}, ["BLOCKED"]),
        ({"only": "unanswered"}, ["BLOCKED"]),
        ({"only": "mine", "stage": "review"}, []),
        ({"stage": "galaxy", "only": "", "unknown": "x"}, None),
    ],
)
def test_the_board_shows_what_was_asked_for(city, coordinator, wanted, found):
    builders.section("MINE", owner=coordinator, due_on=date(2001, 1, 1))
    builders.section("REVIEW", stage=Stage.REVIEW)
    builders.section("WASTE", sectors=("waste", "cross"))
    builders.section("OTHER", component="commitments")
    builders.thread(builders.section("BLOCKED"), kind=RemarkKind.OBJECTION)
    if found is None:
        assert len(codes(city, coordinator, **wanted)) == 5
    else:
        assert sorted(codes(city, coordinator, **wanted)) == sorted(found)


def test_every_choice_says_how_many_sections_it_would_show(city, coordinator):
    builders.section(sectors=("energy", "waste"))
    builders.section(sectors=("energy",), owner=coordinator)
    page = board.board(city, coordinator, {"sector": "waste"})
    sectors = {one.value: (one.count, one.selected) for one in page.filters["sector"]}
    assert sectors == {"energy": (2, False), "waste": (1, True)}
    owners = [(one.label, one.count) for one in page.filters["owner"]]
    assert owners == [(coordinator.name, 1), ("Nobody yet", 1)]
    assert page.filtered
