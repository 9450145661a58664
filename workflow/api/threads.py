"""Remarks as JSON: listed, made, replied to and answered."""

from flask import Blueprint
from flask_login import current_user, login_required
from spectree import Response

from ..db import db, transaction
from ..models import Organisation, Thread
from ..queries import bystanders
from ..queries import sections as section_pages
from ..queries import threads as thread_pages
from ..rules.refusals import Invalid
from ..services import threads
from . import shapes
from .loading import section_or_404, thread_or_404
from .sections import revision_or_422
from .spec import spec

blueprint = Blueprint("api_threads", __name__, url_prefix="/api")


@blueprint.get("/sections/<int:section_id>/threads")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Threads), tags=["remarks"])
def listing(section_id: int, query: shapes.ThreadsAsked):
    """The remarks on a section that the caller may read, in the order of the text, a page at a time."""
    section = section_or_404(section_id)
    page = section_pages.show(
        section, current_user, bystanders.NOTHING, filter_by=query.show, page=query.page
    )
    return shapes.Threads(
        threads=page.threads, total=page.pages.total, page=query.page, pages=page.pages.pages
    )


@blueprint.post("/sections/<int:section_id>/threads")
@login_required
@spec.validate(resp=Response(HTTP_201=shapes.Thread), tags=["remarks"])
def create(section_id: int, json: shapes.NewThread):
    """Make a remark on a passage of a revision, or on the section when no offsets are given.

    A suggestion may say how the passage should read: `replacement`, empty to remove it.
    """
    section = section_or_404(section_id)
    revision = revision_or_422(section, json.revision)
    with transaction():
        thread = threads.open_thread(
            section,
            by=current_user,
            revision=revision,
            kind=json.kind,
            text=json.text,
            start=json.start,
            end=json.end,
            organisation=_organisation(json.organisation),
            replacement=json.replacement,
            visibility=json.visibility,
            language=json.language,
            token=json.token,
        )
    return _told(thread), 201


@blueprint.post("/threads/<int:thread_id>/replies")
@login_required
@spec.validate(resp=Response(HTTP_201=shapes.Thread), tags=["remarks"])
def reply(thread_id: int, json: shapes.NewReply):
    """Add a comment to a thread."""
    thread = thread_or_404(thread_id)
    with transaction():
        threads.reply(thread, by=current_user, text=json.text, token=json.token)
    return _told(thread), 201


@blueprint.post("/threads/<int:thread_id>/answer")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Thread), tags=["remarks"])
def answer(thread_id: int, json: shapes.NewAnswer):
    """Give the city's position on a remark."""
    thread = thread_or_404(thread_id)
    repeated = thread_or_404(json.duplicate_of) if json.duplicate_of else None
    with transaction():
        threads.answer(
            thread,
            by=current_user,
            disposition=json.disposition,
            text=json.text,
            carried_out_by=revision_or_422(thread.section, json.carried_out_by),
            duplicate_of=repeated,
        )
    return _told(thread)


def _organisation(organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Invalid("organisation", "You do not speak for this organisation.")
    return organisation


def _told(thread: Thread) -> shapes.Thread:
    return shapes.Thread.model_validate(thread_pages.one(thread, current_user))
