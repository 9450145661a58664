"""What one wishes to hear of a contract, a sector, a section or a thread."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from ..db import db, transaction
from ..models import Contract, Section, Sector, Thread
from ..rules.vocabulary import Wish, WishScope
from ..services import following
from .loading import contract_or_404, section_or_404, signed_in, thread_or_404

blueprint = Blueprint("wishes", __name__, url_prefix="/c/<slug>")

USUAL = "usual"
"""No wish: one hears what one's roles bring."""


def _contract(slug: str, contract_id: int) -> Contract:
    contract = contract_or_404(slug)
    return contract if contract.id == contract_id else abort(404)


def _sector(slug: str, sector_id: int) -> Sector:
    sector = db.session.get(Sector, sector_id)
    known = sector is not None and sector.contract_id == contract_or_404(slug).id
    return sector if known else abort(404)


def _thread(slug: str, thread_id: int) -> Thread:
    thread = thread_or_404(thread_id)
    return thread if thread.section.contract.slug == slug else abort(404)


LOAD: dict[WishScope, Callable[[str, int], Contract | Sector | Section | Thread]] = {
    WishScope.CONTRACT: _contract,
    WishScope.SECTOR: _sector,
    WishScope.SECTION: section_or_404,
    WishScope.THREAD: _thread,
}
WISHES = {USUAL: None} | {wish.value: wish for wish in Wish}


@blueprint.post("/wishes")
@login_required
def keep(slug: str):
    """Said on the page of the place (`back`), or in the list of all wishes; there one finds it afterwards."""
    asked = request.form
    place_id = asked.get("id", 0, int)
    if asked.get("scope") not in LOAD or asked.get("wish") not in WISHES or place_id < 1:
        abort(422)
    place = LOAD[WishScope(asked["scope"])](slug, min(place_id, 2**31 - 1))
    with transaction():
        following.keep(place, by=signed_in(), wish=WISHES[asked["wish"]])
    flash(_("Your wish is kept."), "done")
    return _page_of(place, slug) if "back" in asked else _list(slug)


def _page_of(place: Contract | Sector | Section | Thread, slug: str) -> Response:
    match place:
        case Section():
            address = url_for("sections.show", slug=slug, section_id=place.id)
        case Thread():
            address = url_for("threads.show", thread_id=place.id)
        case _:
            return _list(slug)
    return redirect(address, 303)


def _list(slug: str) -> Response:
    return redirect(url_for("inbox.preferences", _anchor=f"hear-{slug}"), 303)
