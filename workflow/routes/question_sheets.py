"""Sheets of reviewers' questions in the browser: brought, looked through, entered."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..db import transaction
from ..models import Contract
from ..queries import bringing as brought
from ..queries import question_sheet as pages
from ..queries.navigation import contract_ref
from ..queries.outline import today_of
from ..rules.question_sheet import Column
from ..rules.vocabulary import SheetKind
from ..services import question_sheets
from . import bringing
from .bringing import Bringing
from .forms.questions import QuestionSheetForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("question_sheets", __name__, url_prefix="/c/<slug>/questions/sheets")


def contract_to_enter_for(slug: str) -> Contract:
    """The contract, for those who may enter questions about at least one part of it."""
    contract = contract_or_404(slug)
    question_sheets.require(signed_in(), contract.id)
    return contract


@blueprint.get("")
@login_required
def index(slug: str):
    contract = contract_to_enter_for(slug)
    return _render(contract, QuestionSheetForm(formdata=None, asked_on=today_of(signed_in())))


def _render(contract: Contract, form: QuestionSheetForm):
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "waiting": brought.waiting(contract, signed_in(), SheetKind.QUESTIONS),
    }
    return render_template("question_sheets/index.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def bring(slug: str):
    """Read a sheet and show what would become of it; nothing is entered yet."""
    contract = contract_to_enter_for(slug)
    form = QuestionSheetForm()
    if form.validate():
        due_on = form.due_on.data
        with form.refusals(), transaction():
            sheet = question_sheets.bring(
                contract,
                by=signed_in(),
                **bringing.file(form.file.data),
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


def _entered(number: int) -> str:
    return ngettext("%(num)s question is entered.", "%(num)s questions are entered.", number)


bringing.serve(
    blueprint,
    Bringing(
        kind=SheetKind.QUESTIONS,
        contract=contract_to_enter_for,
        page=pages.sheet,
        confirm=question_sheets.confirm,
        discard=question_sheets.discard,
        said=_entered,
        guide=pages.guide,
        title=lambda: _("Questions"),
        name="questions",
        shown="show",
    ),
    under="",
)
