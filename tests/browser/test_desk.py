"""The desk in a real browser: twelve alike answered at once, published, contested; by keys alone; without scripts."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_every_page import faults_of
from tests.builders import PASSWORD
from workflow.rules.vocabulary import Role, Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

WISHES = (
    "Please plant trees along the bus lanes, so that people who wait have shade in summer.",
    "Plant trees along the bus lanes please! People who wait need shade in the summer.",
    "Trees along the bus lanes, please: people who wait need shade in summer.",
)


@pytest.fixture
def desk(ctx: Flask) -> str:
    """The address of a desk with twelve wishes for shade, and one question about something else."""
    contract = builders.contract("mesto")
    builders.person(Role.COORDINATOR, name="Maja", email="maja@example.org", contract=contract)
    ana = builders.person(Role.STAKEHOLDER, email="ana@example.org", contract=contract)
    sections = [builders.section(f"S-{n}", contract=contract, stage=Stage.REVISION) for n in (1, 2)]
    for number in range(12):
        section = sections[number % 2]
        author = ana if number == 0 else builders.person(contract=contract)
        builders.thread(section, author=author, text=WISHES[number % 3], quote="3 % of its own")
    builders.thread(sections[0], text="Who pays for the heat pumps of tenants?")
    return "/c/mesto/desk"


def sign_in(page: Page, url: str, email: str) -> Page:
    page.goto(url + "/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda there: "/sign-in" not in there)
    return page


def test_twelve_alike_are_grouped_answered_once_published_and_one_is_contested(
    desk, live_server, visitors
):
    url = live_server.url
    maja = sign_in(visitors.new(bypass_csp=True), url, "maja@example.org")
    maja.get_by_role("link", name="Desk").click()
    expect(maja.locator("[data-remark]")).to_have_count(13)

    # The twelve are found by their words, and a person confirms them.
    maja.get_by_role("link", name="Find comments that say the same").click()
    expect(maja.locator(".desk-row")).to_have_count(12)
    assert not faults_of(maja, "alike", 1280)
    maja.get_by_label("What they have in common").fill("Shade at the stops")
    maja.get_by_role("button", name="Make a group").click()
    expect(maja.locator("[data-desk-count]")).to_have_text("Selected: 12")

    # One answer is drafted for all, and published.
    maja.locator("summary", has_text="Draft one answer for all").click()
    bulk = maja.locator("#desk-bulk")
    bulk.locator("input[value=noted]").check()
    bulk.get_by_label("Reason, as the author will read it").fill("Action 4.2 plants them.")
    assert not faults_of(maja, "answering many", 1280)
    bulk.get_by_role("button", name="Save the drafts").click()
    expect(maja.locator(".desk-draft")).to_have_count(12)
    maja.locator("summary", has_text="Publish together").click()
    maja.get_by_role("button", name="Publish these answers").click()
    expect(maja.locator("#flashes")).to_contain_text("12 answers are published")
    maja.get_by_role("link", name="Desk").click()
    expect(maja.locator("[data-remark]")).to_have_count(1)

    # An author is not content, and the comment is back on the desk.
    ana = sign_in(visitors.new(width=390, height=844), url, "ana@example.org")
    ana.goto(url + "/threads/1")
    expect(ana.locator(".answer")).to_contain_text("Action 4.2 plants them.")
    ana.get_by_label("What is wrong with the answer").fill("Not at the stops.")
    ana.get_by_role("button", name="I contest this").click()
    expect(ana.locator("#thread-1")).to_contain_text("Not at the stops.")
    maja.reload()
    expect(maja.locator("[data-remark]")).to_have_count(2)
    expect(maja.locator("#remark-1")).to_contain_text("Not at the stops.")
    maja.goto(url + "/threads/1")
    maja.locator("#give-answer input[value=noted]").check()
    reason = maja.locator("#give-answer").get_by_label("Reason, as the author will read it")
    reason.fill("They are, from 2028 on.")
    maja.get_by_role("button", name="Give the answer").click()
    ana.goto(url + "/threads/1")
    expect(ana.locator(".answer")).to_contain_text("from 2028 on")
    expect(ana.get_by_role("button", name="I contest this")).to_have_count(0)


def test_the_queue_is_worked_by_keys_alone(desk, live_server, visitors):
    page = sign_in(visitors.new(bypass_csp=True), live_server.url, "maja@example.org")
    page.goto(live_server.url + desk)
    rows = page.locator("[data-remark]")
    for key in "jjk":
        page.keyboard.press(key)
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-desk-count]")).to_have_text("Selected: 1")
    page.keyboard.press("j")
    page.keyboard.press("a")
    form = page.locator("form[data-form=draft]")
    expect(form.locator("input:focus")).to_have_count(1)
    form.get_by_label("Noted").check()
    form.locator("textarea").fill("just axk?")
    expect(form.locator("textarea")).to_have_value("just axk?")
    assert not faults_of(page, "answering in the queue", 1280)
    form.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.locator(".desk-draft")).to_contain_text("just axk?")
    expect(page.locator("[data-desk-count]")).to_have_text("Selected: 1")
    page.keyboard.press("?")
    help = page.locator("[data-desk-keys]")
    expect(help.get_by_text("next and previous comment")).to_be_visible()
    help.get_by_label("Use these keys on this page").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-remark]:focus")).to_have_count(0)


def test_what_is_refused_stays_in_the_row_with_its_words(desk, live_server, visitors):
    page = sign_in(visitors.new(), live_server.url, "maja@example.org")
    page.goto(live_server.url + desk)
    page.locator("[data-desk-answer]").first.click()
    form = page.locator("form[data-form=draft]")
    form.locator("input[value=accepted]").check()
    form.get_by_label("Carried out in revision").fill("7")
    form.locator("textarea").fill("We will write so.")
    form.get_by_role("button", name="Save the draft").click()
    expect(form.locator(".field-error")).to_contain_text("no revision of that number")
    expect(form.locator("textarea")).to_have_value("We will write so.")


def test_the_desk_works_without_scripts(desk, live_server, visitors):
    page = sign_in(visitors.new(java_script_enabled=False), live_server.url, "maja@example.org")
    page.goto(live_server.url + desk)
    for number in (0, 1):
        page.locator("[data-remark] input").nth(number).check()
    page.locator("summary", has_text="Draft one answer for all").click()
    bulk = page.locator("#desk-bulk")
    bulk.get_by_label("Noted").check()
    bulk.get_by_label("Reason, as the author will read it").fill("We know.")
    bulk.get_by_role("button", name="Save the drafts").click()
    expect(page.locator(".desk-draft")).to_have_count(2)
    page.get_by_role("link", name="Answer", exact=True).first.click()
    page.get_by_label("Noted").check()
    page.get_by_label("Reason, as the author will read it").fill("We know that too.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator(".desk-draft")).to_have_count(3)
