"""The figures of a contract as open data: a page that lists them, each as CSV and JSON, and their description."""

import json

from flask import Blueprint, Response, abort, render_template
from flask_login import login_required

from ..queries import open_data as pages
from ..rules import open_data
from ..rules.open_data import Table
from .loading import contract_or_404, signed_in

blueprint = Blueprint("open_data", __name__, url_prefix="/c/<slug>/data")


@blueprint.get("")
@login_required
def index(slug: str):
    contract = contract_or_404(slug)
    tables = pages.tables(contract, signed_in())
    page = pages.page(contract, tables, signed_in().language)
    return render_template("open_data/index.html", page=page)


@blueprint.get("/<name>.csv")
@login_required
def table(slug: str, name: str) -> Response:
    return csv_file(slug, pages.tables(contract_or_404(slug), signed_in()), name)


@blueprint.get("/<name>.json")
@login_required
def rows(slug: str, name: str) -> Response:
    return json_file(slug, pages.tables(contract_or_404(slug), signed_in()), name)


@blueprint.get("/datapackage.json")
@login_required
def package(slug: str) -> Response:
    """The description as it is read together with the files beside it."""
    contract = contract_or_404(slug)
    return told(pages.package(contract, pages.tables(contract, signed_in())))


@blueprint.get("/figures.json")
@login_required
def whole(slug: str) -> Response:
    """All tables and their description in one file."""
    contract = contract_or_404(slug)
    return told(pages.whole(contract, pages.tables(contract, signed_in())), f"{slug}-figures.json")


def csv_file(slug: str, tables: list[Table], name: str) -> Response:
    found = _named(tables, name)
    return Response(
        pages.csv(found), mimetype="text/csv; charset=utf-8", headers=_as(f"{slug}-{name}.csv")
    )


def json_file(slug: str, tables: list[Table], name: str) -> Response:
    return told(open_data.within(_named(tables, name)), f"{slug}-{name}.json")


def told(content: dict, filename: str = "") -> Response:
    written = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return Response(
        written, mimetype="application/json", headers=_as(filename) if filename else None
    )


def _named(tables: list[Table], name: str) -> Table:
    return next((one for one in tables if one.name == name), None) or abort(404)


def _as(filename: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{filename}"'}
