"""A coordinator opens a round of two sections, extends it, corrects a text, closes it, and has the evidence."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow.rules.vocabulary import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def day(number: int) -> str:
    return (builders.today() + timedelta(days=number)).isoformat()


def test_a_round_of_two_sections_from_its_opening_to_its_evidence(ctx, live_server, visitors):
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, contract=contract)
    for code in ("B-1", "B-2"):
        builders.section(code, contract=contract)
    page = visitors.new(width=1280)
    sign_in(page, live_server.url, maja.email)
    page.goto(f"{live_server.url}/c/mesto/rounds")
    page.get_by_role("link", name="Open a round").click()
    for code in ("B-1", "B-2"):
        page.get_by_label(code).check()
    page.get_by_label("Open until the end of").fill(day(20))
    page.get_by_role("button", name="Write the usual words").click()
    expect(page.get_by_label("Announcement")).to_have_value(re.compile("2 sections"))
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Round 1")
    page.get_by_text("Extend the round").first.click()
    page.get_by_label("Open until the end of").fill(day(25))
    page.get_by_label("Reason").first.fill("Holidays.")
    page.get_by_role("button", name="Extend the round").click()
    expect(page.get_by_text("Holidays.")).to_be_visible()
    page.get_by_role("link", name="Correct the displayed text").first.click()
    text = page.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("74 %", "76 %"))
    page.get_by_label("What was wrong").fill("A figure of last year.")
    page.get_by_role("button", name="Put the corrected text on display").click()
    expect(page.get_by_text("76 %").first).to_be_visible()
    page.goto(f"{live_server.url}/c/mesto/rounds/1")
    page.get_by_text("Close the round now").click()
    page.get_by_role("button", name="Close the round").click()
    page.get_by_role("link", name="Evidence of the display").click()
    expect(page.locator(".displays .hash")).to_have_count(3)
    expect(page.get_by_text("A figure of last year.")).to_be_visible()
