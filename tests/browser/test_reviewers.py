"""Reviewers send a sheet of questions after submission; the city answers in text and letter, together."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow.db import transaction
from workflow.rules.vocabulary import ReviewBody, Role
from workflow.services import freezing, iterations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ASKED = [
    ["Reference", "Section", "Passage", "Question", "Answer due"],
    ["EC-1", "B-2.1", "74 % of all homes", "How was the share found?", "2027-01-31"],
    ["EC-2", "", "", "Is the boundary the city's?", ""],
    ["EC-3", "B-9", "", "And the waste?", ""],
]


@pytest.fixture
def maja(ctx):
    """A coordinator whose contract was handed in to the Commission."""
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, name="Maja Hribar", contract=contract)
    section = builders.approved("B-2.1", contract=contract)
    with transaction():
        freezing.freeze(contract, by=maja)
    with transaction():
        iterations.submit(contract, by=maja, body=ReviewBody.COMMISSION, on=builders.today())
    return {"email": maja.email, "contract": contract, "section": section, "by": maja}


def revise(maja) -> None:
    """What the other tests walk: an addendum is begun, the text rewritten and approved."""
    section = maja["section"]
    with transaction():
        iterations.begin_addendum(maja["contract"], [section], by=maja["by"], reason="They ask.")
    builders.revision(section, builders.TEXT.replace("74 %", "75 %"), author=maja["by"])
    with transaction():
        builders.approve_again(section)


def sheet() -> dict:
    file = io.StringIO()
    csv.writer(file).writerows(ASKED)
    return {"name": "jrc.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}


def test_from_the_reviewers_sheet_to_the_letter_of_answers(maja, live_server, visitors):
    page = visitors.new(width=1280)
    sign_in(page, live_server.url, maja["email"])
    page.get_by_role("link", name="As a whole", exact=True).click()
    page.get_by_role("link", name="Questions of the reviewers").click()
    page.get_by_role("link", name="Bring a spreadsheet").click()
    page.get_by_label("Spreadsheet").set_input_files(sheet())
    page.get_by_role("button", name="Show what becomes of it").click()
    expect(page.get_by_text("There is no section “B-9”")).to_be_visible()
    page.get_by_role("button", name="Enter 2 questions").click()
    page.get_by_role("link", name="To the register").click()
    page.get_by_role("link", name="How was the share found?").click()
    expect(page.get_by_text("Passage unchanged")).to_be_visible()
    page.get_by_label("Hand to").select_option(label="Maja Hribar")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("It lies before Maja Hribar now.")).to_be_visible()
    revise(maja)
    page.get_by_label("What the city answers").fill("We counted again, with the register of 2026.")
    page.get_by_label("Carried out in revision").fill("2")
    page.get_by_role("button", name="Ready for the letter").click()
    expect(page.locator("ins", has_text="75")).to_be_visible()
    page.get_by_role("link", name="Questions of the reviewers").click()
    page.get_by_role("link", name="Is the boundary the city's?").click()
    page.get_by_label("What the city answers").fill("It is.")
    page.get_by_role("button", name="Ready for the letter").click()
    page.get_by_role("link", name="Questions of the reviewers").click()
    page.get_by_role("link", name="Letter with 2 answers").click()
    expect(page.get_by_text("1 section has another text.")).to_be_visible()
    page.get_by_label("How the letter begins").fill("Dear reviewers, thank you.")
    page.get_by_role("button", name="Issue the letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Answers to the questions")
    )
    expect(page.get_by_text("2 answers are sent with addendum 2.")).to_be_visible()
    for words in ("Dear reviewers, thank you.", "We counted again", "Addendum, manifest 2"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="As PDF").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Letter of answers with addendum 2")
