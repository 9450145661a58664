"""The figures, tables and references of a contract, counted over all its texts. Each text is read once.

A revision never changes, so what was found under its hash stays true; it is kept in memory only, and may be forgotten.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, bindparam, case, select

from ..db import db
from ..models import Component, Module, Revision, Section
from ..rules.text import references
from ..rules.text.references import EMPTY, Indexes, Numbers, Text
from ..rules.vocabulary import Visibility

MOST = 5_000
"""Texts that one process remembers."""

NOTHING: Mapping[int, str] = {}

_found: dict[str, Indexes] = {}


def known() -> list[str]:
    """The hashes of texts that need not be read again."""
    if len(_found) >= MOST:
        _found.clear()
    return list(_found)


def unread(name: str = "counted") -> ColumnElement:
    """The Markdown of a revision, NULL when it is known already; the parameter of that name takes `known`."""
    read = Revision.sha256.in_(bindparam(name, expanding=True))
    return case((read, None), else_=Revision.markdown)


def indexes(sha256: str | None, markdown: str | None) -> Indexes:
    """What the text of that hash brings along; the text may be left out when the hash is known."""
    if sha256 is None:
        return EMPTY
    if sha256 not in _found and markdown is not None:
        _found[sha256] = references.indexes(markdown)
    return _found.get(sha256, EMPTY)


def texts(contract_id: int, instead: Mapping[int, str] = NOTHING) -> list[Text]:
    """The sections of a contract in their order, in one query; `instead` are texts that are being written."""
    rows = db.session.execute(
        select(Section.id, Section.code, Revision.sha256, unread().label("markdown"))
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .where(Section.contract_id == contract_id)
        .order_by(Component.position, Module.position, Section.position, Section.id),
        {"counted": known()},
    )
    return [
        Text(
            row.id,
            row.code,
            references.indexes(instead[row.id])
            if row.id in instead
            else indexes(row.sha256, row.markdown),
        )
        for row in rows
    ]


def of(contract_id: int, seen: Iterable[Visibility]) -> Numbers:
    """The numbers as those count them who see this."""
    return references.numbered(texts(contract_id), references.level(seen))
