"""Moderation in the browser: the queue, the log, and the acts on the cards of comments."""

from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required

from ..db import db, transaction
from ..models import Comment, Contract
from ..queries import moderation as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act
from ..services import moderation
from .forms.guests import WordsForm
from .forms.moderation import DecisionForm
from .forms.refusals import tell
from .loading import contract_or_404, page_asked, signed_in, thread_or_404

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/c/<slug>/moderation")
@login_required
def show(slug: str):
    return _page(_contract(slug), DecisionForm(formdata=None))


def _contract(slug: str) -> Contract:
    contract = contract_or_404(slug)
    here = {m.role for m in signed_in().memberships if m.contract_id == contract.id}
    if here.isdisjoint(policy.GRANTS[Act.MODERATE]):
        policy.require(signed_in(), Act.MODERATE, Place(contract.id))
    return contract


def _page(contract: Contract, form: DecisionForm, status: int = 200, chosen: Collection[int] = ()):
    """The queue; a `form` that could not be taken stands again where these comments were decided on."""
    page = pages.page(contract, signed_in(), request.args, page_asked())
    blank = DecisionForm(formdata=None)
    shown = render_template(
        "moderation/show.html", page=page, form=form, blank=blank, chosen=chosen
    )
    return shown, status


@blueprint.post("/c/<slug>/moderation")
@login_required
def decide(slug: str):
    """Release or hide what was ticked, with one reason; or decide on a flag or an appeal."""
    contract = _contract(slug)
    form = DecisionForm()
    ids = request.form.getlist("comment", int)
    comments = pages.chosen(contract, signed_in(), ids)
    if not comments:
        form.form_errors.append(_("Please choose at least one comment."))
        return _page(contract, form, 422)
    if not form.validate():
        return _page(contract, form, 422, ids)
    verb, told = VERBS[form.act.data]
    try:
        with transaction():
            done = verb(comments, by=signed_in(), reason=form.reason.data or "")
    except Invalid as refusal:
        tell(form, refusal)
        return _page(contract, form, 422, ids)
    flash(told(done), "done")
    return redirect(url_for(".show", slug=slug), 303)


def _one_by_one(verb):
    def act(comments: list[Comment], *, by, reason: str) -> int:
        for comment in comments:
            verb(comment, by=by, reason=reason)
        return len(comments)

    return act


def _released(comments, *, by, reason):
    return moderation.each(comments, by=by, restore=True)


def _hidden(comments, *, by, reason):
    return moderation.each(comments, by=by, restore=False, reason=reason)


def _restore(comment, *, by, reason):
    return moderation.decide(comment, by=by, restore=True, reason=reason)


def _uphold(comment, *, by, reason):
    return moderation.decide(comment, by=by, restore=False, reason=reason)


VERBS = {
    "release": (
        _released,
        lambda n: ngettext("%(num)d comment is shown.", "%(num)d comments are shown.", n),
    ),
    "hide": (
        _hidden,
        lambda n: ngettext("%(num)d comment is hidden.", "%(num)d comments are hidden.", n),
    ),
    "dismiss": (_one_by_one(moderation.dismiss), lambda n: _("The comment stays as it is.")),
    "restore": (_one_by_one(_restore), lambda n: _("The comment is shown again.")),
    "uphold": (_one_by_one(_uphold), lambda n: _("The comment stays hidden.")),
}
"""What the buttons of the page do, and what is said of it."""


@blueprint.get("/threads/<int:thread_id>/moderation")
@login_required
def about(thread_id: int):
    """One comment with what may be done to it: flag it, hold it, hide it, appeal."""
    return _about(thread_id, WordsForm(formdata=None))


def _about(thread_id: int, form: WordsForm, status: int = 200, comment_id: int | None = None):
    thread = thread_or_404(thread_id)
    page = pages.about(thread, signed_in(), comment_id or request.args.get("comment", None, int))
    if page is None:
        abort(404)
    return render_template("moderation/about.html", page=page, form=form), status


@blueprint.post("/threads/<int:thread_id>/moderation")
@login_required
def act(thread_id: int):
    thread = thread_or_404(thread_id)
    comment = db.session.get(Comment, request.form.get("comment", 0, int))
    verb, told = ACTS.get(request.form.get("act", ""), (None, None))
    if comment is None or comment.thread_id != thread.id or verb is None:
        abort(400)
    form = WordsForm()
    if form.validate():
        with form.refusals(), transaction():
            verb(comment, by=signed_in(), reason=form.reason.data)
    if form.errors:
        return _about(thread_id, form, 422, comment.id)
    flash(str(told), "done")
    where = {"slug": thread.section.contract.slug, "section_id": thread.section_id}
    return redirect(url_for("sections.show", **where, _anchor=f"thread-{thread.id}"), 303)


ACTS = {
    "flag": (moderation.flag, _l("Thank you. A moderator will look at it.")),
    "hold": (moderation.hold, _l("The comment is held until a moderator releases it.")),
    "hide": (moderation.hide, _l("The comment is hidden; its author is told why.")),
    "appeal": (moderation.appeal, _l("Your appeal is there; another moderator looks at it.")),
}
"""What may be done about one comment, each with a reason."""
