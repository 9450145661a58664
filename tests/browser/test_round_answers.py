"""A sheet from a workshop comes in, is answered, and the round's matrix and summary tell what became of it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow import clock
from workflow.db import db
from workflow.models import Display, Person, Round, Thread
from workflow.rules.vocabulary import Disposition, OrganisationKind, Role, Stage
from workflow.services import threads

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

FIRST = [
    ["Section", "Comment", "Passage", "Kind", "Name", "May be named", "Organisation"],
    ["B-2.1", "Who pays for it?", "74 % of all homes", "Question", "Ana Novak", "yes", "Tenants"],
    ["B-2.1", "=Too dear", "words that are nowhere", "Concern", "Žiga Kos", "", ""],
    ["B-9", "Good.", "", "Sugestion", "", "", ""],
]
CORRECTED = [*FIRST[:3], ["B-2.1", "Good.", "", "Suggestion", "", "", ""]]


@pytest.fixture
def people(ctx):
    """A section on display in round 1, a coordinator, and somebody who takes part."""
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, name="Maja Coordinator", contract=contract)
    ana = builders.person(Role.STAKEHOLDER, name="Peter Reader", contract=contract)
    builders.organisation("Tenants", contract=contract, kind=OrganisationKind.NGO)
    section = builders.section("B-2.1", contract=contract, stage=Stage.CONSULTATION, author=maja)
    round_ = builders.keep(
        Round(
            contract_id=contract.id,
            number=1,
            opened_by_id=maja.id,
            opened_at=clock.now(),
            closes_at=clock.now() + timedelta(days=30),
        )
    )
    db.session.query(Display).update({"round_id": round_.id})
    db.session.commit()
    return {"maja": maja.email, "peter": ana.email, "section": section.id, "by": maja.id}


def sheet(rows: list[list[str]]) -> dict:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    return {"name": "table-b.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}


def bring(page: Page, url: str, rows: list[list[str]]) -> None:
    page.goto(f"{url}/c/mesto/rounds")
    page.get_by_role("link", name="Write down comments").click()
    page.get_by_role("link", name="Bring a spreadsheet").click()
    page.get_by_label("Spreadsheet").set_input_files(sheet(rows))
    page.get_by_label("Where").fill("Workshop 3, table B")
    page.locator("input[name=visibility][value=public]").check()
    page.get_by_role("button", name="Show what becomes of it").click()


def answered(people, said: str, disposition: Disposition, words: str) -> None:
    """The city's answer to what was said."""
    [thread] = [one for one in db.session.query(Thread) if said in one.comments[0].text]
    maja = db.session.get(Person, people["by"])
    carried = None
    if disposition is Disposition.ACCEPTED:
        carried = builders.revision(thread.section, "## Heat\n\nFor all homes.", author=maja)
    threads.answer(thread, by=maja, disposition=disposition, text=words, carried_out_by=carried)
    db.session.commit()


def test_a_sheet_is_brought_corrected_recorded_once_and_told_in_the_matrix(
    people, live_server, visitors
):
    url = live_server.url
    maja = sign_in(visitors.new(), url, people["maja"])

    # The first sheet has a fault: it is named with what would be accepted, and nothing is recorded yet.
    bring(maja, url, FIRST)
    expect(maja.get_by_text("2 rows would become comments.")).to_be_visible()
    expect(maja.get_by_text("There is no section “B-9”.")).to_be_visible()
    expect(maja.get_by_text("“Sugestion” is not known here.")).to_be_visible()
    expect(maja.get_by_text("Stands beside the quoted passage.")).to_be_visible()
    expect(maja.get_by_text("The text has no such words")).to_be_visible()
    expect(maja.get_by_text("The name is left out")).to_be_visible()
    maja.get_by_role("button", name="Record 2 comments").click()
    expect(maja.get_by_text("2 comments of this sheet are recorded.")).to_be_visible()

    # The corrected sheet is brought as a whole: only the corrected row is new.
    bring(maja, url, CORRECTED)
    expect(maja.get_by_text("2 rows were recorded before")).to_be_visible()
    maja.get_by_role("button", name="Record 1 comment").click()
    expect(maja.get_by_text("1 comment of this sheet is recorded.")).to_be_visible()

    # The city answers; everybody who takes part reads it in the matrix, with the way to the change.
    answered(people, "Who pays for it?", Disposition.ACCEPTED, "The fund; the text says so now.")
    answered(people, "=Too dear", Disposition.NOT_ACCEPTED, "The costs are shared.")
    peter = sign_in(visitors.new(), url, people["peter"])
    peter.goto(f"{url}/c/mesto/rounds")
    peter.get_by_role("link", name=re.compile("Response matrix.*Round 1")).click()
    row = peter.get_by_role("row", name="B-2.1/1")
    for words in ("Tenants", "Ana Novak", "74 % of all homes", "Who pays for it?", "Accepted"):
        expect(row).to_contain_text(words)
    expect(peter.get_by_role("row", name="B-2.1/2")).to_contain_text("The costs are shared.")
    expect(peter.get_by_role("row", name="B-2.1/3")).to_contain_text("No answer yet")
    row.get_by_role("link", name="See the change in revision 2").click()
    expect(peter.locator("ins").first).to_be_visible()

    # The variant without names, as a page and as a workbook in which nothing computes.
    peter.go_back()
    peter.get_by_role("link", name="Without names").click()
    expect(peter.get_by_role("row", name="B-2.1/1")).to_contain_text("Tenants")
    expect(peter.locator("main")).not_to_contain_text("Ana Novak")
    expect(peter.locator("main")).not_to_contain_text("Maja Coordinator")
    with peter.expect_download() as download:
        peter.get_by_role("link", name="As XLSX").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [cell for line in book.active for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    said = " ".join(str(cell.value) for cell in cells)
    assert "“words that are nowhere”\n\n=Too dear" in said
    assert "Ana Novak" not in said and "Maja" not in said

    # The summary: what changed, what did not and why.
    peter.get_by_role("link", name="Summary").click()
    expect(peter.locator("#changed + ul")).to_contain_text("Who pays for it?")
    expect(peter.locator("#unchanged + ul")).to_contain_text("The costs are shared.")


def test_comments_of_a_room_are_entered_one_after_the_other_on_a_phone(
    people, live_server, visitors
):
    maja = sign_in(visitors.new(width=390, height=844), live_server.url, people["maja"])
    maja.goto(f"{live_server.url}/c/mesto/record")
    maja.get_by_label("Section", exact=True).select_option(index=0)
    maja.get_by_label("Where").fill("Workshop 3, table B")
    for number, words in enumerate(("Too dear.", "Well done."), 1):
        maja.get_by_label("What was said").fill(words)
        maja.get_by_role("button", name="Write it down").click()
        expect(maja.get_by_text(f"Comment B-2.1/{number} is written down.")).to_be_visible()
        expect(maja.get_by_label("What was said")).to_have_value("")
        expect(maja.get_by_label("Where")).to_have_value("Workshop 3, table B")
    entered = maja.get_by_role("complementary", name="Just entered")
    expect(entered.get_by_role("listitem")).to_have_count(2)
    entered.get_by_role("button", name="Take back B-2.1/2").click()
    expect(maja.get_by_text("Taken back. Its number stays.")).to_be_visible()
    expect(entered.get_by_role("listitem")).to_have_count(1)
    expect(entered).to_contain_text("Too dear.")
