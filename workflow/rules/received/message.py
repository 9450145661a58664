"""A message as bytes, read as far as Concord cares. What is broken in it is read as well as it goes."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mime
from email.policy import compat32
from email.utils import parseaddr

from workflow.rules.received.plain import plain

MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,190}@[!-;=?-~]{1,190}>")
LONGEST_ID = 200

BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
"""Values of `Precedence` that programs write."""

MACHINES = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@")

MARKS = ("x-autoreply", "x-autorespond", "list-id", "feedback-id")
"""Headers that only programs write."""

UNSAID = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
"""Parts that say who wrote, and are no files."""

NO_CHARSETS = frozenset({"punycode", "idna"})
"""Codecs of names of hosts, whose time grows with the square of the text: a long one would keep a reader for hours."""

LONGEST_HEADER = 2_000
"""Characters of what a part says of itself; one that says more says nothing, however it is encoded."""


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the same however often a message is delivered; `message_id` is what a reply to it may name, if anything.

    `files` are the names of what came with it, pictures inside the text left out. `automatic`: a program wrote it.
    """

    key: str
    message_id: str | None
    sender: str
    text: str
    files: tuple[str, ...]
    automatic: bool


def read(raw: bytes) -> Message:
    """The message that the bytes are."""
    mime = _short(message_from_bytes(raw, policy=compat32))
    message_id = _message_id(mime)
    sender = parseaddr(_header(mime, "from"))[1].lower()
    bodies = [part for part in _parts(mime) if _is_body(part)]
    return Message(
        key=message_id or _fingerprint(mime),
        message_id=message_id,
        sender=sender,
        text=_text(bodies),
        files=tuple(_name(part) for part in _parts(mime) if _is_file(part)),
        automatic=_automatic(mime, sender),
    )


def _short(mime: Mime) -> Mime:
    """The message without what its parts say of themselves at too great length."""
    for part in mime.walk():
        for name in ("content-type", "content-disposition"):
            if any(len(str(value)) > LONGEST_HEADER for value in part.get_all(name, [])):
                del part[name]
    return mime


def _message_id(mime: Mime) -> str | None:
    found = MESSAGE_ID.search(_header(mime, "message-id"))
    return found[0] if found and len(found[0]) <= LONGEST_ID else None


def _fingerprint(mime: Mime) -> str:
    """For a message without an id: what no server on its way adds to or changes."""
    told = "\0".join(_header(mime, name) for name in ("message-id", "from", "date", "subject"))
    body = "\0".join(str(part.get_payload()) for part in mime.walk() if not part.is_multipart())
    body = body.replace("\r\n", "\n")
    digest = hashlib.sha256(f"{told}\0{body}".encode(errors="surrogateescape")).hexdigest()
    return f"sha256:{digest}"


def _header(mime: Mime, name: str) -> str:
    return " ".join(str(mime.get(name, "")).split())


def _automatic(mime: Mime, sender: str) -> bool:
    """Whether a program wrote it (RFC 3834, and what older programs do), so that no program answers it."""
    submitted = _header(mime, "auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _header(mime, "precedence").lower() in BULK
        or _header(mime, "return-path") == "<>"
        or mime.get_content_type() == "multipart/report"
        or sender.startswith(MACHINES)
        or any(mark in mime for mark in MARKS)
    )


def _parts(mime: Mime) -> Iterator[Mime]:
    """The parts that are not made of parts; a message inside the message is one part."""
    if mime.get_content_type() == "message/rfc822" or not mime.is_multipart():
        yield mime
        return
    for part in mime.get_payload():
        yield from _parts(part)


def _is_body(part: Mime) -> bool:
    words = part.get_content_type() in ("text/plain", "text/html")
    return words and part.get_content_disposition() != "attachment" and not part.get_filename()


def _is_file(part: Mime) -> bool:
    if _is_body(part) or part.get_content_type() in UNSAID:
        return False
    return not (part.get_content_maintype() == "image" and part.get("content-id"))


def _name(part: Mime) -> str:
    try:
        name = part.get_filename()
    except (UnicodeError, LookupError, ValueError):
        name = None
    name = "".join(sign for sign in name or "" if sign.isprintable())
    return " ".join(name.split())[:80] or part.get_content_type()


def _text(bodies: list[Mime]) -> str:
    """What the plain parts say; where they say nothing, what the HTML says."""
    for kind, words in (("text/plain", str), ("text/html", plain)):
        said = [words(_decoded(part)) for part in bodies if part.get_content_type() == kind]
        text = "\n".join(said).strip()
        if text:
            return text
    return ""


def _decoded(part: Mime) -> str:
    content = part.get_payload(decode=True) or b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1250"):
        try:
            if codecs.lookup(charset).name in NO_CHARSETS:
                continue
            text = content.decode(charset)
            break
        except (LookupError, UnicodeError):
            continue
    else:
        text = content.decode("utf-8", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
