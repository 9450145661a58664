"""Suggested, taken over, deleted, found again: in a real browser, by mouse and selection."""

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_main_journey import SELECT, sign_in
from workflow.rules.vocabulary import Role, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TEXT = """## Trees

Every park gets a hundred new trees by the end of the decade.

Schools keep their gardens.
"""


@pytest.fixture
def people(ctx):
    """A section in revision, somebody who comments and somebody who writes."""
    contract = builders.contract()
    ana = builders.person(Role.STAKEHOLDER, name="Ana Tenant", contract=contract)
    maja = builders.person(Role.COORDINATOR, name="Maja Coordinator", contract=contract)
    section = builders.section("AP-T-1", contract=contract, stage=Stage.REVISION, markdown=TEXT)
    return {
        "ana": ana.email,
        "maja": maja.email,
        "at": f"/c/{contract.slug}/sections/{section.id}/",
    }


def choose(page: Page, words: str):
    """Mark words of the text and open the form for them."""
    assert page.evaluate(SELECT, [words])
    page.get_by_role("button", name="Comment on this", exact=True).click()
    return page.locator("form[data-compose]")


def test_a_suggestion_is_made_on_the_page_and_becomes_the_next_revision(
    people, live_server, visitors
):
    at = live_server.url + people["at"]
    ana = sign_in(visitors.new(), live_server.url, people["ana"])
    ana.goto(at)
    form = choose(ana, "a hundred new trees")
    instead = form.get_by_label("So it should read")
    expect(instead).to_be_hidden()
    form.get_by_text("Suggestion", exact=True).click()
    expect(instead).to_have_value("a hundred new trees")
    instead.fill("two hundred new trees")
    form.get_by_label("Your comment", exact=True).fill("One hundred is not enough.")
    form.get_by_role("button", name="Post the comment").click()
    tracked = ana.locator("article.thread .tracked")
    expect(tracked.locator("del")).to_contain_text("a")
    expect(tracked.locator("ins")).to_contain_text("two")
    expect(ana.get_by_role("button", name="Take it over")).to_have_count(0)

    maja = sign_in(visitors.new(), live_server.url, people["maja"])
    maja.goto(at)
    maja.get_by_role("link", name="1 suggestion").click()
    maja.get_by_label("Comment 1").check()
    maja.get_by_role("button", name="Show the result").click()
    expect(maja.locator("#result .diff ins").first).to_contain_text("two")
    maja.get_by_role("button", name="Take over this suggestion").click()
    expect(maja.get_by_text("Revision 2 takes over a suggestion.")).to_be_visible()
    expect(maja.get_by_text("Suggested by Ana Tenant")).to_be_visible()
    maja.goto(at)
    expect(maja.locator("#text")).to_contain_text("Every park gets two hundred new trees by")
    expect(maja.locator("article.thread .answer")).to_contain_text("Carried out in revision 2")


def test_one_is_taken_over_from_its_card_and_a_passage_goes(people, live_server, visitors):
    at = live_server.url + people["at"]
    maja = sign_in(visitors.new(), live_server.url, people["maja"])
    maja.goto(at)
    form = choose(maja, " by the end of the decade")
    form.get_by_text("Suggestion", exact=True).click()
    form.get_by_label("So it should read").fill("")
    form.get_by_label("Your comment", exact=True).fill("We cannot promise that.")
    form.get_by_role("button", name="Post the comment").click()
    expect(maja.locator("article.thread .tracked del")).to_contain_text("by the end of the decade")
    maja.get_by_role("button", name="Take it over").click()
    expect(maja.get_by_text("Revision 2 takes over a suggestion.")).to_be_visible()
    expect(maja.locator("#text")).to_contain_text("Every park gets a hundred new trees.")


@pytest.mark.parametrize("way", ["by selecting its words", "by a button"])
def test_a_comment_on_a_deleted_passage_is_listed_and_put_back_by_hand(
    people, live_server, visitors, way
):
    at = live_server.url + people["at"]
    ana = sign_in(visitors.new(), live_server.url, people["ana"])
    ana.goto(at)
    form = choose(ana, "Schools keep their gardens")
    form.get_by_label("Your comment", exact=True).fill("Which schools?")
    form.get_by_role("button", name="Post the comment").click()
    expect(ana.locator("#cards article.thread")).to_contain_text("Which schools?")

    maja = sign_in(visitors.new(), live_server.url, people["maja"])
    maja.goto(f"{at}edit")
    maja.locator(".cm-content").click()
    for key in ("Control+End", "ArrowUp", "End", "Shift+Home"):
        maja.keyboard.press(key)
    maja.keyboard.insert_text("Kindergartens grow vegetables.")
    maja.get_by_role("button", name="Save the revision").click()
    orphans = maja.locator(".orphans")
    expect(orphans).to_contain_text("Schools keep their gardens")
    expect(orphans).to_contain_text("Which schools?")

    ana.reload()
    ana.locator(".orphans").get_by_role("link", name="Find its place").click()
    expect(ana.locator(".lost")).to_contain_text("Schools keep their gardens")
    if way == "by a button":
        paragraph = ana.locator(".paper .places li", has_text="Kindergartens")
        paragraph.get_by_role("button").click()
    else:
        script = SELECT.replace("#text", ".places[data-text]")
        assert ana.evaluate(script, ["Kindergartens grow"])
        ana.locator(".bubble").get_by_role("button", name="It belongs here").click()
    expect(ana.get_by_text("The comment stands beside its passage again.")).to_be_visible()
    mark = ana.locator("#text mark.passage")
    expect(mark).to_contain_text("Kindergartens grow")
    card = ana.locator("#cards article.thread")
    expect(card.locator("blockquote")).to_have_text("Schools keep their gardens")
    expect(ana.locator(".orphans")).to_have_count(0)
