"""Every page is accessible, fits its window and stays still, on wide screens and on phones, in both languages."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page

from runner.builds import FRONT_END
from tests import builders
from tests.builders import PASSWORD
from tests.support.complete import share
from workflow import clock
from workflow.db import db
from workflow.models import Contract, Delivery, Digest, Hook, Person, Section
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    EventKind,
    Mandate,
    Moderation,
    RemarkKind,
    ReviewBody,
    Rhythm,
    Role,
    Stage,
    Visibility,
)
from workflow.services import (
    freezing,
    guest_links,
    imports,
    iterations,
    moderation,
    question_sheets,
    reviews,
    sheets,
    signatures,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

AXE = FRONT_END / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAULTS = """async (tags) => {
    const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
}"""
AT_REST = "() => document.getAnimations().every((one) => one.playState !== 'running')"
SETTLED = """async () => {
    await document.fonts.ready;
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
}"""
SHIFT = """() => new Promise((tell) => {
    let sum = 0;
    const add = (list) => {
        for (const entry of list) if (!entry.hadRecentInput) sum += entry.value;
    };
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => {
        add(observer.takeRecords());
        tell(sum);
    }));
})"""
SHEET = """Section,Comment,Passage,Kind,Where
S-OPEN,Too dear.,74 % of all homes,Concern,Hall
S-OPEN,Well done.,no such words,,Hall
S-NOWHERE,Hm.,,Sugestion,
"""
ASKED = """Ref,Section,Passage,Question,Date,Reviewer
EC-7,S-OPEN,74 % of all homes,How was it found?,2025-07-01,JRC
EC-8,S-NOWHERE,,Why?,soon,the neighbours
"""
CONTRACT = """# Section S-REVISED

Less coal. TBD

## Wood

From nearby.

# A chapter of our own

