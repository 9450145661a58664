"""`flask mail import`: mail that comes back by way of a mailbox, for whoever has no listener."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from pathlib import Path

import click
from flask.cli import with_appcontext

from ..db import transaction
from ..services import addresses, inbound

RECIPIENTS = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "to", "cc")
"""Headers in which the address may stand that a message came to."""

LONGEST_HEAD = 200_000


class Fate(StrEnum):
    """What becomes of a message of the mailbox, in the words of the command."""

    TAKEN = "taken"
    TOO_LARGE = "too large"
    STRANGE = "for no address of ours"
    LEFT = "left for another time"


@click.command(
    "import",
    help="Take the mail of a Maildir or an mbox file; what was taken before changes nothing. What is too large stays "
    "there. Exit code 1: some was left for another time.",
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--delete", is_flag=True, help="Delete from the mailbox what was taken.")
@with_appcontext
def import_(path: Path, delete: bool) -> None:
    count = Counter()
    box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path)
    box.lock()
    try:
        for key in box.keys():  # noqa: SIM118 - a mailbox iterates over messages
            fate = _take(box.get_bytes(key))
            count[fate] += 1
            if fate is Fate.TAKEN and delete:
                box.remove(key)
                box.flush()
    finally:
        box.unlock()
        box.close()
    click.echo(", ".join(f"{count[fate]} {fate}" for fate in Fate))
    sys.exit(1 if count[Fate.LEFT] else 0)


def _take(raw: bytes) -> Fate:
    """Write the message down, for each address of ours that it names."""
    recipients = list(_recipients(raw))
    if not recipients:
        return Fate.STRANGE
    fits = len(raw) <= inbound.LARGEST
    write = inbound.receive if fits else inbound.set_aside
    try:
        with transaction():
            for recipient in recipients:
                write(raw, recipient=recipient, sender=_sender(raw))
    except inbound.TooMuch:
        return Fate.LEFT
    return Fate.TAKEN if fits else Fate.TOO_LARGE


def _recipients(raw: bytes) -> Iterator[str]:
    """The addresses of ours that the head of the message names, each once."""
    head = _head(raw)
    named = [str(one) for name in RECIPIENTS for one in head.get_all(name, [])]
    found = (address.strip().lower() for _, address in getaddresses(named))
    yield from dict.fromkeys(address for address in found if addresses.opened(address))


def _sender(raw: bytes) -> str:
    """The sender of the envelope as the mailbox has it; `<>` for a report."""
    head = _head(raw)
    given = str(head.get("return-path", "")).strip()
    return "<>" if given == "<>" else parseaddr(given or str(head.get("from", "")))[1]


def _head(raw: bytes) -> Message:
    return HeaderParser().parsestr(raw[:LONGEST_HEAD].decode("ascii", "surrogateescape"))
