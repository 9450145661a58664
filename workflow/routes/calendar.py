"""The calendar of deadlines: fetched by programs under a private address, or one round at a time from its page."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, login_required

from .. import ical
from ..db import transaction
from ..models import Person
from ..queries import calendar as pages
from ..queries.calendar import Deadline
from ..services import calendar
from .loading import contract_or_404, signed_in
from .rounds import round_or_404

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar/<token>.ics")
def feed(token: str):
    """Needs no sign-in: the address itself is the key. What its person may read is asked each time."""
    person = calendar.person_of(token) or abort(404)
    with force_locale(person.language):
        return _file(person, pages.deadlines(person), name="Concord")


@blueprint.get("/c/<slug>/rounds/<int:number>.ics")
@login_required
def of_round(slug: str, number: int):
    contract = contract_or_404(slug)
    person, one = signed_in(), round_or_404(contract, number)
    with force_locale(person.language):
        found = pages.of_round(contract, one, person)
        response = _file(person, found or abort(404), name=contract.city)
    response.headers["Content-Disposition"] = f"attachment; filename={slug}-{number}.ics"
    return response


@blueprint.post("/calendar/address")
@login_required
def renew():
    if not current_user.is_active:
        abort(404)
    with transaction():
        calendar.renew(signed_in())
    flash(_("Your calendar has a new address. The old one no longer works."), "done")
    return redirect(url_for("inbox.preferences", _anchor="calendar"), 303)


def _file(person: Person, deadlines: Sequence[Deadline], *, name: str) -> Response:
    """The file as the person's programs keep it: unchanged while nothing in it changed."""
    person_id, language = person.id, person.language
    entries = calendar.entries(person_id, deadlines)
    if entries is None:
        with transaction():
            calendar.keep(person_id, deadlines)
            entries = calendar.entries(person_id, deadlines)
    body = ical.written(entries, name=name, language=language)
    response = Response(body, mimetype=ical.MIME_TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
