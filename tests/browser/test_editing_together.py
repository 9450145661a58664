"""Two people write in the same section at once."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow.rules.vocabulary import Role

pytestmark = pytest.mark.browser

BEFORE = "Homes get heat.\n\nParks get trees.\n\nSchools get roofs.\n"


@pytest.fixture
def desk(ctx):
    contract = builders.contract()
    section = builders.section(contract=contract, markdown=BEFORE)
    people = {
        name: builders.person(Role.EDITOR, contract=contract, name=f"{name} Pen").email
        for name in ("Tina", "Jure")
    }
    return people | {"at": f"/c/{contract.slug}/sections/{section.id}/"}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_both_are_seen_both_texts_are_kept_and_a_draft_survives_its_tab(
    desk, live_server, visitors
):
    url = live_server.url
    tina, jure = (sign_in(visitors.new(), url, desk[name]) for name in ("Tina", "Jure"))
    tina.goto(url + desk["at"] + "edit")
    jure.goto(url + desk["at"] + "edit")
    expect(jure.locator("[data-writing]")).to_contain_text("Tina Pen")

    # Jure types and closes his tab; his words are offered when he comes back.
    jure.locator(".cm-content").fill(BEFORE.replace("get trees", "get young limes"))
    expect(jure.locator("[data-state]")).to_contain_text("Kept as your draft at ")
    jure.goto(url + desk["at"])
    jure.goto(url + desk["at"] + "edit")
    expect(jure.get_by_role("heading", name="You have an unsaved draft")).to_be_visible()
    jure.get_by_role("link", name="Go on with the draft").click()
    expect(jure.locator(".cm-content")).to_contain_text("young limes")

    # Tina saves first; Jure sees both and decides.
    tina.locator(".cm-content").fill(BEFORE.replace("get trees", "get old oaks"))
    tina.get_by_role("button", name="Save the revision").click()
    expect(tina.locator("#text")).to_contain_text("old oaks")
    jure.get_by_role("button", name="Save the revision").click()
    expect(jure.get_by_role("heading", name="Tina Pen saved revision 2")).to_be_visible()
    jure.get_by_text("Keep both, one after the other").click()
    jure.get_by_role("button", name="Save the merged text").click()
    expect(jure.locator("#text")).to_contain_text("old oaks")
    expect(jure.locator("#text")).to_contain_text("young limes")

    # Tina's next visit tells her that the text has changed since.
    tina.goto(url + desk["at"])
    tina.get_by_role("link", name="See what changed").click()
    expect(tina.locator("ins", has_text="limes")).to_be_visible()
