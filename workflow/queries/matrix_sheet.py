"""How a row of the response matrix is written into a file: which columns, in which order, for which eyes."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..labels import label
from ..spreadsheets import Cell
from .responses import Line


@dataclass(frozen=True, slots=True)
class Column:
    """`names` says that it tells people's names, or what only those who take part may know."""

    heading: str
    cell: Callable[[Line, str], Cell]
    names: bool = False


def _moment(at) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _difference(line: Line, slug: str) -> str | None:
    """The address of the comparison that shows how the remark was carried out."""
    if line.carried_out_by is None:
        return None
    path = url_for(
        "sections.compare", slug=slug, section_id=line.section_id, new=line.carried_out_by
    )
    return current_app.config["BASE_URL"] + path


def _reason(line: Line) -> str:
    if line.repeats is None:
        return line.reason
    return f"{_('Repeats comment %(number)s.', number=line.repeats)} {line.reason}".strip()


def _reply(line: Line) -> str | None:
    if line.reply is None:
        return None
    return _("agreed") if line.reply.agrees else _("contested")


COLUMNS: list[Column] = [
    Column(_l("Number"), lambda line, slug: line.number),
    Column(_l("Organisation"), lambda line, slug: line.organisation),
    Column(_l("Its position"), lambda line, slug: _("yes") if line.official else None),
    Column(_l("Author"), lambda line, slug: line.author, names=True),
    Column(_l("Section"), lambda line, slug: f"{line.section_code} {line.section_title}"),
    Column(_l("Revision read"), lambda line, slug: line.revision_number),
    Column(_l("Passage"), lambda line, slug: line.quote),
    Column(_l("Comment"), lambda line, slug: line.text),
    Column(_l("Language"), lambda line, slug: line.language),
    Column(_l("Kind"), lambda line, slug: label(line.kind)),
    Column(_l("Received"), lambda line, slug: label(line.channel)),
    Column(_l("Where"), lambda line, slug: line.source, names=True),
    Column(_l("Date"), lambda line, slug: _moment(line.at)),
    Column(_l("Who may read it"), lambda line, slug: label(line.visibility), names=True),
    Column(_l("Position of the city"), lambda line, slug: label(line.disposition)),
    Column(_l("Reason"), lambda line, slug: _reason(line)),
    Column(_l("Carried out in revision"), lambda line, slug: line.carried_out_by),
    Column(_l("What changed"), _difference),
    Column(_l("Decided by"), lambda line, slug: line.decided_by, names=True),
    Column(_l("Decided on"), lambda line, slug: _moment(line.decided_at)),
    Column(_l("Author's reply"), lambda line, slug: _reply(line)),
    Column(_l("The author's words"), lambda line, slug: line.reply and line.reply.words),
]


def headings(*, public: bool) -> list[str]:
    return [str(column.heading) for column in _columns(public)]


def cells(line: Line, slug: str, *, public: bool) -> list[Cell]:
    return [column.cell(line, slug) for column in _columns(public)]


def _columns(public: bool) -> list[Column]:
    return [column for column in COLUMNS if not (public and column.names)]
