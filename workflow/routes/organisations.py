"""The page of an organisation: what its members say among themselves, and the positions that its delegate submits."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..db import db, transaction
from ..models import Contract, Membership, Organisation, Revision, Section, Thread
from ..queries import organisations as pages
from ..queries import readings, said
from ..rules import policy
from ..rules.refusals import Invalid, NotNow
from ..rules.vocabulary import Act, Mandate, OrganisationKind, RemarkKind, Visibility
from ..services import mandates, organisations
from .forms.organisations import DescribeForm, MandateForm, PositionForm
from .forms.refusals import tell
from .loading import contract_or_404, section_or_404, signed_in

blueprint = Blueprint("organisations", __name__, url_prefix="/c/<slug>/organisations")

ONE = "/<int:organisation_id>"
POSITION = ONE + "/sections/<int:section_id>/position"


@blueprint.get(ONE)
@login_required
def show(slug: str, organisation_id: int):
    return _render(*_organisation_or_404(slug, organisation_id))


def _render(contract: Contract, organisation: Organisation, form: DescribeForm | None = None):
    page = pages.page(contract, organisation, signed_in())
    known = {"kind": organisation.kind.value, "detail": organisation.detail}
    form = form or DescribeForm(formdata=None, **known)
    return render_template("organisations/show.html", page=page, form=form), form.status


@blueprint.post(ONE)
@login_required
def describe(slug: str, organisation_id: int):
    contract, organisation = _organisation_or_404(slug, organisation_id)
    form = DescribeForm()
    if form.validate():
        with form.refusals(), transaction():
            organisations.describe(
                organisation,
                by=signed_in(),
                kind=OrganisationKind(form.kind.data),
                detail=form.detail.data or "",
            )
    if form.errors:
        return _render(contract, organisation, form)
    flash(_("The description is saved."), "done")
    return redirect(url_for(".show", slug=slug, organisation_id=organisation_id), 303)


@blueprint.post(ONE + "/members/<int:membership_id>/mandate")
@login_required
def mandate(slug: str, organisation_id: int, membership_id: int):
    """Say who speaks for the organisation."""
    _contract, organisation = _organisation_or_404(slug, organisation_id)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.organisation_id != organisation.id:
        abort(404)
    form = MandateForm()
    if not form.validate():
        abort(422)
    name = membership.person.name
    with form.refusals(), transaction():
        mandates.give(membership, Mandate(form.mandate.data), by=signed_in())
    if form.errors:
        flash(" ".join(form.mandate.errors), "bad")
    else:
        flash(_("The mandate of %(name)s is changed.", name=name), "done")
    return redirect(url_for(".show", slug=slug, organisation_id=organisation_id), 303)


@blueprint.get(POSITION)
@login_required
def position(slug: str, organisation_id: int, section_id: int):
    contract, organisation, section = _speaking_or_403(slug, organisation_id, section_id)
    policy.require(signed_in(), Act.COMMENT, section.place)
    standing = organisations.position(organisation, section)
    page = pages.position_page(contract, organisation, section, signed_in(), standing)
    chosen = [one.thread_id for one in page.among if not one.taken_up or standing]
    form = PositionForm.offering(page, signed_in(), formdata=None, remarks=chosen)
    return render_template("organisations/position.html", page=page, form=form)


@blueprint.post(POSITION)
@login_required
def submit(slug: str, organisation_id: int, section_id: int):
    contract, organisation, section = _speaking_or_403(slug, organisation_id, section_id)
    standing = organisations.position(organisation, section)
    page = pages.position_page(contract, organisation, section, signed_in(), standing)
    form = PositionForm.offering(page, signed_in())
    if form.validate():
        try:
            with transaction():
                thread = organisations.submit(
                    organisation,
                    section,
                    by=signed_in(),
                    kind=RemarkKind(form.kind.data),
                    text=form.text.data,
                    remarks=said.among(organisation, signed_in(), form.remarks.data or []),
                    amends=_amended(form.amends.data),
                    visibility=Visibility(form.visibility.data),
                    language=form.language.data,
                    token=form.token.data or None,
                    **_passage(section, form.passage.data or ""),
                )
            flash(
                _(
                    "Submitted. It is comment %(number)s, and the city sees it.",
                    number=thread.number,
                ),
                "done",
            )
            return redirect(url_for(".show", slug=slug, organisation_id=organisation_id), 303)
        except Invalid as refusal:
            tell(form, refusal)
        except NotNow:
            form.form_errors.append(_("This can no longer be sent. Your words are still here."))
            return render_template("organisations/position.html", page=page, form=form), 409
    return render_template("organisations/position.html", page=page, form=form), form.status


def _amended(thread_id: int | None) -> Thread | None:
    return db.session.get(Thread, thread_id) if thread_id else None


def _passage(section: Section, chosen: str) -> dict[str, Revision | int | None]:
    """The text and the place in it that was chosen: a paragraph, or the passage of what a member said."""
    if section.current is None:
        raise Invalid("passage", "This section has no text yet that a comment could be about.")
    kind, _colon, key = chosen.partition(":")
    if kind == "remark":
        remark = db.session.get(Thread, int(key))
        return {"revision": remark.revision, "start": remark.start, "end": remark.end}
    if kind == "block":
        blocks = readings.blocks(section.current, section, signed_in())
        block = next(one for one in blocks if one.number == int(key))
        return {"revision": section.current, "start": block.start, "end": block.end}
    return {"revision": section.current}


def _organisation_or_404(slug: str, organisation_id: int) -> tuple[Contract, Organisation]:
    contract = contract_or_404(slug)
    organisation = pages.find(contract, organisation_id) or abort(404)
    return contract, organisation


def _speaking_or_403(
    slug: str, organisation_id: int, section_id: int
) -> tuple[Contract, Organisation, Section]:
    """The section on which a delegate or substitute submits, whenever it may be; members learn on their page who
    does."""
    contract, organisation = _organisation_or_404(slug, organisation_id)
    section = section_or_404(slug, section_id)
    policy.require(signed_in(), Act.COMMENT, replace(section.place, stage=None))
    if not policy.speaks_for(signed_in(), organisation.id):
        abort(403)
    return contract, organisation, section
