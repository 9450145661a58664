"""The way of an organisation to its signature, a page a step: what it commits to, who signs, the letter, signing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..db import db, transaction
from ..models import Commitment, Contract, Sector, Signatory
from ..queries import signatory as pages
from ..rules import letter_files, policy
from ..rules.refusals import Denied
from ..rules.vocabulary import Act, Tier
from ..services import commitments, signatories, signatures, signed_letters
from ..services.commitments import Promise
from .forms.signatories import LetterForm, PromiseForm, SignForm, WhoForm
from .loading import signed_in
from .signatories import ONE, signatory_or_404

blueprint = Blueprint("signing", __name__, url_prefix="/c/<slug>")

ROOM = 256 * 1024
"""What a form with a file needs besides the file."""


@blueprint.url_value_preprocessor
def _let_letters_in(endpoint: str | None, _values: dict | None) -> None:
    """A scanned letter is larger than anything else that people send."""
    if endpoint == "signing.lay" and request.method == "POST":
        request.max_content_length = letter_files.MAX_BYTES + ROOM


@blueprint.get(f"{ONE}/commitments")
@login_required
def promises(slug: str, signatory_id: int):
    contract, signatory = _mine_or_403(slug, signatory_id)
    return _promises(contract, signatory, _promise_form(contract, formdata=None))


@blueprint.post(f"{ONE}/commitments")
@login_required
def promise(slug: str, signatory_id: int):
    contract, signatory = _mine_or_403(slug, signatory_id)
    form = _promise_form(contract)
    if form.validate():
        with form.refusals(), transaction():
            commitments.add(signatory, _said(form), by=signed_in())
    if form.errors:
        return _promises(contract, signatory, form)
    flash(_("The commitment is written down."), "good")
    return redirect(url_for(".promises", slug=slug, signatory_id=signatory_id), 303)


def _promises(contract: Contract, signatory: Signatory, form: PromiseForm):
    page = pages.page(contract, signatory, signed_in())
    return render_template("signing/promises.html", page=page, form=form), form.status


@blueprint.get(f"{ONE}/commitments/<int:commitment_id>")
@login_required
def edit(slug: str, signatory_id: int, commitment_id: int):
    contract, signatory, commitment = _commitment_or_404(slug, signatory_id, commitment_id)
    return _edit(contract, signatory, commitment)


@blueprint.post(f"{ONE}/commitments/<int:commitment_id>")
@login_required
def change(slug: str, signatory_id: int, commitment_id: int):
    contract, signatory, commitment = _commitment_or_404(slug, signatory_id, commitment_id)
    form = _promise_form(contract)
    if form.validate():
        with form.refusals(), transaction():
            commitments.change(commitment, _said(form), by=signed_in(), seen=form.seen.data or 0)
    if form.errors:
        return _edit(contract, signatory, commitment, form)
    flash(_("The commitment is saved."), "good")
    return redirect(url_for(".promises", slug=slug, signatory_id=signatory_id), 303)


def _edit(
    contract: Contract,
    signatory: Signatory,
    commitment: Commitment,
    form: PromiseForm | None = None,
):
    page = pages.page(contract, signatory, signed_in())
    form = form or _promise_form(contract, commitment, formdata=None)
    return (
        render_template("signing/edit.html", page=page, form=form, commitment=commitment),
        form.status,
    )


@blueprint.post(f"{ONE}/commitments/<int:commitment_id>/remove")
@login_required
def remove(slug: str, signatory_id: int, commitment_id: int):
    _contract, _signatory, commitment = _commitment_or_404(slug, signatory_id, commitment_id)
    with transaction():
        commitments.remove(commitment, by=signed_in())
    flash(_("The commitment is taken out."), "done")
    return redirect(url_for(".promises", slug=slug, signatory_id=signatory_id), 303)


@blueprint.route(f"{ONE}/who", methods=["GET", "POST"])
@login_required
def who(slug: str, signatory_id: int):
    contract, signatory = _mine_or_403(slug, signatory_id)
    page = pages.page(contract, signatory, signed_in())
    form = WhoForm.about(page)
    if form.validate_on_submit():
        with form.refusals(), transaction():
            signatories.describe(
                signatory,
                by=signed_in(),
                seen=form.seen.data or 0,
                representative=form.representative.data,
                office=form.office.data or "",
                may_publish=form.may_publish.data,
            )
        if not form.errors:
            return redirect(url_for(".lay", slug=slug, signatory_id=signatory_id), 303)
    return render_template("signing/who.html", page=page, form=form), form.status


@blueprint.route(f"{ONE}/letter", methods=["GET", "POST"])
@login_required
def lay(slug: str, signatory_id: int):
    """Lay the letter beside."""
    contract, signatory = _mine_or_403(slug, signatory_id)
    page = pages.page(contract, signatory, signed_in())
    form = LetterForm(seen=page.seen)
    if form.validate_on_submit():
        brought = form.letter.data
        with form.refusals(), transaction():
            signed_letters.attach(
                signatory,
                by=signed_in(),
                seen=form.seen.data,
                name=(brought.filename or "").replace("\x00", ""),
                content=brought.read(letter_files.MAX_BYTES + 1),
            )
        if not form.errors:
            flash(_("The letter is laid beside."), "good")
            return redirect(url_for(".sign", slug=slug, signatory_id=signatory_id), 303)
    return render_template("signing/letter.html", page=page, form=form), form.status


@blueprint.get(f"{ONE}/sign")
@login_required
def sign(slug: str, signatory_id: int):
    return _sign(*_mine_or_403(slug, signatory_id))


def _sign(contract: Contract, signatory: Signatory, form: SignForm | None = None):
    page = pages.page(contract, signatory, signed_in())
    form = form or SignForm.about(page, formdata=None)
    return render_template("signing/sign.html", page=page, form=form), form.status


@blueprint.post(f"{ONE}/sign")
@login_required
def signed(slug: str, signatory_id: int):
    """Sign exactly the manifest that the page showed."""
    contract, signatory = _mine_or_403(slug, signatory_id)
    name = signatory.organisation.name
    form = SignForm.about(pages.page(contract, signatory, signed_in()))
    if form.validate():
        with form.refusals(), transaction():
            signatures.sign(
                signatory,
                by=signed_in(),
                seen=form.seen.data,
                sha256=form.sha256.data or "",
                on=form.on.data,
            )
    if form.errors:
        return _sign(contract, signatory, form)
    flash(_("%(name)s has signed.", name=name), "good")
    return redirect(url_for("signatories.show", slug=slug, signatory_id=signatory_id), 303)


def _promise_form(
    contract: Contract, commitment: Commitment | None = None, **values
) -> PromiseForm:
    return PromiseForm.offering(pages.sectors(contract, signed_in()), commitment, **values)


def _said(form: PromiseForm) -> Promise:
    return Promise(
        text=form.text.data,
        tier=Tier(form.tier.data),
        tonnes_per_year=form.tonnes_per_year.data,
        investment_eur=form.investment_eur.data,
        by_year=form.by_year.data,
        sector=db.session.get(Sector, int(form.sector.data)) if form.sector.data else None,
        may_publish=form.may_publish.data,
    )


def _mine_or_403(slug: str, signatory_id: int) -> tuple[Contract, Signatory]:
    """The signatory, for whoever takes its steps."""
    contract, signatory = signatory_or_404(slug, signatory_id)
    if not signatories.parties(signed_in(), signatory):
        raise Denied(Act.SIGN_OFF, policy.GRANTS[Act.SIGN_OFF])
    return contract, signatory


def _commitment_or_404(
    slug: str, signatory_id: int, commitment_id: int
) -> tuple[Contract, Signatory, Commitment]:
    contract, signatory = _mine_or_403(slug, signatory_id)
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None or commitment.signatory_id != signatory.id:
        abort(404)
    return contract, signatory, commitment
