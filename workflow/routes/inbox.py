"""The inbox, and how a person wants to hear of things."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_required

from ..db import db, transaction
from ..models import Section
from ..queries import inbox as pages
from ..rules.vocabulary import Rhythm
from ..services import inbox, people
from .forms.inbox import PreferencesForm
from .loading import page_asked, signed_in

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@login_required
def show():
    return render_template("inbox/show.html", page=pages.inbox(current_user, page=page_asked()))


@blueprint.get("/inbox/letter")
@login_required
def letter():
    return render_template("inbox/letter.html", page=pages.letter(current_user))


@blueprint.post("/inbox/read")
@login_required
def read():
    """Mark one notice (`notice`), those of one section (`section`), or all of them as read."""
    section_id = request.form.get("section", None, int)
    section = db.session.get(Section, section_id) if _is_key(section_id) else None
    notice_id = request.form.get("notice", None, int)
    with transaction():
        inbox.read(
            signed_in(), notice_id=notice_id if _is_key(notice_id) else None, section=section
        )
    return redirect(url_for(".show"), 303)


def _is_key(number: int | None) -> bool:
    return number is not None and 0 < number < 2**31


@blueprint.route("/preferences", methods=["GET", "POST"])
@login_required
def preferences():
    form = PreferencesForm.of(current_user)
    if form.validate_on_submit():
        with form.refusals(), transaction():
            people.prefer(
                signed_in(),
                rhythm=Rhythm(form.rhythm.data),
                hour=form.hour.data,
                weekday=form.weekday.data,
                time_zone=form.timezone.data,
                language=form.language.data,
            )
        if not form.errors:
            session["language"] = form.language.data
            refresh()
            flash(_("Your wishes are kept."), "done")
            return redirect(url_for(".preferences"), 303)
    page = pages.preferences(current_user)
    return render_template("inbox/preferences.html", page=page, form=form), form.status
