"""Positions on a text under review, steps taken back, and the plan of who has to agree."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from ..db import db, transaction
from ..models import ApprovalStep, Contract, Decision, Person, Section
from ..queries import approval_plans as pages
from ..queries import reviews as review_pages
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, Role, Stage, Stance
from ..services import approval_plans, positions, reviews, undoing
from .forms.approvals import PositionForm, StepForm
from .forms.refusals import tell
from .forms.sections import MoveForm
from .loading import contract_or_404, revision_or_404, section_or_404, signed_in

blueprint = Blueprint("approvals", __name__, url_prefix="/c/<slug>")


@blueprint.post("/sections/<int:section_id>/positions")
@login_required
def take(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    form = PositionForm()
    if not form.validate():
        return _review(section, form)
    seen = revision_or_404(section.id, form.seen.data)
    try:
        with transaction():
            reviews.take(
                section,
                Stance(form.stance.data),
                by=signed_in(),
                seen=seen,
                text=form.text.data or "",
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _review(section, form)
    flash(_taken(section), "good")
    if section.stage is Stage.APPROVED and (last := undoing.last_of(section, by=current_user)):
        flash(undo_address(section, last), "undo")
    return _back(section)


@blueprint.post("/sections/<int:section_id>/undo")
@login_required
def undo(slug: str, section_id: int):
    """Take back the step that the page showed."""
    section = section_or_404(slug, section_id)
    decision = db.session.get(Decision, request.args.get("decision", 0, int))
    if decision is None or decision.section_id != section.id:
        abort(404)
    try:
        with transaction():
            undoing.undo(decision, by=signed_in())
    except Invalid as refusal:
        flash(_(refusal.message), "warn")
    else:
        flash(_("The step is taken back, as if it had not been."), "good")
    return _back(section)


def undo_address(section: Section, decision: Decision) -> str:
    """Where exactly this step is taken back."""
    where = {"slug": section.contract.slug, "section_id": section.id}
    return url_for("approvals.undo", **where, decision=decision.id)


def _review(section: Section, form: PositionForm):
    page = review_pages.review(section, current_user)
    move = MoveForm(formdata=None, seen=section.current_id)
    return render_template("sections/review.html", page=page, form=move, position=form), 422


def _taken(section: Section) -> str:
    """What came of a position: the approval, or how many are still awaited."""
    if section.stage is Stage.APPROVED:
        return _("Your position is recorded, and the section is approved.")
    awaited = len(positions.ballot(section).awaited)
    if not awaited:
        return _("Your position is recorded.")
    return ngettext(
        "Your position is recorded. %(num)d more person is asked.",
        "Your position is recorded. %(num)d more people are asked.",
        awaited,
    )


def _back(section: Section):
    address = url_for("sections.review", slug=section.contract.slug, section_id=section.id)
    return redirect(address, 303)


@blueprint.route("/approval", methods=["GET", "POST"])
@login_required
def plan(slug: str):
    return _planned(contract_or_404(slug), None)


@blueprint.route("/sections/<int:section_id>/approval", methods=["GET", "POST"])
@login_required
def section_plan(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    return _planned(section.contract, section)


@blueprint.post("/approval/<int:step_id>/remove")
@login_required
def remove(slug: str, step_id: int):
    contract = contract_or_404(slug)
    step = db.session.get(ApprovalStep, step_id)
    if step is None or step.contract_id != contract.id:
        abort(404)
    section = db.session.get(Section, step.section_id) if step.section_id else None
    try:
        with transaction():
            approval_plans.remove(
                db.session.get(ApprovalStep, step_id), contract, section, by=signed_in()
            )
    except Invalid as refusal:
        flash(_(refusal.message), "warn")
    else:
        flash(_("The step is removed."), "good")
    return redirect(_address(contract, section), 303)


def _planned(contract: Contract, section: Section | None):
    """The page of the steps; a posted form adds one."""
    policy.require(current_user, Act.ASSIGN, approval_plans.place_of(contract, section))
    form = StepForm()
    form.people.choices = pages.judges(contract)
    if form.is_submitted() and form.validate():
        try:
            with transaction():
                approval_plans.add(
                    contract,
                    section,
                    by=signed_in(),
                    title=form.title.data,
                    order=form.order.data,
                    quorum=form.quorum.data,
                    role=Role(form.role.data) if form.role.data else None,
                    people=[db.session.get(Person, one) for one in form.people.data],
                )
        except Invalid as refusal:
            tell(form, refusal)
        else:
            flash(_("The step is added."), "good")
            return redirect(_address(contract, section), 303)
    page = pages.plan(contract, section, current_user)
    status = 422 if form.errors else 200
    return render_template("approvals/plan.html", page=page, form=form), status


def _address(contract: Contract, section: Section | None) -> str:
    if section is None:
        return url_for(".plan", slug=contract.slug)
    return url_for(".section_plan", slug=contract.slug, section_id=section.id)
