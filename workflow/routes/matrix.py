"""What became of the remarks: the rounds, the response matrix as page and file, summaries, one's own contributions."""

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask_babel import gettext as _
from flask_login import current_user, login_required

from .. import spreadsheets
from ..models import Contract
from ..queries import contributions as own
from ..queries import matrix, matrix_sheet, rounds
from ..queries import summary as summaries
from ..queries.rounds import RoundRef
from ..spreadsheets import MIME_TYPES, Table
from .loading import contract_or_404, page_asked

blueprint = Blueprint("matrix", __name__, url_prefix="/c/<slug>")


def round_or_404(contract: Contract, number: int) -> RoundRef:
    found = rounds.find(contract, number)
    if found is None:
        abort(404)
    return found


def public_asked() -> bool:
    """Whether the variant for everybody is asked for."""
    return request.args.get("variant") == "public"


@blueprint.get("/rounds")
@login_required
def index(slug: str):
    page = rounds.index(contract_or_404(slug), current_user)
    return render_template("matrix/index.html", page=page)


@blueprint.get("/rounds/<int:number>/matrix")
@login_required
def show(slug: str, number: int):
    contract = contract_or_404(slug)
    page = matrix.matrix(
        contract,
        current_user,
        round_or_404(contract, number),
        public=public_asked(),
        wanted=request.args,
        page=page_asked(),
    )
    return render_template("matrix/show.html", page=page)


@blueprint.get("/rounds/<int:number>/matrix.csv")
@login_required
def as_csv(slug: str, number: int) -> Response:
    return _file(slug, number, "csv")


@blueprint.get("/rounds/<int:number>/matrix.xlsx")
@login_required
def as_xlsx(slug: str, number: int) -> Response:
    return _file(slug, number, "xlsx")


def _file(slug: str, number: int, kind: str) -> Response:
    """The rows of the matrix as a file, with the same filters."""
    contract = contract_or_404(slug)
    asked, public = round_or_404(contract, number), public_asked()
    lines = matrix.lines(contract, current_user, asked, public=public, wanted=request.args)
    table = Table(
        _("Response matrix"),
        matrix_sheet.headings(public=public),
        (matrix_sheet.cells(line, slug, public=public) for line in lines),
    )
    file = spreadsheets.csv_file(table) if kind == "csv" else spreadsheets.xlsx_file(table)
    name = "-".join(["matrix", slug, str(number), *(["public"] if public else [])])
    response = send_file(
        file, mimetype=MIME_TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/rounds/<int:number>/summary")
@login_required
def summary(slug: str, number: int):
    contract = contract_or_404(slug)
    page = summaries.summary(contract, current_user, round_or_404(contract, number))
    return render_template("matrix/summary.html", page=page)


@blueprint.get("/contributions")
@login_required
def contributions(slug: str):
    page = own.contributions(
        contract_or_404(slug), current_user, show=request.args.get("show", ""), page=page_asked()
    )
    return render_template("matrix/contributions.html", page=page)
