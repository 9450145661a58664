"""The pages of a section and what is done to it as a whole."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required

from .. import clock
from ..db import db, transaction
from ..labels import done
from ..models import Element, Person, Section
from ..queries import comparison, pulse, texts
from ..queries import drafts as draft_pages
from ..queries import history as histories
from ..queries import reviews as review_pages
from ..rules import policy
from ..rules.picture_files import MAX_BYTES
from ..rules.refusals import Invalid, Outdated
from ..rules.text.pictures import CAPTION_WORDS, placed, written
from ..rules.vocabulary import Act
from ..services import drafts, pictures, reviews, revisions, sections
from .approvals import undo_address
from .forms.approvals import PositionForm
from .forms.refusals import tell
from .forms.sections import AssignForm, EditForm, ElementForm, MoveForm
from .loading import page_asked, revision_or_404, section_or_404, signed_in, visited_or_404
from .merging import both, keep_in_any_case, saved_as
from .reading import render_section
from .unchanged import unchanged

ROOM = 4 * 1024 * 1024
"""Besides a picture, the text and what is said of it."""

blueprint = Blueprint("sections", __name__, url_prefix="/c/<slug>/sections/<int:section_id>")


@blueprint.url_value_preprocessor
def _let_pictures_in(endpoint: str | None, _values: dict | None) -> None:
    """A picture is larger than anything else that is sent with a text."""
    if endpoint == "sections.edit":
        request.max_content_length = MAX_BYTES + ROOM


@blueprint.get("/")
@login_required
@unchanged(pulse.section)
def show(slug: str, section_id: int):
    section, visitor = visited_or_404(slug, section_id)
    return render_section(section, visitor)


@blueprint.route("/edit", methods=["GET", "POST"])
@login_required
def edit(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    if request.method == "POST":
        return _save(section)
    policy.require(current_user, Act.EDIT, section.place)
    current = section.current
    draft = draft_pages.of(section, current_user)
    if draft is None:
        form = EditForm(markdown=current.markdown if current else "", base=section.current_id)
    elif request.args.get("draft") == "go-on":
        form = EditForm(markdown=draft.markdown, base=draft.base_id)
    else:
        page = draft_pages.offer(section, current_user, draft)
        return render_template("sections/draft.html", page=page)
    return _editor(section, form)


def _save(section: Section):
    form = EditForm()
    if form.markdown.data is None:
        abort(422)
    base = revision_or_404(section.id, form.base.data)
    keep_in_any_case(section, base=base, markdown=form.markdown.data)
    if not form.validate():
        return _editor(section, form)
    if form.picture.data:
        return _with_picture(section, form)
    try:
        with transaction():
            saved = drafts.finish(
                section,
                by=signed_in(),
                markdown=form.markdown.data,
                base=base,
                summary=form.summary.data or "",
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _editor(section, form)
    except Outdated:
        return both(
            section, base=base, markdown=form.markdown.data, summary=form.summary.data or ""
        )
    return saved_as(section, saved)


def _with_picture(section: Section, form: EditForm):
    """The picture that was brought along stands in the text before anything is saved."""
    with form.refusals(), transaction():
        brought = pictures.bring(
            section,
            by=signed_in(),
            content=form.picture.data.read(MAX_BYTES + 1),
            alt=form.alt.data or "",
            caption=form.caption.data or "",
            source=form.source.data or "",
        )
    if form.errors:
        return _editor(section, form)
    figure = written(
        brought.name,
        alt=form.alt.data,
        caption=form.caption.data or "",
        source=form.source.data or "",
        words=CAPTION_WORDS.get(section.language, CAPTION_WORDS["en"]),
    )
    form.markdown.data = placed(form.markdown.data, figure, line=form.line.data)
    form.alt.data = form.caption.data = form.source.data = ""
    flash(_("The picture stands in the text. It is saved with the next revision."), "good")
    return _editor(section, form)


def _editor(section: Section, form: EditForm):
    page = texts.edit(
        section, current_user, markdown=form.markdown.data or "", base_id=form.base.data
    )
    return render_template("sections/edit.html", page=page, form=form), form.status


@blueprint.post("/preview")
@login_required
def preview(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.EDIT, section.place)
    markdown = request.form.get("markdown", "")
    if len(markdown) > revisions.MAX_CHARACTERS:
        abort(413)
    return render_template("sections/_preview.html", page=texts.preview(section, markdown))


@blueprint.get("/compare")
@login_required
def compare(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    old, new = (request.args.get(name, None, int) for name in ("old", "new"))
    page = comparison.compared(section, current_user, old=old, new=new)
    if page is None:
        flash(_("There is nothing to compare yet: this section has no text."))
        return redirect(url_for(".show", slug=slug, section_id=section_id), 303)
    return render_template("sections/compare.html", page=page)


@blueprint.get("/history")
@login_required
def history(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    page = histories.history(section, current_user, page=page_asked())
    return render_template("sections/history.html", page=page)


@blueprint.get("/review")
@login_required
def review(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    return _render_review(section, MoveForm(formdata=None, seen=section.current_id))


def _render_review(section: Section, form: MoveForm, status: int = 200):
    page = review_pages.review(section, current_user)
    position = PositionForm(formdata=None, seen=section.current_id)
    return render_template("sections/review.html", page=page, form=form, position=position), status


@blueprint.post("/move")
@login_required
def move(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    form = MoveForm()
    if not form.validate():
        return _render_review(section, form, 422)
    act = Act(form.act.data)
    seen, day = revision_or_404(section.id, form.seen.data), form.closes_at.data
    try:
        with transaction():
            decision = reviews.move(
                section,
                act,
                by=signed_in(),
                seen=seen,
                reason=form.reason.data or "",
                closes_at=clock.end_of_day(day, section.contract.time_zone) if day else None,
                announcement=form.announcement.data or "",
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _render_review(section, form, 422)
    flash(done(act), "done")
    flash(undo_address(section, decision), "undo")
    return redirect(url_for(".show", slug=slug, section_id=section_id), 303)


@blueprint.post("/assign")
@login_required
def assign(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    form = AssignForm()
    if not form.validate():
        abort(422)
    owner = db.session.get(Person, form.owner.data) if form.owner.data else None
    with transaction():
        sections.assign(section, by=current_user, owner=owner, due_on=form.due.data)
    flash(_("Saved who carries this section."), "done")
    return redirect(url_for(".show", slug=slug, section_id=section_id), 303)


@blueprint.post("/elements/<int:element_id>")
@login_required
def element(slug: str, section_id: int, element_id: int):
    section = section_or_404(slug, section_id)
    asked = db.session.get(Element, element_id)
    form = ElementForm()
    if asked is None or asked.section_id != section.id:
        abort(404)
    if not form.validate():
        abort(422)
    with transaction():
        sections.set_aside(asked, section, by=current_user, because=form.reason.data or "")
    return redirect(url_for(".show", slug=slug, section_id=section_id, _anchor="elements"), 303)
