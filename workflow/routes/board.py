"""The board of a contract: the page, its files, and the views of it that one keeps."""

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

from .. import spreadsheets
from ..db import transaction
from ..models import Contract, SavedView
from ..queries import board, board_sheet, saved_views
from ..queries.navigation import contract_ref
from ..services import views
from ..spreadsheets import MIME_TYPES
from .forms.board import ViewForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("board", __name__, url_prefix="/c/<slug>")


@blueprint.get("/board")
@login_required
def show(slug: str):
    return _board(_contract(slug), ViewForm(formdata=None))


def _board(contract: Contract, form: ViewForm):
    page = board.board(contract, signed_in(), request.args)
    kept = saved_views.listed(contract, page.query)
    return render_template("board/show.html", page=page, views=kept, form=form), form.status


@blueprint.get("/board.csv")
@login_required
def as_csv(slug: str) -> Response:
    return _file(slug, "csv")


@blueprint.get("/board.xlsx")
@login_required
def as_xlsx(slug: str) -> Response:
    return _file(slug, "xlsx")


def _file(slug: str, kind: str) -> Response:
    """Exactly the rows that the page of the same address shows."""
    table = board_sheet.table(board.board(contract_or_404(slug), signed_in(), request.args))
    file = spreadsheets.csv_file(table) if kind == "csv" else spreadsheets.xlsx_file(table)
    name = f"sections-{slug}.{kind}"
    response = send_file(file, mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/board/views")
@login_required
def own_views(slug: str):
    return _views(_contract(slug))


def _views(contract: Contract, refused: ViewForm | None = None, of: int | None = None):
    return render_template(
        "board/own_views.html",
        contract=contract_ref(contract, signed_in().language),
        views=saved_views.listed(contract),
        form=refused or ViewForm(formdata=None),
        refused=of,
    ), refused.status if refused else 200


@blueprint.post("/board/views")
@login_required
def save_view(slug: str):
    """Keep what the address asks for under a name."""
    contract = _contract(slug)
    form = ViewForm()
    query = board.board(contract, signed_in(), request.args).query
    if form.validate():
        with form.refusals(), transaction():
            views.save(contract, by=signed_in(), name=form.name.data, query=query)
    if form.errors:
        return _board(_contract(slug), form)
    flash(_("The view “%(name)s” is kept.", name=form.name.data), "good")
    return redirect(f"{url_for('.show', slug=slug)}?{query}", 303)


@blueprint.post("/board/views/<int:view_id>")
@login_required
def rename_view(slug: str, view_id: int):
    view = _own_or_404(slug, view_id)
    form = ViewForm()
    if form.validate():
        with form.refusals(), transaction():
            views.rename(view, by=signed_in(), name=form.name.data)
    if form.errors:
        return _views(_contract(slug), form, view_id)
    return redirect(url_for(".own_views", slug=slug), 303)


@blueprint.post("/board/views/<int:view_id>/remove")
@login_required
def remove_view(slug: str, view_id: int):
    view = _own_or_404(slug, view_id)
    with transaction():
        views.remove(view, by=signed_in())
    return redirect(url_for(".own_views", slug=slug), 303)


def _contract(slug: str) -> Contract:
    """The contract with the views of it that are one's own."""
    return contract_or_404(slug, saved_views.own(signed_in()))


def _own_or_404(slug: str, view_id: int) -> SavedView:
    view = saved_views.find(contract_or_404(slug), signed_in(), view_id)
    return view or abort(404)
