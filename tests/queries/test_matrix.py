"""The response matrix, the summary of a round and one's own contributions: right rows, for the right eyes."""

from datetime import timedelta

import pytest

from tests import builders
from workflow import clock
from workflow.db import db
from workflow.models import Display, Round, Thread
from workflow.queries import contributions, matrix, matrix_sheet, rounds, summary
from workflow.rules.vocabulary import (
    Channel,
    Disposition,
    OrganisationKind,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)


@pytest.fixture
def city(asked):
    return builders.contract("city")


@pytest.fixture
def maja(city):
    return builders.person(Role.COORDINATOR, name="Maja Hribernik")


@pytest.fixture
def ana(city):
    tenants = builders.organisation("Tenants of the North", kind=OrganisationKind.NGO)
    return builders.person(name="Ana Novak", organisation=tenants)


@pytest.fixture
def first(city, maja):
    """The first round of the city, still open."""
    return opened(city, maja, 1)


def opened(city, maja, number: int) -> Round:
    at = clock.now()
    return builders.keep(
        Round(
            contract_id=city.id,
            number=number,
            opened_by_id=maja.id,
            opened_at=at,
            closes_at=at + timedelta(days=30),
        )
    )


@pytest.fixture
def section(maja):
    return builders.section("B-2.1", stage=Stage.REVISION, author=maja)


def said(section, round_=None, **what) -> Thread:
    """A remark in the round, or outside of any."""
    values = {name: what.pop(name) for name in SET if name in what}
    thread = builders.thread(section, **what)
    thread.round = round_
    for name, value in values.items():
        setattr(thread, name, value)
    return builders.keep(thread)


SET = ("source", "on_behalf_of", "channel", "carried_out_by_id", "duplicate_of_id", "supports")
SET += ("agreed_at", "contested_at", "contest")


def page(city, person, round_=None, *, public=False, page=1, **wanted) -> matrix.MatrixPage:
    asked = rounds.find(city, round_.number if round_ else rounds.OUTSIDE)
    return matrix.matrix(city, person, asked, public=public, wanted=wanted, page=page)


def rows(*args, **options) -> list[matrix.Line]:
    return page(*args, **options).rows


def test_a_row_tells_what_was_said_what_was_answered_and_by_which_text(
    city, maja, ana, first, section
):
    thread = said(
        section,
        first,
        author=ana,
        organisation=ana.memberships[0].organisation,
        quote="74 % of all homes",
        text="Which homes?",
        kind=RemarkKind.CORRECTION,
        answer=Disposition.ACCEPTED,
    )
    new = builders.revision(section, "Heat for 80 % of all homes.", author=maja)
    thread.carried_out_by_id = new.id
    thread.agreed_at = clock.now()
    db.session.commit()
    [row] = rows(city, maja, first)
    assert row.number == "B-2.1/1"
    assert (row.organisation, row.author) == ("Tenants of the North", "Ana Novak")
    assert (row.revision_number, row.quote, row.text) == (1, "74 % of all homes", "Which homes?")
    assert (row.kind, row.channel) == (RemarkKind.CORRECTION, Channel.WEB)
    assert (row.disposition, row.reason) == (Disposition.ACCEPTED, "Because the figures say so.")
    assert (row.carried_out_by, row.decided_by) == (2, "Maja Hribernik")
    assert row.decided_at == thread.answered_at
    assert row.reply.agrees and not row.reply.waits


def test_a_contest_is_told_with_its_words_and_whether_the_city_owes_an_answer(
    city, maja, first, section
):
    later = clock.now() + timedelta(hours=1)
    said(section, first, answer=Disposition.NOTED, contested_at=later, contest="That is no answer.")
    [row] = rows(city, maja, first)
    assert (row.reply.agrees, row.reply.words, row.reply.waits) == (
        False,
        "That is no answer.",
        True,
    )


