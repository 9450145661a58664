"""Web hooks: what other systems may be told, which addresses a message may be sent to, and when a hook is given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from .vocabulary import EventKind, Visibility

OFFERED: tuple[EventKind, ...] = (
    EventKind.REVISION_SAVED,
    EventKind.TEXT_CORRECTED,
    EventKind.CONSULTATION_OPENED,
    EventKind.CONSULTATION_CLOSED,
    EventKind.ROUND_OPENED,
    EventKind.ROUND_EXTENDED,
    EventKind.ROUND_CLOSED,
    EventKind.REMARK_MADE,
    EventKind.POSITION_SUBMITTED,
    EventKind.REMARK_RELEASED,
    EventKind.REPLY_MADE,
    EventKind.REMARK_WITHDRAWN,
    EventKind.REMARK_ANSWERED,
    EventKind.REVIEW_REQUESTED,
    EventKind.CHANGES_REQUESTED,
    EventKind.SECTION_APPROVED,
    EventKind.SECTION_REOPENED,
    EventKind.STEP_UNDONE,
    EventKind.CONTRACT_FROZEN,
    EventKind.FREEZE_LIFTED,
    EventKind.CONTRACT_SUBMITTED,
    EventKind.ADDENDUM_BEGUN,
    EventKind.ADDENDUM_ISSUED,
    EventKind.ITERATION_BEGUN,
    EventKind.SIGNATORY_INVITED,
    EventKind.SIGNATORY_MOVED,
)
"""Kinds that everybody who takes part in the contract may know of, in the order of the page."""

TOLD: frozenset[Visibility] = frozenset({Visibility.PUBLIC, Visibility.PARTICIPANTS})
"""Remarks of which another system may hear; of every other one it does not even learn that there is one."""

BOTH_SECRETS_FOR = timedelta(days=1)
"""How long the earlier secret still signs after it was renewed."""

TRIES = 10
"""So often one event is tried before it is given up."""

FAILURES = 15
"""After so many failures in a row, which are about a day, the hook itself is given up."""

GONE = 410
"""By this answer the other system says that it wants nothing any more."""

LONGEST_WAIT = timedelta(days=1)
"""So long at most another system may ask us to wait."""

UNICAST = IPv6Network("2000::/3")
SET_ASIDE = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
)
"""Networks for protocols and examples that not every Python knows as such."""

TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet at large, whichever way it is written."""
    ip = ip_address(address)
    if any(ip in network for network in SET_ASIDE):
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not (ip.is_multicast or ip.is_reserved)
    inside = ip.ipv4_mapped or ip.sixtofour or _translated(ip)
    if inside is not None:
        return is_public(str(inside))
    return ip in UNICAST and ip.is_global


def is_loopback(address: str) -> bool:
    """Whether it is this very machine."""
    return ip_address(address).is_loopback


def _translated(ip: IPv6Address) -> IPv4Address | None:
    """The address of the old Internet that a translator (NAT64) puts into one of the new."""
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in TRANSLATED else None


def wait_asked(said: str, now: datetime) -> timedelta:
    """How long a `Retry-After` (RFC 9110) asks to wait, in seconds or until a moment; not at all if it is neither."""
    said = said.strip()
    if said.isascii() and said.isdecimal() and len(said) <= 12:
        wait = timedelta(seconds=min(int(said), LONGEST_WAIT.total_seconds()))
    else:
        wait = _until(said, now)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _until(said: str, now: datetime) -> timedelta:
    try:
        until = parsedate_to_datetime(said)
        return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return timedelta(0)


def message_id(hook_id: int, event_id: int) -> str:
    """By which the other system recognises a message that comes again."""
    return f"concord_{hook_id}_{event_id}"


def host_of(address: str) -> str:
    """The machine that an address names, as people read it."""
    return urlsplit(address).hostname or address
