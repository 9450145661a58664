"""What all kinds of brought sheets share: rows read under their headings, and sections found by their names."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import joinedload, lazyload

from .. import clock, spreadsheets
from ..db import db
from ..models import Section, Sheet
from ..rules.refusals import Invalid
from ..rules.sheet_layout import Layout, plain

KEPT = timedelta(days=30)
"""A sheet that nobody confirmed is thrown away after that: it holds people's names."""

LONGEST_KEPT = 12_000
"""Longer cells are refused anyway; the page shows how they begin."""

Cells = dict[str, str]


def rows(content: bytes, layout: Layout, *, lacking: Invalid) -> list[tuple[int, Cells]]:
    """Each row under the headings with its number in the spreadsheet.

    Raises `Invalid` for a file that cannot be read, and `lacking` for one without a needed column.
    """
    read = spreadsheets.read(content)
    if not read:
        raise Invalid("file", "This file is empty.")
    heading, *rest = read
    columns = layout.found(heading.cells)
    if layout.missing(columns.values()):
        raise lacking
    if not rest:
        raise Invalid("file", "There is no row under the headings.")
    return [
        (
            row.number,
            {
                column.value: row.cells[at][:LONGEST_KEPT]
                for at, column in columns.items()
                if at < len(row.cells)
            },
        )
        for row in rest
    ]


def forget_old() -> None:
    """Throw away sheets that were brought long ago."""
    db.session.execute(delete(Sheet).where(Sheet.created_at < clock.now() - KEPT))


def sections(contract_id: int) -> Select:
    """The sections in the order of the outline, with their texts."""
    return (
        select(Section)
        .where(Section.contract_id == contract_id)
        .options(joinedload(Section.current), lazyload(Section.sectors))
        .order_by(Section.position, Section.id)
    )


def by_name(sections: Iterable[Section]) -> dict[str, Section]:
    """The sections by everything that they may be called in a sheet; a name that two of them bear is none."""
    names: Counter[str] = Counter()
    found: dict[str, Section] = {}
    for section in sections:
        code = section.code
        called = {code, *section.titles.values()}
        called |= {f"{code} {title}" for title in section.titles.values()}
        for name in {plain(one) for one in called}:
            names[name] += 1
            found[name] = section
    return {name: section for name, section in found.items() if names[name] == 1}
