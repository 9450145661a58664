"""The figures of a contract for everybody: those that its public pages tell, with the same names and columns."""

from flask import Blueprint, Response, abort, g, render_template
from flask_babel import get_locale

from ..models import Contract
from ..queries import open_data as pages
from ..queries import public
from .open_data import csv_file, json_file, told

blueprint = Blueprint("public_data", __name__, url_prefix="/public/<slug>/data")


def _contract_or_404(slug: str) -> Contract:
    """The contract, when it has or had a public round."""
    g.contract = public.contract(slug) or abort(404)
    return g.contract


@blueprint.get("")
def index(slug: str):
    contract = _contract_or_404(slug)
    page = pages.page(contract, pages.public(contract), str(get_locale() or "en"))
    return render_template("public_data/index.html", page=page)


@blueprint.get("/<name>.csv")
def table(slug: str, name: str) -> Response:
    return csv_file(slug, pages.public(_contract_or_404(slug)), name)


@blueprint.get("/<name>.json")
def rows(slug: str, name: str) -> Response:
    return json_file(slug, pages.public(_contract_or_404(slug)), name)


@blueprint.get("/datapackage.json")
def package(slug: str) -> Response:
    """The description as it is read together with the files beside it."""
    contract = _contract_or_404(slug)
    return told(pages.package(contract, pages.public(contract)))


@blueprint.get("/figures.json")
def whole(slug: str) -> Response:
    """All tables and their description in one file."""
    contract = _contract_or_404(slug)
    return told(pages.whole(contract, pages.public(contract)), f"{slug}-figures.json")
