"""Members discuss among themselves, the city sees nothing of it; the delegate submits, the city sees one position."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow.rules.vocabulary import Mandate, Role, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def town(ctx):
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, name="Maja Coordinator", contract=contract)
    club = builders.organisation("Heat club", contract=contract)
    dora = builders.person(name="Dora Delegate", organisation=club, mandate=Mandate.DELEGATE)
    miha = builders.person(name="Miha Member", organisation=club)
    section = builders.section("B-2.1", contract=contract, stage=Stage.CONSULTATION, author=maja)
    return {
        "maja": maja.email,
        "dora": dora.email,
        "miha": miha.email,
        "club": club.id,
        "section": section.id,
    }


def test_members_discuss_and_the_city_sees_one_position(town, live_server, visitors):
    url = live_server.url
    section = f"{url}/c/mesto/sections/{town['section']}/"
    home = f"{url}/c/mesto/organisations/{town['club']}"

    # A member says something among members; the page says so before a word is typed.
    miha = sign_in(visitors.new(), url, town["miha"])
    miha.goto(home)
    expect(miha.get_by_text("Your delegate Dora Delegate submits")).to_be_visible()
    miha.get_by_role("link", name="Say something among members").click()
    expect(miha.get_by_label("Only my organisation")).to_be_checked()
    miha.get_by_label("Your comment", exact=True).fill("Our members cannot pay this.")
    miha.get_by_role("button", name="Post the comment").click()
    expect(miha.get_by_text("Our members cannot pay this.")).to_be_visible()

    # The city sees nothing of it.
    maja = sign_in(visitors.new(), url, town["maja"])
    maja.goto(section)
    expect(maja.locator("h1")).to_be_visible()
    expect(maja.get_by_text("Our members cannot pay this.")).to_have_count(0)

    # The delegate takes it up in the position.
    dora = sign_in(visitors.new(), url, town["dora"])
    dora.goto(home)
    expect(dora.get_by_text("Our members cannot pay this.")).to_be_visible()
    dora.get_by_role("link", name="Submit a position").click()
    expect(dora.get_by_label("Comment 1 of Miha Member")).to_be_checked()
    dora.get_by_label("The position of your organisation").fill("We ask for help with the costs.")
    dora.get_by_role("button", name="Submit the position").click()
    expect(dora.get_by_text("Position submitted")).to_be_visible()
    expect(dora.get_by_text("Taken up in the position.")).to_be_visible()

    # The city sees one official position, and still nothing of the discussion.
    maja.goto(section)
    expect(maja.get_by_text("Position of Heat club")).to_be_visible()
    expect(maja.get_by_text("We ask for help with the costs.")).to_be_visible()
    expect(maja.get_by_text("Our members cannot pay this.")).to_have_count(0)
