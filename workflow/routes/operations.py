"""Is the service well? The page of operations, and the buttons for letters that did not leave."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from .. import clock
from ..db import db, transaction
from ..models import Digest, Person
from ..queries import operations
from ..queries.undelivered import undelivered
from ..rules import policy
from ..rules.refusals import Outdated
from ..rules.vocabulary import Act
from ..services import bouncing, postmaster
from .loading import signed_in

blueprint = Blueprint("operations", __name__, url_prefix="/operations")

TOGETHER = 1000
"""Letters that one click tries again; who has more clicks again."""


@blueprint.get("/")
@login_required
def show():
    policy.require_somewhere(signed_in(), Act.OPERATE)
    return render_template("operations/show.html", page=operations.operations(clock.now()))


@blueprint.post("/letters/<int:letter_id>/resend")
@login_required
def resend(letter_id: int):
    with transaction():
        done = postmaster.resend([letter_id], by=signed_in(), now=clock.now())
        _letter_or_outdated(letter_id, done)
    flash(_("The letter is tried again, within a few minutes."), "done")
    return redirect(url_for(".show"), 303)


@blueprint.post("/letters/<int:letter_id>/stop")
@login_required
def stop(letter_id: int):
    with transaction():
        postmaster.stop([letter_id], by=signed_in(), now=clock.now())
        letter = db.session.get(Digest, letter_id)
        _letter_or_outdated(letter_id, letter and letter.closed_at)
    flash(_("The letter is not tried any more. What it tells stays in the inbox."), "done")
    return redirect(url_for(".show"), 303)


@blueprint.post("/letters/resend")
@login_required
def resend_all():
    """Try again what was given up in the last day: the mail server may have been set up wrongly."""
    now = clock.now()
    policy.require_somewhere(signed_in(), Act.OPERATE)
    pile = undelivered(now, most=TOGETHER, since=now - timedelta(days=1))
    ids = [letter.id for letter in pile.letters if letter.given_up_at]
    with transaction():
        done = postmaster.resend(ids, by=signed_in(), now=now)
    flash(
        ngettext("%(num)s letter is tried again.", "%(num)s letters are tried again.", len(done)),
        "done",
    )
    return redirect(url_for(".show"), 303)


@blueprint.post("/addresses/<int:person_id>/resume")
@login_required
def resume(person_id: int):
    """Letters go to the address again; doing it twice changes nothing."""
    policy.require_somewhere(signed_in(), Act.OPERATE)
    with transaction():
        person = db.session.get(Person, person_id) or abort(404)
        if person.mail_suspended_at is not None:
            bouncing.resume(person, by=signed_in(), now=clock.now())
    flash(_("Letters go to %(email)s again.", email=person.email), "done")
    return redirect(url_for(".show"), 303)


def _letter_or_outdated(letter_id: int, done) -> None:
    """404 where there is no such letter; refused when the page was older than what became of it."""
    if not done:
        if db.session.get(Digest, letter_id) is None:
            abort(404)
        raise Outdated(Act.OPERATE)
