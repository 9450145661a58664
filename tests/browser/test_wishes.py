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

    def press(name):
        button = ana.get_by_role("button", name=name).first
        for _ in range(150):
            if button.evaluate("one => one === document.activeElement"):
                break
            ana.keyboard.press("Tab")
        expect(button).to_be_focused()
        ana.keyboard.press("Enter")

    ana.goto(f"{live_server.url}/c/mesto/sections/{section.id}/")
    press("Only what concerns me")
    follows = ana.locator("section[aria-labelledby=follows]")
    expect(follows).to_contain_text("Muted: only what concerns you")
    assert not faults_of(ana, "muted", 390)
    press("Follow")
    expect(follows).to_contain_text("Followed: everything that happens")
    press("Stop following")
    expect(follows).to_contain_text("None yet")
