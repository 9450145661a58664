"""The pages and files of rounds: reachable by everyone who takes part, cheap however long, private words in none."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from tests import builders
from tests.support.queries import counted
from workflow.db import transaction
from workflow.models import Round
from workflow.queries import matrix
from workflow.rules.vocabulary import Disposition, RemarkKind, Role, Stage, Visibility

ROUND = "/c/ljubljana/rounds/1"
PAGES = (
    "/c/ljubljana/rounds",
    f"{ROUND}/matrix",
    f"{ROUND}/matrix?variant=public",
    f"{ROUND}/summary",
    "/c/ljubljana/contributions",
    "/c/ljubljana/rounds/0/matrix",
    "/c/ljubljana/rounds/0/summary",
)
FILES = tuple(
    f"{ROUND}/matrix.{kind}{end}" for kind in ("csv", "xlsx") for end in ("", "?variant=public")
)
AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
SECRET = "zebrafinch"


@pytest.fixture
def round_(app, city):
    """A round with a public remark that was carried out and one that only the city may read."""
    with app.app_context(), transaction():
        held = builders.keep(
            Round(
                contract_id=city.contract.id,
                number=1,
                opened_by_id=city.coordinator.id,
                opened_at=AT,
                closes_at=AT,
            )
        )
        section = builders.section("B-2.1", stage=Stage.REVISION, author=city.editor)
        public = builders.thread(
            section,
            author=city.stakeholder,
            organisation=builders.organisation("Tenants of the North"),
            text="=1+1 is too dear <b>for us</b>.",
            quote="74 % of all homes",
            visibility=Visibility.PUBLIC,
            answer=Disposition.ACCEPTED,
        )
        new = builders.revision(section, "## Heat\n\nFor all homes.", author=city.editor)
        public.round, public.carried_out_by_id = held, new.id
        public.created_at = public.answered_at = AT
        private = builders.thread(
            section, author=city.coordinator, text=SECRET, visibility=Visibility.CITY
        )
        private.round = held
        names = [person.name for person in (city.stakeholder, city.editor, city.coordinator)]
        return {"id": held.id, "section": section.id, "names": names}


def cells_of(answer) -> list[list]:
    if "csv" in answer.mimetype:
        return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(answer.get_data()))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize("role", list(Role))
def test_everyone_who_takes_part_reaches_every_page_and_file(round_, city, enter, role):
    client = enter(getattr(city, role.value))
    for address in (*PAGES, *FILES):
        assert client.get(address).status_code == 200, address


def test_strangers_find_nothing_and_guests_are_asked_to_sign_in(app, round_, enter):
    with app.app_context():
        stranger = builders.person(contract=builders.contract("kranj"))
    for address in (*PAGES, *FILES):
        assert enter(stranger).get(address).status_code == 404, address
        assert app.test_client().get(address).status_code == 302, address


@pytest.mark.parametrize("number", ["2", "99999999999999999999", "-1", "x"])
def test_there_is_no_matrix_of_a_round_that_never_was(round_, city, enter, number):
    for page in ("matrix", "summary", "matrix.csv", "matrix.xlsx"):
        address = f"/c/ljubljana/rounds/{number}/{page}"
        assert enter(city.coordinator).get(address).status_code == 404


def test_the_page_shows_the_row_with_the_way_to_the_change(round_, city, enter):
    page = enter(city.stakeholder).get(f"{ROUND}/matrix").text
    assert "B-2.1/1" in page
    assert "Tenants of the North" in page
    assert "is too dear &lt;b&gt;for us&lt;/b&gt;" in page
    assert f'/c/ljubljana/sections/{round_["section"]}/compare?new=2"' in page
    assert "3 November 2026" in page


def test_dates_are_the_readers_on_the_page_and_iso_in_the_files(round_, city, enter):
    client = enter(city.stakeholder)
    client.post("/language", data={"language": "sl", "next": "/"})
    assert "3. november 2026" in client.get(f"{ROUND}/matrix").text
    for address in FILES:
        cells = [cell for row in cells_of(client.get(address)) for cell in row]
        assert "2026-11-03T14:05:00+00:00" in cells


@pytest.mark.parametrize("address", FILES)
def test_the_files_hold_the_same_rows_as_the_page_and_nothing_that_computes(
    round_, city, enter, address
):
    answer = enter(city.stakeholder).get(address)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    headings, row = cells_of(answer)
    told = dict(zip(headings, row, strict=True))
    assert told["Number"] == "B-2.1/1"
    assert told["Comment"].lstrip("'") == "=1+1 is too dear <b>for us</b>."
    assert str(told["Carried out in revision"]) == "2"
    assert told["What changed"] == (
        f"http://concord.test/c/ljubljana/sections/{round_['section']}/compare?new=2"
    )
    assert ("Author" in told) == ("variant" not in address)
    if answer.mimetype == "text/csv":
        assert told["Comment"].startswith("'=")
    else:
        sheet = load_workbook(io.BytesIO(answer.get_data())).active
        assert "f" not in {cell.data_type for line in sheet for cell in line}


@pytest.mark.parametrize("role", ["coordinator", "stakeholder"])
def test_no_public_page_or_file_holds_private_words_or_a_persons_name(round_, city, enter, role):
    reader = getattr(city, role)
    for address in (f"{ROUND}/matrix?variant=public", f"{ROUND}/summary", *FILES):
        if "matrix." in address and "variant" not in address:
            continue
        answer = enter(reader).get(address)
        text = str(cells_of(answer)) if "matrix." in address else answer.text
        assert SECRET not in text, address
        for name in round_["names"]:
            if name != reader.name:
                assert name not in text, (address, name)


@pytest.mark.parametrize("number", [0, 3, 60])
def test_no_page_asks_more_questions_for_more_rows(app, round_, city, enter, number):
    with app.app_context(), transaction():
        for n in range(number):
            thread = builders.thread(
                builders.section(f"N-{n}", author=city.editor),
                author=city.stakeholder,
                organisation=builders.organisation(),
                visibility=Visibility.PUBLIC,
                answer=Disposition.NOTED if n % 2 else None,
                kind=RemarkKind.CONCERN,
            )
            thread.round_id = round_["id"] if n % 3 else None
    client = enter(city.coordinator)
    for address in (*PAGES, *FILES):
        with counted(app) as questions:
            assert client.get(address).status_code == 200
        assert len(questions) <= 8, (address, questions)


def test_pages_beyond_the_last_and_odd_filters_are_no_fault(round_, city, enter, monkeypatch):
    monkeypatch.setattr(matrix, "PER_PAGE", 1)
    client = enter(city.coordinator)
    assert "page=2" in client.get(f"{ROUND}/matrix").text
    for query in ("page=99", "page=x", "section=x&kind=%00", "kind=%F0%9F%98%80", "variant=%27"):
        assert client.get(f"{ROUND}/matrix?{query}").status_code in (200, 400)
    assert len(cells_of(client.get(f"{ROUND}/matrix.csv?page=9&kind=galaxy"))) == 3


def test_the_home_and_the_inbox_lead_to_what_changed_because_of_me(round_, city, enter):
    client = enter(city.stakeholder)
    for address in ("/c/ljubljana/", "/inbox"):
        assert "/c/ljubljana/contributions" in client.get(address).text, address


def test_the_summary_draws_pictures_that_are_tables_too(round_, city, enter):
    page = enter(city.stakeholder).get(f"{ROUND}/summary").text
    assert page.count('<svg class="chart broad"') == 3
    assert page.count('<tbody><tr><th scope="row">') == 3
    assert "Tenants of the North" in page
