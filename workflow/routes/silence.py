"""Who has been silent: the page, its file, and the button that reminds."""

from collections.abc import Iterator
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required

from .. import clock, spreadsheets
from ..db import transaction
from ..labels import label
from ..models import Contract
from ..queries import organisations, silence
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act
from ..services import silence as reminding
from ..spreadsheets import MIME_TYPES, Cell, Table
from .loading import contract_or_404, signed_in

blueprint = Blueprint("silence", __name__, url_prefix="/c/<slug>")


@blueprint.get("/silence")
@login_required
def show(slug: str):
    page = silence.page(_city(slug), signed_in(), request.args)
    return render_template("silence/show.html", page=page)


@blueprint.get("/silence.csv")
@login_required
def as_csv(slug: str) -> Response:
    contract = _city(slug)
    page = silence.page(contract, signed_in(), request.args)
    headings = [
        _("Organisation"),
        _("Kind of organisation"),
        _("Sections asked about"),
        _("Sections heard on"),
        _("Silent on"),
        _("Days left"),
        _("Last seen"),
        _("Reminded"),
        _("Reminder goes to"),
    ]
    file = spreadsheets.csv_file(Table(_("Silence"), headings, _rows(page, contract.time_zone)))
    response = send_file(
        file, mimetype=MIME_TYPES["csv"], as_attachment=True, download_name=f"silence-{slug}.csv"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _rows(page: silence.SilencePage, time_zone: str) -> Iterator[list[Cell]]:
    def day(at: datetime | None) -> str | None:
        return clock.day_of(at, time_zone).isoformat() if at else None

    for line in page.lines:
        yield [
            line.name,
            str(label(line.kind)),
            line.asked,
            line.heard,
            ", ".join(line.silent_on),
            line.days_left,
            day(line.last_seen),
            day(line.reminded_at),
            line.to,
        ]


@blueprint.post("/organisations/<int:organisation_id>/reminder")
@login_required
def remind(slug: str, organisation_id: int):
    contract = _city(slug)
    organisation = organisations.find(contract, organisation_id) or abort(404)
    name = organisation.name
    try:
        with transaction():
            reminding.remind(organisation, by=signed_in())
        flash(_("The reminder to %(name)s is on its way.", name=name), "done")
    except Invalid as refusal:
        flash(f"{name}: {_(refusal.message)}", "bad")
    asked = {name: request.args[name] for name in silence.ASKED if name in request.args}
    return redirect(url_for(".show", slug=slug, **asked), 303)


def _city(slug: str) -> Contract:
    """The contract, for its own people: when somebody was last here is nobody else's business."""
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.READ_INTERNAL, Place(contract.id))
    return contract
