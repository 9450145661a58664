"""The pages of a round of consultation, and what coordinators do with it."""

from collections.abc import Collection
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import select

from .. import clock
from ..db import db, transaction
from ..models import Contract, Round, Section
from ..queries import announcing, choosing, consultation
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid, Unready
from ..rules.vocabulary import Act, RoundAudience
from ..services import planning, rounds
from .forms.refusals import tell
from .forms.rounds import CloseForm, ExtendForm, LengthForm, PlanForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("rounds", __name__, url_prefix="/c/<slug>/rounds")


def round_or_404(contract: Contract, number: int) -> Round:
    found = consultation.find(contract, number)
    if found is None:
        abort(404)
    return found


@blueprint.get("/<int:number>")
@login_required
def show(slug: str, number: int):
    contract = contract_or_404(slug)
    return _round(contract, round_or_404(contract, number))


def _round(contract: Contract, one: Round, status: int = 200, **forms):
    """The page of the round; `forms` are those that could not be taken."""
    page = consultation.page(contract, one, current_user)
    forms = {"extend": ExtendForm(formdata=None), "close": CloseForm(formdata=None)} | forms
    return render_template("rounds/show.html", page=page, forms=forms), status


@blueprint.route("/open", methods=["GET", "POST"])
@login_required
def create(slug: str):
    contract = contract_or_404(slug)
    chosen = _chosen(contract)
    if request.method == "GET":
        return _plan(contract, PlanForm(formdata=None), chosen)
    form = PlanForm()
    if request.form.get("step") != "open" or not form.validate():
        return _plan(contract, _announced(form, contract, chosen), chosen)
    try:
        with transaction():
            made = rounds.plan(contract, chosen, by=signed_in(), **_asked(form, contract, chosen))
            number, opened = made.number, made.opened_at
    except Invalid as refusal:
        tell(form, refusal)
        return _plan(contract, form, chosen)
    except Unready as refusal:
        return _plan(contract, form, chosen, refusal)
    flash(_("The round is open.") if opened else _("The round is planned."), "done")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.route("/<int:number>/plan", methods=["GET", "POST"])
@login_required
def change(slug: str, number: int):
    contract = contract_or_404(slug)
    planned = round_or_404(contract, number)
    if request.method == "GET":
        return _plan(contract, _form_of(planned), list(planned.sections), planned=planned)
    form, chosen = PlanForm(), _chosen(contract)
    if request.form.get("step") != "open" or not form.validate():
        return _plan(contract, _announced(form, contract, chosen), chosen, planned=planned)
    try:
        with transaction():
            rounds.change(planned, chosen, by=signed_in(), **_asked(form, contract, chosen))
    except Invalid as refusal:
        tell(form, refusal)
        return _plan(contract, form, chosen, planned=planned)
    except Unready as refusal:
        return _plan(contract, form, chosen, refusal, planned=planned)
    flash(_("Saved what is planned."), "done")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/<int:number>/begin")
@login_required
def begin(slug: str, number: int):
    contract = contract_or_404(slug)
    planned = round_or_404(contract, number)
    with transaction():
        rounds.begin(planned, by=signed_in())
    flash(_("The round is open."), "done")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/<int:number>/cancel")
@login_required
def cancel(slug: str, number: int):
    contract = contract_or_404(slug)
    planned = round_or_404(contract, number)
    with transaction():
        rounds.cancel(planned, by=signed_in())
    flash(_("The round was cancelled before it opened."), "done")
    return redirect(url_for("matrix.index", slug=slug), 303)


@blueprint.post("/<int:number>/extend")
@login_required
def extend(slug: str, number: int):
    contract = contract_or_404(slug)
    running, form = round_or_404(contract, number), ExtendForm()
    if form.validate():
        with form.refusals(), transaction():
            rounds.extend(
                running,
                by=signed_in(),
                closes_at=_end_of_day(form.closes_at.data, contract),
                reason=form.reason.data or "",
            )
    if form.errors:
        db.session.rollback()
        return _round(contract, round_or_404(contract, number), 422, extend=form)
    flash(_("The round is extended; everybody who was asked hears of it."), "done")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/<int:number>/close")
