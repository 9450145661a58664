"""The caught mail of a local try-out. Where letters really go out, these pages do not exist."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template

from ..queries import mailbox

blueprint = Blueprint("mailbox", __name__, url_prefix="/mail")

HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
"""A letter is somebody else's page: it may look as it likes, and do nothing."""


def _folder() -> Path:
    folder = current_app.config["MAIL_CATCHER_DIR"] or abort(404)
    return Path(folder)


@blueprint.get("/")
def index():
    return render_template("mailbox/index.html", page=mailbox.index(_folder()))


@blueprint.get("/<message_id>")
def show(message_id: str):
    page = mailbox.show(_folder(), message_id) or abort(404)
    return render_template("mailbox/show.html", page=page)


@blueprint.get("/<message_id>/html")
def html(message_id: str):
    content = mailbox.html(_folder(), message_id)
    if content is None:
        abort(404)
    return Response(content, mimetype="text/html", headers={"Content-Security-Policy": HARMLESS})
