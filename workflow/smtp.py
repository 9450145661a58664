"""How a letter is handed over, in as few turns as the server allows: RFC 5321, and RFC 2920 where it is offered.

`smtplib` says one command, waits, and says the next. A server that offers PIPELINING hears sender, recipient and the
wish to begin in one breath; a letter then takes two turns instead of four. What each of them is answered counts as if
it had been said alone.
"""

import smtplib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .messages import PLAIN_ADDRESS

GO_ON = 354
AGREED = (250, 251)
"""Done, or taken to be forwarded."""


class Answer(NamedTuple):
    """What the server said to a command."""

    code: int
    text: bytes


class Begun(NamedTuple):
    """The answers to sender, recipient and the wish to begin; None where it came to nothing before."""

    sender: Answer
    recipient: Answer | None = None
    go_on: Answer | None = None


def begin(line: smtplib.SMTP, sender: str, recipient: str, *, utf8: bool) -> Begun:
    """Say who writes to whom, until the server waits for the letter or refuses something.

    Raises ValueError for an address that would be more than one line, OSError or SMTPServerDisconnected when the line
    breaks.
    """
    commands = (
        f"MAIL FROM:{_quoted(sender)}{' SMTPUTF8' if utf8 else ''}\r\n",
        f"RCPT TO:{_quoted(recipient)}\r\n",
        "DATA\r\n",
    )
    if any(command.count("\n") > 1 or command.count("\r") > 1 for command in commands):
        raise ValueError("an address is one line")
    spelled = [command.encode("utf-8" if utf8 else "ascii") for command in commands]
    if line.has_extn("pipelining"):
        return Begun(*_in_one_breath(line, spelled))
    return Begun(*_in_turns(line, spelled))


def finish(line: smtplib.SMTP, blocks: Iterable[bytes]) -> Answer:
    """Hand over the letter to a server that waits for it, in blocks of whole lines as `messages.as_blocks` spells them:
    they end as on the wire, and none begins with a dot, which the server would take away."""
    said = b"".join(blocks)
    line.send(said + (b".\r\n" if said.endswith(b"\r\n") else b"\r\n.\r\n"))
    return Answer(*line.getreply())


def _in_one_breath(line: smtplib.SMTP, commands: list[bytes]) -> list[Answer]:
    line.send(b"".join(commands))
    answers = [Answer(*line.getreply()) for _ in commands]
    if answers[-1].code == GO_ON and any(answer.code not in AGREED for answer in answers[:-1]):
        line.close()  # it waits for a letter that nobody may get
    return answers


def _in_turns(line: smtplib.SMTP, commands: list[bytes]) -> Iterator[Answer]:
    for command in commands:
        line.send(command)
        answer = Answer(*line.getreply())
        yield answer
        if answer.code not in AGREED:
            return


def _quoted(address: str) -> str:
    return f"<{address}>" if PLAIN_ADDRESS.fullmatch(address) else smtplib.quoteaddr(address)
