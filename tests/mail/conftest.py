"""Letters as they are read: kept beside the tests as files, so that a changed word is seen in a review."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.support.smtp import Sink
from workflow import mail
from workflow.db import transaction
from workflow.services import digests, notices, sending

LETTERS = Path(__file__).parent / "letters"
MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HEADERS = ("From", "To", "Subject", "Date", "Content-Language", "Auto-Submitted", "List-Id")
HEADERS += ("List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To", "References", "Message-ID")


@pytest.fixture
def travel(ctx: Flask):
    """`travel(moment)` sets the clock, which then stands still."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def post(app: Flask, smtp_sink: Sink) -> Callable[[datetime], None]:
    """Do what the jobs do, at this moment."""

    def work(now: datetime) -> None:
        while True:
            with transaction():
                if (event := notices.next_event(now)) is None:
                    break
                notices.fan_out(event)
        with transaction():
            digests.compose(now)
        with mail.Door(app.config["SMTP_URL"], sender=app.config["MAIL_FROM"]) as door:
            while True:
                with transaction():
                    ids = sending.claim(now)
                if not ids:
                    return
                for written in sending.write(ids):
                    attempt = sending.send(written, door, now=now)
                    with transaction():
                        sending.settle(attempt, now)

    return work


@pytest.fixture
def as_kept() -> Callable[[str, EmailMessage], None]:
    """Compare a letter with the kept one of that name; `KEEP_LETTERS=1` keeps it as it is now."""

    def compare(name: str, letter: EmailMessage) -> None:
        for suffix, text in (("txt", _plain(letter)), ("html", _html(letter))):
            file = LETTERS / f"{name}.{suffix}"
            if os.environ.get("KEEP_LETTERS") == "1":
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8")
            assert text == file.read_text(encoding="utf-8"), f"{file} reads differently"

    return compare


def _plain(letter: EmailMessage) -> str:
    headers = [f"{name}: {letter[name]}" for name in HEADERS if letter[name]]
    body = letter.get_body(("plain",)).get_content()
    return _without_numbers("\n".join([*headers, "", body]))


def _html(letter: EmailMessage) -> str:
    return _without_numbers(letter.get_body(("html",)).get_content())


def _without_numbers(text: str) -> str:
    """Row ids, signatures and hashes over rows differ from run to run."""
    text = re.sub(r"SHA-256 [0-9a-f]{64}", "SHA-256 …", text)
    text = re.sub(
        r"(/unsubscribe/|/accept/|/by-link/|/public/confirm/|/public/mine/)[\w.~-]+", r"\1…", text
    )
    text = re.sub(r"<(digest|section|thread)\.[\d.]+@", r"<\1.…@", text)
    text = re.sub(r"#thread-\d+", "#thread-…", text)
    return re.sub(r"/(sections|threads|documents|signatories|hooks)/\d+", r"/\1/…", text).replace(
        "\r\n", "\n"
    )
