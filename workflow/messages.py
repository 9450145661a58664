"""What a letter is as a message: its headers and its two texts as bytes, ready for the wire.

The standard library spells what is out of the ordinary; what every letter has is put together without it. Where many
letters have the same lines, those are encoded once.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache

UNBROKEN = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe", "reply-to"})
"""Headers that hold addresses of machines: folded between them, never turned into encoded words."""

LONGEST = 78
"""Characters of a header's line, as far as it can be folded."""

LONGEST_WORD = 75
"""Characters of an encoded word (RFC 2047)."""

KEPT = 8_192
"""Blocks of lines that a process remembers as bytes."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A text in blocks of whole lines, one below the other, of which other letters have some too.

    No block ends with the end of its last line. The text is put together only when somebody asks for it as one.
    """

    blocks: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.blocks) + "\n"

    def __len__(self) -> int:
        return sum(map(len, self.blocks)) + len(self.blocks)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready to go; `headers` are the ones beyond those that every letter has.

    `bounces_to` is the address of the envelope, to which it comes back; without one it is the sender's.
    """

    to: str
    name: str
    subject: str
    text: str | Lines
    html: str | Lines
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
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Names and addresses that stand as they are in a header, and addresses on an envelope, too."""


def host_of(address: str) -> str:
    """The host part of `Name <user@host>`: where our Message-IDs live."""
    return address_of(address).rpartition("@")[2]


@lru_cache(maxsize=64)
def address_of(sender: str) -> str:
    """The address in `Name <user@host>`."""
    return parseaddr(sender)[1]


def as_blocks(letter: Letter, *, sender: str, at: datetime, utf8: bool = False) -> list[bytes]:
    """The letter as it travels: plain text first, HTML beside it, no line too long for any server; in blocks of whole
    lines, of which other letters have some too. Raises ValueError for a name or an address that cannot be spelled."""
    head = {
        "Message-ID": letter.message_id,
        "Date": _date(at.replace(microsecond=0)),
        "From": sender,
        "Subject": letter.subject,
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
        **letter.headers,
    }
    spelled = [_spelled(name, value, utf8) for name, value in head.items()]
    return [*spelled, _addressed(letter, utf8), *_parts(letter)]


_date = lru_cache(maxsize=4)(format_datetime)


def _parts(letter: Letter) -> Iterator[bytes]:
    yield b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%b"\r\n' % BOUNDARY
    for kind, text in ((b"plain", letter.text), (b"html", letter.html)):
        yield b'\r\n--%b\r\nContent-Type: text/%b; charset="utf-8"\r\n' % (BOUNDARY, kind)
        yield b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        yield from map(_quoted, text.blocks if isinstance(text, Lines) else _whole(text))
    yield b"\r\n--%b--\r\n" % BOUNDARY


def _whole(text: str) -> tuple[str]:
    ends = text.replace("\r\n", "\n").replace("\r", "\n")
    return (ends.removesuffix("\n"),)


@lru_cache(maxsize=KEPT)
def _quoted(block: str) -> bytes:
    """The lines, each with its end. The codec ends those that it breaks as the first one ends."""
    return b2a_qp(b"\r\n" + block.encode().replace(b"\n", b"\r\n"))[2:] + b"\r\n"


def _spelled(name: str, value: str, utf8: bool) -> bytes:
    """A header as the standard library folds and encodes it. Raises ValueError for one that would begin another."""
    if name.lower() in UNBROKEN and value.isprintable():
        if value.isascii() and " " not in value:
            return f"{name}: {value}\r\n".encode()
        return WIRE.fold_binary(name, value)
    return _folded(name, value, utf8)


def _fold(name: str, value: str | Address, utf8: bool) -> bytes:
    policy = WIRE_UTF8 if utf8 else WIRE
    return policy.fold_binary(*policy.header_store_parse(name, value))


_folded = lru_cache(maxsize=1024)(_fold)


def _addressed(letter: Letter, utf8: bool) -> bytes:
    name = "".join(sign for sign in letter.name if sign.isprintable())
    address = ascii_host(letter.to)
    local, _, host = address.rpartition("@")
    if not (local and host) or any(sign.isspace() or not sign.isprintable() for sign in letter.to):
        raise ValueError("this is no address")
    called = name if PLAIN_NAME.fullmatch(name) else _encoded_word(name)
    if called and PLAIN_ADDRESS.fullmatch(address):
        for fold in ("", "\r\n"):
            line = f"To: {called}{fold} <{address}>\r\n"
            if max(map(len, line.split("\r\n"))) <= LONGEST:
                return line.encode()
    return _fold("To", Address(name, username=local, domain=host), utf8)


def _encoded_word(name: str) -> str | None:
    """A name with letters of any script, or with signs that mean something in a header; None for a long one."""
    word = f"=?utf-8?b?{b2a_base64(name.encode(), newline=False).decode()}?="
    return word if name.strip() and len(word) <= LONGEST_WORD else None


def ascii_host(address: str) -> str:
    """An internationalised host in the spelling that every server knows; the local part stays as it is."""
    local, _, host = address.rpartition("@")
    return f"{local}@{_idna(host)}"


@lru_cache(maxsize=1024)
def _idna(host: str) -> str:
    return host.encode("idna").decode()