def test_rows_stand_in_the_order_of_the_outline_and_of_their_numbers(city, maja, first):
    second = builders.section("Z-2", component="second")
    one, two = (builders.section(code, component="action-plan") for code in ("B", "A"))
    for section in (second, two, one, one):
        said(section, first)
    assert [row.number for row in rows(city, maja, first)] == ["B/1", "B/2", "A/1", "Z-2/1"]


def test_each_round_has_its_own_matrix_and_what_is_late_stands_outside(city, maja, first, section):
    second = opened(city, maja, 2)
    for round_ in (first, second, None):
        said(section, round_)
    assert [row.number for row in rows(city, maja, first)] == ["B-2.1/1"]
    assert [row.number for row in rows(city, maja, second)] == ["B-2.1/2"]
    assert [row.number for row in rows(city, maja)] == ["B-2.1/3"]
    assert rounds.find(city, 3) is None


def test_withdrawn_words_are_in_no_matrix(city, maja, first, section):
    said(section, first, withdrawn=True, visibility=Visibility.PUBLIC)
    assert rows(city, maja, first) == rows(city, maja, first, public=True) == []


@pytest.mark.parametrize(
    ("role", "found"),
    [
        (Role.COORDINATOR, {"public", "participants", "city"}),
        (Role.EDITOR, {"public", "participants", "city"}),
        (Role.STAKEHOLDER, {"public", "participants"}),
        (Role.OBSERVER, {"public", "participants"}),
    ],
)
def test_everybody_finds_what_he_may_read_and_the_public_variant_is_the_same_for_all(
    city, ana, first, section, role, found
):
    for visibility in Visibility:
        said(section, first, author=ana, visibility=visibility, text=visibility.value)
    reader = builders.person(role)
    assert {row.text for row in rows(city, reader, first)} == found
    assert {row.text for row in rows(city, reader, first, public=True)} == {"public"}


def test_a_private_remark_is_in_its_authors_own_matrix_but_in_no_public_one(
    city, ana, first, section
):
    said(section, first, author=ana, visibility=Visibility.CITY, text="Between us.")
    assert [row.text for row in rows(city, ana, first)] == ["Between us."]
    assert rows(city, ana, first, public=True) == []


def test_the_public_variant_names_organisations_and_no_person(city, maja, ana, first, section):
    said(
        section,
        first,
        author=ana,
        organisation=ana.memberships[0].organisation,
        visibility=Visibility.PUBLIC,
        answer=Disposition.NOTED,
        source="Letter of Žiga Kos",
        on_behalf_of="Žiga Kos",
    )
    [row] = rows(city, maja, first, public=True)
    assert row.organisation == "Tenants of the North"
    assert (row.author, row.source, row.decided_by) == (None, None, None)
    written = " ".join(str(cell) for cell in matrix_sheet.cells(row, city.slug, public=True))
    assert "Žiga" not in written and "Ana" not in written and "Maja" not in written
    assert "Author" not in matrix_sheet.headings(public=True)
    [full] = rows(city, maja, first)
    assert (full.author, full.source) == ("Žiga Kos", "Letter of Žiga Kos")
    assert "Žiga Kos" in matrix_sheet.cells(full, city.slug, public=False)


def test_whoever_writes_for_others_is_not_named_as_their_author(city, maja, first, section):
    said(section, first, author=maja, source="Table B")
    [row] = rows(city, maja, first)
    assert row.author is None and row.written_down


