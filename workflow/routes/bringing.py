"""The pages that every kind of brought sheet has: looked through, confirmed, thrown away, and an empty one to fill."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.datastructures import FileStorage

from .. import spreadsheets
from ..db import transaction
from ..models import Contract, Person, Sheet
from ..queries import bringing as pages
from ..queries.bringing import SheetPage
from ..rules.vocabulary import SheetKind
from ..spreadsheets import Table
from .loading import page_asked, signed_in


@dataclass(frozen=True, slots=True)
class Bringing:
    """One kind of sheet. `contract` is loaded for whoever may bring one; `confirm` and `discard` are the verbs, `said`
    the sentence about how many came of it. `shown` is the endpoint of a sheet, `begun` of where one is brought; `guide`
    and `title` make the empty sheet, which is called `name`."""

    kind: SheetKind
    contract: Callable[[str], Contract]
    page: Callable[..., SheetPage]
    confirm: Callable[..., Sheet]
    discard: Callable[..., None]
    said: Callable[[int], str]
    guide: Callable[[Contract, Person], tuple[list[str], list[list[str]]]]
    title: Callable[[], str]
    name: str
    shown: str = "sheet"
    begun: str = "index"


def file(brought: FileStorage) -> dict[str, str | bytes]:
    """The name and the content of a file, for the verb that reads it."""
    return {
        "name": (brought.filename or "").replace("\x00", ""),
        "content": brought.read(spreadsheets.MAX_BYTES + 1),
    }


def serve(blueprint: Blueprint, of: Bringing, *, under: str = "/sheets") -> None:
    """Add the pages of this kind of sheet to the blueprint."""
    one = f"{under}/<int:sheet_id>"

    def sheet_or_404(slug: str, sheet_id: int) -> Sheet:
        contract = of.contract(slug)
        return pages.find(contract, signed_in(), sheet_id, of.kind) or abort(404)

    @blueprint.get(one, endpoint=of.shown)
    @login_required
    def show(slug: str, sheet_id: int):
        page = of.page(
            sheet_or_404(slug, sheet_id),
            signed_in(),
            show=request.args.get("show", ""),
            page=page_asked(),
        )
        return render_template(f"{blueprint.name}/{of.shown}.html", page=page)

    @blueprint.post(one)
    @login_required
    def confirm(slug: str, sheet_id: int):
        """Take the rows that have no fault, once."""
        brought = sheet_or_404(slug, sheet_id)
        with transaction():
            number = of.confirm(brought, by=signed_in()).recorded
        flash(of.said(number), "good")
        return redirect(url_for(f".{of.shown}", slug=slug, sheet_id=sheet_id), 303)

    @blueprint.post(f"{one}/discard")
    @login_required
    def discard(slug: str, sheet_id: int):
        """Throw the sheet away; what came of it stays."""
        brought = sheet_or_404(slug, sheet_id)
        with transaction():
            of.discard(brought, by=signed_in())
        flash(_("The sheet is thrown away."), "done")
        return redirect(url_for(f".{of.begun}", slug=slug), 303)

    @blueprint.get("/template.xlsx")
    @login_required
    def template(slug: str) -> Response:
        """An empty sheet with all columns, and a second one that says what goes where."""
        headings, guide = of.guide(of.contract(slug), signed_in())
        about = [_("Column"), _("What goes there"), _("What may stand there")]
        made = spreadsheets.xlsx_file(
            Table(of.title(), headings, []), Table(_("What goes where"), about, guide)
        )
        return send_file(
            made,
            mimetype=spreadsheets.MIME_TYPES["xlsx"],
            as_attachment=True,
            download_name=f"{of.name}.xlsx",
        )
