"""A picture comes into a text where one writes, and is seen where one reads."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_every_page import faults_of
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


GIVEN = """([kind, bytes, type, words]) => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], "a.png", { type }));
  if (words) given.setData("text/plain", words);
  const text = document.querySelector(".cm-content");
  const line = [...text.querySelectorAll(".cm-line")].at(-1).getBoundingClientRect();
  const at = { clientX: line.left + 4, clientY: line.top + 4, bubbles: true, cancelable: true };
  text.dispatchEvent(
    kind === "paste"
      ? new ClipboardEvent(kind, { clipboardData: given, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: given, ...at }),
  );
}"""


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_it_is_dropped_or_pasted_described_and_then_listed(at, live_server, visitors):
    url, dots = live_server.url, list(drawn((300, 200)))
    tina = sign_in(visitors.new(width=390, bypass_csp=True), url, "tina@example.org")
    tina.goto(f"{url}{at}edit")
    tina.locator(".cm-content").click()
    shows = tina.get_by_label("What it shows")
    tina.evaluate(GIVEN, ["paste", [1, 2], "text/html", ""])
    tina.evaluate(GIVEN, ["paste", dots, "image/png", "Cells of a sheet"])
    expect(shows).to_be_hidden()
    tina.evaluate(GIVEN, ["paste", dots, "image/png", ""])
    expect(shows).to_be_focused()
    expect(tina.get_by_text("The picture is chosen.")).to_be_visible()
    tina.locator("input[type=file]").evaluate("field => (field.value = '')")
    tina.evaluate(GIVEN, ["drop", dots, "image/png", ""])
    shows.fill("Dropped pipes")
    tina.get_by_role("button", name="Put it into the text").click()
    expect(tina.locator(".cm-content")).to_contain_text("![Dropped pipes](picture:")
    tina.get_by_role("button", name="Save the revision").click()
    expect(tina.locator("#text").get_by_role("img", name="Dropped pipes")).to_be_visible()
    home = at.split("/sections/")[0]
    tina.goto(f"{url}{home}/pictures")
    card = tina.locator(".picture-card")
    expect(card.get_by_role("img", name="Dropped pipes")).to_be_visible()
    expect(card.get_by_role("link", name="Section")).to_be_visible()
    assert faults_of(tina, "pictures", 390) == []
