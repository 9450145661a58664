"""From the announcement of a round to signatures on the frozen contract, by the letters that people get on the way."""

import hashlib
import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_main_journey import arrives, letters_to, sign_in, words_of
from workflow.db import db, transaction
from workflow.models import Contract
from workflow.rules.vocabulary import Mandate, OrganisationKind, Rhythm, Role
from workflow.services import audit, wholes

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TEXT = "The network serves 74 % of all homes. No home is heated with coal by 2030."
REVISED = TEXT.replace("2030", "2028")
SIGNATURE = "Open the page of the signature"


@pytest.fixture
def people(ctx):
    """A short contract: one section with a text, one that does not apply; its city, and two organisations."""
    contract = builders.contract("mesto")
    someone = {"contract": contract, "rhythm": Rhythm.IMMEDIATE}
    delegate = someone | {"mandate": Mandate.DELEGATE}
    tenants, works = (
        builders.organisation(name, contract=contract, kind=kind, sectors=("energy",))
        for name, kind in (
            ("Tenants of the North", OrganisationKind.CITIZENS),
            ("City Works", OrganisationKind.CITY_COMPANY),
        )
    )
    maja = builders.person(Role.COORDINATOR, name="Maja", email="maja@example.org", **someone)
    builders.person(Role.APPROVER, name="Nives", email="nives@example.org", **someone)
    builders.person(
        Role.STAKEHOLDER, name="Ana", email="ana@example.org", organisation=tenants, **delegate
    )
    builders.person(
        Role.STAKEHOLDER, name="Jan", email="jan@example.org", organisation=works, **delegate
    )
    heat = builders.section("A-1", contract=contract, markdown=TEXT, author=maja, owner=maja)
    port = builders.section("A-2", contract=contract, markdown=None)
    builders.element(port, because="There is no port.")
    return {"at": f"/c/mesto/sections/{heat.id}/", "section": heat.id}


def follow(page: Page, sink, email: str, words: str, invitation: str) -> None:
    """Wait for the letter that says `words`, and open the address under its invitation."""
    end = time.monotonic() + 30
    while not (
        found := [text for text in texts_to(sink, email) if words in " ".join(text.split())]
    ):
        assert time.monotonic() < end, (
            f"no letter to {email} says {words!r}:\n{letters_to(sink, email)}"
        )
        time.sleep(0.2)
    page.goto(re.search(rf"{re.escape(invitation)}:\s+(\S+)", found[-1])[1])


def texts_to(sink, email: str) -> list[str]:
    return [one.get_body(("plain",)).get_content() for one in sink.to(email)]


def commit_and_sign(page: Page, *, promise: str, name: str) -> None:
    """The way of a delegate: what the organisation commits to, who signs, and the signature."""
    page.get_by_role("link", name="Prepare the signature").click()
    page.get_by_label("The commitment").fill(promise)
    page.get_by_label("Tonnes of CO₂e saved a year").fill("1200.5")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("link", name="Next: who signs").click()
    page.get_by_label("Name of the person who signs").fill(name)
    page.get_by_role("button", name="Next: the letter").click()
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_label("I sign in the name of my organisation.").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed.").first).to_be_visible()


