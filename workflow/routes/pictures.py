"""The pictures of texts, for whoever may read a text that shows them."""

from flask import Blueprint, Response, abort, send_file
from flask_login import current_user

from .. import storage
from ..queries import pictures
from ..rules.picture_files import MIME

blueprint = Blueprint("pictures", __name__, url_prefix="/pictures")

POLICY = "default-src 'none'; sandbox"
AN_HOUR = 3600


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """The picture under a name that always means the same bytes.

    What everybody sees may be kept for a while; the browser of a reader asks each time, so that whoever is at it next
    does not see what he could.
    """
    reader = current_user if current_user.is_authenticated else None
    found = pictures.find(name, reader) or abort(404)
    response = send_file(
        storage.find(found.sha256),
        mimetype=MIME[found.ending],
        download_name=f"{name[:12]}.{found.ending}",
        etag=found.sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = POLICY
    seen_by_all = reader is None
    response.headers["Cache-Control"] = (
        f"public, max-age={AN_HOUR}" if seen_by_all else "private, no-cache"
    )
    return response
