"""Storing rows, and numbers that never come twice."""

import itertools
from typing import TypeVar

from workflow.db import _writing, db

numbers = itertools.count(1)
Row = TypeVar("Row")


def keep(row: Row, *others) -> Row:
    """Store rows and give the first one back."""
    db.session.add_all((row, *others))
    if _writing.get():
        db.session.flush()
    else:
        db.session.commit()
    return row
