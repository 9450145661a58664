"""The inbox, and how a person wants to hear of things."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_required

from .. import clock
from ..db import db, transaction
from ..models import Section
from ..queries import inbox as pages
from ..queries.inbox import Filter
from ..rules.vocabulary import Rhythm
from ..services import bouncing, inbox, people
from .forms.inbox import PreferencesForm
from .loading import page_asked, signed_in
from .mailbox import HARMLESS

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@login_required
def show():
    page = pages.inbox(
        current_user,
        page=page_asked(),
        chosen=_chosen(),
        marked_at=inbox.moment(request.args.get("marked")),
    )
    return render_template("inbox/show.html", page=page)


@blueprint.get("/inbox/letter")
@login_required
def letter():
    return render_template("inbox/letter.html", page=pages.letter(current_user))


@blueprint.get("/inbox/letter/html")
@login_required
def letter_html():
    """The letter as a mail program would show it; it stands in a frame of the page."""
    found = pages.letter(current_user).letter or abort(404)
    return Response(found.html, mimetype="text/html", headers={"Content-Security-Policy": HARMLESS})


def _chosen() -> Filter:
    return Filter(**{name: request.args.get(name, "") for name in ("show", "contract", "reason")})


@blueprint.post("/inbox/read")
@login_required
def read():
    """Mark one notice (`notice`), those of one section (`section`), or all that the filter of the address shows."""
    person, chosen = signed_in(), _chosen()
    section_id = request.form.get("section", None, int)
    section = db.session.get(Section, section_id) if _is_key(section_id) else None
    notice_id = request.form.get("notice", None, int)
    with transaction():
        marked = inbox.read(
            person,
            notice_id=notice_id if _is_key(notice_id) else None,
            section=section,
            only=chosen.conditions,
        )
    just_now = {"marked": marked.number} if marked.count else {}
    return redirect(url_for(".show", **chosen.args, **just_now), 303)


@blueprint.post("/inbox/unread")
@login_required
def unread():
    """Make unread again what was marked just now."""
    at = inbox.moment(request.form.get("marked"))
    with transaction():
        count = inbox.unread(signed_in(), at) if at else 0
    if not count:
        flash(_("That was too long ago: it stays marked as read."))
    return redirect(url_for(".show", **_chosen().args), 303)


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
                quiet=(form.quiet_from.data, form.quiet_until.data),
                language=form.language.data,
            )
        if not form.errors:
            session["language"] = form.language.data
            refresh()
            flash(_("Your wishes are kept."), "done")
            return redirect(url_for(".preferences"), 303)
    page = pages.preferences(current_user)
    return render_template("inbox/preferences.html", page=page, form=form), form.status


@blueprint.post("/preferences/mail-works")
@login_required
def mail_works():
    """The person says that letters to the address arrive again."""
    with transaction():
        person = signed_in()
        bouncing.resume(person, by=person, now=clock.now())
    flash(_("Letters go to your address again."), "done")
    return redirect(url_for(".preferences"), 303)
