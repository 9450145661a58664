"""The only place that reads ledgers as they stand in the database, value by value, for seals and their verification.

Values are read without the types of the models: a word that no vocabulary knows, written past the application, must be
reported and not stop the report.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import JSON, ColumnElement, Date, Row, String, exists, func, select, type_coerce

from ..db import Base, UTCDateTime, db
from ..models import Seal
from ..rules.chain import GRACE, SEALED, Head, moment

CHUNK = 2000


def head() -> Head:
    """The newest seal."""
    row = db.session.execute(
        select(Seal.id, Seal.sha256, Seal.at).order_by(Seal.id.desc()).limit(1)
    ).first()
    return Head(*row) if row else Head()


def seals(*, after: int) -> Iterator[list[Row]]:
    """All seals behind a position, in chunks; their moments as `moment` writes them, or whatever stands there."""
    while True:
        chunk = db.session.execute(
            select(
                Seal.id,
                Seal.kind,
                Seal.row_id,
                Seal.row_sha256,
                Seal.previous,
                Seal.sha256,
                type_coerce(Seal.at, String).label("at"),
            )
            .where(Seal.id > after)
            .order_by(Seal.id)
            .limit(CHUNK)
        ).all()
        if not chunk:
            return
        yield chunk
        after = chunk[-1].id


def seal_at(position: int) -> str | None:
    return db.session.scalar(select(Seal.sha256).where(Seal.id == position))


def count(*, after: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Seal).where(Seal.id > after))


def rows(table: str, ids: Sequence[int]) -> dict[int, dict]:
    """What is sealed of these rows, by id."""
    return {row.id: as_sealed(table, row) for row in _read(table, _table(table).c.id.in_(ids))}


def to_seal(table: str, *, since: Head, after: int) -> list[Row]:
    """The next rows without a seal behind the id, except those dated too long before the newest seal."""
    ledger = _table(table)
    condition = [~_sealed(table), ledger.c.id > after]
    if since.at:
        condition.append(ledger.c.at >= since.at - GRACE)
    return _read(table, *condition, limit=CHUNK)


def too_late(table: str, newest: Head) -> Iterator[int]:
    """The rows without a seal that are dated too long before the newest seal."""
    if newest.at is None:
        return
    ledger = _table(table)
    query = select(ledger.c.id).where(~_sealed(table), ledger.c.at < newest.at - GRACE)
    yield from db.session.scalars(query.order_by(ledger.c.id).execution_options(yield_per=CHUNK))


def as_sealed(table: str, row: Row) -> dict:
    columns = _table(table).c
    return {
        name: _READ[type(columns[name].type)](value) if type(columns[name].type) in _READ else value
        for name, value in zip(SEALED[table], row, strict=True)
    }


def moment_read(value: object) -> object:
    """A moment as `moment` writes it; SQLite gives text, and what is no moment stays what it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
        value = value.replace(tzinfo=value.tzinfo or UTC)
    return moment(value) if isinstance(value, datetime) else value


def _json_read(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _day_read(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


_READ = {UTCDateTime: moment_read, JSON: _json_read, Date: _day_read}


def _table(name: str):
    return Base.metadata.tables[name]


def _read(table: str, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Row]:
    ledger = _table(table)
    columns = [type_coerce(ledger.c[name], String).label(name) for name in SEALED[table]]
    query = select(*columns).where(*conditions).order_by(ledger.c.id).limit(limit)
    return list(db.session.execute(query))


def _sealed(table: str) -> ColumnElement[bool]:
    return exists().where(Seal.kind == table, Seal.row_id == _table(table).c.id)
