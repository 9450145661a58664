"""The main job, walked in a real browser against real servers: drafted, discussed, approved, mailed, compiled."""

import subprocess
import time

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.builders import PASSWORD
from workflow.rules.vocabulary import Rhythm, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SENTENCE = "Every tenth home gets a new roof each year."
PASSAGE = "a new roof each year"
SELECT = """([words]) => {
    const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + words.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return true;
    }
    return false;
}"""


@pytest.fixture
def people(ctx):
    """A city with one empty section and somebody in each role; all want their letters at once."""
    contract = builders.contract()
    someone = {"contract": contract, "rhythm": Rhythm.IMMEDIATE}
    found = {
        "coordinator": builders.person(
            Role.COORDINATOR, name="Maja Coordinator", email="maja@example.org", **someone
        ),
        "ana": builders.person(
            Role.STAKEHOLDER,
            name="Ana Tenant",
            email="ana@example.org",
            organisation=builders.organisation("Tenants of the North", contract=contract),
            **someone,
        ),
        "approver": builders.person(
            Role.APPROVER, name="Nives Approver", email="nives@example.org", **someone
        ),
    }
    section = builders.section(
        "AP-B-2", contract=contract, markdown=None, owner=found["coordinator"]
    )
    at = f"/c/{contract.slug}/sections/{section.id}/"
    return {name: person.email for name, person in found.items()} | {
        "at": at,
        "slug": contract.slug,
    }


def sign_in(page: Page, url: str, email: str) -> Page:
    page.goto(url + "/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    return page


def letters_to(sink, email: str) -> str:
    """Everything that reached this address: subjects and plain texts."""
    plain = [(one["Subject"], one.get_body(("plain",)).get_content()) for one in sink.to(email)]
    return "\n".join(f"{subject}\n{text}" for subject, text in plain)


def arrives(sink, email: str, words: str, within: float = 30) -> None:
    end = time.monotonic() + within
    while words not in letters_to(sink, email):
        assert time.monotonic() < end, (
            f"no letter to {email} says {words!r}:\n{letters_to(sink, email)}"
        )
        time.sleep(0.2)


def words_of(pdf: bytes) -> str:
    """The text of a PDF as a reader copies it out, in one line."""
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(text.stdout.decode().split())


def do(page: Page, act: str) -> None:
    """Open the form behind a button of the section's page and send it."""
    box = page.locator("details.act", has=page.locator("summary", has_text=act))
    box.locator("summary").click()
    box.get_by_role("button", name=act).click()


def test_a_section_goes_from_an_empty_page_to_an_approved_text_in_a_pdf(people, stack, visitors):
    url, sink, at = stack.url, stack.sink, stack.url + people["at"]
    maja = sign_in(visitors.new(), url, people["coordinator"])
    ana = sign_in(visitors.new(width=390, height=844), url, people["ana"])
    nives = sign_in(visitors.new(), url, people["approver"])

    # The coordinator writes and opens the section for comments.
    maja.goto(at)
    maja.get_by_role("link", name="Write the first draft").click()
    maja.locator(".cm-content").fill(f"## Homes first\n\n{SENTENCE}")
    expect(maja.locator("#preview")).to_contain_text(SENTENCE)
    maja.get_by_role("button", name="Save the revision").click()
    expect(maja.locator("#text")).to_contain_text(SENTENCE)
    do(maja, "Open for comments")
    expect(maja.get_by_text("The section is open for comments.")).to_be_visible()
    arrives(sink, people["ana"], "AP-B-2")

    # The tenant reads on a phone, marks some words and objects.
    ana.goto(at)
    assert ana.evaluate(SELECT, [PASSAGE])
    ana.get_by_role("button", name="Comment on this", exact=True).click()
    form = ana.locator("form[data-compose]")
    expect(form.locator("[data-quote]")).to_contain_text(PASSAGE)
    form.get_by_text("Concern", exact=True).click()
    form.get_by_label("Your comment", exact=True).fill("Who pays for the roof, the tenants?")
    form.get_by_role("button", name="Post the comment").click()
    expect(ana.locator("article.thread")).to_contain_text("Who pays for the roof")
    arrives(sink, people["coordinator"], "Who pays for the roof, the tenants?")

    # The coordinator answers, closes the round and submits.
    maja.reload()
    card = maja.locator("article.thread")
    expect(card.locator("blockquote")).to_have_text(PASSAGE)
    card.get_by_role("link", name="Answer").click()
    answer = card.locator("form[data-form=answer]")
    answer.locator("label", has_text="Noted").click()
    answer.get_by_label("Reason, as the author will read it").fill("The city fund pays it.")
    answer.get_by_role("button", name="Give the answer").click()
    expect(card.locator(".answer")).to_contain_text("The city fund pays it.")
    arrives(sink, people["ana"], "The city fund pays it.")
    maja.reload()
    do(maja, "Close the comment round")
    expect(
        maja.get_by_text("The comment round is closed; the text can be revised.")
    ).to_be_visible()
    do(maja, "Submit for review")
    expect(maja.get_by_text("The section is submitted for review.")).to_be_visible()
    arrives(sink, people["approver"], "AP-B-2")

    # The approver sees that nothing blocks, and approves.
    nives.goto(at)
    nives.get_by_role("link", name="Review and decide").click()
    expect(nives.get_by_text("The text is ready and waits for those who are asked")).to_be_visible()
    nives.get_by_role("button", name="Approve").click()
    expect(nives.get_by_text("The section is approved.")).to_be_visible()
    arrives(sink, people["coordinator"], "pproved")

    # The contract is compiled with a progress bar and opens as a PDF with the text, the remark and its answer.
    nives.goto(f"{url}/c/{people['slug']}/documents")
    nives.get_by_role("button", name="Build the document").click()
    expect(nives.get_by_role("progressbar")).to_be_visible()
    link = nives.get_by_role("link", name="Open the PDF")
    expect(link).to_be_visible(timeout=60_000)
    response = nives.request.get(url + link.get_attribute("href"))
    assert response.headers["content-type"] == "application/pdf"
    printed = words_of(response.body())
    for words in (
        SENTENCE,
        "Who pays for the roof, the tenants?",
        "The city fund pays it.",
        "DRAFT",
    ):
        assert words in printed

    # Everybody got each letter once.
    ids = [letter["Message-ID"] for letter in sink.letters]
    assert len(ids) == len(set(ids))
