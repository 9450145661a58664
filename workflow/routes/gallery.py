"""The pictures of a contract in the browser, for those who may write: where they are used, and away with the others."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..db import transaction
from ..queries import gallery
from ..services import pictures
from .loading import contract_to_write, page_asked, signed_in

blueprint = Blueprint("gallery", __name__, url_prefix="/c/<slug>/pictures")


@blueprint.get("")
@login_required
def index(slug: str):
    page = gallery.page(contract_to_write(slug), signed_in(), page=page_asked())
    return render_template("gallery/index.html", page=page)


@blueprint.post("/<int:picture_id>/remove")
@login_required
def remove(slug: str, picture_id: int):
    picture = pictures.find(contract_to_write(slug), picture_id) or abort(404)
    with transaction():
        pictures.remove(picture)
    flash(_("The picture is gone."), "done")
    return redirect(url_for(".index", slug=slug, page=page_asked()), 303)
