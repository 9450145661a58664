"""The hash chain over the ledgers: what of a row is sealed, how a seal is computed, and what can be wrong with it.

The seal of a row is `SHA-256([previous, table, id, SHA-256(row), moment])`. Both hashes are of canonical JSON: keys
sorted, no spaces, UTF-8, moments as ISO in UTC with microseconds, empty columns left out. Whoever has the rows can
compute them again without Concord.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SEALED: dict[str, tuple[str, ...]] = {
    "decision": (
        *("id", "section_id", "number", "act", "from_stage", "to_stage", "by_id", "reason"),
        *("revision_id", "sha256", "at", "undoes_id"),
    ),
    "position": (
        *("id", "section_id", "review_id", "person_id", "organisation_id", "stance", "text"),
        *("revision_id", "sha256", "at"),
    ),
    "manifest": (
        *("id", "contract_id", "number", "kind", "iteration", "content", "sha256", "note"),
        *("by_id", "at", "supersedes_id"),
    ),
    "manifest_entry": ("id", "manifest_id", "step", "body", "on", "reason", "by_id", "at"),
    "signatory_entry": (
        *("id", "signatory_id", "from_status", "to_status", "manifest_id", "sha256"),
        *("letter_key", "by_id", "reason", "at", "content"),
    ),
    "round_entry": (
        *("id", "round_id", "change", "section_id", "closes_before", "closes_after"),
        *("before_id", "after_id", "by_id", "reason", "at"),
    ),
    "moderation_entry": ("id", "contract_id", "comment_id", "act", "by_id", "reason", "at"),
    "event": (
        *("id", "contract_id", "kind", "actor_id", "section_id", "thread_id", "comment_id"),
        *("revision_id", "decision_id", "document_id", "person_id", "round_id", "position_id"),
        *("organisation_id", "manifest_id", "signatory_id", "question_id", "reminder_id"),
        *("guest_link_id", "at", "signatory_entry_id", "hook_id"),
    ),
}
"""The ledgers, and of each the columns that never change. An empty column counts for nothing, so one that a later
release adds may join its ledger without changing what was sealed before."""

CHANGING: dict[str, frozenset[str]] = {
    "moderation_entry": frozenset({"settled_at"}),
    "event": frozenset({"relayed_at", "attempts", "next_try_at"}),
}
"""Columns of the ledgers that work fills or counts up after the row was written; no seal covers them."""

GRACE = timedelta(minutes=10)
"""A row may be dated so long before the newest seal and still be sealed: a transaction that began before it and ended
after it. What is dated earlier and has no seal was put in."""

GENESIS = "0" * 64
"""What the first seal follows."""


class Fault(StrEnum):
    """What can be wrong with the record."""

    ROW_CHANGED = "row_changed"
    ROW_REMOVED = "row_removed"
    ROW_INSERTED = "row_inserted"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    SEAL_MISPLACED = "seal_misplaced"
    HEAD_UNKNOWN = "head_unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, at one row of one table. Seals that are missing in a row go from `id` to `until`; a changed seal says
    `of` which row it was, since of its row nothing is known any more."""

    fault: Fault
    table: str
    id: int
    until: int | None = None
    of: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal: what is kept elsewhere. Position 0 is a chain without seals."""

    position: int = 0
    sha256: str = GENESIS
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.position}:{self.sha256}"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_digest(row: Mapping[str, object]) -> str:
    """The hash of what a row says; its moments are given as `moment` writes them."""
    return _digest({column: value for column, value in row.items() if value is not None})


def seal_digest(previous: str, table: str, row_id: int, row_sha256: str, at: str) -> str:
    return _digest([previous, table, row_id, row_sha256, at])


def _digest(value: object) -> str:
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr
    )
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
