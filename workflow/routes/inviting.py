"""Inviting organisations to sign: chosen from the list, pasted line by line, or brought as a sheet."""

from babel.numbers import get_decimal_symbol
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import login_required

from ..db import transaction
from ..models import Contract
from ..queries import inviting as pages
from ..rules.vocabulary import SheetKind
from ..services import signatory_sheets
from . import bringing
from .bringing import Bringing
from .forms.inviting import BringForm, ChooseForm
from .loading import contract_or_404, signed_in

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
    flash(_asked(len(asked)), "good")
    return redirect(url_for("signatories.index", slug=slug), 303)


def _asked(number: int) -> str:
    return ngettext(
        "%(num)s organisation is asked to sign.", "%(num)s organisations are asked to sign.", number
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
                **(bringing.file(brought) if brought else {"name": _("Pasted")}),
                pasted=form.pasted.data or "",
                due_on=form.due_on.data,
                decimal=get_decimal_symbol(get_locale()),
            )
            sheet_id = sheet.id
    if form.errors:
        return _render(contract, bring=form)
    return redirect(url_for(".sheet", slug=slug, sheet_id=sheet_id), 303)


bringing.serve(
    blueprint,
    Bringing(
        kind=SheetKind.SIGNATORIES,
        contract=contract_to_invite_for,
        page=pages.sheet,
        confirm=signatory_sheets.confirm,
        discard=signatory_sheets.discard,
        said=_asked,
        guide=pages.guide,
        title=lambda: _("Signatories"),
        name="signatories",
        begun="show",
    ),
)
