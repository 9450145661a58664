"""`flask mail import`: a mailbox becomes rows, each message once, and loses only what was taken."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import builders
from workflow.db import db
from workflow.models import Inbound
from workflow.rules.vocabulary import MailOutcome, Role, Stage
from workflow.services import addresses, inbound

SHAPES = Path(__file__).parents[1] / "rules" / "bounces"


@pytest.fixture
def address(ctx, monkeypatch) -> str:
    monkeypatch.setitem(ctx.config, "MAIL_REPLY_HOST", "reply.example.org")
    builders.contract()
    ana = builders.person(Role.STAKEHOLDER, email="ana@example.org")
    thread = builders.thread(builders.section("A-1", stage=Stage.CONSULTATION))
    return addresses.reply_address(ana, thread)


@pytest.fixture(params=[mailbox.Maildir, mailbox.mbox])
def box(request, tmp_path):
    made = request.param(tmp_path / "box")
    made.flush()
    return made


@pytest.fixture
def flask(app, tmp_path):
    return lambda *words: app.test_cli_runner().invoke(
        args=["mail", "import", str(tmp_path / "box"), *words]
    )


def mail(number: int, to: str, **headers) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ana <ana@example.org>"
    message["To"] = to
    message["Message-ID"] = f"<{number}@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Zaradi toplotnih črpalk.")
    return message


def fill(box, *messages) -> None:
    for message in messages:
        box.add(message)
    box.flush()


def kept() -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Inbound).order_by(Inbound.id))
    return [(row.message_id, row.recipient, row.sender) for row in rows]


def test_each_message_is_taken_once_and_strangers_mail_stays(address, box, flask):
    fill(
        box,
        mail(1, address.upper()),
        mail(2, "Concord <city@example.org>", Delivered_To=address, Return_Path="<>"),
        mail(3, "somebody@example.org"),
    )
    for _ in range(2):
        done = flask()
        assert done.exit_code == 0, done.output
        assert (
            done.output
            == "2 taken, 0 too large, 1 for no address of ours, 0 left for another time\n"
        )
    assert sorted(kept()) == [
        ("<1@mail.example>", address, "ana@example.org"),
        ("<2@mail.example>", address, "<>"),
    ]
    done = flask("--delete")
    assert done.exit_code == 0
    assert flask().output.startswith("0 taken, 0 too large, 1 for")


def test_what_is_too_much_is_left(address, box, flask):
    fill(box, *(mail(number, address) for number in range(inbound.AN_HOUR + 1)))
    done = flask("--delete")
    assert done.exit_code == 1
    assert done.output.startswith(
        f"{inbound.AN_HOUR} taken, 0 too large, 0 for no address of ours, 1 left"
    )
    assert flask().output.startswith("0 taken, 0 too large, 0 for no address of ours, 1 left")


def test_a_delivery_report_in_a_mailbox_is_a_report(address, box, flask):
    raw = (SHAPES / "gmail-unknown.eml").read_bytes()
    fill(box, raw.replace(b"To: bounce@reply.example.org", f"To: {address}".encode()))
    assert flask().output.startswith("1 taken")
    assert [sender for _, _, sender in kept()] == ["<>"]


def test_a_path_that_is_not_there_is_an_error(address, flask):
    assert flask().exit_code == 2


def test_what_is_too_large_is_told_once_and_set_aside_and_the_rest_is_taken(
    address, box, flask, monkeypatch, caplog
):
    monkeypatch.setattr(inbound, "LARGEST", 2_000)
    large = mail(1, address)
    large.set_content("A long word. " * 500)
    fill(box, large, mail(2, address))
    done = flask("--delete")
    assert done.exit_code == 0
    assert done.output.startswith("1 taken, 1 too large, 0 for no address of ours, 0 left")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "<1@mail.example>" in caplog.text
    caplog.clear()
    again = flask("--delete")
    assert again.exit_code == 0
    assert again.output.startswith("0 taken, 1 too large, 0 for no address of ours, 0 left")
    assert caplog.records == []
    assert sorted(kept()) == [
        ("<1@mail.example>", address, "ana@example.org"),
        ("<2@mail.example>", address, "ana@example.org"),
    ]
    row = db.session.scalar(select(Inbound).where(Inbound.message_id == "<1@mail.example>"))
    assert (row.outcome, row.raw) == (MailOutcome.FAILED, None)
    assert row.size > 2_000
