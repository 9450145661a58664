"""A picture comes into a text where one writes, and is seen where one reads."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from tests.support.pictures import drawn
from workflow.rules.vocabulary import Role

pytestmark = pytest.mark.browser

BEFORE = "Homes get heat.\n\nParks get trees.\n"
MAP = {"name": "map.png", "mimeType": "image/png", "buffer": drawn((600, 300))}


@pytest.fixture
def at(ctx):
    contract = builders.contract()
    builders.person(Role.EDITOR, contract=contract, email="tina@example.org")
    section = builders.section(contract=contract, markdown=BEFORE)
    return f"/c/{contract.slug}/sections/{section.id}/"


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_it_stands_after_the_paragraph_one_is_in(at, live_server, visitors):
    url = live_server.url
    tina = sign_in(visitors.new(), url, "tina@example.org")
    tina.goto(f"{url}{at}edit")
    tina.locator(".cm-content").click()
    tina.keyboard.press("Control+Home")
    tina.keyboard.type("All ")
    tina.get_by_text("Put a picture into the text").click()
    tina.get_by_label("Picture", exact=True).set_input_files(MAP)
    tina.get_by_label("What it shows").fill("Pipes on a map")
    tina.get_by_role("textbox", name="Caption (optional)").fill("The network")
    tina.get_by_role("button", name="Put it into the text").click()

    expect(tina.get_by_role("img", name="Pipes on a map")).to_be_visible()
    expect(tina.locator(".cm-content")).to_contain_text("Figure: The network")
    tina.get_by_role("button", name="Save the revision").click()
    figure = tina.locator("#text figure")
    expect(figure).to_contain_text("The network")
    expect(tina.locator("#text p").first).to_have_text("All Homes get heat.")
    shown = figure.get_by_role("img", name="Pipes on a map")
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 600
    following = figure.locator("xpath=following-sibling::p[1]")
    expect(following).to_have_text("Parks get trees.")
