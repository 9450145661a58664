"""When letters that come back mean that an address is dead: which answers of servers count, and how many of them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from .vocabulary import BounceKind


@dataclass(frozen=True, slots=True)
class Limit:
    """So many letters that came back within the time."""

    letters: int
    within: timedelta


LIMITS: dict[BounceKind, Limit] = {
    BounceKind.PERMANENT: Limit(3, timedelta(days=30)),
    BounceKind.TEMPORARY: Limit(10, timedelta(days=14)),
}
"""At how many letters of each kind an address is suspended. A letter counts once, whatever was said of it."""

KINDS: tuple[tuple[str, BounceKind | None], ...] = (
    (r"5\.1\.[78]|\d\.7\.\d+", None),  # our own address, or what is thought of us
    (r"5\.1\.\d+|5\.2\.1|5\.4\.[14]|5\.0\.0", BounceKind.PERMANENT),  # nobody, closed, no way
    (r"[45]\.2\.2|4\.\d+\.\d+", BounceKind.TEMPORARY),  # full, or busy
    (r"\d\.\d+\.\d+", None),  # content, size: it says something of the letter
)
"""What an enhanced status (RFC 3463) says of the address; the first that fits counts."""

STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
OF_ADDRESSES = re.compile(r"(550|551|553)\b")
"""Plain codes of servers that say no more, by which they mean the address."""
OF_US = re.compile(
    r"\b(relay\w*|spam|(block|black|deny) ?list\w*|blocked (by|for|due|using)|polic\w+|denied|authenti\w+|reputation"
    r"|rcpthosts|content|virus|malware|spf|dkim|dmarc|sender)\b",
    re.IGNORECASE,
)
"""Unless they say that it is about us or the letter: a relay that is set up wrongly must not silence everybody."""


def kind(said: str) -> BounceKind | None:
    """What a status or a server's answer says of the address; None when it is about something else."""
    if status := STATUS.search(said):
        return next((one for form, one in KINDS if re.fullmatch(form, status[1])), None)
    of_address = OF_ADDRESSES.match(said) and not OF_US.search(said)
    return BounceKind.PERMANENT if of_address else None


def dead(bounces: Collection[tuple[BounceKind, datetime]], now: datetime) -> bool:
    """Whether so many letters came back that the address is to get no more."""
    return any(
        sum(one is kind and at > now - limit.within for one, at in bounces) >= limit.letters
        for kind, limit in LIMITS.items()
    )
