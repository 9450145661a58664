"""What one hears of sections, chosen on a phone and by keys alone."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_desk import sign_in
from tests.browser.test_every_page import faults_of
from workflow.rules.vocabulary import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


@pytest.fixture
def section(ctx):
    contract = builders.contract("mesto")
    builders.person(Role.STAKEHOLDER, email="ana@example.org", contract=contract)
    return builders.section("HEAT", contract=contract)


def test_a_section_is_muted_on_its_page_then_followed_and_let_go_by_keys_on_a_phone(
    section, live_server, visitors
):
    ana = sign_in(
        visitors.new(width=390, height=844, bypass_csp=True), live_server.url, "ana@example.org"
    )

    def reach(one):
        for _ in range(250):
            if one.evaluate("one => one === document.activeElement"):
                return
            ana.keyboard.press("Tab")
        expect(one).to_be_focused()

    ana.goto(f"{live_server.url}/c/mesto/sections/{section.id}/")
    reach(ana.locator("#follow > summary"))
    ana.goto(f"{live_server.url}/c/mesto/sections/{section.id}/?hear=choose#follow")
    expect(ana.locator("#follow input:checked")).to_be_in_viewport()
    reach(ana.locator("#follow input:checked"))
    ana.keyboard.press("ArrowUp")
    expect(ana.get_by_label("Only what concerns me")).to_be_checked()
    assert not faults_of(ana, "the menu of wishes", 390)
    reach(ana.get_by_role("button", name="Keep this wish"))
    ana.keyboard.press("Enter")
    expect(ana.locator("#follow > summary")).to_have_text("Muted")

    ana.goto(f"{live_server.url}/preferences")
    wish = ana.get_by_label("What you hear of Section HEAT")
    expect(wish).to_have_value("mute")
    assert not faults_of(ana, "the list of wishes", 390)
    reach(wish)
    ana.keyboard.press("Home")
    ana.keyboard.press("ArrowDown")
    reach(ana.get_by_role("button", name="Keep Section HEAT"))
    ana.keyboard.press("Enter")
    expect(ana.get_by_label("What you hear of Section HEAT")).to_have_value("immediate")
    reach(ana.get_by_label("What you hear of Section HEAT"))
    ana.keyboard.press("Home")
    reach(ana.get_by_role("button", name="Keep Section HEAT"))
    ana.keyboard.press("Enter")
    expect(ana.get_by_label("What you hear of Section HEAT")).to_have_count(0)
