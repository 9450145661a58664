"""The only place that commits. `transaction()` is opened by routes and jobs, never by models, rules or services; so is
`AtOnce`, which keeps single statements."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from flask import current_app, has_request_context
from flask_sqlalchemy import SQLAlchemy
from psycopg import IsolationLevel
from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    any_,
    bindparam,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, make_transient_to_detached
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


Row = TypeVar("Row", bound=Base)


db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UTCDateTime(TypeDecorator):
    """A moment in UTC; naive values are refused, since nobody could say what they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Ids(TypeDecorator):
    """Ids as one value, written as PostgreSQL reads it: the driver would look at each of them."""

    impl = ARRAY(Integer)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Collection[int]], str]:
        return lambda ids: f"{{{','.join(map(str, ids))}}}"


def among(column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """`column.in_(ids)` for thousands of ids: PostgreSQL gets them as one value, and knows the statement again."""
    if _on_postgresql():
        return column == any_(bindparam(None, list(ids), type_=Ids, unique=True))
    return column.in_(ids)


def among_words(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """`column.in_(…)` for thousands of words. They are given as the parameter of this `name`, a list, and reach the
    database as one value, so that it knows the statement again."""
    return column.bool_op("IN")(WordsOf(bindparam(name, type_=JSON)))


class WordsOf(FunctionElement):
    """The words of a list that is one value; each database takes it apart by a function of its own."""

    inherit_cache = True


@compiles(WordsOf, "sqlite")
def _words_in_sqlite(element: WordsOf, compiler: SQLCompiler, **how) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **how)}))"


@compiles(WordsOf, "postgresql")
def _words_in_postgresql(element: WordsOf, compiler: SQLCompiler, **how) -> str:
    return f"(SELECT json_array_elements_text({compiler.process(element.clauses, **how)}))"


def inserted(table: Table, rows: Sequence[dict[str, Any]], **common) -> list[int]:
    """The ids of these rows, of which all have the same columns, once they are in the table; in any order.

    What they have in `common` is said once. PostgreSQL gets each column as one value, and knows the statement again
    however many rows there are.
    """
    new = insert(table).returning(table.c.id)
    if not (rows and _on_postgresql()):
        return db.session.scalars(new, [row | common for row in rows]).all()
    names = list(rows[0])
    columns = [_array([row[name] for row in rows], table.c[name].type) for name in names]
    given = func.unnest(*columns).table_valued(*names).render_derived()
    same = [bindparam(None, what, type_=table.c[name].type) for name, what in common.items()]
    return db.session.scalars(new.from_select([*names, *common], select(*given.c, *same))).all()


def written(row: Row) -> Row:
    """The new row once it is in its table, known to the session as if it had been read from there.

    A flush would first put all that the session knows in an order, which takes several times as long as the INSERT. So
    the row names what it refers to by ids, which have to be there.
    """
    statement, columns = _insertion(type(row))
    values = inspect(row).dict
    for name, column in columns.items():
        if name not in values:
            values[name] = _default(column)
    named = {column.key: values[name] for name, column in columns.items()}
    values["id"] = db.session.scalar(statement, named)
    make_transient_to_detached(row)
    db.session.add(row)
    return row


@cache
def _insertion(model: type[Base]) -> tuple[ReturningInsert, dict[str, Column]]:
    """The statement that inserts a row and returns its id, and the other columns by the names of their attributes."""
    mapper = inspect(model)
    table: Table = mapper.local_table
    columns = {mapper.get_property_by_column(one).key: one for one in table.c if one.key != "id"}
    return insert(table).returning(table.c.id), columns


def _default(column: Column) -> Any:
    if column.default is None:
        return None
    return column.default.arg(None) if column.default.is_callable else column.default.arg


def writes_beside() -> bool:
    """Whether two transactions may write at once."""
    return _on_postgresql()


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _array(values: Collection[Any], kind: TypeEngine) -> BindParameter:
    # as VARCHAR(n) the database would cut off what is too long, where it has to refuse it
    whole = Text() if type(kind) is String else kind
    return bindparam(None, list(values), type_=ARRAY(whole), unique=True)


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens, or nothing does.

    What was read before is forgotten and read afresh under the lock, so that a verb never decides on old rows.
    After the commit the nudge that the assembly wired (if any) wakes the jobs; it may fail, the rows are the truth.
    Raises RuntimeError when opened inside another transaction.
    """
    if _writing.get():
        raise RuntimeError("a transaction is already open")
    session = db.session
    session.rollback()
    token = _writing.set(True)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)
    nudge: Callable[[], None] | None = current_app.extensions.get("nudge")
    if nudge:
        nudge()


class AtOnce:
    """Keeps statements that are a transaction each: one round trip instead of three, and nobody is nudged.

    The session neither sees them nor takes part in them. After a failure the next one gets a new connection.
    """

    def __init__(self):
        self._line: Connection | None = None

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def __call__(self, statement: Executable, values: dict) -> None:
        line = self._connected()
        try:
            line.execute(statement, values)
            line.commit()
        except BaseException:
            self.__exit__()
            raise

    def _connected(self) -> Connection:
        if self._line is None:
            alone = db.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._line = alone.connect()
        return self._line


def prepare(engine: Engine) -> None:
    """Make each database keep the promises of the other."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """A page is of one moment, as on SQLite: who asks, the state that names it, and what is kept under that name."""

    @event.listens_for(engine, "begin")
    def on_begin(connection) -> None:
        reads = has_request_context() and not _writing.get()
        level = IsolationLevel.REPEATABLE_READ if reads else None
        line = connection.connection.dbapi_connection
        if line.isolation_level != level:
            line.isolation_level = level


def _prepare_sqlite(engine: Engine) -> None:
    """Foreign keys, a write-ahead log, and writers that queue instead of colliding."""

    @event.listens_for(engine, "connect")
    def on_connect(connection, _record) -> None:
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
