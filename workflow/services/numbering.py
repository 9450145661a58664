"""The figures, tables and references of a contract, counted over all its texts. Each text is read once."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from ..db import db
from ..models import Component, Module, Revision, Section
from ..rules.text import references
from ..rules.text.references import EMPTY, Indexes, Numbers, Text
from ..rules.vocabulary import Visibility
from .read_once import Held, ReadOnce, unread

NOTHING: Mapping[int, str] = {}

INDEXES = ReadOnce(references.indexes)
"""What each text brings along."""


def texts(contract_id: int, instead: Mapping[int, str] = NOTHING) -> list[Text]:
    """The sections of a contract in their order, in one query; `instead` are texts that are being written."""
    held = INDEXES.hold()
    rows = db.session.execute(
        select(Section.id, Section.code, Revision.sha256, unread().label("markdown"))
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .where(Section.contract_id == contract_id)
        .order_by(Component.position, Module.position, Section.position, Section.id),
        held.asking,
    )
    return [
        Text(
            row.id,
            row.code,
            references.indexes(instead[row.id])
            if row.id in instead
            else indexes(held, row.sha256, row.markdown),
        )
        for row in rows
    ]


def indexes(held: Held[Indexes], sha256: str | None, markdown: str | None) -> Indexes:
    """What the text of that hash brings along; a section without a text brings nothing."""
    return EMPTY if sha256 is None else held.of(sha256, markdown)


def of(contract_id: int, seen: Iterable[Visibility]) -> Numbers:
    """The numbers as those count them who see this."""
    return references.numbered(texts(contract_id), references.level(seen))
