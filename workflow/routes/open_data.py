"""The figures of a contract as open data: a page that lists them, each as CSV, and their description."""

import json

from flask import Blueprint, Response, abort, render_template
from flask_login import login_required

from ..queries import open_data as pages
from .loading import contract_or_404, signed_in

blueprint = Blueprint("open_data", __name__, url_prefix="/c/<slug>/data")


@blueprint.get("")
@login_required
def index(slug: str):
    page = pages.page(contract_or_404(slug), signed_in().language)
    return render_template("open_data/index.html", page=page)


@blueprint.get("/<name>.csv")
@login_required
def table(slug: str, name: str) -> Response:
    tables = pages.tables(contract_or_404(slug))
    found = next((one for one in tables if one.name == name), None) or abort(404)
    return Response(
        pages.csv(found),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-{found.name}.csv"'},
    )


@blueprint.get("/datapackage.json")
@login_required
def package(slug: str) -> Response:
    """The description as it is read together with the files beside it."""
    told = json.dumps(pages.package(contract_or_404(slug)), ensure_ascii=False, indent=2)
    return Response(told + "\n", mimetype="application/json")
