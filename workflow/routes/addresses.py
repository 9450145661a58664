"""The only place that helps with an address that is nearly right: one with a slash too many at its end."""

from flask import Flask, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException, NotFound

READS = frozenset({"GET", "HEAD"})


def without_slash() -> Response | None:
    """Lead to the page whose address is the same but for slashes at its end; None where there is no such page.

    The new address is made from the page that was found and never from what was asked, so that it leads nowhere else.
    """
    if not isinstance(request.routing_exception, NotFound) or not request.path.endswith("/"):
        return None
    if request.method not in READS:
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, named = adapter.match(request.path.rstrip("/"), "GET")
    except HTTPException:
        return None
    asked = request.query_string.decode("ascii", "ignore")
    return redirect(url_for(endpoint, **named) + (f"?{asked}" if asked else ""), 308)


def register(app: Flask) -> None:
    app.before_request(without_slash)
