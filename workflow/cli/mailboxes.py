"""`flask mail import`: mail that comes back by way of a mailbox, for whoever has no listener."""

import mailbox
import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses, parseaddr
from pathlib import Path

import click
from flask.cli import with_appcontext

from ..db import transaction
from ..services import addresses, inbound

RECIPIENTS = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "to", "cc")
"""Headers in which the address may stand that a message came to."""

LONGEST_HEAD = 200_000


@click.command(
    "import",
    help="Take the mail of a Maildir or an mbox file; what was taken before changes nothing. Exit code 1: some was "
    "left for another time.",
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--delete", is_flag=True, help="Delete from the mailbox what was taken.")
@with_appcontext
def import_(path: Path, delete: bool) -> None:
    taken = strange = left = 0
    box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path)
    box.lock()
    try:
        for key in box.keys():  # noqa: SIM118 - a mailbox iterates over messages
            raw = box.get_bytes(key)
            if not list(_recipients(raw)):
                strange += 1
            elif not _take(raw):
                left += 1
            else:
                taken += 1
                if delete:
                    box.remove(key)
                    box.flush()
    finally:
        box.unlock()
        box.close()
    click.echo(f"{taken} taken, {strange} for no address of ours, {left} left for another time")
    sys.exit(1 if left else 0)


def _take(raw: bytes) -> bool:
    """Write the message down, for each address of ours that it names; False when it has to wait."""
    if len(raw) > inbound.LARGEST:
        click.echo(f"a message of {len(raw)} bytes is too large", err=True)
        return False
    try:
        with transaction():
            for recipient in _recipients(raw):
                inbound.receive(raw, recipient=recipient, sender=_sender(raw))
    except inbound.TooMuch:
        return False
    return True


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
