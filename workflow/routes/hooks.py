"""Web hooks: made, changed, given another secret and looked after by those who connect other systems."""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_required

from ..db import db, transaction
from ..models import Contract, Delivery, Hook
from ..queries import hooks as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act
from ..services import hooks
from .forms.hooks import HookForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("hooks", __name__, url_prefix="/c/<slug>/hooks")

NEW_SECRET = "new_secret_of"
"""Names in the session the hook whose secret its reader is to see, once."""


@blueprint.get("")
@login_required
def index(slug: str):
    page = pages.index(_connected(slug), signed_in())
    return render_template("hooks/index.html", page=page, form=HookForm(formdata=None))


@blueprint.post("")
@login_required
def make(slug: str):
    contract = _connected(slug)
    form = HookForm()
    if form.validate():
        with form.refusals(), transaction():
            hook = hooks.make(
                contract, by=signed_in(), address=form.address.data, kinds=form.kinds.data
            )
        if not form.errors:
            return _show_secret(slug, hook)
    page = pages.index(contract, signed_in())
    return render_template("hooks/index.html", page=page, form=form), form.status


@blueprint.get("/<int:hook_id>")
@login_required
def show(slug: str, hook_id: int):
    hook = _hook_or_404(slug, hook_id)
    secret = None
    if session.get(NEW_SECRET) == hook.id:
        session.pop(NEW_SECRET)
        secret = hooks.secret(hook)
    response = make_response(_page(hook, HookForm(formdata=None, obj=hook), secret))
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:hook_id>")
@login_required
def change(slug: str, hook_id: int):
    hook = _hook_or_404(slug, hook_id)
    form = HookForm()
    if form.validate():
        with form.refusals(), transaction():
            hooks.change(
                hook,
                by=signed_in(),
                address=form.address.data,
                kinds=form.kinds.data,
                active=form.active.data,
            )
        if not form.errors:
            flash(_("The web hook is as you want it now."), "done")
            return redirect(url_for(".show", slug=slug, hook_id=hook_id), 303)
    return _page(hook, form), form.status


@blueprint.post("/<int:hook_id>/secret")
@login_required
def renew_secret(slug: str, hook_id: int):
    hook = _hook_or_404(slug, hook_id)
    with transaction():
        hooks.renew_secret(hook, by=signed_in())
    return _show_secret(slug, hook)


@blueprint.post("/<int:hook_id>/deliveries/<int:delivery_id>")
@login_required
def send_again(slug: str, hook_id: int, delivery_id: int):
    hook = _hook_or_404(slug, hook_id)
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or delivery.hook_id != hook.id:
        abort(404)
    try:
        with transaction():
            hooks.send_again(delivery, by=signed_in())
        flash(_("The message is sent again."), "done")
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
    return redirect(url_for(".show", slug=slug, hook_id=hook_id), 303)


@blueprint.get("/<int:hook_id>/remove")
@login_required
def ask_to_remove(slug: str, hook_id: int):
    hook = _hook_or_404(slug, hook_id)
    if hook.active:
        return redirect(url_for(".show", slug=slug, hook_id=hook_id), 303)
    return render_template("hooks/ask_to_remove.html", page=pages.show(hook, signed_in(), 1))


@blueprint.post("/<int:hook_id>/remove")
@login_required
def remove(slug: str, hook_id: int):
    hook = _hook_or_404(slug, hook_id)
    try:
        with transaction():
            hooks.remove(hook, by=signed_in())
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
        return redirect(url_for(".show", slug=slug, hook_id=hook_id), 303)
    flash(_("The web hook and its messages are removed."), "done")
    return redirect(url_for(".index", slug=slug), 303)


def _show_secret(slug: str, hook: Hook):
    session[NEW_SECRET] = hook.id
    return redirect(url_for(".show", slug=slug, hook_id=hook.id), 303)


def _page(hook: Hook, form: HookForm, secret: str | None = None) -> str:
    page = pages.show(hook, signed_in(), page_asked())
    return render_template("hooks/show.html", page=page, form=form, secret=secret)


def _connected(slug: str) -> Contract:
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.CONNECT, Place(contract.id))
    return contract


def _hook_or_404(slug: str, hook_id: int) -> Hook:
    return pages.find(_connected(slug), hook_id) or abort(404)