def test_a_public_row_does_not_tell_the_number_of_a_private_remark(city, maja, first, section):
    private = said(section, first, visibility=Visibility.CITY)
    said(
        section,
        first,
        visibility=Visibility.PUBLIC,
        answer=Disposition.DUPLICATE,
        duplicate_of_id=private.id,
    )
    assert [row.repeats for row in rows(city, maja, first)] == [None, 1]
    assert [row.repeats for row in rows(city, maja, first, public=True)] == [None]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {1, 2, 3}),
        ({"kind": "objection"}, {2}),
        ({"disposition": "noted"}, {3}),
        ({"disposition": "open"}, {1, 2}),
        ({"disposition": "open", "kind": "objection"}, {2}),
        ({"stakeholder": "ngo"}, {1}),
        ({"stakeholder": "media"}, set()),
        ({"kind": "galaxy", "section": "x", "sector": "-1", "unknown": "y"}, {1, 2, 3}),
    ],
)
def test_the_matrix_shows_what_was_asked_for(city, maja, first, section, wanted, found):
    said(section, first, organisation=builders.organisation(kind=OrganisationKind.NGO))
    said(section, first, kind=RemarkKind.OBJECTION)
    said(section, first, answer=Disposition.NOTED)
    shown = page(city, maja, first, **wanted)
    assert {row.remark_number for row in shown.rows} == found
    assert shown.pages.total == len(found)
    asked = rounds.find(city, first.number)
    filed = matrix.lines(city, maja, asked, public=False, wanted=wanted)
    assert {line.remark_number for line in filed} == found


def test_sections_and_sectors_are_filters_by_what_there_is(city, maja, first, section):
    waste = builders.section("W-1", sectors=("waste",))
    builders.section("SILENT")
    said(section, first)
    said(waste, first)
    shown = page(city, maja, first)
    assert [one.label.split()[0] for one in shown.filters["section"]] == ["B-2.1", "W-1"]
    sector = next(one.value for one in shown.filters["sector"] if one.label == "Waste management")
    assert [row.number for row in rows(city, maja, first, sector=sector)] == ["W-1/1"]
    assert [row.number for row in rows(city, maja, first, section=str(section.id))] == ["B-2.1/1"]


def test_a_long_matrix_has_pages_and_the_file_has_all(city, maja, first, section, monkeypatch):
    monkeypatch.setattr(matrix, "PER_PAGE", 2)
    monkeypatch.setattr(matrix, "AT_ONCE", 2)
    for _number in range(5):
        said(section, first)
    assert [row.remark_number for row in rows(city, maja, first, page=2)] == [3, 4]
    assert page(city, maja, first, page=3).pages.pages == 3
    filed = matrix.lines(city, maja, rounds.find(city, 1), public=False, wanted={})
    assert [line.remark_number for line in filed] == [1, 2, 3, 4, 5]


def test_the_list_of_rounds_counts_what_the_reader_may_read(city, maja, ana, first, section):
    said(section, first, author=maja, visibility=Visibility.CITY)
    said(section, first, answer=Disposition.NOTED)
    said(section, None)
    counted = [
        (line.round.number, line.remarks, line.answered) for line in rounds.index(city, maja).rounds
    ]
    assert counted == [(1, 2, 1), (0, 1, 0)]
    counted = [(line.round.number, line.remarks) for line in rounds.index(city, ana).rounds]
    assert counted == [(1, 1), (0, 1)]


# The summary


def shown_in(section, round_) -> None:
    """The section is on display in the round."""
    builders.keep(
        Display(
            section_id=section.id,
            round_id=round_.id,
            revision_id=section.current_id,
            opened_by_id=round_.opened_by_id,
            opened_at=round_.opened_at,
            closes_at=round_.closes_at,
        )
    )


def told(city, person, round_) -> summary.SummaryPage:
    return summary.summary(city, person, rounds.find(city, round_.number))


def test_the_summary_tells_who_was_asked_who_was_heard_and_what_changed(
    city, maja, ana, first, section
):
    shown_in(section, first)
    tenants = ana.memberships[0].organisation
    builders.person(organisation=builders.organisation("Buses", kind=OrganisationKind.CITY_COMPANY))
    public = {"author": ana, "organisation": tenants, "visibility": Visibility.PUBLIC}
    said(section, first, **public, answer=Disposition.ACCEPTED)
    said(section, first, **public, answer=Disposition.NOT_ACCEPTED)
    said(section, first, **public)
    page = told(city, maja, first)
    assert (page.asked, page.heard, page.silent) == (2, ["Tenants of the North"], 1)
    assert (page.remarks, page.changed, page.unchanged, page.waiting) == (3, 1, 1, 1)
    assert [line.disposition for line in page.changes] == [Disposition.ACCEPTED]
    assert [line.disposition for line in page.refusals] == [Disposition.NOT_ACCEPTED]
    assert [section.code for section in page.sections] == ["B-2.1"]
    assert [(bar.label, bar.value) for bar in page.by_disposition] == [
        ("Accepted", 1),
        ("Not accepted", 1),
        ("No answer yet", 1),
    ]
    assert [(bar.label, bar.value) for bar in page.by_sector] == [("Energy", 3)]
    assert [(bar.label, bar.value) for bar in page.by_organisation] == [
        ("NGO or social enterprise", 3)
    ]
    assert page.by_sector[0].share == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STAKEHOLDER])
