"""The way out of every letter: GET shows what will happen, POST does it. It needs no sign-in and gives none."""

from flask import Blueprint, abort, render_template
from flask_babel import force_locale

from ..db import transaction
from ..extensions import csrf
from ..models import Person
from ..rules.vocabulary import Rhythm
from ..services import people, unsubscribing

blueprint = Blueprint("unsubscribe", __name__)


@blueprint.get("/unsubscribe/<token>")
def show(token: str):
    return _page(_person_or_404(token))


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt
def stop(token: str):
    """Also what a mail program calls for its reader (RFC 8058): the signed token is all that it knows."""
    person = _person_or_404(token)
    with transaction():
        people.prefer(person, rhythm=Rhythm.OFF)
    return _page(person)


def _person_or_404(token: str) -> Person:
    return unsubscribing.person_of(token) or abort(404)


def _page(person: Person) -> str:
    """In the language of the letter. The address tells the reader whose letters they are."""
    with force_locale(person.language):
        return render_template(
            "unsubscribe/show.html", email=person.email, stopped=person.rhythm is Rhythm.OFF
        )
