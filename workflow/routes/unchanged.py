"""Saying “not modified”: the only place that compares what a browser has with what it would be given.

The validator (ETag) names the state that a page was made from, and until when its words are true by themselves. It is
taken before the page is, so that a page is never older than its validator says. Whoever was told something in passing
(a flash) gets the page without one.
"""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path

from flask import Response, current_app, g, make_response, request, session
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from .. import clock, freshness


def unchanged(state: Callable[..., tuple]) -> Callable:
    """Answer a GET with 304 while `state(person, …)` is what it was when the browser was given the page.

    `state` takes the arguments of the route without the contract's `slug`, and has to change with everything in the
    database that the page shows. The route finds it as `g.seen`.
    """

    def of(view: Callable) -> Callable:
        @wraps(view)
        def answer(slug: str, **where):
            if "_flashes" in session:
                return view(slug, **where)
            g.seen = state(current_user, **where)
            mark = _mark(g.seen)
            now = clock.now().timestamp()
            midnight = clock.midnight(current_user.time_zone).timestamp()
            for held in request.if_none_match.as_set(include_weak=True):
                until, _dash, known = held.partition("-")
                if known == mark and until.isdecimal() and now < int(until):
                    return _marked(Response(status=304), held)
            with freshness.watched() as watch:
                response = make_response(view(slug, **where))
            until = int(min(watch.until, midnight))
            if response.status_code == 200 and now < until:
                _marked(response, f"{until}-{mark}")
            return response

        return answer

    return of


def _marked(response: Response, mark: str) -> Response:
    response.set_etag(mark, weak=True)
    return response


def _mark(state: tuple) -> str:
    """A short name of everything that the page is made of."""
    generate_csrf()  # the first page of a session gives it the secret that all its forms carry
    reader = current_user.get_id(), str(get_locale()), session.get("csrf_token")
    address = request.script_root, request.full_path
    made_by = _edition(Path(current_app.root_path)), current_app.config["MAIL_CATCHER_DIR"]
    made_of = (reader, address, made_by, tuple(state))
    return blake2b(repr(made_of).encode(), digest_size=16).hexdigest()


@cache
def _edition(package: Path) -> str:
    """The program itself: with a new one every page is new."""
    files = [*package.rglob("*.py"), package / "static" / "build" / "manifest.json"]
    for folder, pattern in (("templates", "*.html"), ("translations", "*.mo")):
        files += (package.parent / folder).rglob(pattern)
    edition = blake2b(digest_size=16)
    for path in sorted(files):
        edition.update(path.read_bytes() if path.is_file() else b"")
    return edition.hexdigest()
