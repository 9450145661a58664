"""The door for mail that comes back, by real conversations: yes means that the message is a row."""

import smtplib
import socket
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.application import Listener
from tests.support.processes import running, until
from workflow.db import db
from workflow.models import Comment, Inbound
from workflow.rules.vocabulary import MailOutcome, MailProblem, Role, Stage
from workflow.services import addresses, inbound

HOST = "reply.example.org"
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def listener(environment, ctx, monkeypatch):
    environment["MAIL_REPLY_HOST"] = HOST
    monkeypatch.setitem(ctx.config, "MAIL_REPLY_HOST", HOST)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        child = Listener(door, environment)
        with running(child):
            yield child


@pytest.fixture
def ana(ctx):
    builders.contract()
    return builders.person(Role.STAKEHOLDER, email="ana@example.org")


@pytest.fixture
def thread(ana):
    other = builders.person(Role.STAKEHOLDER)
    return builders.thread(builders.section("A-1", stage=Stage.CONSULTATION), author=other)


@pytest.fixture
def address(ana, thread, listener):
    return addresses.reply_address(ana, thread)


def mail(text: str = "Because of the heat pumps.", *, number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ana <ana@example.org>"
    message["Message-ID"] = f"<{number}@mail.example>"
    message.set_content(text)
    return message


def deliver(listener, message: EmailMessage | bytes, *recipients: str, sender="ana@example.org"):
    raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
    with smtplib.SMTP(*listener.address, timeout=30) as line:
        return line.sendmail(sender, recipients, raw)


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Inbound))


def replies(thread) -> list[str]:
    db.session.rollback()
    said = select(Comment.text).where(Comment.thread_id == thread.id).order_by(Comment.id)
    return list(db.session.scalars(said))[1:]


def test_a_reply_delivered_three_times_is_there_once_though_everybody_dies_between(
    listener, worker, address, thread
):
    worker.kill()
    deliver(listener, mail(), address)
    assert kept() == 1
    listener.kill()
    listener.start()
    deliver(listener, mail(), address)
    worker.start()
    worker.send("inbound.read")
    until(lambda: replies(thread), seconds=30, otherwise=worker.tail)
    deliver(listener, mail(), address)
    worker.send("inbound.read")
    worker.send("inbound.forget")
    assert kept() == 1
    assert replies(thread) == ["Because of the heat pumps."]


def test_the_door_relays_nothing_and_keeps_no_strangers_mail(listener, address):
    for recipient in (
        "ana@example.org",
        f"postmaster@{HOST}",
        address.replace("reply+", "reply+1"),
    ):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            deliver(listener, mail(), recipient)
        [(code, _)] = refused.value.recipients.values()
        assert code == 550
    assert kept() == 0


def test_naughty_mail_is_taken_and_the_good_one_behind_it_is_a_reply(
    listener, worker, address, thread
):
    boundary = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    nested = boundary + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 400 + b"hello\r\n"
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(2_000)
    )
    for bad in (b"", b"\0\0\xff", nested, deep):
        deliver(listener, b"From: ana@example.org\r\n" + bad, address)
    deliver(listener, mail("x" * 60 + "\r\n" + "y" * 500), address, sender="<>")
    deliver(listener, mail("The good one.", number=2), address.upper())
    worker.send("inbound.read")
    until(lambda: "The good one." in replies(thread), seconds=60, otherwise=worker.tail)


def test_ten_megabytes_of_file_are_left_out_and_more_is_refused_at_the_door(
    listener, worker, address, thread
):
    message = mail("See the picture.")
    message.add_attachment(bytes(7_000_000), maintype="image", subtype="png", filename="a.png")
    assert 9_000_000 < len(message.as_bytes()) < inbound.LARGEST
    deliver(listener, message, address)
    worker.send("inbound.read")
    until(lambda: replies(thread) == ["See the picture."], seconds=60, otherwise=worker.tail)
    row = db.session.scalars(select(Inbound)).one()
    assert (row.outcome, row.problem) == (MailOutcome.REPLIED, MailProblem.FILES)
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        deliver(listener, b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * 200_000, address)
    assert refused.value.smtp_code == 552
    assert kept() == 1


def test_without_a_host_name_it_says_what_is_missing(app):
    told = app.test_cli_runner().invoke(args=["mail", "listen"])
    assert told.exit_code == 2
    assert "MAIL_REPLY_HOST" in told.output