def test_a_contract_goes_from_an_announced_round_to_signatures(people, stack, visitors):
    url, sink, at = stack.url, stack.sink, stack.url + people["at"]
    home = f"{url}/c/mesto"
    maja = sign_in(visitors.new(), url, "maja@example.org")
    nives = sign_in(visitors.new(), url, "nives@example.org")
    ana = sign_in(visitors.new(width=390, height=844), url, "ana@example.org")
    jan = sign_in(visitors.new(), url, "jan@example.org")

    # What stands between here and the freeze is said from the first day.
    maja.goto(f"{home}/whole")
    expect(maja.get_by_text("1 section is not approved yet")).to_be_visible()

    # A round is announced; the letter leads to the section, where a delegate comments from her phone.
    maja.goto(f"{home}/rounds/open")
    maja.get_by_label("A-1").check()
    maja.get_by_label("Open until the end of").fill(
        (builders.today() + timedelta(days=20)).isoformat()
    )
    maja.get_by_label("Announcement").fill("Is 2030 early enough to be without coal?")
    maja.get_by_role("button", name="Open the round").click()
    expect(maja.get_by_role("heading", level=1)).to_have_text("Round 1")
    follow(ana, sink, "ana@example.org", "Is 2030 early enough", "Read and comment")
    ana.locator(".block-note").first.click()
    form = ana.locator("form[data-compose]")
    form.get_by_text("Concern", exact=True).click()
    form.get_by_label("Your comment", exact=True).fill(
        "2030 is late. Our members can wait no more."
    )
    form.get_by_role("button", name="Post the comment").click()
    expect(ana.locator("article.thread")).to_contain_text("2030 is late.")

    # The city closes the round, changes the text, and answers.
    follow(maja, sink, "maja@example.org", "2030 is late.", "Read and reply")
    maja.goto(f"{home}/rounds/1")
    maja.get_by_text("Close the round now").click()
    maja.get_by_role("button", name="Close the round").click()
    maja.goto(at + "edit")
    maja.locator(".cm-content").fill(REVISED)
    maja.get_by_role("button", name="Save the revision").click()
    expect(maja.locator("#text")).to_contain_text("by 2028")
    card = maja.locator("article.thread")
    card.get_by_role("link", name="Answer").click()
    answer = card.locator("form[data-form=answer]")
    answer.locator("label", has_text="Noted").click()
    answer.get_by_label("Reason, as the author will read it").fill("2028 it is.")
    answer.get_by_role("button", name="Give the answer").click()
    expect(card.locator(".answer")).to_contain_text("2028 it is.")
    follow(ana, sink, "ana@example.org", "2028 it is.", "Read and reply")
    expect(ana.get_by_text("2028 it is.").first).to_be_visible()

    # It is submitted, and the approver follows the letter to the review.
    maja.goto(at + "review")
    maja.get_by_role("button", name="Submit for review").click()
    follow(nives, sink, "nives@example.org", "submitted A-1 for review", "Look at the review")
    nives.get_by_role("button", name="Approve").click()
    expect(nives.get_by_text("The section is approved.")).to_be_visible()
    arrives(sink, "maja@example.org", "approved A-1")

    # The home page says that the contract can be frozen; its manifest has the hash of the file that is handed out.
    maja.goto(f"{home}/")
    maja.get_by_role("link", name="Every section is approved: freeze the contract").click()
    expect(maja.get_by_text("Nothing stands in the way")).to_be_visible()
    maja.get_by_role("button", name="Freeze the contract").click()
    expect(maja.get_by_text("The contract is exactly what was sealed.")).to_be_visible()
    file = maja.request.get(f"{home}/whole/1.json").body()
    sha256 = hashlib.sha256(file).hexdigest()
    expect(maja.locator(".proof-facts .hash")).to_have_text(sha256)
    follow(jan, sink, "jan@example.org", f"SHA-256 {sha256}", "Read the manifest")
    expect(jan.get_by_text(sha256)).to_be_visible()
    expect(jan.get_by_text("There is no port.")).to_be_visible()

    # Nothing in it changes any more.
    maja.goto(at + "review")
    expect(maja.get_by_text("The contract is frozen as a whole").first).to_be_visible()
    expect(maja.get_by_role("button", name="Reopen for revision")).to_have_count(0)

    # Both organisations are invited; each follows its letter and signs exactly this manifest.
    maja.goto(f"{home}/signatories")
    maja.get_by_role("link", name="Invite organisations", exact=True).click()
    for name in ("Tenants of the North", "City Works"):
        maja.get_by_label(name).check()
    maja.get_by_role("button", name="Ask these to sign").click()
    follow(ana, sink, "ana@example.org", "invited Tenants of the North to sign", SIGNATURE)
    commit_and_sign(ana, promise="We explain the change in every house.", name="Ana Novak")
    follow(jan, sink, "jan@example.org", "invited City Works to sign", SIGNATURE)
    commit_and_sign(jan, promise="No more coal from 2028.", name="Jan Kos")
    arrives(sink, "maja@example.org", "The signature of City Works: Signed")

    # Others rely on it now: no way back, but two ways on.
    maja.goto(f"{home}/whole")
    expect(maja.get_by_text("by 2 organisations", exact=True)).to_be_visible()
    expect(maja.get_by_text("Lift the freeze")).to_have_count(0)
    expect(maja.get_by_role("link", name="Begin the next iteration")).to_be_visible()
    expect(maja.get_by_role("link", name="Prepare an addendum")).to_be_visible()

    # The PDF of these texts is final and prints the hash of the manifest.
    maja.get_by_role("link", name="Build a document").click()
    maja.get_by_role("button", name="Build the document").click()
    link = maja.get_by_role("link", name="Open the PDF")
    expect(link).to_be_visible(timeout=60_000)
    printed = words_of(maja.request.get(url + link.get_attribute("href")).body())
    assert "FINAL" in printed
    assert "DRAFT" not in printed
    assert sha256 in printed.replace(" ", "")

    # Everybody got each letter once, and the record of all of it is whole.
    ids = [letter["Message-ID"] for letter in sink.letters]
    assert len(ids) == len(set(ids))
    assert "froze the contract" not in letters_to(sink, "maja@example.org")
    record_is_whole()


def record_is_whole() -> None:
    db.session.rollback()
    contract = db.session.query(Contract).one()
    assert contract.frozen.content == wholes.read(contract).content
    end = time.monotonic() + 30
    while True:
        with transaction():
            audit.seal()
        if not (faults := list(audit.verify())):
            return
        assert time.monotonic() < end, faults
