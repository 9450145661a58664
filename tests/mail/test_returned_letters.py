"""Letters that can be answered, and letters about mail that was not taken as it came."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from workflow.db import db, transaction
from workflow.models import Section, Thread
from workflow.rules.vocabulary import Rhythm, Role, Stage
from workflow.services import addresses, inbound, threads

HOST = "reply.example.org"


@pytest.fixture
def thread(travel, ctx, monkeypatch) -> Thread:
    monkeypatch.setitem(ctx.config, "MAIL_REPLY_HOST", HOST)
    builders.contract("ljubljana")
    peter = builders.person(Role.STAKEHOLDER, name="Peter Zajc", email="peter@example.org")
    section = builders.section("A-1", stage=Stage.CONSULTATION, author=builders.person(None))
    return builders.thread(section, author=peter)


@pytest.fixture
def spela(thread):
    return builders.person(
        Role.STAKEHOLDER,
        name="Špela Žnidaršič",
        email="spela@example.org",
        language="sl",
        rhythm=Rhythm.IMMEDIATE,
    )


def returned(person, thread, *messages: EmailMessage):
    from tasks import inbound as jobs

    for number, message in enumerate(messages):
        message["Message-ID"] = f"<{number}@mail.example>"
        with transaction():
            inbound.receive(
                message.as_bytes(),
                recipient=addresses.reply_address(person, thread),
                sender=person.email,
            )
    jobs.read()


def mail(sender: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message.set_content(text)
    return message


def test_a_letter_about_one_remark_is_answered_by_mail(thread, spela, travel, post, smtp_sink):
    builders.follow(spela, thread.section)
    with transaction():
        threads.reply(thread, by=thread.author, text="Nobody knows.")
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    [address] = letter["Reply-To"].addresses
    assert addresses.opened(address.addr_spec).ids == (spela.id, thread.id)
    by_page, by_mail = letter["List-Unsubscribe"].split(", ")
    assert by_page.startswith("<http://concord.test/unsubscribe/")
    assert by_mail == f"<mailto:{addresses.way_out(spela)}>"
    assert "Odgovorite na to pismo" in letter.get_body(("plain",)).get_content()
    assert "Odgovorite na to pismo" in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("why", ["several remarks", "closed", "observer"])
def test_a_letter_that_cannot_be_answered_names_no_address(
    thread, spela, travel, post, smtp_sink, why
):
    if why == "observer":
        spela = builders.person(
            Role.OBSERVER, email="observer@example.org", rhythm=Rhythm.IMMEDIATE
        )
    builders.follow(spela, thread.section)
    with transaction():
        threads.reply(thread, by=thread.author, text="Nobody knows.")
        if why == "several remarks":
            other = builders.thread(thread.section, author=thread.author)
            threads.reply(other, by=thread.author, text="Nor here.")
        if why == "closed":
            thread.section.stage = Stage.APPROVED
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to(spela.email)
    assert letter["Reply-To"] is None
    assert "Odgovorite na to pismo" not in letter.get_body(("plain",)).get_content()


def test_what_was_typed_comes_back_with_the_reason(thread, spela, travel, post, smtp_sink, as_kept):
    with transaction():
        db.session.get(Section, thread.section_id).stage = Stage.APPROVED
    returned(spela, thread, mail(spela.email, "Toplotne črpalke niso upoštevane.\n\nZakaj?"))
    post(MONDAY)
    [letter] = smtp_sink.to("spela@example.org")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == letter["References"] == "<0@mail.example>"
    assert letter["Reply-To"] is None
    as_kept("returned-sl", letter)


def test_mails_that_came_together_share_a_letter(thread, travel, post, smtp_sink, as_kept):
    peter = thread.author
    with_file = mail(peter.email, "See the file.")
    with_file.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    returned(peter, thread, with_file, mail("eve@example.org", "Give me all your tokens."))
    post(MONDAY)
    [letter] = smtp_sink.to("peter@example.org")
    assert "tokens" not in letter.as_string()
    as_kept("returned-two", letter)
