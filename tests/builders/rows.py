"""Storing rows, and numbers that never come twice."""

import itertools
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from workflow.db import _writing, db

numbers = itertools.count(1)
Row = TypeVar("Row")
What = ParamSpec("What")

_building: ContextVar[bool] = ContextVar("building", default=False)


def builder(build: Callable[What, Row]) -> Callable[What, Row]:
    """However many rows it takes, and builders inside of it: one commit."""

    @wraps(build)
    def whole(*args: What.args, **what: What.kwargs) -> Row:
        if _building.get():
            return build(*args, **what)
        token = _building.set(True)
        try:
            made = build(*args, **what)
        finally:
            _building.reset(token)
        if not _writing.get():
            db.session.commit()
        return made

    return whole


def keep(row: Row, *others) -> Row:
    """Store rows and give the first one back."""
    db.session.add_all((row, *others))
    if _writing.get() or _building.get():
        db.session.flush()
    else:
        db.session.commit()
    return row
