"""How it works."""

from flask import Blueprint, render_template

from ..queries import help as pages

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show():
    return render_template("help/show.html", page=pages.page())
