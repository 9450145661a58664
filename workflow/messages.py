"""What a letter is as a message: its headers and its two texts as bytes, ready for the wire.

The standard library spells what is out of the ordinary; what every letter has is put together without it. Where many
letters have the same lines, those are encoded once.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
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


@dataclass(slots=True)
class Block:
    """Whole lines, without the end of the last one, and what they are on the `wire`: worked out once for all letters
    that have them."""

    lines: str
    wire: bytes = field(init=False, repr=False)

    def __post_init__(self):
        self.wire = _quoted(self.lines)


@dataclass(slots=True)
class Lines:
    """A text in blocks, one below the other, of which other letters have some too.

    It is put together only when somebody asks for it as one.
    """

    blocks: Sequence[Block]

    def __str__(self) -> str:
        return "\n".join([block.lines for block in self.blocks]) + "\n"

    @property
    def most(self) -> int:
        """Bytes that it has at most: those of what it is on the wire, where no sign takes less."""
        return sum([len(block.wire) for block in self.blocks])


@dataclass(slots=True)
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

TWO_PARTS = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%b"\r\n' % BOUNDARY
)
ENCODING = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
END = b"\r\n--%b--\r\n" % BOUNDARY

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
    """The letter as it travels: plain text first, HTML beside it; no line is too long for any server or begins with a
    dot. It comes in blocks of whole lines, of which other letters have some too.

    Raises ValueError for a name or an address that cannot be spelled.
    """
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
    parts = [*_part(b"plain", letter.text), *_part(b"html", letter.html)]
    return [*spelled, _addressed(letter, utf8), TWO_PARTS, *parts, END]


_date = lru_cache(maxsize=4)(format_datetime)


def _part(kind: bytes, text: str | Lines) -> list[bytes]:
    head = b'\r\n--%b\r\nContent-Type: text/%b; charset="utf-8"\r\n' % (BOUNDARY, kind)
    return [head, ENCODING, *[block.wire for block in _blocks(text)]]


def _blocks(text: str | Lines) -> Sequence[Block]:
    if isinstance(text, Lines):
        return text.blocks
    ends = text.replace("\r\n", "\n").replace("\r", "\n")
    return [Block(ends.removesuffix("\n"))]


def _quoted(lines: str) -> bytes:
    """The lines, each with its end. The codec ends those that it breaks as the first one ends.

    A dot where a line begins is spelled out, so that no server takes it for one that was put there (RFC 5321, 4.5.2).
    """
    spelled = b2a_qp(b"\r\n" + lines.encode().replace(b"\n", b"\r\n")) + b"\r\n"
    while b"\n." in spelled:
        spelled = spelled.replace(b"\n.", b"\n=2E=\r\n")
    return spelled[2:]


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
    name = "".join(filter(str.isprintable, letter.name))
    if not letter.to.isprintable() or " " in letter.to:
        raise ValueError("this is no address")
    address = ascii_host(letter.to)
    called = name if PLAIN_NAME.fullmatch(name) else _encoded_word(name)
    if called and PLAIN_ADDRESS.fullmatch(address):
        begun, rest = f"To: {called}", f" <{address}>\r\n"
        if len(begun + rest) - len("\r\n") <= LONGEST:
            return (begun + rest).encode()
        if max(len(begun), len(rest) - len("\r\n")) <= LONGEST:
            return f"{begun}\r\n{rest}".encode()
    local, _, host = address.rpartition("@")
    if not (local and host):
        raise ValueError("this is no address")
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
