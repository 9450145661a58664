"""Two people saved on the same text: their changes are put together in the page, and nothing that was typed is lost."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required

from ..db import transaction
from ..models import Revision, Section
from ..queries import merging, texts
from ..rules import policy
from ..rules.refusals import Invalid, Outdated
from ..rules.vocabulary import Act
from ..services import drafts
from .forms.refusals import tell
from .forms.sections import MergeForm
from .loading import revision_or_404, section_or_404, signed_in

blueprint = Blueprint("merging", __name__, url_prefix="/c/<slug>/sections/<int:section_id>")


def both(section: Section, *, base: Revision | None, markdown: str, summary: str):
    """What was written on `base` meets the current text; it is kept as a draft until that is settled."""
    with transaction():
        drafts.keep(section, by=signed_in(), base=base, markdown=markdown)
    meeting = merging.meet(base, markdown, section.current)
    if meeting.settled:
        return _nothing_left(section)
    form = MergeForm(
        formdata=None,
        base=base.id if base else None,
        theirs=section.current_id,
        mine=markdown,
        summary=summary,
    )
    return _page(section, meeting, form, 409)


@blueprint.post("/merge")
@login_required
def merge(slug: str, section_id: int):
    """Save the merged text, or take it to the editor, once every passage that both changed is decided on."""
    section = section_or_404(slug, section_id)
    form = MergeForm()
    base, theirs = (revision_or_404(section.id, one.data) for one in (form.base, form.theirs))
    if theirs is None or form.mine.data is None:
        abort(422)
    keep_in_any_case(section, base=base, markdown=form.mine.data)
    meeting = merging.meet(base, form.mine.data, theirs)
    readings = [_reading(clash) for clash in meeting.clashes]
    if not form.validate() or None in readings:
        return _page(section, meeting, form, 422)
    merged = meeting.text(readings)
    if request.form.get("then") == "write":
        return _to_the_editor(section, merged, theirs)
    try:
        with transaction():
            saved = drafts.finish(
                section,
                by=signed_in(),
                markdown=merged,
                base=theirs,
                summary=form.summary.data or "",
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _page(section, meeting, form, 422)
    except Outdated:
        return both(section, base=theirs, markdown=merged, summary=form.summary.data or "")
    return saved_as(section, saved)


def saved_as(section: Section, revision: Revision) -> Response:
    """Back to the section, which says that the text was saved."""
    flash(_("Saved as revision %(number)s.", number=revision.number), "done")
    for problem in texts.preview(section, revision.markdown)["problems"]:
        flash(_("Before this text can be approved: %(what)s.", what=problem), "bad")
    return _to(section, "sections.show")


def keep_in_any_case(
    section: Section, *, base: Revision | None, markdown: str, act: Act = Act.EDIT
) -> None:
    """Require that the text may be edited now; where only the moment has passed, what was written stays as a draft."""
    if policy.grants(current_user, act, section.place) and not policy.may(
        current_user, act, section.place
    ):
        with transaction():
            drafts.keep(section, by=signed_in(), base=base, markdown=markdown)
        flash(_("What you wrote is kept as your draft. Nobody else can see it."))
    policy.require(current_user, act, section.place)


def _reading(clash: merging.Clash) -> str | None:
    """What the person decided that a passage shall say; None while that is open."""
    by_hand = request.form.get(f"hand-{clash.number}", "").replace("\x00", "")
    return clash.reading(request.form.get(f"clash-{clash.number}"), by_hand)


def _page(section: Section, meeting: merging.Meeting, form: MergeForm, status: int):
    page = merging.page(section, current_user, meeting)
    answers = request.form if status == 422 else {}
    return render_template("sections/merge.html", page=page, form=form, answers=answers), status


def _to_the_editor(section: Section, merged: str, theirs: Revision) -> Response:
    with transaction():
        drafts.keep(section, by=signed_in(), base=theirs, markdown=merged)
    return _to(section, "sections.edit", draft="go-on")


def _nothing_left(section: Section) -> Response:
    with transaction():
        drafts.discard(section, by=signed_in())
    number = section.current.number
    flash(_("Revision %(number)s says all that you wrote already.", number=number), "done")
    return _to(section, "sections.show")


def _to(section: Section, endpoint: str, **options) -> Response:
    where = {"slug": section.contract.slug, "section_id": section.id}
    return redirect(url_for(endpoint, **where, **options), 303)
