"""The list of signatories, its file, and the page of one of them with its steps."""

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

from .. import spreadsheets, storage
from ..db import transaction
from ..labels import label
from ..models import Contract, Signatory
from ..queries import signatories as pages
from ..queries import signatory as one
from ..queries import signatory_filters, signatory_sheet, signatory_sight
from ..rules import letter_files
from ..rules.refusals import Invalid
from ..rules.vocabulary import SignatoryStatus
from ..services import signatories, signed_letters
from ..spreadsheets import MIME_TYPES, Table
from .forms.signatories import DueForm, StepForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("signatories", __name__, url_prefix="/c/<slug>")

ALL = "/signatories"
ONE = f"{ALL}/<int:signatory_id>"
LETTER_POLICY = "default-src 'none'; sandbox"
"""A letter is a stranger's file: it is saved, never shown inside our pages, and runs nothing."""


@blueprint.get(ALL)
@login_required
def index(slug: str):
    page = pages.page(contract_or_404(slug), signed_in(), request.args, page=page_asked())
    return render_template("signatories/index.html", page=page)


@blueprint.get(f"{ALL}.csv")
@login_required
def as_csv(slug: str) -> Response:
    """A line for each commitment, or for a signatory without one; with the filters of the page."""
    contract, person = contract_or_404(slug), signed_in()
    asked = signatory_filters.asked(contract, person, request.args)
    table = Table(
        _("Signatories"),
        signatory_sheet.headings(),
        signatory_sheet.rows(contract, person, asked),
    )
    response = send_file(
        spreadsheets.csv_file(table),
        mimetype=MIME_TYPES["csv"],
        as_attachment=True,
        download_name=f"signatories-{slug}.csv",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get(ONE)
@login_required
def show(slug: str, signatory_id: int):
    return _render(*signatory_or_404(slug, signatory_id))


def _render(contract: Contract, signatory: Signatory, step=None, due=None):
    page = one.page(contract, signatory, signed_in())
    forms = {
        "step": step or StepForm(formdata=None, seen=page.seen),
        "due": due or DueForm(formdata=None, due_on=page.due_on),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render_template("signatories/show.html", page=page, forms=forms), status


@blueprint.post(f"{ONE}/steps")
@login_required
def move(slug: str, signatory_id: int):
    """One step along the way; where a reason lacks, the page says so and keeps what was typed."""
    contract, signatory = signatory_or_404(slug, signatory_id)
    form = StepForm()
    if form.validate():
        with form.refusals(), transaction():
            to = SignatoryStatus(form.to.data)
            signatories.move(
                signatory, to, by=signed_in(), seen=form.seen.data, reason=form.reason.data or ""
            )
    if form.errors:
        return _render(contract, signatory, step=form)
    flash(_("The signature is now at “%(status)s”.", status=label(to)), "good")
    return redirect(url_for(".show", slug=slug, signatory_id=signatory_id), 303)


@blueprint.post(f"{ONE}/due")
@login_required
def due(slug: str, signatory_id: int):
    contract, signatory = signatory_or_404(slug, signatory_id)
    form = DueForm()
    if form.validate():
        with form.refusals(), transaction():
            signatories.set_due(signatory, form.due_on.data, by=signed_in())
    if form.errors:
        return _render(contract, signatory, due=form)
    flash(_("The day is saved. Reminders go by it."), "good")
    return redirect(url_for(".show", slug=slug, signatory_id=signatory_id), 303)


@blueprint.post(f"{ONE}/reminder")
@login_required
def remind(slug: str, signatory_id: int):
    _contract, signatory = signatory_or_404(slug, signatory_id)
    name = signatory.organisation.name
    try:
        with transaction():
            signatories.remind(signatory, by=signed_in())
        flash(_("The reminder to %(name)s is on its way.", name=name), "good")
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
    return redirect(url_for(".show", slug=slug, signatory_id=signatory_id), 303)


@blueprint.get(f"{ONE}/letters/<key>")
@login_required
def letter(slug: str, signatory_id: int, key: str) -> Response:
    """A letter, for whoever reads all of the signatory, and the one that is there now if it may be published."""
    _contract, signatory = signatory_or_404(slug, signatory_id)
    published = signatory.may_publish and key == signatory.letter_key
    if not published and not signatory_sight.reads(signed_in(), signatory):
        abort(404)
    if not signed_letters.belongs(signatory, key):
        abort(404)
    return letter_file(signatory, key)


def letter_file(signatory: Signatory, key: str) -> Response:
    """The letter to be saved under the right name."""
    path = storage.find(key) or abort(404)
    kind = letter_files.kind_of(path.read_bytes()) or letter_files.UNKNOWN
    name = signatory.letter_name if key == signatory.letter_key else f"{key[:12]}.{kind.ending}"
    response = send_file(
        path, mimetype=kind.mime, as_attachment=True, download_name=name, etag=key, max_age=0
    )
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def signatory_or_404(slug: str, signatory_id: int) -> tuple[Contract, Signatory]:
    contract = contract_or_404(slug)
    return contract, one.find(contract, signatory_id) or abort(404)
