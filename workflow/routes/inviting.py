"""Inviting organisations to sign: chosen from the list, pasted line by line, or brought as a sheet."""

from babel.numbers import get_decimal_symbol
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
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import login_required

from .. import spreadsheets
from ..db import transaction
from ..models import Contract, Sheet
from ..queries import inviting as pages
from ..queries import recording
from ..rules.vocabulary import SheetKind
from ..services import signatory_sheets
from ..spreadsheets import Table
from .forms.inviting import BringForm, ChooseForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("inviting", __name__, url_prefix="/c/<slug>/signatories/invite")


def contract_to_invite_for(slug: str) -> Contract:
    contract = contract_or_404(slug)
    signatory_sheets.require(signed_in(), contract.id)
    return contract


@blueprint.get("")
@login_required
def show(slug: str):
    return _render(contract_to_invite_for(slug))


def _render(contract: Contract, choose: ChooseForm | None = None, bring: BringForm | None = None):
    page = pages.page(contract, signed_in())
    forms = {
        "choose": choose or ChooseForm.offering(page, formdata=None),
        "bring": bring or BringForm(formdata=None),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render_template("inviting/show.html", page=page, forms=forms), status


@blueprint.post("")
@login_required
def invite(slug: str):
    """Ask the organisations that were chosen."""
    contract = contract_to_invite_for(slug)
    form = ChooseForm.offering(pages.page(contract, signed_in()))
    if form.validate():
        with form.refusals(), transaction():
            asked = signatory_sheets.invite(
                contract, form.chosen.data, by=signed_in(), due_on=form.due_on.data
            )
    if form.errors:
        return _render(contract, choose=form)
    _say_asked(len(asked))
    return redirect(url_for("signatories.index", slug=slug), 303)


def _say_asked(number: int) -> None:
    flash(
        ngettext(
            "%(num)s organisation is asked to sign.",
            "%(num)s organisations are asked to sign.",
            number,
        ),
        "good",
    )


@blueprint.post("/sheets")
@login_required
def bring(slug: str):
    """Read what was pasted or brought, and show what would become of it; nobody is invited yet."""
    contract = contract_to_invite_for(slug)
    form = BringForm()
    if form.validate():
        brought = form.file.data
        with form.refusals(), transaction():
            sheet = signatory_sheets.bring(
                contract,
                by=signed_in(),
                name=(brought.filename or "").replace("\x00", "") if brought else _("Pasted"),
                content=brought.read(spreadsheets.MAX_BYTES + 1) if brought else b"",
                pasted=form.pasted.data or "",
                due_on=form.due_on.data,
                decimal=get_decimal_symbol(get_locale()),
            )
            sheet_id = sheet.id
    if form.errors:
        return _render(contract, bring=form)
    return redirect(url_for(".sheet", slug=slug, sheet_id=sheet_id), 303)


def sheet_or_404(slug: str, sheet_id: int) -> Sheet:
    contract = contract_to_invite_for(slug)
    kind = SheetKind.SIGNATORIES
    return recording.find_sheet(contract, signed_in(), sheet_id, kind) or abort(404)


@blueprint.get("/sheets/<int:sheet_id>")
@login_required
def sheet(slug: str, sheet_id: int):
    page = pages.sheet(
        sheet_or_404(slug, sheet_id),
        signed_in(),
        show=request.args.get("show", ""),
        page=page_asked(),
    )
    return render_template("inviting/sheet.html", page=page)


@blueprint.post("/sheets/<int:sheet_id>")
@login_required
def confirm(slug: str, sheet_id: int):
    """Invite everybody whose row has no fault, once."""
    brought = sheet_or_404(slug, sheet_id)
    with transaction():
        number = signatory_sheets.confirm(brought, by=signed_in()).recorded
    _say_asked(number)
    return redirect(url_for(".sheet", slug=slug, sheet_id=sheet_id), 303)


@blueprint.post("/sheets/<int:sheet_id>/discard")
@login_required
def discard(slug: str, sheet_id: int):
    """Throw the sheet away; who was invited stays."""
    brought = sheet_or_404(slug, sheet_id)
    with transaction():
        signatory_sheets.discard(brought, by=signed_in())
    flash(_("The sheet is thrown away."), "done")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.get("/template.xlsx")
@login_required
def template(slug: str) -> Response:
    """An empty sheet with all columns, and a second one that says what goes where."""
    headings, guide = pages.guide(contract_to_invite_for(slug), signed_in())
    about = [_("Column"), _("What goes there"), _("What may stand there")]
    file = spreadsheets.xlsx_file(
        Table(_("Signatories"), headings, []), Table(_("What goes where"), about, guide)
    )
    return send_file(
        file,
        mimetype=spreadsheets.MIME_TYPES["xlsx"],
        as_attachment=True,
        download_name="signatories.xlsx",
    )