def test_the_summary_counts_and_quotes_only_what_everyone_may_read(city, ana, first, section, role):
    shown_in(section, first)
    tenants = ana.memberships[0].organisation
    for visibility in (Visibility.PARTICIPANTS, Visibility.CITY):
        said(
            section,
            first,
            author=ana,
            organisation=tenants,
            visibility=visibility,
            answer=Disposition.ACCEPTED,
        )
    page = told(city, builders.person(role), first)
    assert (page.remarks, page.changed, page.heard, page.fewer_eyes) == (0, 0, [], 1)
    assert page.changes == page.refusals == []
    assert page.by_disposition == page.by_sector == page.by_organisation == []


def test_of_many_changes_the_most_supported_are_quoted(city, maja, first, section, monkeypatch):
    monkeypatch.setattr(summary, "MOST_QUOTED", 2)
    for supports in (1, 5, 3):
        said(
            section,
            first,
            visibility=Visibility.PUBLIC,
            answer=Disposition.ACCEPTED,
            supports=supports,
        )
    page = told(city, maja, first)
    assert [line.remark_number for line in page.changes] == [2, 3]
    assert page.changed == 3


def test_a_section_of_two_sectors_counts_in_both_and_one_without_is_told(city, maja, first):
    for sectors in (("energy", "waste"), ()):
        said(builders.section(sectors=sectors), first, visibility=Visibility.PUBLIC)
    bars = {bar.label: bar.value for bar in told(city, maja, first).by_sector}
    assert bars == {"Energy": 1, "Waste management": 1, "No sector": 1}


# What changed because of you


def mine(city, person, show="all", page=1) -> contributions.ContributionsPage:
    return contributions.contributions(city, person, show=show, page=page)


def test_everybody_finds_what_became_of_his_own_words(city, maja, ana, section):
    new = builders.revision(section, author=maja)
    said(section, author=ana, text="open")
    said(section, author=ana, text="changed", answer=Disposition.ACCEPTED, carried_out_by_id=new.id)
    said(section, author=ana, text="promised", answer=Disposition.ACCEPTED_IN_PART)
    said(section, author=ana, text="answered", answer=Disposition.NOTED)
    said(section, author=ana, text="", withdrawn=True)
    said(section, author=maja, text="somebody else's")
    page = mine(city, ana)
    assert {tab.value: tab.count for tab in page.tabs} == {
        "all": 4,
        "changed": 1,
        "promised": 1,
        "answered": 1,
        "open": 1,
    }
    assert (page.total, page.changed) == (4, 1)
    for show in ("open", "changed", "promised", "answered"):
        assert [row.text for row in mine(city, ana, show).rows] == [show]
    assert len(mine(city, ana, "nonsense").rows) == 4


def test_what_one_wrote_down_for_others_is_not_ones_own(city, maja, section):
    said(section, author=maja, source="Table B")
    assert mine(city, maja).total == 0


def test_contributions_stay_within_their_contract(city, ana, section):
    other = builders.contract(city="Kranj")
    builders.member(ana, Role.STAKEHOLDER, contract=other)
    said(builders.section(contract=other), author=ana, text="there")
    said(section, author=ana, text="here")
    assert [row.text for row in mine(city, ana).rows] == ["here"]