Words without a place.
"""
FROZEN = ("/", "/whole", "/whole/1", "/whole/2", "/whole/addendum", "/whole/compare?old=1")
DRAFT, OPEN, REVISED, REVIEWED = "S-DRAFT", "S-OPEN", "S-REVISED", "S-REVIEWED"


@pytest.fixture
def pages(ctx: Flask) -> list[str]:
    """The address of every kind of page, with something on it."""
    contract = builders.contract("mesto")
    coordinator = builders.person(Role.COORDINATOR, email="maja@example.org", contract=contract)
    tenants = builders.organisation("Tenants of the North", contract=contract)
    voice = builders.person(Role.STAKEHOLDER, contract=contract, organisation=tenants)
    builders.member(coordinator, Role.STAKEHOLDER, organisation=tenants, mandate=Mandate.DELEGATE)
    draft = builders.section(DRAFT, contract=contract, owner=coordinator)
    builders.element(draft)
    shown = builders.section(OPEN, contract=contract, stage=Stage.CONSULTATION)
    builders.thread(shown, author=voice, quote="74 % of all homes", kind=RemarkKind.OBJECTION)
    builders.thread(shown, author=voice, language="sl", text="Kdo to plača?")
    lone = builders.thread(shown, author=voice, quote="heated with coal")
    builders.thread(shown, quote="74 % of all homes", moderation=Moderation.HELD)
    hidden = builders.thread(shown, author=voice, text="Rude.")
    moderation.hide(hidden.comments[0], by=coordinator, reason="Rude words")
    moderation.appeal(hidden.comments[0], by=voice, reason="They are true.")
    moderation.flag(lone.comments[0], by=builders.person(Role.OBSERVER), reason="Advertising.")
    revised = builders.section(REVISED, contract=contract, stage=Stage.REVISION)
    builders.revision(revised, "## Heat\n\nThe network serves 80 % of all homes.", summary="Heat")
    among = {"organisation": tenants, "visibility": Visibility.ORGANISATION}
    builders.thread(shown, author=voice, **among)
    guest_links.make(
        contract,
        by=coordinator,
        organisation=tenants,
        name="Gita Guest",
        email="gita@example.org",
        role=Role.REVIEWER,
        expires_at=clock.now() + timedelta(days=20),
    )
    said = {"author": coordinator, "visibility": Visibility.PUBLIC, "organisation": tenants}
    builders.thread(shown, answer=Disposition.ACCEPTED, **said)
    builders.thread(shown, answer=Disposition.NOT_ACCEPTED, quote="3 % of its own", **said)
    reviewed = builders.section(REVIEWED, contract=contract)
    reviews.move(reviewed, Act.SUBMIT, by=coordinator, seen=reviewed.current)
    _frozen(coordinator)
    sheet = sheets.bring(
        contract, by=coordinator, name="table-b.csv", content=SHEET.encode(), defaults={}
    )
    signed = frozen_town(coordinator)
    wished = {"assignee": coordinator, "answer": "As the council decided.", "ready": True}
    builders.question(revised, quote="80 % of all homes", due_on=builders.today())
    builders.question(shown, quote="74 % of all homes", reference="EC-2", **wished)
    letter = builders.manifest(contract, frozen=False)
    builders.question(shown, quote="3 % of its own", answer="As decided.", addendum=letter)
    asked = question_sheets.bring(
        contract, by=coordinator, name="jrc.csv", content=ASKED.encode(), defaults={}
    )
    brought = imports.bring(contract, by=coordinator, name="old.md", content=CONTRACT.encode())
    large = imports.bring(contract, by=coordinator, name="large.md", content=CONTRACT.encode())
    large.file_name, large.progress = "0" * 32, 40
    _letters(coordinator, contract)
    register = _hooked(shown)
    db.session.commit()
    home = "/c/mesto"
    of = {s.code: f"{home}/sections/{s.id}/" for s in db.session.query(Section)}
    return [
        "/",
        "/inbox",
        "/inbox?show=unread",
        "/inbox/letter",
        "/preferences",
        "/help",
        f"{home}/nowhere",
        f"{home}/",
        f"{home}/board",
        f"{home}/board?sort=blocking&only=unanswered",
        f"{home}/board/views",
        f"{home}/progress",
        "/work",
        "/operations/",
        f"{home}/people",
        f"{home}/organisations/{tenants.id}",
        f"{home}/organisations/{tenants.id}/sections/{shown.id}/position",
        f"{home}/links",
        f"{home}/hooks",
        f"{home}/hooks/{register.id}",
        f"{home}/hooks/{_off(shown).id}/remove",
        f"{home}/silence",
        f"{home}/silence?scope=ever",
        f"{home}/signatories",
        *signed,
        f"{home}/documents",
        f"{home}/data",
        f"{home}/imprint",
        f"{home}/import",
        f"{home}/pictures",
        f"{home}/import/{brought.id}",
        f"{home}/import/{large.id}",
        f"{home}/import/{brought.id}/sections/{revised.id}",
        f"{home}/whole",
        *(f"/c/frozen{page}" for page in FROZEN),
        f"{home}/desk",
        f"{home}/desk/alike",
        f"{home}/desk/{lone.id}",
        f"{home}/rounds",
        f"{home}/rounds/0/matrix",
        f"{home}/rounds/0/matrix?variant=public",
        f"{home}/rounds/0/summary",
        f"{home}/contributions",
        f"{home}/moderation",
        f"/threads/{lone.id}/moderation",
        f"/threads/{hidden.id}/moderation",
        f"{home}/record",
        f"{home}/record/sheets",
        f"{home}/record/sheets/{sheet.id}",
        f"{home}/questions?state=all",
        f"{home}/questions/1",
        f"{home}/questions/2",
        f"{home}/questions/new",
        f"{home}/questions/2/correct",
        f"{home}/questions/sheets",
        f"{home}/questions/sheets/{asked.id}",
        f"{home}/questions/letters",
        f"{home}/questions/letters/{letter.number}",
        of[OPEN],
        of[OPEN] + "threads",
        f"/threads/{lone.id}",
        of[REVISED],
        of[REVISED] + "edit",
        of[REVISED] + "compare",
        of[REVISED] + "history",
        of[REVIEWED] + "review",
    ]


def frozen_town(coordinator: Person) -> list[str]:
    """The pages of signing in a contract that stands still: a signature to be renewed, and one to be given."""
    town = builders.contract("trg")
    builders.member(coordinator, Role.COORDINATOR, contract=town)
    ours, theirs = (builders.organisation(name, contract=town) for name in ("Ours", "Theirs"))
    builders.member(
        coordinator,
        Role.STAKEHOLDER,
        contract=town,
        organisation=ours,
        mandate=Mandate.DELEGATE,
    )
    db.session.refresh(coordinator)
    first = builders.manifest(town)
    one = builders.signatory(ours, promises=["No more coal."], representative="Ana Oblak")
    signatures.sign(one, by=coordinator, seen=one.entries[0].id, sha256=first.sha256)
    other = builders.signatory(theirs, promises=["Safe ways to school.", "Trees."])
    builders.manifest(town)
    home = "/c/trg/signatories"
    return [
        home,
        f"{home}?status=signed&q=nobody",
        f"{home}/{one.id}",
        f"{home}/{one.id}/sign",
        f"{home}/{other.id}",
        f"{home}/{other.id}/commitments",
        f"{home}/{other.id}/commitments/{other.commitments[0].id}",
        f"{home}/{other.id}/who",
        f"{home}/{other.id}/letter",
        f"{home}/{other.id}/sign",
    ]


def _frozen(by: Person) -> None:
    """Another contract, that was frozen, handed in, amended and frozen again."""
    contract = builders.contract("frozen")
    builders.member(by, Role.COORDINATOR, contract=contract)
    builders.figures(contract, {"2018": 1})
    first, second = (builders.approved(code, contract=contract) for code in ("A-1", "A-2"))
    builders.element(second, because="There is no port.")
    builders.element(second)
    freezing.freeze(contract, by=by)
    iterations.submit(contract, by=by, body=ReviewBody.COMMISSION, on=builders.today())
    iterations.begin_addendum(contract, [first], by=by, reason="The reviewers asked.")
    builders.revision(first, "## Heat\n\nThe network serves 80 % of all homes.")
    builders.approve_again(first)
    freezing.freeze(contract, by=by, note="More homes are served.")


def _letters(administrator: Person, contract: Contract) -> None:
    """The person looks after the service, too, where letters left, were put off, and were given up."""
    builders.member(administrator, Role.ADMIN, contract=contract)
    now = clock.now()
    word = "<maja@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
    for number, fate in enumerate(
        (
            {"sent_at": now},
            {"sent_at": now - timedelta(hours=5)},
            {"last_error": f"450 4.2.0 {word}", "attempts": 3},
            {"last_error": f"550 5.1.1 {word}", "attempts": 1, "closed_at": now},
        )
    ):
        at = now - timedelta(hours=number)
        letter = {"rhythm": Rhythm.DAILY, "due_at": at, "composed_at": at, "next_try_at": now}
        letter |= {"person_id": administrator.id, "message_id": f"<{number}@example.org>"}
        builders.keep(Digest(**letter, **fate))


def _off(section: Section) -> Hook:
    """A web hook that is switched off."""
    hook, _told = builders.hook("https://archive.example.org/in", contract=section.contract)
    hook.active = False
    return builders.keep(hook)


def _hooked(section: Section) -> Hook:
    """A web hook that fails, with a message of each fate."""
    told = {"contract": section.contract, "section": section}
    first, second, third, fourth = (
        builders.event(EventKind.SECTION_APPROVED, **told) for _ in range(4)
    )
    now = clock.now()
    hook, _taken = builders.hook(
        contract=section.contract,
        told=first,
        attempts=1,
        tried_at=now,
        status_code=204,
        delivered_at=now,
    )
    error = "500 a-word-that-is-very-long-" + "x" * 80
    vain = {"attempts": 10, "status_code": 500, "last_error": error, "next_try_at": now}
    builders.keep(
        Delivery(hook=hook, event=second, closed_at=now, **vain),
        Delivery(hook=hook, event=third, **vain),
        Delivery(hook=hook, event=fourth, next_try_at=now, closed_at=now),
    )
    hook.failures, hook.rests_until = 3, now + timedelta(minutes=30)
    return builders.keep(hook)


def faults_of(page: Page, address: str, width: int) -> list[str]:
    """What is wrong with the page as it stands, once what slides in has arrived."""
    page.wait_for_function(AT_REST)
    return [*barriers_in(page, address), *unrest_in(page, address, width)]


def barriers_in(page: Page, address: str) -> list[str]:
    """What keeps somebody from reading or using the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    return [f"{address}: {barrier}" for barrier in page.evaluate(FAULTS, TAGS)]


