"""The only door to SMTP: what a letter is as a message, one connection for many letters, and two kinds of failure."""

import re
import smtplib
import ssl
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import unquote, urlsplit

TIMEOUT = 20
"""Seconds that the mail server may take for one answer."""

UNBROKEN = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe", "reply-to"})
"""Headers that hold addresses of machines: folded between them, never turned into encoded words."""

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


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready to go; `headers` are the ones beyond those that every letter has.

    `bounces_to` is the address of the envelope, to which it comes back; without one it is the sender's.
    """

    to: str
    name: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)
    bounces_to: str | None = None


class Wire(EmailPolicy):
    """How a message is spelled on its way: as the standard library does, but for the headers that must stay whole."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in UNBROKEN:
            return f"{name}: {f'{self.linesep} '.join(str(value).split())}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in UNBROKEN:
            return self.fold(name, value).encode("ascii", "backslashreplace")
        return super().fold_binary(name, value)


WIRE = Wire(linesep="\r\n")
WIRE_UTF8 = WIRE.clone(utf8=True)

BOUNDARY = b"=_concord"
"""What parts the plain text from the HTML: it holds a sign that the encoding of both never leaves alone."""

PLAIN_NAME = re.compile(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Names and addresses that stand in a header as they are."""


def host_of(address: str) -> str:
    """The host part of `Name <user@host>`: where our Message-IDs live."""
    return parseaddr(address)[1].rpartition("@")[2]


def as_bytes(letter: Letter, *, sender: str, at: datetime, utf8: bool = False) -> bytes:
    """The letter as it travels: plain text first, HTML beside it, no line too long for any server.

    The standard library spells every header, once for all letters that bear the same one; the rest needs no library.
    """
    head = {
        "Message-ID": letter.message_id,
        "Date": format_datetime(at),
        "From": sender,
        "Subject": letter.subject,
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
        **letter.headers,
    }
    spelled = [_spelled(name, value, utf8) for name, value in head.items()]
    return b"".join((*spelled, _addressed(letter, utf8), *_parts(letter)))


def _parts(letter: Letter) -> Iterator[bytes]:
    yield b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%b"\r\n' % BOUNDARY
    for kind, text in ((b"plain", letter.text), (b"html", letter.html)):
        yield b'\r\n--%b\r\nContent-Type: text/%b; charset="utf-8"\r\n' % (BOUNDARY, kind)
        yield b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        lines = text.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield b2a_qp((lines.removesuffix(b"\n") + b"\n").replace(b"\n", b"\r\n"))
    yield b"\r\n--%b--\r\n" % BOUNDARY


def _spelled(name: str, value: str, utf8: bool) -> bytes:
    """A header as the standard library folds and encodes it. Raises ValueError for one that would begin another."""
    if name.lower() in UNBROKEN and value.isprintable():
        return WIRE.fold_binary(name, value)
    return _folded(name, value, utf8)


def _fold(name: str, value: str | Address, utf8: bool) -> bytes:
    policy = WIRE_UTF8 if utf8 else WIRE
    return policy.fold_binary(*policy.header_store_parse(name, value))


_folded = lru_cache(maxsize=1024)(_fold)


def _addressed(letter: Letter, utf8: bool) -> bytes:
    name = "".join(sign for sign in letter.name if sign.isprintable())
    local, _, host = _ascii_host(letter.to).rpartition("@")
    if not (local and host) or any(sign.isspace() or not sign.isprintable() for sign in letter.to):
        raise ValueError("this is no address")
    if PLAIN_NAME.fullmatch(name) and PLAIN_ADDRESS.fullmatch(f"{local}@{host}"):
        line = f"To: {name} <{local}@{host}>\r\n"
        if len(line) <= 78:
            return line.encode()
    return _fold("To", Address(name, username=local, domain=host), utf8)


def _ascii_host(address: str) -> str:
    """An internationalised host in the spelling that every server knows; the local part stays as it is."""
    local, _, host = address.rpartition("@")
    return f"{local}@{host.encode('idna').decode()}"


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

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Hand the letter to the mail server; returns when the server has said yes.

        Raises Refused for a letter that will never go, Delayed for one that may go later.
        """
        try:
            recipient = _ascii_host(letter.to)
            message = as_bytes(letter, sender=self._sender, at=at, utf8=not recipient.isascii())
        except (ValueError, IndexError, MessageError) as error:
            raise Refused(f"{letter.to!r} cannot be written to: {error}") from error
        try:
            self._open_for(recipient, letter.bounces_to or parseaddr(self._sender)[1])
            self._hand_over(message, recipient)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            raise Delayed(f"{BROKE}: {error}") from error
        except Failure:
            self._reset()
            raise

    def _open_for(self, recipient: str, sender: str) -> None:
        """Say who writes, over the open connection if it still stands, else over a new one."""
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        if self._line is not None:
            try:
                code, _ = self._line.mail(sender, options)
            except (OSError, smtplib.SMTPServerDisconnected):
                code = 421
            if code == 250:
                return
            self._drop()
        self._line = self._connect()
        if options and not self._line.has_extn("smtputf8"):
            raise Refused(f"the mail server cannot write to {recipient}")
        code, answer = self._line.mail(sender, options)
        if code != 250:
            raise Unreachable(f"letters from us are not taken: {_said(code, answer)}")

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

    def _hand_over(self, message: bytes, recipient: str) -> None:
        _check(*self._line.rcpt(recipient))
        try:
            _check(*self._line.data(message))
        except smtplib.SMTPDataError as error:
            _check(error.smtp_code, error.smtp_error)

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


def _check(code: int, answer: bytes) -> None:
    if code in (250, 251):
        return
    if code == 421:
        raise Unreachable(_said(code, answer))
    raise (Refused if code >= 500 else Delayed)(_said(code, answer))


def _said(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode(errors='replace')}"
