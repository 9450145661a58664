"""The caught mail: letters that a local catcher kept as files, so that one can read what would have been sent."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"[0-9]{1,25}(-[0-9]{1,9})?")
NEWEST = 200
"""How many letters the list shows; reading their heads costs a file each."""


@dataclass(frozen=True, slots=True)
class Head:
    id: str
    at: datetime
    to: str
    subject: str
    from_: str


@dataclass(frozen=True, slots=True)
class MailboxPage:
    messages: list[Head]
    total: int


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    at: datetime
    to: str
    subject: str
    from_: str
    headers: list[tuple[str, str]]
    text: str
    has_html: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    message: Message


def index(folder: Path) -> MailboxPage:
    """The newest letters, the last one first."""
    names = sorted((file.stem for file in folder.glob("*.eml")), reverse=True)
    heads = [_head(name, letter) for name in names[:NEWEST] if (letter := _letter(folder, name))]
    return MailboxPage(heads, len(names))


def show(folder: Path, name: str) -> MessagePage | None:
    """One letter as text; None when there is none of that name."""
    letter = _letter(folder, name)
    if letter is None:
        return None
    head = _head(name, letter)
    return MessagePage(
        Message(
            id=head.id,
            at=head.at,
            to=head.to,
            subject=head.subject,
            from_=head.from_,
            headers=[(key, str(value)) for key, value in letter.items()],
            text=_content(letter, "plain") or "",
            has_html=letter.get_body(("html",)) is not None,
        )
    )


def html(folder: Path, name: str) -> str | None:
    """The HTML part of a letter as it came; it is shown in a frame that may do nothing."""
    letter = _letter(folder, name)
    return _content(letter, "html") if letter else None


def _letter(folder: Path, name: str) -> EmailMessage | None:
    """The letter of that file name, which is digits only: no name leads out of the folder."""
    if not NAME.fullmatch(name):
        return None
    try:
        return message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=policy.default)
    except FileNotFoundError:
        return None


def _head(name: str, letter: EmailMessage) -> Head:
    return Head(
        id=name,
        at=datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC),
        to=str(letter.get("To") or letter.get("X-Envelope-To") or ""),
        subject=str(letter.get("Subject") or ""),
        from_=str(letter.get("From") or letter.get("X-Envelope-From") or ""),
    )


def _content(letter: EmailMessage, kind: str) -> str | None:
    part = letter.get_body((kind,))
    if part is None:
        return None
    try:
        return part.get_content()
    except (LookupError, UnicodeDecodeError):
        return part.get_payload(decode=True).decode("utf-8", "replace")