@login_required
def close(slug: str, number: int):
    contract = contract_or_404(slug)
    running, form = round_or_404(contract, number), CloseForm()
    if form.validate():
        with form.refusals(), transaction():
            rounds.close(running, by=signed_in(), reason=form.reason.data or "")
    if form.errors:
        db.session.rollback()
        return _round(contract, round_or_404(contract, number), 422, close=form)
    flash(_("The round is closed."), "done")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/length")
@login_required
def length(slug: str):
    contract = contract_or_404(slug)
    form = LengthForm()
    if not form.validate():
        flash(_("Please give a number of days between 1 and 365."), "error")
    else:
        with transaction():
            planning.set_public_days(contract, by=signed_in(), days=form.days.data)
        flash(_("Saved how long public rounds last at least."), "done")
    return redirect(url_for(".create", slug=slug), 303)


def _plan(
    contract: Contract,
    form: PlanForm,
    chosen: Collection[Section],
    refusal: Unready | None = None,
    planned: Round | None = None,
):
    """The page on which a round is planned, with everything that was typed and ticked; what cannot be opened is seen
    past any filter."""
    db.session.rollback()
    if refusal:
        form.component.data = form.sector.data = ""
    wanted = {"component": form.component.data, "sector": form.sector.data}
    page = choosing.page(
        contract, current_user, chosen={section.id for section in chosen}, wanted=wanted
    )
    if not page.may_plan:
        policy.require(current_user, Act.CONSULT, Place(contract.id))
    form.component.choices = [("", _("All parts")), *page.components]
    form.sector.choices = [("", _("All sectors")), *page.sectors]
    hindered = dict(refusal.hindered) if refusal else {}
    status = 409 if refusal else form.status
    return render_template(
        "rounds/plan.html",
        page=page,
        form=form,
        hindered=hindered,
        planned=planned.number if planned else None,
        days=LengthForm(formdata=None, days=page.public_days),
    ), status


def _chosen(contract: Contract) -> list[Section]:
    """The sections of this contract that are ticked, in the order of the outline."""
    ids = {one for one in request.values.getlist("section", int) if 0 < one < 2**31}
    if not ids:
        return []
    return list(
        db.session.scalars(
            select(Section)
            .where(Section.contract_id == contract.id, Section.id.in_(ids))
            .order_by(Section.module_id, Section.position, Section.id)
        )
    )


def _announced(form: PlanForm, contract: Contract, chosen: Collection[Section]) -> PlanForm:
    """The form with the usual words for what is chosen, where they are asked for."""
    if request.form.get("step") == "announce":
        closes_at = _end_of_day(form.closes_at.data, contract)
        form.announcement.data = announcing.announcement(contract, chosen, closes_at)
    return form


def _asked(form: PlanForm, contract: Contract, chosen: Collection[Section]) -> dict:
    """What the verbs are told; a round that is announced with no words is announced with the usual ones."""
    closes_at = _end_of_day(form.closes_at.data, contract)
    words = (form.announcement.data or "").strip()
    return {
        "opens_at": _moment(form.opens_at.data),
        "closes_at": closes_at,
        "audience": RoundAudience(form.audience.data),
        "title": form.title.data or "",
        "announcement": words or announcing.announcement(contract, chosen, closes_at),
    }


def _form_of(planned: Round) -> PlanForm:
    return PlanForm(
        formdata=None,
        title=planned.title,
        audience=planned.audience.value,
        opens_at=clock.local(planned.opens_at, current_user.time_zone),
        closes_at=clock.day_of(planned.closes_at, planned.contract.time_zone),
        announcement=planned.announcement,
    )


def _moment(local: datetime | None) -> datetime | None:
    """A time of the person's wall clock."""
    return clock.at_wall(local, current_user.time_zone) if local else None


def _end_of_day(day: date | None, contract: Contract) -> datetime | None:
    """A closing day means: until it is over in the city."""
    return clock.end_of_day(day, contract.time_zone) if day else None
