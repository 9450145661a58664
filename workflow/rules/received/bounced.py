"""What a bounce says: a delivery status notification (RFC 3464), or one of the many shapes that servers made up."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mime

from flufl.bounce import all_failures

from workflow.rules import bouncing
from workflow.rules.vocabulary import BounceKind

LARGEST = 300_000
"""Bytes that are looked at: the report comes before the letter that it returns."""

LONGEST = 400
"""Characters of what a server said that are kept."""

UNTOLD = {"failed": BounceKind.PERMANENT, "delayed": BounceKind.TEMPORARY}
"""What an action means where no status says more; `delivered` and the like are no failures."""


@dataclass(frozen=True, slots=True)
class Bounced:
    """What kind of failure it was, and what the server said."""

    kind: BounceKind
    said: str


def bounced(raw: bytes) -> Bounced | None:
    """The failure that the message reports, the worst if several; None when it reports none of the address."""
    mime = message_from_bytes(raw[:LARGEST])
    told = [block for part in mime.walk() if _is_status(part) for block in _recipients(part)]
    if told:
        found = [_of(block) for block in told]
        failures = [one for one in found if one]
        return min(failures, key=lambda one: list(BounceKind).index(one.kind), default=None)
    if not mime.get("from"):
        return None  # the shapes of servers all have one, and the library counts on it
    temporary, permanent = all_failures(mime)
    if permanent or temporary:
        said = " ".join(str(mime.get("subject", "")).split())[:LONGEST]
        return Bounced(BounceKind.PERMANENT if permanent else BounceKind.TEMPORARY, said)
    return None


def _is_status(part: Mime) -> bool:
    return part.get_content_type() == "message/delivery-status" and part.is_multipart()


def _recipients(part: Mime) -> list[Mime]:
    return [block for block in part.get_payload() if block.get("action")]


def _of(block: Mime) -> Bounced | None:
    """What is said of one recipient."""
    action = str(block["action"]).strip().lower()
    words = " ".join(str(block.get("diagnostic-code", "")).partition(";")[2].split())
    status = str(block.get("status", "")).split(maxsplit=1)
    said = f"{status[0] if status else ''} {words}".strip()[:LONGEST]
    if action not in UNTOLD:
        return None
    kind = bouncing.kind(said) if status else UNTOLD[action]
    return Bounced(kind, said) if kind else None
