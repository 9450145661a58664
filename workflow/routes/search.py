"""Searching a contract."""

from flask import Blueprint, render_template, request
from flask_login import current_user, login_required

from ..queries import search
from .loading import contract_or_404, page_asked

blueprint = Blueprint("search", __name__)

LONGEST = 200


@blueprint.get("/c/<slug>/search")
@login_required
def show(slug: str):
    contract = contract_or_404(slug)
    asked = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST]
    page = search.search(contract, current_user, asked=asked, page=page_asked())
    return render_template("search/show.html", page=page)
