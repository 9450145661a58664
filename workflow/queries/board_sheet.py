"""The board as a file: the rows that are shown, in their order, with what their cells say."""

from collections.abc import Iterator

from flask_babel import gettext as _

from ..labels import label
from ..spreadsheets import Cell, Table
from .board import BoardPage


def table(page: BoardPage) -> Table:
    return Table(
        _("Sections"),
        [
            _("Part"),
            _("Code"),
            _("Section"),
            _("Sectors"),
            _("State"),
            _("In this state since"),
            _("Days"),
            _("Closes"),
            _("Owner"),
            _("Due"),
            _("Comments"),
            _("Open"),
            _("Unanswered"),
            _("Blocking"),
            _("Silent"),
            _("Next step"),
            _("Blocks approval"),
        ],
        _rows(page),
    )


def _rows(page: BoardPage) -> Iterator[list[Cell]]:
    for row in page.rows:
        yield [
            row.component,
            row.section.code,
            row.section.title,
            ", ".join(one.label for one in row.sectors),
            label(row.section.stage),
            row.since.isoformat(),
            row.days,
            row.closes_at.isoformat(timespec="minutes") if row.closes_at else None,
            row.owner,
            row.due.isoformat() if row.due else None,
            row.remarks,
            row.open,
            row.unanswered,
            row.blocking,
            row.silent,
            row.todo,
            "; ".join(check.label for check in row.hindrances),
        ]
