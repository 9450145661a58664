"""Suggestions in the browser: weighed and taken over; and remarks that are put back in their place."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..db import transaction
from ..models import Revision, Section, Thread
from ..queries import suggestions as pages
from ..rules import policy
from ..rules.refusals import Clashing, Denied
from ..rules.vocabulary import Act
from ..services import anchoring, suggestions
from .forms.suggestions import AcceptForm, PlaceForm
from .loading import revision_or_404, section_or_404, signed_in, thread_or_404

blueprint = Blueprint("suggestions", __name__)

SECTION = "/c/<slug>/sections/<int:section_id>/suggestions"


@blueprint.get(SECTION)
@login_required
def index(slug: str, section_id: int):
    """All suggestions that wait for a decision; `take` chooses those whose result is shown."""
    section = section_or_404(slug, section_id)
    _weighs(section)
    return _render(section, set(request.args.getlist("take", int)))


def _weighs(section: Section) -> None:
    """The page is for those who write the section, whatever its stage."""
    if not policy.grants(signed_in(), Act.EDIT, section.place):
        raise Denied(Act.EDIT, policy.GRANTS[Act.EDIT])


def _render(section: Section, take: set[int], status: int = 200):
    page = pages.page(section, signed_in(), take=take)
    return render_template("suggestions/index.html", page=page), status


@blueprint.post(SECTION)
@login_required
def accept(slug: str, section_id: int):
    """Take over what was looked through: the chosen suggestions, on the text that was seen."""
    section = section_or_404(slug, section_id)
    form = AcceptForm()
    if not form.validate():
        abort(422)
    found = [thread_or_404(thread_id) for thread_id in form.take.data or ()]
    saved = _taken_over(section, found, revision_or_404(section.id, form.seen.data))
    if not isinstance(saved, Revision):
        return saved
    at = url_for("sections.compare", slug=slug, section_id=section_id, new=saved.number)
    return redirect(at, 303)


@blueprint.post("/threads/<int:thread_id>/accept")
@login_required
def accept_one(thread_id: int):
    """Take over one suggestion from its card, which shows what would change."""
    thread = thread_or_404(thread_id)
    slug, section_id = thread.section.contract.slug, thread.section_id
    section = section_or_404(slug, section_id)
    form = AcceptForm()
    if form.seen.errors or not form.validate():
        abort(422)
    saved = _taken_over(section, [thread], revision_or_404(section.id, form.seen.data))
    if not isinstance(saved, Revision):
        return saved
    here = url_for("sections.show", slug=slug, section_id=section_id, _anchor=f"thread-{thread_id}")
    return redirect(here, 303)


def _taken_over(section: Section, chosen: list[Thread], seen: Revision | None):
    """The new revision, or the page that shows what stands against it."""
    try:
        with transaction():
            saved = suggestions.accept(section, chosen, by=signed_in(), seen=seen)
    except Clashing:
        return _render(section, {thread.id for thread in chosen}, status=409)
    message = ngettext(
        "Revision %(revision)s takes over a suggestion. Its author will hear of it.",
        "Revision %(revision)s takes over %(num)s suggestions. Their authors will hear of it.",
        len(chosen),
        revision=saved.number,
    )
    flash(message, "good")
    return saved


@blueprint.get("/threads/<int:thread_id>/place")
@login_required
def place(thread_id: int):
    """Where in the current text does this remark belong?"""
    thread = thread_or_404(thread_id)
    _placing(thread)
    return _render_place(thread, PlaceForm(formdata=None, revision=thread.section.current_id))


def _placing(thread: Thread) -> None:
    if thread.quote is None or thread.section.current_id is None or not thread.addressed:
        abort(404)
    if not anchoring.may_reattach(thread, signed_in()):
        policy.require(signed_in(), Act.ANSWER, thread.section.place)


def _render_place(thread: Thread, form: PlaceForm, status: int = 200):
    page = pages.place(thread, signed_in())
    return render_template("suggestions/place.html", page=page, form=form), status


@blueprint.post("/threads/<int:thread_id>/place")
@login_required
def reattach(thread_id: int):
    thread = thread_or_404(thread_id)
    _placing(thread)
    form = PlaceForm()
    revision = revision_or_404(thread.section_id, form.revision.data)
    if form.validate() and revision:
        start, end = form.range
        with form.refusals(), transaction():
            anchoring.reattach(thread, by=signed_in(), revision=revision, start=start, end=end)
    if form.errors or revision is None:
        return _render_place(thread, form, 422)
    flash(_("The comment stands beside its passage again."), "good")
    section = thread.section
    at = url_for(
        "sections.show",
        slug=section.contract.slug,
        section_id=section.id,
        _anchor=f"thread-{thread_id}",
    )
    return redirect(at, 303)
