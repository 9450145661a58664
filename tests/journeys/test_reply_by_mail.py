"""A letter arrives, its reader answers it from a mail program, and the answer stands in the discussion."""

import smtplib
import socket
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.support.application import Listener
from tests.support.processes import running
from workflow.db import transaction
from workflow.rules.vocabulary import Rhythm, Role, Stage
from workflow.services import threads


@pytest.fixture
def listener(environment):
    environment["MAIL_REPLY_HOST"] = "reply.example.org"
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        child = Listener(door, environment)
        with running(child):
            yield child


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_letter_is_answered_from_a_mail_program(listener, stack, browser_page):
    with stack.app.app_context():
        builders.contract()
        ana = builders.person(Role.STAKEHOLDER, email="ana@example.org", rhythm=Rhythm.IMMEDIATE)
        peter = builders.person(Role.STAKEHOLDER, rhythm=Rhythm.OFF)
        thread = builders.thread(builders.section("A-1", stage=Stage.CONSULTATION), author=ana)
        with transaction():
            threads.reply(thread, by=peter, text="Which heat pumps?")
        thread_id = thread.id
    [letter] = stack.sink.wait(1, seconds=60)
    answer = EmailMessage()
    answer["From"], answer["To"] = letter["To"], letter["Reply-To"]
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = "<1@phone.example>", letter["Message-ID"]
    quoted = letter.get_body(("plain",)).get_content().splitlines()
    answer.set_content(
        "The ones in the new houses.\n\nOn Mon, 23 Nov 2026 at 12:00, Concord <c@example.org> wrote:\n"
        + "\n".join(f"> {line}" for line in quoted)
    )
    with smtplib.SMTP(*listener.address, timeout=30) as line:
        line.send_message(answer)

    browser_page.goto(f"{stack.url}/sign-in")
    browser_page.get_by_label("E-mail").fill("ana@example.org")
    browser_page.get_by_label("Password", exact=True).fill(builders.PASSWORD)
    browser_page.get_by_role("button", name="Sign in").click()
    browser_page.goto(f"{stack.url}/threads/{thread_id}")
    said = browser_page.get_by_text("The ones in the new houses.")
    for _ in range(30):
        if said.count():
            break
        browser_page.wait_for_timeout(500)
        browser_page.reload()
    expect(said).to_have_count(1)
    expect(browser_page.get_by_text("wrote:")).to_have_count(0)
