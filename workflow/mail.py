"""The only door to the mail server: one connection for many letters, and two kinds of failure."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.errors import MessageError
from urllib.parse import unquote, urlsplit

from . import smtp
from .messages import Letter, address_of, as_blocks, ascii_host, host_of

TIMEOUT = 20
"""Seconds that the mail server may take for one answer."""

BROKE = "the connection broke"
"""Begins what is said of a letter of which nobody knows whether it left."""

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Failure(Exception):
    """The letter did not leave."""


class Delayed(Failure):
    """Not now: the server asks to come again (4yz), or the connection broke. The letter may go later."""


class Unreachable(Delayed):
    """Not through this door: no connection, no sign-in, or no letters from us. No other letter would go either."""


class Refused(Failure):
    """Never: the server will not take this letter or this address (5yz)."""


class Door:
    """One connection for many letters, opened when the first one goes.

    `url` is `smtp://[user:password@]host[:port]`, or `smtps://…` for TLS from the start. STARTTLS is used where it is
    offered; a password goes only to a server that proves who it is, or to this machine.
    """

    def __init__(self, url: str, *, sender: str, timeout: float = TIMEOUT):
        self._url = urlsplit(url)
        self._sender = sender
        self._timeout = timeout
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> "Door":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (OSError, smtplib.SMTPException):
                line.close()

    def send(
        self, letter: Letter, *, at: datetime, ready: Callable[[], None] | None = None
    ) -> None:
        """Hand the letter to the mail server; returns when the server has said yes.

        `ready` is called when the server waits for the letter and has none of it yet; where that fails, it gets none.
        Raises Refused for a letter that will never go, Delayed for one that may go later.
        """
        try:
            recipient = ascii_host(letter.to)
            message = as_blocks(letter, sender=self._sender, at=at, utf8=not recipient.isascii())
        except (ValueError, IndexError, MessageError) as error:
            raise Refused(f"{letter.to!r} cannot be written to: {error}") from error
        sender = letter.bounces_to or address_of(self._sender)
        try:
            self._hand_over(message, sender, recipient, ready)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            raise Delayed(f"{BROKE}: {error}") from error
        except Failure:
            self._reset()
            raise

    def _hand_over(
        self,
        message: list[bytes],
        sender: str,
        recipient: str,
        ready: Callable[[], None] | None,
    ) -> None:
        begun = self._begin(sender, recipient)
        _check(begun.recipient)
        _check(begun.go_on, smtp.GO_ON)
        if ready:
            self._ask(ready)
        _check(smtp.finish(self._line, message))

    def _ask(self, ready: Callable[[], None]) -> None:
        try:
            ready()
        except BaseException:
            self._drop()  # whatever came next would be read as the letter
            raise

    def _begin(self, sender: str, recipient: str) -> smtp.Begun:
        """Say who writes to whom, over the open connection if it still stands, else over a new one."""
        utf8 = not recipient.isascii()
        if self._line is not None:
            try:
                begun = smtp.begin(self._line, sender, recipient, utf8=utf8)
                if begun.sender.code == 250:
                    return begun
            except (OSError, smtplib.SMTPServerDisconnected):
                pass
            self._drop()
        self._line = self._connect()
        if utf8 and not self._line.has_extn("smtputf8"):
            raise Refused(f"the mail server cannot write to {recipient}")
        begun = smtp.begin(self._line, sender, recipient, utf8=utf8)
        if begun.sender.code != 250:
            raise Unreachable(f"letters from us are not taken: {_said(begun.sender)}")
        return begun

    def _connect(self) -> smtplib.SMTP:
        secure = self._url.scheme == "smtps"
        host, port = self._url.hostname or "localhost", self._url.port or (465 if secure else 25)
        here = {"local_hostname": host_of(self._sender), "timeout": self._timeout}
        line = None
        try:
            if secure:
                line = smtplib.SMTP_SSL(host, port, context=self._trust(), **here)
            else:
                line = smtplib.SMTP(host, port, **here)
            line.ehlo_or_helo_if_needed()
            if not secure and line.has_extn("starttls"):
                line.starttls(context=self._trust())
                line.ehlo()
            elif not secure and self._url.username and host not in THIS_MACHINE:
                raise smtplib.SMTPException("it offers no TLS, and the password stays here")
            if self._url.username:
                line.login(unquote(self._url.username), unquote(self._url.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            if line is not None:
                line.close()
            raise Unreachable(f"the mail server {host}:{port} cannot be used: {error}") from error
        return line

    def _trust(self) -> ssl.SSLContext:
        """Certificates are checked where a password is at stake; a relay without one may sign its own."""
        context = ssl.create_default_context()
        if not self._url.username:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _reset(self) -> None:
        """Make the connection ready for the next letter after a failure."""
        if self._line is not None:
            try:
                self._line.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _check(answer: smtp.Answer, *fine: int) -> None:
    if answer.code in (fine or smtp.AGREED):
        return
    if answer.code == 421:
        raise Unreachable(_said(answer))
    raise (Refused if answer.code >= 500 else Delayed)(_said(answer))


def _said(answer: smtp.Answer) -> str:
    return f"{answer.code} {answer.text.decode(errors='replace')}"
