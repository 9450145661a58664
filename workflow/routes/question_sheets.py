"""Sheets of reviewers' questions in the browser: brought, looked through, entered."""

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
from flask_babel import ngettext
from flask_login import login_required

from .. import spreadsheets
from ..db import transaction
from ..models import Contract, Sheet
from ..queries import question_sheet as pages
from ..queries import recording
from ..queries.navigation import contract_ref
from ..queries.outline import today_of
from ..rules.question_sheet import Column
from ..rules.vocabulary import SheetKind
from ..services import question_sheets
from ..spreadsheets import Table
from .forms.questions import QuestionSheetForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("question_sheets", __name__, url_prefix="/c/<slug>/questions/sheets")


def contract_to_enter_for(slug: str) -> Contract:
    """The contract, for those who may enter questions about at least one part of it."""
    contract = contract_or_404(slug)
    question_sheets.require(signed_in(), contract.id)
    return contract


def sheet_or_404(contract: Contract, sheet_id: int) -> Sheet:
    return recording.find_sheet(contract, signed_in(), sheet_id, SheetKind.QUESTIONS) or abort(404)


@blueprint.get("")
@login_required
def index(slug: str):
    contract = contract_to_enter_for(slug)
    return _render(contract, QuestionSheetForm(formdata=None, asked_on=today_of(signed_in())))


def _render(contract: Contract, form: QuestionSheetForm):
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "waiting": recording.waiting(contract, signed_in(), SheetKind.QUESTIONS),
    }
    return render_template("question_sheets/index.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def bring(slug: str):
    """Read a sheet and show what would become of it; nothing is entered yet."""
    contract = contract_to_enter_for(slug)
    form = QuestionSheetForm()
    if form.validate():
        brought, due_on = form.file.data, form.due_on.data
        with form.refusals(), transaction():
            sheet = question_sheets.bring(
                contract,
                by=signed_in(),
                name=(brought.filename or "").replace("\x00", ""),
                content=brought.read(spreadsheets.MAX_BYTES + 1),
                defaults={
                    Column.BODY: form.body.data,
                    Column.ASKED_ON: form.asked_on.data.isoformat(),
                    Column.DUE_ON: due_on.isoformat() if due_on else "",
                },
            )
            sheet_id = sheet.id
    if form.errors:
        return _render(contract, form)
    return redirect(url_for(".show", slug=slug, sheet_id=sheet_id), 303)


@blueprint.get("/<int:sheet_id>")
@login_required
def show(slug: str, sheet_id: int):
    sheet = sheet_or_404(contract_to_enter_for(slug), sheet_id)
    page = pages.sheet(sheet, signed_in(), show=request.args.get("show", ""), page=page_asked())
    return render_template("question_sheets/show.html", page=page)


@blueprint.post("/<int:sheet_id>")
@login_required
def confirm(slug: str, sheet_id: int):
    """Enter the rows that have no fault, once."""
    sheet = sheet_or_404(contract_to_enter_for(slug), sheet_id)
    with transaction():
        number = question_sheets.confirm(sheet, by=signed_in()).recorded
    flash(
        ngettext("%(num)s question is entered.", "%(num)s questions are entered.", number), "good"
    )
    return redirect(url_for(".show", slug=slug, sheet_id=sheet_id), 303)


@blueprint.post("/<int:sheet_id>/discard")
@login_required
def discard(slug: str, sheet_id: int):
    """Throw the sheet away; what was entered from it stays."""
    sheet = sheet_or_404(contract_to_enter_for(slug), sheet_id)
    with transaction():
        question_sheets.discard(sheet, by=signed_in())
    flash(_("The sheet is thrown away."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@blueprint.get("/template.xlsx")
@login_required
def template(slug: str) -> Response:
    """An empty sheet with all columns, and a second one that says what goes where."""
    headings, guide = pages.guide(contract_to_enter_for(slug), signed_in())
    about = [_("Column"), _("What goes there"), _("What may stand there")]
    file = spreadsheets.xlsx_file(
        Table(_("Questions"), headings, []), Table(_("What goes where"), about, guide)
    )
    return send_file(
        file,
        mimetype=spreadsheets.MIME_TYPES["xlsx"],
        as_attachment=True,
        download_name="questions.xlsx",
    )
