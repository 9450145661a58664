"""Commenting beside the text: by mouse, by keyboard, by touch, when the line breaks, and without scripts."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import builders
from tests.builders import PASSWORD
from workflow.db import db
from workflow.models import Comment, Section, Thread
from workflow.rules.vocabulary import Role, Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

TEXT = """## Heat 🌍 for all

Before 🏠 the *homes* are warm, the **pipes** must be laid.

Then every home is connected, street by street.
"""
SELECT = """([from, to]) => {
    const range = document.createRange();
    const at = (words, end) => {
        const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const index = node.data.indexOf(words);
            if (index >= 0) return [node, index + (end ? words.length : 0)];
        }
    };
    range.setStart(...at(from, false));
    range.setEnd(...at(to, true));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


@pytest.fixture
def address(ctx: Flask) -> str:
    """A section on display, and Ana who may comment on it."""
    contract = builders.contract("mesto")
    builders.person(Role.STAKEHOLDER, name="Ana", email="ana@example.org", contract=contract)
    section = builders.section(contract=contract, stage=Stage.CONSULTATION, markdown=TEXT)
    return f"/c/mesto/sections/{section.id}/"


def ana_reads(page: Page, url: str, address: str) -> None:
    page.goto(url + "/sign-in")
    page.locator("#email").fill("ana@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda there: "/sign-in" not in there)
    page.goto(url + address)


def words_of(thread: Thread) -> str:
    section = db.session.get(Section, thread.section_id)
    return section.current.plain[thread.start : thread.end]


def test_a_selection_across_emphasis_and_emoji_is_the_passage_that_is_kept(
    address, live_server, visitors
):
    page = visitors.new()
    ana_reads(page, live_server.url, address)
    page.evaluate(SELECT, ["🏠 the", "pipes"])
    page.get_by_role("button", name="Comment on this", exact=True).click()
    passage = "🏠 the homes are warm, the pipes"
    expect(page.locator("[data-quote]")).to_have_text(passage)
    page.get_by_label("Your comment", exact=True).fill("Which pipes?")
    page.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".thread.is-active")).to_contain_text("Which pipes?")
    assert "".join(page.locator("mark.passage").all_inner_texts()) == passage
    kept = db.session.query(Thread).one()
    assert words_of(kept) == kept.quote == passage


def test_the_keyboard_alone_is_enough(address, live_server, visitors):
    page = visitors.new()
    ana_reads(page, live_server.url, address)
    page.locator("#main").focus()
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "block-note":
            break
    page.keyboard.press("Enter")
    for _step in ("kind", "visibility"):
        page.keyboard.press("Tab")
    page.keyboard.type("Typed, not clicked.")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".thread")).to_contain_text("Typed, not clicked.")
    assert words_of(db.session.query(Thread).one()).startswith("Before 🏠 the homes")


def test_on_a_phone_the_margin_is_a_sheet(address, live_server, visitors):
    page = visitors.new(width=390, height=844, has_touch=True)
    ana_reads(page, live_server.url, address)
    expect(page.locator("#margin")).not_to_be_visible()
    page.locator(".block-note").last.tap()
    page.get_by_label("Your comment", exact=True).fill("From the bus.")
    page.get_by_role("button", name="Post the comment").tap()
    expect(page.locator(".thread")).to_contain_text("From the bus.")
    page.get_by_role("button", name="Close", exact=True).first.tap()
    expect(page.locator("#margin")).not_to_be_visible()
    page.locator(".block-note[data-count]").tap()
    expect(page.locator(".thread")).to_be_in_viewport()


def test_words_survive_a_broken_line_and_are_sent_once(address, live_server, visitors):
    page = visitors.new()
    ana_reads(page, live_server.url, address)
    page.locator("[data-comment-section]").click()
    page.get_by_label("Your comment", exact=True).fill("Is it warm yet?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".toast")).to_contain_text("did not reach the server")
    expect(page.get_by_label("Your comment", exact=True)).to_have_value("Is it warm yet?")
    page.context.set_offline(False)
    visitors.faults.clear()
    page.get_by_role("button", name="Post the comment").dblclick()
    expect(page.locator("#others .thread")).to_contain_text("Is it warm yet?")
    assert db.session.query(Comment).count() == 1


def test_without_scripts_a_paragraph_can_be_commented_on(address, live_server, visitors):
    page = visitors.new(width=390, java_script_enabled=False)
    ana_reads(page, live_server.url, address)
    page.get_by_role("link", name="Comment on a passage or on the section").click()
    page.get_by_text("Rather comment on one paragraph").click()
    page.get_by_label("Then every home").check()
    page.get_by_role("button", name="Comment on this one").click()
    page.get_by_label("Your comment", exact=True).fill("Mine first.")
    page.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".flashes")).to_contain_text("Your comment is number 1.")
    expect(page.locator(".thread")).to_contain_text("Mine first.")
    assert words_of(db.session.query(Thread).one()).startswith("Then every home")
