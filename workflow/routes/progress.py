"""The way to submission: the page, and the date itself."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..db import transaction
from ..models import Contract
from ..queries import progress
from ..services import contracts
from .forms.board import SubmissionForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("progress", __name__, url_prefix="/c/<slug>/progress")


@blueprint.get("")
@login_required
def show(slug: str):
    contract = contract_or_404(slug)
    return _page(contract, SubmissionForm(formdata=None, submit_on=contract.submit_on))


def _page(contract: Contract, form: SubmissionForm):
    page = progress.progress(contract, signed_in())
    return render_template("progress/show.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def plan(slug: str):
    contract = contract_or_404(slug)
    form = SubmissionForm()
    if form.validate():
        with form.refusals(), transaction():
            contracts.plan_submission(contract, by=signed_in(), on=form.submit_on.data)
    if form.errors:
        return _page(contract, form)
    flash(_("The submission date is set."), "good")
    return redirect(url_for(".show", slug=slug), 303)
