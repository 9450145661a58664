"""The only place where a refusal or a fault becomes an answer: a page that says why, or a problem in JSON.

`Denied` 403 · `NotNow`, `Frozen`, `Outdated`, `Blocked`, `Bound` and lost races 409 · `Invalid` 422 · all else by its
HTTP status. JSON answers follow RFC 9457.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, json, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, default_exceptions

from .. import clock
from ..db import db
from ..extensions import limiter, login
from ..labels import label, quoted
from ..queries import gates
from ..queries.permits import when_possible, when_thawed, why_not
from ..rules.refusals import (
    Blocked,
    Bound,
    Clashing,
    Denied,
    Frozen,
    Invalid,
    NotNow,
    Outdated,
    OutOfTurn,
    Refusal,
    Unready,
)
from ..rules.vocabulary import Act
from .wording import CSRF, FASTER, UNREACHABLE, UNREADABLE, WORDS, Words

KEEPS_WORDS = frozenset({400, 403, 409, 422, 429})
"""Refusals of a form that may have been written for a long time: its words are shown, to be copied."""

Way = tuple[str, str]
"""A label and the address that it leads to."""

KEPT_HEADERS = ("Allow", "Content-Range", "Retry-After", "WWW-Authenticate")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person or a program is told; `details` are further members of the JSON answer."""

    code: int
    title: str
    text: str
    ways: list[Way] = field(default_factory=list)
    kind: str = "about:blank"
    details: dict = field(default_factory=dict)


def _denied(refusal: Denied) -> Problem:
    ways = []
    if contract := g.get("contract"):
        ways.append((_("See who takes part"), url_for("people.index", slug=contract.slug)))
    return Problem(
        403,
        _("This is not yours to do"),
        why_not(refusal.act),
        ways,
        "denied",
        {"act": refusal.act, "roles": sorted(refusal.roles)},
    )


def _not_now(refusal: NotNow) -> Problem:
    return Problem(
        409,
        _("Not at this moment"),
        when_possible(refusal.act),
        [*_section(), (_("How a section moves on"), url_for("help.show"))],
        "not-now",
        {"act": refusal.act, "stage": refusal.stage, "possible_in": refusal.stages},
    )


def _frozen(refusal: Frozen) -> Problem:
    return Problem(
        409,
        _("Not while the contract is frozen"),
        when_thawed(),
        _whole(),
        "frozen",
        {"act": refusal.act},
    )


def _bound(refusal: Bound) -> Problem:
    text = _(
        "This manifest was signed or submitted, and others rely on exactly these texts. What changes goes into an "
        "addendum, or into the next iteration."
    )
    return Problem(409, _("This stands"), text, _whole(), "bound", {"act": refusal.act})


def _out_of_turn(refusal: OutOfTurn) -> Problem:
    possible = ", ".join(quoted(label(status)) for status in refusal.possible)
    text = _(
        "This signatory stands at %(status)s, which does not lead to %(target)s.",
        status=quoted(label(refusal.status)),
        target=quoted(label(refusal.target)),
    )
    if possible:
        text += " " + _("From there you can take it to: %(possible)s.", possible=possible)
    details = {
        "status": refusal.status,
        "target": refusal.target,
        "possible": refusal.possible,
    }
    return Problem(409, _("Not at this moment"), text, _back(), "out-of-turn", details)


def _outdated(refusal: Outdated) -> Problem:
    text = _(
        "Somebody saved in the meantime, and your page still showed the older state. Look at what is there now, "
        "then do it again if you still want to."
    )
    details = {"act": refusal.act}
    ways = _whole() if refusal.act is Act.FREEZE else _section()
    return Problem(409, _("The page has changed"), text, ways, "outdated", details)


def _blocked(refusal: Blocked) -> Problem:
    found = [gates.sentences(one.key, one.count)[1] for one in refusal.blockers]
    ways = (
        _whole()
        if refusal.act is Act.FREEZE
        else _section("sections.review", _("See what blocks it"))
    )
    listed = [
        {"key": one.key, "count": one.count, "details": one.details} for one in refusal.blockers
    ]
    return Problem(
        409,
        _("Something has to happen first"),
        "; ".join(found) + ".",
        ways,
        "blocked",
        {"act": refusal.act, "blockers": listed},
    )


def _clashing(refusal: Clashing) -> Problem:
    return Problem(
        409,
        _("These cannot be taken over together"),
        _(
            "Nothing was changed. Choose between them, or write the words into the text yourself and "
            "answer the comments."
        ),
        _section("suggestions.index", _("Look at the suggestions")),
        "clashing",
        {
            "clashes": refusal.clashes,
            "hindered": [{"thread": one, "reason": reason} for one, reason in refusal.hindered],
        },
    )


def _unready(refusal: Unready) -> Problem:
    return Problem(
        409,
        _("Not all of these sections can be opened"),
        _("None was opened. Leave out those that cannot, or bring them to where they can."),
        _back(),
        "unready",
        {"hindered": [{"section": one, "reason": reason} for one, reason in refusal.hindered]},
    )


def _invalid(refusal: Invalid) -> Problem:
    message = _(refusal.message)
    details = {"errors": [{"name": refusal.name, "message": message}]}
    return Problem(422, _("This cannot be taken"), message, _back(), "invalid", details)


REFUSALS: dict[type[Refusal], Callable[[Refusal], Problem]] = {
    Denied: _denied,
    NotNow: _not_now,
    Frozen: _frozen,
    Bound: _bound,
    OutOfTurn: _out_of_turn,
    Outdated: _outdated,
    Blocked: _blocked,
    Clashing: _clashing,
    Unready: _unready,
    Invalid: _invalid,
}


