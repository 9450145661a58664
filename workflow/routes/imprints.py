"""What a city's documents bear, in the browser: its logo, its colour, the number of its grant."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..db import transaction
from ..models import Contract
from ..queries import imprints as pages
from ..queries.navigation import contract_ref
from ..rules import policy
from ..rules.picture_files import MAX_BYTES
from ..rules.policy import Place
from ..rules.vocabulary import Act
from ..services import imprints
from .forms.imprints import ImprintForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("imprints", __name__, url_prefix="/c/<slug>/imprint")

ROOM = 64 * 1024


@blueprint.before_request
def _larger_files() -> None:
    request.max_content_length = MAX_BYTES + ROOM


@blueprint.get("")
@login_required
def index(slug: str):
    contract = _steered(slug)
    return _page(contract, ImprintForm.of(pages.read(contract)))


@blueprint.post("")
@login_required
def change(slug: str):
    contract = _steered(slug)
    form = ImprintForm()
    if form.validate():
        with form.refusals(), transaction():
            imprints.change(
                contract,
                by=signed_in(),
                grant=form.grant.data or "",
                colour=form.colour.data or "",
                alt=form.alt.data or "",
                logo=form.logo.data.read(MAX_BYTES + 1) if form.logo.data else None,
                without_logo=form.without_logo.data,
            )
        if not form.errors:
            flash(_("Documents that are built from now on bear it."), "done")
            return redirect(url_for(".index", slug=slug), 303)
    return _page(contract, form)


def _page(contract: Contract, form: ImprintForm):
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "bears": pages.read(contract),
    }
    return render_template("imprints/index.html", page=page, form=form), form.status


def _steered(slug: str) -> Contract:
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.ASSIGN, Place(contract.id))
    return contract
