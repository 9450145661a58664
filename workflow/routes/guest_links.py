"""Links for people without an account: made, sent again and revoked by coordinators; and coming in by one."""

from flask import Blueprint, abort, flash, g, redirect, render_template, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_required, login_user

from .. import clock
from ..db import db, transaction
from ..extensions import limiter
from ..models import Contract, GuestLink, Organisation, Section, Sector
from ..queries import guest_links as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, Role
from ..services import guest_links
from .forms.guest_links import LinkForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("guest_links", __name__)


@blueprint.get("/c/<slug>/links")
@login_required
def index(slug: str):
    contract = _steered(slug)
    page = pages.index(contract, signed_in())
    form = LinkForm.offering(page.options, contract, formdata=None)
    return render_template("guest_links/index.html", page=page, form=form)


@blueprint.post("/c/<slug>/links")
@login_required
def make(slug: str):
    contract = _steered(slug)
    page = pages.index(contract, signed_in())
    form = LinkForm.offering(page.options, contract)
    if form.validate():
        with form.refusals(), transaction():
            link = guest_links.make(
                contract,
                by=signed_in(),
                organisation=db.session.get(Organisation, int(form.organisation.data)),
                name=form.name.data,
                email=form.email.data,
                role=Role(form.role.data),
                expires_at=clock.end_of_day(form.expires_on.data, contract.time_zone),
                language=form.language.data,
                purpose=form.purpose.data or "",
                **_scope(form),
            )
        if not form.errors:
            flash(
                _("The letter with the link to %(name)s is on its way.", name=link.person.name),
                "done",
            )
            return redirect(url_for(".index", slug=slug), 303)
    return render_template("guest_links/index.html", page=page, form=form), form.status


@blueprint.post("/c/<slug>/links/<int:link_id>/revoke")
@login_required
def revoke(slug: str, link_id: int):
    link = _link_or_404(slug, link_id)
    name = link.person.name
    with transaction():
        guest_links.revoke(link, by=signed_in())
    flash(_("The link of %(name)s no longer works. What they wrote stays.", name=name), "done")
    return redirect(url_for(".index", slug=slug), 303)


@blueprint.post("/c/<slug>/links/<int:link_id>/letter")
@login_required
@limiter.limit("100 per hour")
def resend(slug: str, link_id: int):
    link = _link_or_404(slug, link_id)
    name = link.person.name
    try:
        with transaction():
            guest_links.resend(link, by=signed_in())
        flash(_("The letter with the link to %(name)s is on its way.", name=name), "done")
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
    return redirect(url_for(".index", slug=slug), 303)


@blueprint.get("/by-link/<token>")
def door(token: str):
    """Says who comes in for whom; a letter's scanner that follows the address signs nobody in."""
    link = guest_links.by_token(token)
    page = pages.door(link, str(get_locale())) if link else None
    return render_template("guest_links/door.html", page=page), 200 if page else 410


@blueprint.post("/by-link/<token>")
@limiter.limit("60 per hour")
def enter(token: str):
    link = guest_links.by_token(token)
    if link is None:
        return render_template("guest_links/door.html", page=None), 410
    slug = link.contract.slug
    with transaction():
        person = guest_links.follow(link)
    session.clear()
    session.permanent = True
    login_user(person, force=True)
    session["_user_id"] = f"{person.get_id()}.{link.id}"
    g.guest_link = link
    return redirect(url_for("contracts.home", slug=slug), 303)


def _steered(slug: str) -> Contract:
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.INVITE, Place(contract.id))
    return contract


def _link_or_404(slug: str, link_id: int) -> GuestLink:
    contract = _steered(slug)
    link = db.session.get(GuestLink, link_id)
    if link is None or link.contract_id != contract.id:
        abort(404)
    return link


def _scope(form: LinkForm) -> dict[str, Sector | Section]:
    kind, key = form.place
    models = {"sector": Sector, "section": Section}
    return {kind: db.session.get(models[kind], key)} if kind in models else {}
