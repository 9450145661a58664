"""Remarks in the browser: composed, shown, replied to, supported, answered, withdrawn."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required

from ..db import db, transaction
from ..models import Organisation, Question, Revision, Section, Thread
from ..queries import access, compose, remarks, wishes
from ..queries import sections as section_pages
from ..queries import threads as thread_pages
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, Disposition, RemarkKind, Visibility, WishScope
from ..services import contests, desk, threads
from .forms.desk import ContestForm
from .forms.refusals import tell
from .forms.threads import AnswerForm, RemarkForm, ReplyForm
from .loading import (
    revision_or_404,
    section_or_404,
    signed_in,
    thread_or_404,
    visited_or_404,
)
from .reading import render_section

blueprint = Blueprint("threads", __name__)

SECTION = "/c/<slug>/sections/<int:section_id>/threads"


@blueprint.get("/threads/<int:thread_id>/beside")
@login_required
def beside(thread_id: int):
    """Leads to the remark in the margin of its text, to one `comment` of it when the address names one; whoever takes
    no part any more, to the public page that shows his remark."""
    if public := access.on_display(thread_id, current_user):
        section = {"slug": public.section.contract.slug, "section_id": public.section_id}
        return redirect(url_for("public.section", **section, _anchor=f"thread-{public.id}"), 303)
    thread = thread_or_404(thread_id)
    where = {"slug": thread.section.contract.slug, "section_id": thread.section_id}
    page = thread_pages.page_of(thread, signed_in())
    if page is None:
        return redirect(url_for(".show", thread_id=thread.id), 303)
    comment = request.args.get("comment", None, int)
    anchor = f"comment-{comment}" if comment else f"thread-{thread.id}"
    if page > 1:
        where["page"] = page
    return redirect(url_for("sections.show", **where, _anchor=anchor), 303)


@blueprint.get(SECTION)
@login_required
def create(slug: str, section_id: int):
    """The compose page: the way to remark without a script, about a block or the whole section."""
    section = section_or_404(slug, section_id)
    policy.require(current_user, Act.COMMENT, section.place)
    asked = {name: request.args.get(name, None, int) for name in ("block", "start", "end")}
    if request.args.get("among") == "members":
        asked["visibility"] = Visibility.ORGANISATION.value
    form = RemarkForm.blank(section, current_user, **asked)
    return _render_compose(section, form)


def _render_compose(section: Section, form: RemarkForm, status: int = 200):
    page = compose.page(
        section,
        current_user,
        revision=revision_or_404(section.id, form.revision.data) or section.current,
        block=form.block.data,
        start=form.start.data,
        end=form.end.data,
    )
    if form.replacement.data is None:
        form.replacement.data = page.quote
    return render_template("threads/compose.html", page=page, form=form), status


@blueprint.post(SECTION)
@login_required
def post(slug: str, section_id: int):
    form = RemarkForm.for_person(current_user)
    if not form.validate():
        section = section_or_404(slug, section_id, find=access.place)
        policy.require(current_user, Act.COMMENT, section.place)
        return _again(slug, section_id, form)
    chosen = form.organisation.data
    try:
        with transaction():
            section = section_or_404(slug, section_id, find=access.held)
            revision = revision_or_404(section_id, form.revision.data) or abort(422)
            organisation = db.session.get(Organisation, int(chosen)) if chosen else None
            thread = threads.open_thread(
                section,
                by=current_user,
                revision=revision,
                kind=RemarkKind(form.kind.data),
                text=form.text.data,
                start=form.start.data,
                end=form.end.data,
                block=form.block.data,
                organisation=organisation,
                visibility=Visibility(form.visibility.data),
                language=form.language.data,
                replacement=form.replacement.data,
                token=form.token.data,
            )
    except Invalid as refusal:
        tell(form, refusal)
        return _again(slug, section_id, form)
    flash(_("Your comment is number %(number)s.", number=thread.number), "done")
    return redirect(_address(thread), 303)


def _again(slug: str, section_id: int, form: RemarkForm):
    """The form with its errors, where it was sent from: the margin or the compose page."""
    if request.form.get("from") == "margin":
        return render_section(*visited_or_404(slug, section_id), form, 422)
    return _render_compose(section_or_404(slug, section_id), form, 422)


@blueprint.get("/threads/<int:thread_id>")
@login_required
def show(thread_id: int):
    return _render(thread_or_404(thread_id))


def _render(thread: Thread, status: int = 200, **forms):
    page = {
        "contract": section_pages.contract_ref(thread.section.contract, current_user.language),
        "section": section_pages.head(thread.section, current_user),
        "thread": thread_pages.one(thread, current_user),
        "wish": wishes.of(current_user, WishScope.THREAD, thread.id),
    }
    drafted = remarks.kept(thread) if page["thread"].drafted else {}
    fresh = {
        "reply_form": ReplyForm(formdata=None),
        "answer_form": AnswerForm(formdata=None, **drafted),
        "contest_form": ContestForm(formdata=None),
        "theirs": None,
    }
    return render_template("threads/show.html", page=page, **(fresh | forms)), status


@blueprint.post("/threads/<int:thread_id>/replies")
@login_required
def reply(thread_id: int):
    thread = thread_or_404(thread_id)
    form = ReplyForm()
    if form.validate():
        try:
            with transaction():
                threads.reply(
                    thread, by=current_user, text=form.text.data, token=form.token.data or None
                )
            return _done(thread, _("Your reply is there."))
        except Invalid as refusal:
            tell(form, refusal)
    return _render(thread, 422, reply_form=form)


@blueprint.post("/threads/<int:thread_id>/answer")
@login_required
def answer(thread_id: int):
    thread = thread_or_404(thread_id)
    form = AnswerForm()
    for_the_desk = request.form.get("save") == "desk"
    if form.validate():
        try:
            with transaction():
                position = {
                    "disposition": Disposition(form.disposition.data),
                    "text": form.answer.data or "",
                    "carried_out_by": revision_or_invalid(thread, form.revision_number.data),
                    "duplicate_of": repeated_or_invalid(thread, form.duplicate_of.data),
                }
                if for_the_desk:
                    desk.draft(thread, by=signed_in(), seen=form.seen.data, **position)
                else:
                    threads.answer(thread, by=signed_in(), **position)
            return _done(
                thread,
                _("The draft lies on the desk; nobody else sees it yet.")
                if for_the_desk
                else _("The answer is given; the author will hear of it."),
            )
        except Invalid as refusal:
            tell(form, refusal)
    theirs = remarks.one(thread, signed_in()).draft if form.seen.errors else None
    if theirs:
        form.seen.data = theirs.version
    return _render(thread, 422, answer_form=form, theirs=theirs)


def revision_or_invalid(asked: Thread | Question, number: int | None) -> Revision | None:
    """The revision of that number of the section that is asked about."""
    if number is None:
        return None
    revision = db.session.query(Revision).filter_by(section_id=asked.section_id, number=number)
    found = revision.one_or_none()
    if found is None:
        raise Invalid("revision_number", "This section has no revision of that number.")
    return found


def repeated_or_invalid(thread: Thread, number: int | None) -> Thread | None:
    """The remark of the same section that bears the number, if the person may read it."""
    if number is None:
        return None
    visible = thread_pages.visible(current_user, thread.section)
    query = db.session.query(Thread).filter(
        Thread.section_id == thread.section_id, Thread.number == number, visible
    )
    found = query.one_or_none()
    if found is None:
        raise Invalid("duplicate_of", "This section has no remark of that number.")
    return found


@blueprint.post("/threads/<int:thread_id>/agree")
@login_required
def agree(thread_id: int):
    """The author is content with the answer."""
    thread = thread_or_404(thread_id)
    try:
        with transaction():
            contests.agree(thread, by=signed_in())
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
        return redirect(_address(thread), 303)
    return _done(thread, _("Thank you. The city sees that you agree."))


@blueprint.post("/threads/<int:thread_id>/contest")
@login_required
def contest(thread_id: int):
    """The author is not content, and the city has to answer once more."""
    thread = thread_or_404(thread_id)
    form = ContestForm()
    if form.validate():
        with form.refusals(), transaction():
            contests.contest(thread, by=signed_in(), text=form.contest.data)
    if form.errors:
        return _render(thread, 422, contest_form=form)
    return _done(thread, _("Your comment is back on the city's desk; you will get another answer."))


@blueprint.post("/threads/<int:thread_id>/withdraw")
@login_required
def withdraw(thread_id: int):
    thread = thread_or_404(thread_id)
    with transaction():
        threads.withdraw(thread, by=current_user)
    return _done(thread, _("The comment is withdrawn. Its number stays."))


@blueprint.post("/threads/<int:thread_id>/support")
@login_required
def support(thread_id: int):
    thread = thread_or_404(thread_id)
    with transaction():
        threads.support(thread, by=current_user)
    return _done(thread, None)


def _done(thread: Thread, message: str | None):
    if message:
        flash(message, "done")
    return redirect(_address(thread), 303)


def _address(thread: Thread) -> str:
    return url_for(
        "sections.show",
        slug=thread.section.contract.slug,
        section_id=thread.section_id,
        _anchor=f"thread-{thread.id}",
    )
