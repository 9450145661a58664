"""The tamper-evident record: sealing the rows of the ledgers, and finding what was changed, removed or put in.

A job seals, not the verb that wrote the row (docs/decisions/0007): writers do not wait for each other.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import func, insert, select

from .. import clock
from ..db import db
from ..models import Seal
from ..queries import ledgers
from ..rules.chain import GENESIS, SEALED, Fault, Finding, Head, moment, row_digest, seal_digest

LOCK = 0x5EA1
"""The number of PostgreSQL's advisory lock that a sealer holds."""


def seal(*, everything: bool = False) -> int:
    """Give every row that waits its seal; returns how many. Another sealer at work has it done already: 0.

    All seals of one run carry one moment. `everything` also takes in rows that are dated before the newest seal, as a
    loaded past is; otherwise such a row stays without a seal, and `verify` names it.
    """
    if db.engine.dialect.name == "postgresql" and not db.session.scalar(
        select(func.pg_try_advisory_xact_lock(LOCK))
    ):
        return 0
    last = ledgers.head()
    since = Head() if everything else last
    at = clock.now()
    position, previous = last.position, last.sha256
    for table in SEALED:
        after = 0
        while rows := ledgers.to_seal(table, since=since, after=after):
            new = []
            for row in rows:
                after, position = row.id, position + 1
                digest = row_digest(ledgers.as_sealed(table, row))
                sha256 = seal_digest(previous, table, row.id, digest, moment(at))
                new.append(
                    {
                        "id": position,
                        "kind": table,
                        "row_id": row.id,
                        "row_sha256": digest,
                        "previous": previous,
                        "sha256": sha256,
                        "at": at,
                    }
                )
                previous = sha256
            db.session.execute(insert(Seal), new)
    return position - last.position


def verify(
    *,
    since: int = 0,
    expected: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Finding]:
    """Compute the chain again behind a position, and name everything that does not fit, as it is found.

    `expected` is a head that was kept elsewhere, `position:hash` or the hash alone: without it, seals taken off the
    end, or a chain computed anew from the first changed row, cannot be found.
    """
    start = ledgers.seal_at(since) if since else GENESIS
    if start is None:
        yield Finding(Fault.SEAL_REMOVED, "seal", since)
    position, previous = since, start
    awaited = (expected or "").rpartition(":")[2].strip().lower()
    met = not awaited or start == awaited
    for chunk in ledgers.seals(after=since):
        found = _rows_of(chunk)
        for one in chunk:
            whole = position + 1 == one.id
            if not whole:
                until = one.id - 1 if one.id - 1 > position + 1 else None
                yield Finding(Fault.SEAL_REMOVED, "seal", position + 1, until)
            elif previous is not None and one.previous != previous:
                yield Finding(Fault.SEAL_MISPLACED, "seal", one.id)
            yield from _judge(one, found.get(one.kind, {}).get(one.row_id))
            met = met or one.sha256 == awaited
            position, previous = one.id, one.sha256
        if on_progress:
            on_progress(len(chunk))
    newest = ledgers.head()
    for table in SEALED:
        for row_id in ledgers.too_late(table, newest):
            yield Finding(Fault.ROW_INSERTED, table, row_id)
    if not met:
        yield Finding(Fault.HEAD_UNKNOWN, "seal", _position(expected) or position)


def _rows_of(chunk: list) -> dict[str, dict[int, str]]:
    """The hashes of the rows that the seals are about, by table and id."""
    wanted: dict[str, list[int]] = {}
    for one in chunk:
        wanted.setdefault(one.kind, []).append(one.row_id)
    return {
        table: {row_id: row_digest(row) for row_id, row in ledgers.rows(table, ids).items()}
        for table, ids in wanted.items()
        if table in SEALED
    }


def _judge(one, digest: str | None) -> Iterator[Finding]:
    """What is wrong with a seal, or with its row, of which the hash was computed again."""
    at = ledgers.moment_read(one.at)
    if one.sha256 != seal_digest(one.previous, one.kind, one.row_id, one.row_sha256, at):
        yield Finding(Fault.SEAL_CHANGED, "seal", one.id, of=(one.kind, one.row_id))
    elif digest is None:
        yield Finding(Fault.ROW_REMOVED, one.kind, one.row_id)
    elif digest != one.row_sha256:
        yield Finding(Fault.ROW_CHANGED, one.kind, one.row_id)


def _position(expected: str | None) -> int | None:
    position = (expected or "").partition(":")[0]
    return int(position) if position.isdecimal() and ":" in (expected or "") else None
