"""Single statements that the database carries out while we do something else; the only place that speaks libpq."""

import select
from datetime import datetime
from functools import lru_cache

import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import Executable, Update
from sqlalchemy.dialects.postgresql import psycopg as spelling
from sqlalchemy.exc import OperationalError

from .db import AtOnce

KEPT = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class Aside(AtOnce):
    """Sends a statement and comes back: `begin` it, and `wait` until it is kept. The next one waits for the one before.

    What `begin` has sent is carried out even if this process dies at once. A database that cannot do so keeps it before
    `begin` returns.
    """

    def __init__(self):
        super().__init__()
        self._begun: tuple[Executable, dict] | None = None

    def __exit__(self, *_) -> None:
        if self._begun is not None and self._line is not None:
            self._line.invalidate()  # nobody else may get the answer
        self._begun = None
        super().__exit__()

    def __call__(self, statement: Executable, values: dict) -> None:
        self.wait()
        super().__call__(statement, values)

    def begin(self, statement: Update, values: dict) -> None:
        """Send the statement; `values` are texts, numbers, moments or None. Raises OperationalError as `wait` does."""
        self.wait()
        line = self._connected().connection.driver_connection
        if not isinstance(line, psycopg.Connection):
            self(statement, values)
            return
        try:
            words, order = _spelled(statement, tuple(values))
            self._begun = statement, values
            line.pgconn.send_query_params(words, [_as_text(values[one]) for one in order])
            while line.pgconn.flush():
                _when(line.pgconn, select.POLLOUT)
        except psycopg.OperationalError as fault:
            self._gone(statement, values, fault)

    def wait(self) -> None:
        """Return when what was begun is kept. Raises OperationalError when nobody can say that it is."""
        if self._begun is None:
            return
        statement, values = self._begun
        line = self._connected().connection.driver_connection.pgconn
        try:
            while line.is_busy():
                _when(line, select.POLLIN)
                line.consume_input()
            while result := line.get_result():
                if result.status not in KEPT:
                    raise psycopg.OperationalError(line.get_error_message())
        except psycopg.OperationalError as fault:
            self._gone(statement, values, fault)
        self._begun = None

    def _gone(self, statement: Executable, values: dict, fault: Exception) -> None:
        self._begun = statement, values
        self.__exit__()
        raise OperationalError(str(statement), values, fault) from fault


@lru_cache(maxsize=32)
def _spelled(statement: Update, names: tuple[str, ...]) -> tuple[bytes, list[str]]:
    """The statement as the database reads it, and the order of its values. Not prepared: whoever has the connection
    next may let go of all that is."""
    spelled = statement.compile(
        dialect=spelling.dialect(paramstyle="numeric_dollar"), column_keys=names
    )
    return str(spelled).encode(), spelled.positiontup


def _when(line: psycopg.pq.PGconn, what: int) -> None:
    """Return when there is something to read, or room to write."""
    waiting = select.poll()
    waiting.register(line.socket, what)
    waiting.poll()


def _as_text(value: str | int | datetime | None) -> bytes | None:
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