def _whole() -> list[Way]:
    """The way to the contract as a whole."""
    contract = g.get("contract")
    if contract is None:
        return _back()
    return [(_("The contract as a whole"), url_for("whole.show", slug=contract.slug))]


def _section(endpoint: str = "sections.show", label: str | None = None) -> list[Way]:
    """The way to the section that the request was about, else back to the page it came from."""
    asked = request.view_args or {}
    if "section_id" not in asked or "slug" not in asked:
        return _back()
    where = {"slug": asked["slug"], "section_id": asked["section_id"]}
    return [(label or _("Open the section as it is now"), url_for(endpoint, **where))]


def _back() -> list[Way]:
    """The way to the page of ours that the request came from."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or not came_from.path.startswith("/"):
        return []
    query = f"?{came_from.query}" if came_from.query else ""
    return [(_("Back to where you were"), came_from.path + query)]


def _home() -> list[Way]:
    """The way that is always there."""
    if not current_user.is_authenticated:
        return [(_("Sign in"), url_for("people.sign_in"))]
    contract = g.get("contract")
    if contract:
        return [(_("Overview of the contract"), url_for("contracts.home", slug=contract.slug))]
    return [(_("My contracts"), url_for("contracts.index"))]


def _worded(code: int, words: Words, **details) -> Problem:
    title, text = words
    return Problem(code, str(title), str(text), _back(), details=details)


def on_refusal(refusal: Refusal) -> Response:
    """One that is not in the table belongs to a page of its own; elsewhere it is told in general words."""
    translate = REFUSALS.get(type(refusal))
    return answer(translate(refusal) if translate else _worded(409, WORDS[409]))


def on_http(fault: HTTPException) -> Response:
    """Every status that Flask, Werkzeug or `abort` raises; an unforeseen fault arrives here as a 500.

    One that brings its own page (a form that may not be sent so often) keeps it.
    """
    if fault.response is not None:
        return fault.response
    if fault.code >= 500:
        _stand_alone()
    problem = _worded(fault.code, _words(fault))
    headers = [(name, value) for name, value in fault.get_headers() if name in KEPT_HEADERS]
    if fault.code == 429 and limiter.current_limit:
        wait = max(1, round(limiter.current_limit.reset_at - clock.now().timestamp()))
        headers.append(("Retry-After", str(wait)))
    return answer(problem, headers)


def _words(fault: HTTPException) -> Words:
    """Our words for the status, with the description that was given to `abort`, when one was."""
    if isinstance(fault, CSRFError):
        return CSRF
    usual = type(fault).description
    title, text = WORDS.get(fault.code, (fault.name, usual or ""))
    given = type(fault) is default_exceptions.get(fault.code) and fault.description != usual
    return title, fault.description if given else text


def on_lost_race(fault: SQLAlchemyError) -> Response:
    """Two people at once, and the database took the other one's word."""
    current_app.logger.warning("a race was lost: %s", fault)
    db.session.rollback()
    return answer(_worded(409, FASTER))


def on_unreadable(fault: Exception) -> Response:
    """A value that no column takes: a number beyond all ids, a character that cannot be stored."""
    current_app.logger.warning("a value was refused by the database: %s", fault)
    db.session.rollback()
    return answer(_worded(400, UNREADABLE))


def on_silent_database(fault: OperationalError) -> Response:
    current_app.logger.error("the database does not answer: %s", fault)
    db.session.rollback()
    _stand_alone()
    return answer(_worded(503, UNREACHABLE), [("Retry-After", "10")])


def _stand_alone() -> None:
    """Show the page as to a stranger, without a single query: the database may be what failed."""
    g._login_user = login.anonymous_user()
    g.pop("contract", None)


def answer(problem: Problem, headers: list[tuple[str, str]] | None = None) -> Response:
    """The problem in the form that was asked for."""
    if wants_json():
        response = Response(_as_json(problem), problem.code, mimetype="application/problem+json")
    else:
        error = {
            "code": problem.code,
            "title": problem.title,
            "text": problem.text,
            "ways": [*problem.ways, *_home()],
            "typed": _typed() if problem.code in KEEPS_WORDS else [],
        }
        response = Response(render_template("errors/show.html", error=error), problem.code)
    response.headers.extend(headers or [])
    return response


def _typed() -> list[str]:
    """What somebody wrote into the form that was refused; a single word is an id, a hash or a choice."""
    return [
        words
        for name, words in request.form.items(multi=True)
        if "password" not in name and len(words.split()) > 1
    ]


def _as_json(problem: Problem) -> str:
    known = problem.kind != "about:blank"
    return json.dumps(
        {
            "type": f"urn:concord:problem:{problem.kind}" if known else problem.kind,
            "title": problem.title,
            "status": problem.code,
            "detail": problem.text,
            "instance": request.path,
            **problem.details,
        }
    )


def wants_json() -> bool:
    """Whether a program asks: by the address, by what it sends, or by what it says it takes."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    takes = request.accept_mimetypes
    return takes.best_match(["text/html", "application/json", "application/problem+json"]) in (
        "application/json",
        "application/problem+json",
    )


def _no_nul() -> None:
    """NUL is in no address of ours, and PostgreSQL refuses to compare with it."""
    if "\x00" in request.path:
        abort(404)
    if any("\x00" in name + value for name, value in request.args.items(multi=True)):
        abort(400)


def register(app: Flask) -> None:
    app.before_request(_no_nul)
    app.register_error_handler(Refusal, on_refusal)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(StaleDataError, on_lost_race)
    app.register_error_handler(IntegrityError, on_lost_race)
    app.register_error_handler(DataError, on_unreadable)
    app.register_error_handler(OverflowError, on_unreadable)
    app.register_error_handler(UnicodeEncodeError, on_unreadable)
    app.register_error_handler(OperationalError, on_silent_database)
