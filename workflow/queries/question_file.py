"""How a row of the register is written into a file: the response table that goes with an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..labels import label
from ..spreadsheets import Cell
from .questions import Line


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    cell: Callable[[Line, str], Cell]


def _section(line: Line) -> str:
    return f"{line.section.code} {line.section.title}" if line.section else ""


def _difference(line: Line, slug: str) -> str | None:
    """The address of the comparison that shows how the text was changed."""
    if line.carried_out_by is None or line.read is None:
        return None
    numbers = {"old": line.read, "new": line.carried_out_by}
    path = url_for("sections.compare", slug=slug, section_id=line.section.id, **numbers)
    return current_app.config["BASE_URL"] + path


COLUMNS: list[Column] = [
    Column(_l("Number"), lambda line, slug: line.number),
    Column(_l("Asked by"), lambda line, slug: label(line.body)),
    Column(_l("Reference"), lambda line, slug: line.reference),
    Column(_l("Checklist item"), lambda line, slug: line.checklist),
    Column(_l("Section"), lambda line, slug: _section(line)),
    Column(_l("Revision read"), lambda line, slug: line.read),
    Column(_l("Passage"), lambda line, slug: line.quote),
    Column(_l("Question"), lambda line, slug: line.text),
    Column(_l("Asked on"), lambda line, slug: line.asked_on.isoformat()),
    Column(_l("Due"), lambda line, slug: line.due_on.isoformat() if line.due_on else None),
    Column(_l("Lies before"), lambda line, slug: line.assignee),
    Column(_l("State"), lambda line, slug: label(line.state)),
    Column(_l("The answer"), lambda line, slug: line.answer),
    Column(_l("Answered by"), lambda line, slug: line.answered_by),
    Column(
        _l("Answered on"),
        lambda line, slug: (
            line.answered_at.isoformat(timespec="seconds") if line.answered_at else None
        ),
    ),
    Column(_l("Carried out in revision"), lambda line, slug: line.carried_out_by),
    Column(_l("What changed"), _difference),
    Column(
        _l("Sent with"),
        lambda line, slug: _("addendum %(number)s", number=line.letter) if line.letter else None,
    ),
]


def headings() -> list[str]:
    return [str(column.heading) for column in COLUMNS]


def cells(line: Line, slug: str) -> list[Cell]:
    return [column.cell(line, slug) for column in COLUMNS]
