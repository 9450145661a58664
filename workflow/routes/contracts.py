"""The contracts of a person, and the home of each."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user, login_required

from ..queries import home as pages
from .loading import contract_or_404

blueprint = Blueprint("contracts", __name__)


@blueprint.get("/")
def index():
    """The list of one's contracts; who has only one is taken there, and a stranger to the door."""
    if not current_user.is_authenticated:
        return redirect(url_for("people.sign_in"))
    page = pages.index(current_user)
    if len(page.contracts) == 1:
        return redirect(url_for(".home", slug=page.contracts[0].slug))
    return render_template("contracts/index.html", page=page)


@blueprint.get("/c/<slug>/")
@login_required
def home(slug: str):
    page = pages.home(contract_or_404(slug), current_user)
    return render_template("contracts/home.html", page=page)
