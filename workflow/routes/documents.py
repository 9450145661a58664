"""Compiled documents in the browser: asked for, watched, opened."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_required

from ..db import transaction
from ..models import Document
from ..queries import documents as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, BuildState, FileFormat, Scope
from ..services import documents
from . import kept_files
from .forms.documents import BuildForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("documents", __name__)

TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.HTML: "application/zip",
    FileFormat.MARKDOWN: "application/zip",
}


def document_or_404(document_id: int) -> Document:
    document = pages.find(document_id, current_user) if document_id < 2**31 else None
    if document is None:
        abort(404)
    g.contract = document.contract
    return document


@blueprint.get("/c/<slug>/documents")
@login_required
def index(slug: str):
    page = pages.index(contract_or_404(slug), current_user, page=page_asked())
    part, preset = request.args.get("part", Scope.WHOLE), request.args.get("for", "")
    form = BuildForm.of(page, part=part, preset=preset)
    return render_template("documents/index.html", page=page, form=form)


@blueprint.post("/c/<slug>/documents")
@login_required
def create(slug: str):
    contract = contract_or_404(slug)
    policy.require(current_user, Act.COMPILE, Place(contract.id))
    page = pages.index(contract, current_user)
    form = BuildForm.of(page)
    if not form.validate():
        return render_template("documents/index.html", page=page, form=form), 422
    with transaction():
        document = documents.request(contract, form.edition, by=current_user)
    if document.state is BuildState.DONE:
        flash(_("Nothing has changed since this document was built, so here it is."))
    return redirect(url_for(".show", document_id=document.id), 303)


@blueprint.get("/documents/<int:document_id>")
@login_required
def show(document_id: int):
    document = document_or_404(document_id)
    return render_template("documents/show.html", page=pages.show(document, current_user))


@blueprint.get("/documents/<int:document_id>/progress")
@login_required
def progress(document_id: int):
    """How far it is, as a piece of the page that asks again."""
    document = document_or_404(document_id)
    return render_template("documents/_progress.html", page=pages.show(document, current_user))


@blueprint.post("/documents/<int:document_id>/cancel")
@login_required
def cancel(document_id: int):
    document = document_or_404(document_id)
    with transaction():
        documents.cancel(document, by=current_user)
    return redirect(url_for(".show", document_id=document_id), 303)


@blueprint.post("/documents/<int:document_id>/again")
@login_required
def again(document_id: int):
    """Ask anew for what was cancelled or has failed; what is built is the contract as it stands now."""
    document = document_or_404(document_id)
    with transaction():
        anew = documents.again(document, by=signed_in())
    return redirect(url_for(".show", document_id=anew.id), 303)


@blueprint.get("/documents/<int:document_id>/file")
@login_required
def download(document_id: int) -> Response:
    """The file itself, in pieces if the browser asks for pieces."""
    document = document_or_404(document_id)
    path = pages.file_of(document)
    if path is None:
        abort(404)
    return kept_files.answer(
        path,
        key=document.file_key,
        name=pages.file_name(document),
        mimetype=TYPES[document.format],
        shown=document.format is FileFormat.PDF,
        at=document.finished_at,
    )
