"""The pages of a section and what is done to it as a whole."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from markupsafe import Markup

from ..db import db, transaction
from ..labels import done
from ..models import Element, Person, Revision, Section, Subscription
from ..queries import reviews as review_pages
from ..queries import sections as section_pages
from ..queries import texts
from ..rules import policy
from ..rules.refusals import Invalid, Outdated
from ..rules.text.render import render
from ..rules.vocabulary import Act
from ..services import reviews, revisions, sections
from .forms.refusals import tell
from .forms.sections import AssignForm, EditForm, ElementForm, MoveForm
from .forms.threads import RemarkForm
from .loading import section_or_404

blueprint = Blueprint("sections", __name__, url_prefix="/c/<slug>/sections/<int:section_id>")


def revision_or_404(section: Section, revision_id: int | None) -> Revision | None:
    """A revision of this section; None stays None (a section without a text)."""
    if not revision_id:
        return None
    revision = db.session.get(Revision, revision_id)
    if revision is None or revision.section_id != section.id:
        abort(404)
    return revision


@blueprint.get("/")
@login_required
def show(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    return render_section(section)


def render_section(section: Section, form: RemarkForm | None = None, status: int = 200):
    """The section with its margin; `form` is a remark that could not be taken."""
    page = section_pages.show(
        section,
        current_user,
        filter_by=_one_of(request.args.get("show"), ("all", "open", "answered", "mine")),
        page=max(1, request.args.get("page", 1, int)),
    )
    form = form or RemarkForm.blank(section, current_user)
    return render_template("sections/show.html", page=page, form=form), status


@blueprint.route("/edit", methods=["GET", "POST"])
@login_required
def edit(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.EDIT, section.place)
    current = section.current
    form = EditForm(
        markdown=current.markdown if current else "", base=current.id if current else None
    )
    if not form.validate_on_submit():
        page = texts.edit(section, current_user, markdown=form.markdown.data or "")
        return render_template("sections/edit.html", page=page, form=form), form.status
    base = revision_or_404(section, form.base.data)
    try:
        with transaction():
            saved = revisions.save(
                section,
                by=current_user,
                markdown=form.markdown.data,
                base=base,
                summary=form.summary.data,
            )
    except Invalid as refusal:
        tell(form, refusal)
        page = texts.edit(section, current_user, markdown=form.markdown.data)
        return render_template("sections/edit.html", page=page, form=form), 422
    except Outdated:
        return _both_texts(section, form, base)
    flash(_("Saved as revision %(number)s.", number=saved.number), "done")
    return redirect(url_for(".show", slug=slug, section_id=section_id), 303)


def _both_texts(section: Section, form: EditForm, base: Revision | None):
    """Somebody saved in the meantime: show both, lose nothing; the next save builds on theirs."""
    conflict = texts.conflict(section, base=base, markdown=form.markdown.data)
    page = texts.edit(section, current_user, markdown=form.markdown.data, conflict=conflict)
    form.base.data = section.current_id
    form.base.raw_data = None
    return render_template("sections/edit.html", page=page, form=form), 409


@blueprint.post("/preview")
@login_required
def preview(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.EDIT, section.place)
    markdown = request.form.get("markdown", "")
    if len(markdown) > revisions.MAX_CHARACTERS:
        abort(413)
    rendered = render(markdown, language=section.language)
    page = {"html": Markup(rendered.html), "words": len(rendered.plain.split()), "problems": []}
    return render_template("sections/_preview.html", page=page)


@blueprint.get("/compare")
@login_required
def compare(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    known = {revision.number: revision for revision in texts.revisions_of(section)}
    if not known:
        flash(_("There is nothing to compare yet: this section has no text."))
        return redirect(url_for(".show", slug=slug, section_id=section_id), 303)
    newest = max(known)
    new = known.get(request.args.get("new", newest, int), known[newest])
    old = known.get(request.args.get("old", new.number - 1, int), known[min(known)])
    page = texts.compared(section, current_user, old=old, new=new)
    return render_template("sections/compare.html", page=page)


@blueprint.get("/history")
@login_required
def history(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    return render_template("sections/history.html", page=texts.history(section, current_user))


@blueprint.get("/review")
@login_required
def review(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    return _render_review(section, MoveForm(formdata=None, seen=section.current_id))


def _render_review(section: Section, form: MoveForm, status: int = 200):
    page = review_pages.review(section, current_user)
    return render_template("sections/review.html", page=page, form=form), status


@blueprint.post("/move")
@login_required
def move(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    form = MoveForm()
    if not form.validate():
        return _render_review(section, form, 422)
    act = Act(form.act.data)
    seen = revision_or_404(section, form.seen.data)
    try:
        with transaction():
            reviews.move(
                section,
                act,
                by=current_user,
                seen=seen,
                reason=form.reason.data or "",
                closes_at=_end_of_day(form.closes_at.data),
                announcement=form.announcement.data or "",
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _render_review(section, form, 422)
    flash(done(act), "done")
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


@blueprint.post("/follow")
@login_required
def follow(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    with transaction():
        followed = db.session.query(Subscription).filter_by(
            person_id=current_user.id, section_id=section.id, muted=False
        )
        if followed.first():
            sections.unfollow(section, by=current_user)
        else:
            sections.follow(section, by=current_user)
    return redirect(url_for(".show", slug=slug, section_id=section_id), 303)


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]


def _end_of_day(day) -> datetime | None:
    """A closing day means: until it is over, everywhere in the city."""
    if day is None:
        return None
    zone = ZoneInfo(current_user.time_zone)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)
