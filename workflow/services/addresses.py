"""Addresses for mail that comes back: the only place that makes them and knows what one is for.

The local part names a purpose and the ids of what it is about, signed: `reply+12-345-<signature>`. An address is good
for its purpose and nothing else, never ages, and survives servers that write local parts in small letters.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from flask import current_app
from itsdangerous import Signer

from ..models import Digest, Person, Thread

SIGNATURE = 15
"""Bytes of a signature: 24 letters, so that a local part keeps within its 64."""


class Purpose(StrEnum):
    """What an address is for."""

    REPLY = "reply"
    UNSUBSCRIBE = "unsubscribe"
    BOUNCE = "bounce"


IDS = {Purpose.REPLY: 2, Purpose.UNSUBSCRIBE: 1, Purpose.BOUNCE: 2}
"""How many ids an address names: whose it is, then what it is about."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address of ours says."""

    purpose: Purpose
    ids: tuple[int, ...]


def reply_address(person: Person, thread: Thread) -> str | None:
    """Where this person's mail becomes a reply in the thread; None where no mail is taken."""
    return _made(Purpose.REPLY, person.id, thread.id)


def way_out(person: Person) -> str | None:
    """Where any mail stops this person's letters; None where no mail is taken."""
    return _made(Purpose.UNSUBSCRIBE, person.id)


def bounce_address(digest: Digest) -> str | None:
    """Where this letter comes back to when it cannot be delivered; None where no mail is taken."""
    return _made(Purpose.BOUNCE, digest.person_id, digest.id)


def opened(address: str) -> Opened | None:
    """What the address is for, or None when we did not make it."""
    local, _, host = address.strip().lower().rpartition("@")
    if host != current_app.config["MAIL_REPLY_HOST"] or not local.isascii():
        return None
    word, _, token = local.partition("+")
    *ids, signature = token.split("-")
    if word not in IDS or len(ids) != IDS[word] or not all(map(_is_id, ids)):
        return None
    if not hmac.compare_digest(signature, _signature(Purpose(word), ids)):
        return None
    return Opened(Purpose(word), tuple(map(int, ids)))


def _made(purpose: Purpose, *ids: int) -> str | None:
    host = current_app.config["MAIL_REPLY_HOST"]
    if not host:
        return None
    named = [str(one) for one in ids]
    return f"{purpose}+{'-'.join([*named, _signature(purpose, named)])}@{host}"


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= 10 and not text.startswith("0")


def _signature(purpose: Purpose, ids: list[str]) -> str:
    signer, key = _signer(current_app.config["SECRET_KEY"], purpose)
    signed = signer.algorithm.get_signature(key, "-".join(ids).encode())
    return b32encode(signed[:SIGNATURE]).decode().lower()


@lru_cache(maxsize=16)
def _signer(secret: str, purpose: Purpose) -> tuple[Signer, bytes]:
    """The signer of a purpose, and its key, which is derived once."""
    signer = Signer(secret, salt=f"mail-{purpose}", key_derivation="hmac")
    return signer, signer.derive_key()