def unrest_in(page: Page, address: str, width: int) -> list[str]:
    """Whether the page is wider than its window, or moved while it loaded."""
    found = []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"scrolls sideways: {wide} in {width} pixels")
    if (shift := page.evaluate(SHIFT)) > 0.02:
        found.append(f"moves while it loads: {shift}")
    return [f"{address}: {fault}" for fault in found]


def settled(page: Page, address: str) -> None:
    """The page is there with its scripts and typefaces, and was painted; it asks for nothing more by itself."""
    page.goto(address)
    page.evaluate(SETTLED)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("sl", 390)])
def test_no_page_has_a_fault(pages, live_server, visitors, language, width):
    """On a phone every page; on a wide screen, and for barriers, every second one, unless CI=true."""
    wide = width > 1000
    page = visitors.new(width=width, bypass_csp=True)
    url, found = live_server.url, []
    for door in ("/sign-in", "/forgotten-password", "/accept/nothing"):
        settled(page, url + door)
        found += faults_of(page, door, width)
    page.goto(url + "/sign-in")
    page.locator("#email").fill("maja@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda there: "/sign-in" not in there)
    with page.expect_navigation():
        page.locator(f".footer button[value={language}]").click()
    assert page.locator("html").get_attribute("lang") == language
    searched = share(pages, wide, of=2)
    for address in searched if wide else pages:
        settled(page, url + address)
        page.wait_for_function(AT_REST)
        found += unrest_in(page, address, width)
        if address in searched:
            found += barriers_in(page, address)
    assert not found, "\n".join(found)


def test_what_opens_on_a_page_has_no_fault_either(pages, live_server, visitors):
    page = visitors.new(width=390, bypass_csp=True, has_touch=True)
    page.goto(live_server.url + "/sign-in")
    page.locator("#email").fill("maja@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    section = next(address for address in pages if address.endswith("/threads"))
    settled(page, live_server.url + section.removesuffix("threads"))
    page.locator(".block-note:not([data-count])").first.click()
    page.locator("form[data-compose]").wait_for()
    found = faults_of(page, "writing a comment", 390)
    page.locator("form[data-compose] [data-cancel]").click()
    page.locator(".block-note[data-count]").first.click()
    page.locator(".thread.is-active [data-open-form=answer]").click()
    page.locator("form[data-form=answer]").wait_for()
    found += faults_of(page, "answering a comment", 390)
    page.locator("[data-sheet-close]").click()
    page.locator("details.act summary").first.click()
    found += faults_of(page, "closing a round", 390)
    assert not found, "\n".join(found)
