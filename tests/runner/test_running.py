"""While it runs: what dies is started again, and letters are caught."""

import email
import os
import signal
import smtplib
import urllib.request

import pytest

from tests.support.processes import until


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz/live", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.parametrize(
    "words",
    [
        "worker --pool",
        "beat --schedule",
        "gunicorn",
        "runner.mailcatcher",
        "mail listen",
        "valkey-server",
    ],
)
def test_a_part_that_is_killed_is_started_again(running, words):
    before = running.matching(words)
    os.kill(min(before), signal.SIGKILL)

    until(
        lambda: (now := running.matching(words)) and not now & before,
        seconds=20,
        otherwise=running.tail,
    )
    until(lambda: answers(running.address), seconds=20, otherwise=running.tail)
    assert len(running.matching("beat --schedule")) == 1


def test_letters_are_caught_as_files(running):
    with smtplib.SMTP(*running.mail_door) as server:
        server.sendmail(
            "city@example.org", ["ana@example.org"], "Subject: Hello\r\n\r\nČas\r\n".encode()
        )
    (file,) = running.folder.glob("mail/*.eml")
    letter = email.message_from_bytes(file.read_bytes())
    assert letter["subject"] == "Hello"
    assert letter["x-envelope-to"] == "ana@example.org"
    assert letter.get_payload(decode=True).decode() == "Čas\r\n"


def test_the_secret_key_is_for_its_owner_only(running):
    assert (running.folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_data_folder_belongs_to_one_run_at_a_time(running, refused):
    line = refused(DATA_DIR=str(running.folder))
    assert line.startswith(f"Concord already runs on the data folder {running.folder}")
    assert str(running.pid) in line
