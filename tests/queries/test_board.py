"""The board: which sections are in which stage, who owes what, what blocks approval, who has been silent?"""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import builders
from workflow.queries import board, gates, reviews
from workflow.rules import gate
from workflow.rules.vocabulary import Act, Disposition, RemarkKind, Role, Stage, Visibility
from workflow.services import gatekeeping


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
    assert (row.remarks, row.open, row.unanswered, row.blocking, row.silent) == (4, 2, 2, 1, None)


def test_open_is_also_what_was_promised_and_not_carried_out(city, coordinator):
    section = builders.section(stage=Stage.REVISION)
    builders.thread(section, answer=Disposition.ACCEPTED)
    builders.thread(section, answer=Disposition.NOTED)
    builders.thread(section)
    row = row_of(city, coordinator, section)
    assert (row.open, row.unanswered) == (2, 1)


def test_days_are_counted_on_the_calendar_of_the_reader(city, coordinator):
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        section = builders.section()
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False):
        assert row_of(city, coordinator, section).days == 2


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
    sectors = {one.value: (one.count, one.selected) for one in page.choices("sector")}
    assert sectors == {"energy": (2, False), "waste": (1, True)}
    owners = [(one.label, one.count) for one in page.choices("owner")]
    assert owners == [(coordinator.name, 1), ("Nobody yet", 1)]
    assert page.filtered


def test_what_blocks_is_the_gate_s_own_list(city, coordinator):
    section = builders.section(stage=Stage.REVIEW, markdown="[TBD] and more words.")
    builders.thread(section, kind=RemarkKind.OBJECTION)
    builders.thread(section, visibility=Visibility.CITY, answer=Disposition.ACCEPTED)
    builders.person(Role.APPROVER)
    outsider = builders.person(Role.STAKEHOLDER)
    facts = gatekeeping.facts(section)
    for reader in (coordinator, outsider):
        row = row_of(city, reader, section)
        assert list(row.blockers) == gate.blockers(Act.APPROVE, facts)
        assert [one.label for one in row.hindrances] == [
            one.label for one in gates.checks(section, facts, edits=False) if not one.ok
        ]
    assert {one.key for one in row.blockers} >= {"objections", "carried_out", "leftovers"}
    assert row.unanswered == 1 and row.open == 1


@pytest.mark.parametrize(("stage", "editable"), [(Stage.REVISION, True), (Stage.REVIEW, False)])
def test_the_way_to_the_editor_is_shown_to_those_whom_it_lets_in(
    city, coordinator, stage, editable
):
    section = builders.section(stage=stage, markdown="[TBD] and more words.")
    editor = f"/c/{section.contract.slug}/sections/{section.id}/edit"
    for reader, shown in ((coordinator, editable), (builders.person(Role.STAKEHOLDER), False)):
        for checks in (
            row_of(city, reader, section).hindrances,
            reviews.review(section, reader).gate,
        ):
            ways = {one.key: [url for _words, url in one.links] for one in checks}
            assert ways["leftovers"] == [editor] * shown


def test_what_was_found_in_a_text_is_found_anew_in_the_next_one(city, coordinator):
    section = builders.section(stage=Stage.REVISION, markdown="[TBD] and more words.")
    assert "leftovers" in {one.key for one in row_of(city, coordinator, section).blockers}
    builders.revision(section, "All words are written.")
    assert "leftovers" not in {one.key for one in row_of(city, coordinator, section).blockers}


@pytest.mark.parametrize(
    ("column", "down", "up"),
    [
        ("section", "CAB", "BAC"),
        ("stage", "ACB", "BCA"),
        ("days", "ABC", "ABC"),
        ("owner", "BAC", "ABC"),
        ("due", "CAB", "ACB"),
        ("unanswered", "CBA", "ABC"),
        ("blocking", "CAB", "ABC"),
        ("silent", "CAB", "CAB"),
    ],
)
def test_every_column_sorts_both_ways_and_what_is_lacking_stands_last(
    city, coordinator, column, down, up
):
    builders.person(organisation=builders.organisation())
    first, other = (builders.person(Role.EDITOR, name=name) for name in ("Čeh", "Cvet"))
    a = builders.section("A", stage=Stage.REVIEW, owner=other, due_on=date(2026, 1, 1))
    b = builders.section("B", stage=Stage.DRAFT, owner=first)
    c = builders.section("C", stage=Stage.CONSULTATION, due_on=date(2026, 2, 1))
    for section, title in ((a, "Čebela"), (b, "Cvet"), (c, "Zima")):
        section.titles = {"en": title}
    builders.keep(a, b, c)
    builders.thread(b)
    builders.thread(c, kind=RemarkKind.OBJECTION)
    builders.thread(c)
    assert "".join(codes(city, coordinator, sort=column, down="1")) == down
    assert "".join(codes(city, coordinator, sort=column, down="0")) == up


def test_a_sorted_board_is_one_list_and_its_heads_say_how(city, coordinator):
    builders.section("A", component="first")
    builders.section("B", component="second")
    page = board.board(city, coordinator, {"sort": "due", "only": "mine", "sector": "nowhere"})
    assert [name for name, _rows in page.groups] == []
    page = board.board(city, coordinator, {"sort": "due"})
    assert [name for name, _rows in page.groups] == [None]
    heads = {one.name: (one.sorted, one.down) for one in page.columns}
    assert heads["due"] == ("ascending", True)
    assert heads["open"] == (None, True)
    assert page.query == "sort=due&down=0"
    assert page.but("sort", "down") == f"/c/{city.slug}/board"


def test_a_word_that_is_no_column_sorts_nothing(city, coordinator):
    builders.section("A")
    page = board.board(city, coordinator, {"sort": "galaxy", "down": "x"})
    assert not page.sorted and page.query == ""


def test_the_next_step_leads_whoever_may_take_it_and_nobody_else(city, coordinator):
    section = builders.section(stage=Stage.REVISION)
    builders.thread(section)
    row = row_of(city, coordinator, section)
    assert (row.todo, row.way) == (
        "Answer 1 comment",
        f"/c/{city.slug}/desk?section={section.id}",
    )
    assert row_of(city, builders.person(), section).way is None
