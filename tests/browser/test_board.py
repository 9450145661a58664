"""The board by keyboard alone, and on a phone without scripts: sorted, filtered, kept as a view, followed further."""

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_every_page import faults_of
from tests.browser.test_main_journey import sign_in
from workflow.rules.vocabulary import RemarkKind, Role, Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


@pytest.fixture
def town(ctx):
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, email="maja@example.org", contract=contract)
    builders.section("A", contract=contract, author=maja, sectors=("energy",))
    revised = builders.section("B", stage=Stage.REVISION, author=maja, sectors=("waste",))
    builders.thread(revised, kind=RemarkKind.OBJECTION)
    builders.section("C", stage=Stage.REVIEW, author=maja, sectors=("waste",))
    return "/c/mesto/board"


def codes(page: Page) -> list[str]:
    return page.locator(".board .code").all_text_contents()


def reach(page: Page, focused: str) -> None:
    """Tab on until what is focused fits the selector."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(one) => document.activeElement.matches(one)", focused):
            return
    raise AssertionError(f"no key leads to {focused}")


def test_the_keyboard_sorts_opens_what_blocks_and_follows_the_next_step(
    town, live_server, visitors
):
    page = sign_in(visitors.new(bypass_csp=True), live_server.url, "maja@example.org")
    page.goto(live_server.url + town)
    assert codes(page) == ["A", "B", "C"]
    reach(page, ".at-blocking a")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Blocking")
    assert codes(page) == ["B", "A", "C"]
    reach(page, ".hindrances summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 blocking objection is open")).to_be_visible()
    assert not faults_of(page, "what blocks", 1280)
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 blocking objection is open")).to_be_hidden()
    page.locator(".at-section a").focus()
    reach(page, ".next > a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk?section=*")


def test_a_phone_without_scripts_filters_orders_and_keeps_a_view(town, live_server, visitors):
    page = sign_in(
        visitors.new(width=390, java_script_enabled=False), live_server.url, "maja@example.org"
    )
    page.goto(live_server.url + town)
    page.get_by_label("Sector").select_option("waste")
    page.get_by_label("Order").select_option("step")
    page.get_by_role("button", name="Show these").click()
    assert codes(page) == ["B", "C"]
    page.get_by_text("Keep this view").click()
    page.get_by_label("Name of the view").fill("Waste")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".board-views [aria-current]")).to_have_text("Waste")
    page.goto(live_server.url + town)
    assert codes(page) == ["A", "B", "C"]
    page.get_by_role("link", name="Waste", exact=True).click()
    assert codes(page) == ["B", "C"]
    page.get_by_role("link", name="Rename or remove").click()
    page.get_by_role("button", name="Remove Waste").click()
    expect(page.get_by_text("You keep no view yet")).to_be_visible()
