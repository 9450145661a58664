"""The pages of a round of consultation, and what coordinators do with it."""

from flask import Blueprint, abort, render_template
from flask_login import current_user, login_required

from ..models import Contract, Round
from ..queries import consultation
from .loading import contract_or_404

blueprint = Blueprint("rounds", __name__, url_prefix="/c/<slug>/rounds")


def round_or_404(contract: Contract, number: int) -> Round:
    found = consultation.find(contract, number)
    if found is None:
        abort(404)
    return found


@blueprint.get("/<int:number>")
@login_required
def show(slug: str, number: int):
    contract = contract_or_404(slug)
    page = consultation.page(contract, round_or_404(contract, number), current_user)
    return render_template("rounds/show.html", page=page)
