"""Somebody without an account comments on a phone, confirms by the mail, and a moderator shows it to everybody."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_every_page import SHIFT, faults_of, settled
from tests.browser.test_main_journey import SELECT, arrives, letters_to, sign_in
from workflow.models import Commitment
from workflow.rules.vocabulary import Rhythm, Role, SignatoryStatus, Stage, Tier, Visibility

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PASSAGE = "By 2030 no home is heated with coal."
WORDS = "And what about the homes that burn oil?"


@pytest.fixture
def town(ctx) -> dict[str, str]:
    contract = builders.contract("mesto")
    maja = builders.person(
        Role.COORDINATOR, email="maja@example.org", contract=contract, rhythm=Rhythm.IMMEDIATE
    )
    section = builders.section(
        "AP-B-2", contract=contract, owner=maja, author=maja, stage=Stage.CONSULTATION
    )
    builders.opened_to_all(section)
    builders.thread(section, quote="74 % of all homes", visibility=Visibility.PUBLIC)
    signed = builders.signatory(
        status=SignatoryStatus.SIGNED,
        manifest=builders.manifest(contract, frozen=False),
        representative="Vesna Oblak",
        office="Director",
        may_publish=True,
    )
    promise = {"text": "No more coal.", "tier": Tier.PREMIUM, "tonnes_per_year": 3100.0}
    builders.keep(Commitment(signatory=signed, may_publish=True, **promise))
    return {
        "signatories": "/public/mesto/signatories",
        "public": f"/public/mesto/sections/{section.id}",
        "moderation": "/c/mesto/moderation",
        "round": "/public/mesto",
    }


def link_in(sink, email: str, kind: str) -> str:
    return re.search(rf"https?://[^/]+(/public/{kind}/\S+)", letters_to(sink, email))[1]


def test_a_guest_comments_on_a_phone_and_a_moderator_shows_it(town, stack, visitors):
    url, smtp_sink = stack.url, stack.sink
    phone: Page = visitors.new(width=390, has_touch=True, is_mobile=True)
    phone.goto(url + town["round"])
    phone.get_by_role("link", name=re.compile("Section AP-B-2")).click()
    expect(phone.locator("#text")).to_contain_text(PASSAGE)
    assert phone.evaluate(SELECT, [PASSAGE])
    phone.get_by_role("button", name="Comment on this", exact=True).click()
    form = phone.locator("form[data-compose]")
    expect(form.locator("[data-quote]")).to_have_text(PASSAGE)
    form.get_by_label("Your comment").fill(WORDS)
    form.get_by_label("E-mail address").fill("ana@example.net")
    form.get_by_label("Your name (optional)").fill("Ana Novak")
    form.get_by_label(re.compile("My name may be published")).check()
    phone.wait_for_timeout(3100)
    form.get_by_role("button", name="Send the comment").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Please look into your mailbox")
    arrives(smtp_sink, "ana@example.net", "/public/confirm/")

    phone.goto(url + link_in(smtp_sink, "ana@example.net", "confirm"))
    expect(phone.locator("article.thread")).to_contain_text(WORDS)
    phone.get_by_role("button", name="Yes, pass it on").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")
    phone.goto(url + town["public"])
    expect(phone.get_by_text(WORDS)).to_have_count(0)

    desk = sign_in(visitors.new(width=1280), url, "maja@example.org")
    desk.goto(url + town["moderation"])
    desk.get_by_label(re.compile("Choose comment")).check()
    desk.get_by_role("button", name="Show the chosen ones").click()
    expect(desk.get_by_text("1 comment is shown.")).to_be_visible()

    phone.reload()
    card = phone.locator("article.thread", has_text=WORDS)
    expect(card).to_contain_text("Ana Novak")
    expect(card.locator(".quote")).to_have_text(PASSAGE)
    arrives(smtp_sink, "ana@example.net", "/public/mine/")
    phone.goto(url + link_in(smtp_sink, "ana@example.net", "mine"))
    expect(phone.locator("article.thread")).to_contain_text("Shown")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("sl", 390)])
def test_no_page_for_everybody_has_a_fault(town, live_server, visitors, language, width):
    page = visitors.new(width=width, bypass_csp=True)
    url, found = live_server.url, []
    page.goto(url + "/public/")
    with page.expect_navigation():
        page.locator(f".footer button[value={language}]").click()
    for address in (
        "/public/",
        town["round"],
        town["signatories"],
        town["round"] + "/data",
        town["public"],
        town["public"] + "/comment",
        town["public"] + "/comment?block=1",
        town["public"] + "/sent",
        "/public/confirm/nothing",
        "/public/mine/nothing",
    ):
        settled(page, url + address)
        found += faults_of(page, address, width)
    settled(page, url + town["public"])
    page.locator("[data-comment-section]").click()
    page.locator("form[data-compose]").wait_for()
    found += faults_of(page, "writing as a guest", width)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("late", [r"\.js$", r"\.woff2$"])
def test_the_form_of_a_guest_does_not_move_when_scripts_or_letters_come_late(
    town, live_server, visitors, late
):
    page: Page = visitors.new(width=390)
    page.goto(live_server.url + "/public/")
    with page.expect_navigation():
        page.locator(".footer button[value=sl]").click()

    def slowly(route):
        time.sleep(0.3)
        route.continue_()

    page.route(re.compile(late), slowly)
    settled(page, f"{live_server.url}{town['public']}/comment?block=1")
    expect(page.locator(".only-suggestion")).to_be_hidden()
    assert page.evaluate(SHIFT) < 0.01
    page.locator("[name=kind][value=suggestion]").check()
    expect(page.locator(".only-suggestion")).to_be_visible()
