"""The board of a contract."""

from flask import Blueprint, render_template, request
from flask_login import current_user, login_required

from ..queries import board
from .loading import contract_or_404

blueprint = Blueprint("board", __name__)


@blueprint.get("/c/<slug>/board")
@login_required
def show(slug: str):
    page = board.board(contract_or_404(slug), current_user, request.args)
    return render_template("board/show.html", page=page)
