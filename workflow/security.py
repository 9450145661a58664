"""What every answer carries: headers that forbid what the pages never do, and who is signed in."""

import secrets

from flask import Flask, Response, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from .db import db
from .extensions import login
from .models import Person
from .services import guest_links

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' https: data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)

THIRTY_DAYS = 30 * 24 * 3600
"""How long scripts and styles are kept; another one has another address."""


def nonce() -> str:
    """One random word a request; scripts and styles in the page name it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


_PERSON = select(Person).where(Person.id == bindparam("id")).options(joinedload(Person.memberships))


def _load(cookie: str) -> Person | None:
    """The person of a session cookie, unless a new password or an administrator ended the session.

    A session that came by a guest's link names it, and lasts as long as that works.
    """
    parts = cookie.split(".")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and part.isascii() for part in parts):
        return None
    person_id, epoch, *link_id = (int(part) for part in parts)
    person = db.session.scalars(_PERSON, {"id": person_id}).unique().one_or_none()
    if person is None or person.epoch != epoch:
        return None
    if not link_id:
        return person if person.is_active else None
    g.guest_link = guest_links.of_session(person, *link_id)
    return person if g.guest_link else None


def _headers(response: Response) -> Response:
    headers = response.headers
    if response.status_code != 304:  # the kept page names the nonce of the policy that it came with
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY.format(nonce=nonce()))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and response.status_code < 400:
        headers["Cache-Control"] = f"public, max-age={THIRTY_DAYS}"
    elif not _says_who_may_keep_it(response):
        headers["Cache-Control"] = "private, no-cache"
    return response


def _says_who_may_keep_it(response: Response) -> bool:
    """Pages hold a form's token even where nobody is signed in: whatever does not say for whom it is, is for one."""
    said = response.cache_control
    return bool(said.public or said.private or said.no_store)


def _ask_to_sign_in():
    if request.path.startswith("/api/"):
        abort(401)
    flash(_("Please sign in to see this page."))
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=asked))


def register(app: Flask) -> None:
    login.user_loader(_load)
    login.unauthorized_handler(_ask_to_sign_in)
    login.session_protection = "basic"
    app.after_request(_headers)
    app.context_processor(lambda: {"guest_link": g.get("guest_link")})
