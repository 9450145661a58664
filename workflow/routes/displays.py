"""What is on display: correcting it, the evidence of it as page and file, and what came too late."""

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_required

from .. import clock, spreadsheets
from ..db import transaction
from ..models import Section
from ..queries import consultation, evidence, texts, tray
from ..rules import policy
from ..rules.refusals import Outdated
from ..rules.vocabulary import Act
from ..services import corrections
from .forms.rounds import CorrectForm
from .loading import contract_or_404, revision_or_404, section_or_404, signed_in
from .merging import keep_in_any_case
from .rounds import round_or_404

blueprint = Blueprint("displays", __name__, url_prefix="/c/<slug>/rounds")


@blueprint.route("/correct/<int:section_id>", methods=["GET", "POST"])
@login_required
def correct(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    if request.method == "GET":
        policy.require(current_user, Act.CORRECT, section.place)
        current = section.current
        form = CorrectForm(
            formdata=None, markdown=current.markdown if current else "", base=section.current_id
        )
        return _correction(section, form)
    form = CorrectForm()
    base, markdown = revision_or_404(section.id, form.base.data), form.markdown.data or ""
    keep_in_any_case(section, base=base, markdown=markdown, act=Act.CORRECT)
    try:
        if form.validate():
            with form.refusals(), transaction():
                corrections.correct(
                    section,
                    by=signed_in(),
                    markdown=markdown,
                    base=base,
                    reason=form.reason.data or "",
                )
    except Outdated:
        return _behind(section_or_404(slug, section_id), form)
    if form.errors:
        return _correction(section_or_404(slug, section_id), form)
    flash(_("The displayed text is corrected; everybody who was asked hears of it."), "done")
    return redirect(url_for("sections.show", slug=slug, section_id=section_id), 303)


def _behind(section: Section, form: CorrectForm):
    """Somebody was faster: the words stay, and go onto the text that is shown by now when they are sent again."""
    form.base.data, form.base.raw_data = section.current_id, None
    form.form_errors.append(
        _(
            "Somebody else has just corrected this text. Your words are still here: compare them with what is shown "
            "by now, and send them again if they should take its place."
        )
    )
    return _correction(section, form, 409)


def _correction(section: Section, form: CorrectForm, status: int | None = None):
    page = texts.edit(
        section, current_user, markdown=form.markdown.data or "", base_id=form.base.data
    )
    return render_template("rounds/correct.html", page=page, form=form), status or form.status


@blueprint.get("/<int:number>/evidence")
@login_required
def proof(slug: str, number: int):
    return render_template("rounds/evidence.html", page=_evidence(slug, number))


@blueprint.get("/<int:number>/evidence.json")
@login_required
def proof_as_json(slug: str, number: int) -> Response:
    return _kept_private(jsonify(evidence.as_json(_evidence(slug, number))))


@blueprint.get("/<int:number>/evidence.csv")
@login_required
def proof_as_csv(slug: str, number: int) -> Response:
    page = _evidence(slug, number)
    headings = [_("Section"), _("Title"), _("Revision"), "SHA-256", _("From"), _("To")]
    table = spreadsheets.Table(_("On display"), headings, evidence.cells(page))
    return _kept_private(
        send_file(
            spreadsheets.csv_file(table),
            mimetype=spreadsheets.MIME_TYPES["csv"],
            as_attachment=True,
            download_name=f"display-{slug}-{number}.csv",
        )
    )


@blueprint.get("/late")
@login_required
def late(slug: str):
    page = tray.page(contract_or_404(slug), current_user)
    return render_template("rounds/late.html", page=page)


def _evidence(slug: str, number: int) -> evidence.EvidencePage:
    contract = contract_or_404(slug)
    one = round_or_404(contract, number)
    state = consultation.state_of(one, clock.now())
    return evidence.page(contract, one, current_user, state=state)


def _kept_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
