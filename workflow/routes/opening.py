"""What somebody has opened he has read: his notices that lead to a page are marked when it is shown to him."""

from flask import Flask, Response, g
from flask_login import current_user

from ..db import transaction
from ..queries import opening
from ..services import inbox
from .loading import signed_in

SHOWN = frozenset({200, 302, 303})


def _read(response: Response) -> Response:
    """Asks nothing more where the page has counted that there is nothing to mark."""
    page = opening.asked()
    if page is None or response.status_code not in SHOWN or not current_user.is_authenticated:
        return response
    counted = [waiting.here for waiting in g.get("numbers", {}).values()]
    if not counted or any(counted):
        with transaction():
            inbox.read(signed_in(), about=opening.about(page))
    return response


def register(app: Flask) -> None:
    app.after_request(_read)
