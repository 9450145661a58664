"""The private draft of a text that is being written; the editor's page calls this while it is open."""

from flask import Blueprint, redirect, url_for
from flask_babel import format_time
from flask_babel import gettext as _
from flask_login import login_required

from .. import clock
from ..db import transaction
from ..queries import presence
from ..services import drafts
from .forms.sections import DraftForm
from .loading import revision_or_404, section_or_404, signed_in

blueprint = Blueprint("drafts", __name__, url_prefix="/c/<slug>/sections/<int:section_id>/draft")


@blueprint.post("")
@login_required
def keep(slug: str, section_id: int):
    """Keep the text, if one is sent, or only note that the page is open (or, with `left`, that it was closed).

    Answers with the sentence that it was kept, and with the names of who else is writing.
    """
    section = section_or_404(slug, section_id)
    form = DraftForm()
    if not form.validate():
        return {"errors": form.errors}, 422
    base = revision_or_404(section.id, form.base.data)
    person = signed_in()
    with transaction():
        if form.markdown.raw_data:
            drafts.keep(section, by=person, base=base, markdown=form.markdown.data)
        else:
            drafts.seen(section, by=person)
        if form.left.data:
            drafts.left(section, by=person)
    kept = _("Kept as your draft at %(time)s", time=format_time(clock.now(), "short"))
    return {"kept": kept, "writing": presence.writing_now(section, person)}


@blueprint.post("/discard")
@login_required
def discard(slug: str, section_id: int):
    section = section_or_404(slug, section_id)
    with transaction():
        drafts.discard(section, by=signed_in())
    return redirect(url_for("sections.edit", slug=slug, section_id=section_id), 303)
