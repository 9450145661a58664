"""What waits for oneself, in all contracts."""

from flask import Blueprint, render_template
from flask_login import login_required

from ..queries import work
from .loading import signed_in

blueprint = Blueprint("work", __name__)


@blueprint.get("/work")
@login_required
def show():
    return render_template("work/show.html", page=work.work(signed_in()))
