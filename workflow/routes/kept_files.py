"""The only place that answers with a kept document: as a whole, in one piece, or “you have it”.

A file never changes under its address while it is named by the hash of its bytes, so the hash is its validator. One
piece is given at a time: who asks for several at once, or in a way that nobody understands, gets the whole, as is
everybody's right who asks for pieces.
"""

from datetime import datetime
from pathlib import Path

from flask import Response, request, send_file
from werkzeug.http import parse_range_header

POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Browsers show a PDF in a page of their own, which the policy of our pages would leave empty."""

SEALED_OFF = "default-src 'none'; sandbox"
"""What is saved and not shown needs nothing."""


def answer(
    path: Path, *, key: str, name: str, mimetype: str, shown: bool, at: datetime | None
) -> Response:
    """The file for the one reader who asked, under a name in his language; `shown` in the browser, else saved."""
    response = send_file(
        path,
        mimetype=mimetype,
        as_attachment=not shown,
        download_name=name,
        etag=key,
        last_modified=at,
        conditional=False,
    )
    response.make_conditional(
        _environ(), accept_ranges=True, complete_length=response.content_length
    )
    response.headers["Content-Security-Policy"] = POLICY if shown else SEALED_OFF
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _environ() -> dict:
    """The request, without a wish for pieces that is not for one piece of bytes."""
    wish = parse_range_header(request.headers.get("Range"))
    if wish and wish.units == "bytes" and len(wish.ranges) == 1:
        return request.environ
    return {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}
