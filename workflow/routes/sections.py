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
from ..queries import comparison, merging, presence, texts
from ..queries import drafts as draft_pages
from ..queries import history as histories
from ..queries import reviews as review_pages
from ..queries import sections as section_pages
from ..rules import policy
from ..rules.refusals import Invalid, Outdated
from ..rules.text.render import render
from ..rules.vocabulary import Act
from ..services import drafts, reviews, revisions, sections, visits
from .forms.refusals import tell
from .forms.sections import AssignForm, DraftForm, EditForm, ElementForm, MergeForm, MoveForm
from .forms.threads import RemarkForm
from .loading import page_asked, section_or_404, signed_in

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
    shown = render_template("sections/show.html", page=page, form=form)
    if page.unseen:
        _remember(section)
    return shown, status


def _remember(section: Section) -> None:
    """Note which revision this person has read, so that the next visit can begin with what is new."""
    read = current_user.id, section.id, section.current_id
    with transaction():
        visits.record(*read)


@blueprint.route("/edit", methods=["GET", "POST"])
@login_required
def edit(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.EDIT, section.place)
    current = section.current
    draft = draft_pages.of(section, current_user)
    if draft and request.method == "GET" and request.args.get("draft") not in ("go-on", "afresh"):
        page = draft_pages.offer(section, current_user, draft)
        return render_template("sections/draft.html", page=page)
    markdown, base_id = current.markdown if current else "", section.current_id
    if draft and request.args.get("draft") == "go-on":
        markdown, base_id = draft.markdown, draft.base_id
    form = EditForm(markdown=markdown, base=base_id)
    if not form.validate_on_submit():
        page = texts.edit(
            section, current_user, markdown=form.markdown.data or "", base_id=form.base.data
        )
        return render_template("sections/edit.html", page=page, form=form), form.status
    base = revision_or_404(section, form.base.data)
    try:
        with transaction():
            saved = drafts.finish(
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
    """Somebody saved in the meantime: show what comes of both, lose nothing; the next save builds on theirs."""
    meeting = merging.meet(base, form.markdown.data, section.current)
    merge_form = MergeForm(
        formdata=None,
        base=base.id if base else None,
        theirs=section.current_id,
        mine=form.markdown.data,
        summary=form.summary.data,
    )
    return _render_merge(section, meeting, merge_form)


def _render_merge(section: Section, meeting: merging.Meeting, form: MergeForm, status: int = 409):
    page = merging.page(section, current_user, meeting)
    return render_template("sections/merge.html", page=page, form=form, asked=request.form), status


@blueprint.post("/merge")
@login_required
def merge(slug: str, section_id: int):
    """Save both changes put together, each clash as the person decided; on what is current by then."""
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.EDIT, section.place)
    form = MergeForm()
    base, theirs = (revision_or_404(section, one.data) for one in (form.base, form.theirs))
    if theirs is None:
        abort(422)
    meeting = merging.meet(base, form.mine.data or "", section.current)
    if not form.validate():
        return _render_merge(section, meeting, form, 422)
    if theirs.id != section.current_id:
        form.theirs.data, form.theirs.raw_data = section.current_id, None
        return _render_merge(section, meeting, form)
    numbers = [clash.number for clash in meeting.clashes]
    choices = [request.form.get(f"clash-{number}") for number in numbers]
    if not set(choices) <= set(merging.Choice):
        form.form_errors.append(_("Please decide on every passage that both of you changed."))
        return _render_merge(section, meeting, form, 422)
    by_hand = [request.form.get(f"hand-{number}", "").replace("\x00", "") for number in numbers]
    text = meeting.text([merging.Choice(choice) for choice in choices], by_hand)
    try:
        with transaction():
            saved = drafts.finish(
                section, by=signed_in(), markdown=text, base=theirs, summary=form.summary.data
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _render_merge(section, meeting, form, 422)
    except Outdated:
        return _render_merge(section, merging.meet(base, form.mine.data, section.current), form)
    flash(_("Saved as revision %(number)s.", number=saved.number), "done")
    return redirect(url_for(".show", slug=slug, section_id=section_id), 303)


PRESENCE = {"seen": drafts.seen, "left": drafts.left, "discard": drafts.discard}


@blueprint.post("/draft")
@login_required
def draft(slug: str, section_id: int):
    """Keep what is typed, for its writer alone; the editor's page calls this while it is open."""
    section = section_or_404(slug, section_id)
    form = DraftForm()
    if not form.validate():
        return {"errors": form.errors}, 422
    base = revision_or_404(section, form.base.data)
    person = signed_in()
    with transaction():
        if form.act.data == "keep":
            drafts.keep(section, by=person, base=base, markdown=form.markdown.data or "")
        else:
            PRESENCE[form.act.data](section, by=person)
    return {"writing": presence.writing_now(section, person)}


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
