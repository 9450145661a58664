"""Documents as JSON: listed, asked for, watched until they are built; the file comes from the address that is told."""

from flask import Blueprint, url_for
from flask_login import current_user, login_required
from spectree import Response

from ..db import transaction
from ..queries import documents as pages
from ..queries import kept_versions
from ..queries.kept_versions import Version
from ..rules.editions import Edition
from ..rules.vocabulary import Scope
from ..services import documents
from . import shapes
from .loading import contract_or_404, document_or_404
from .spec import spec

blueprint = Blueprint("api_documents", __name__, url_prefix="/api")


@blueprint.get("/contracts/<slug>/documents")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Documents), tags=["documents"])
def listing(slug: str, query: shapes.DocumentsAsked):
    """The documents of the contract that the caller may read, newest first, a page at a time."""
    contract = contract_or_404(slug)
    mine = documents.audiences(current_user, contract)
    found = kept_versions.listed(contract, mine, page=query.page)
    return shapes.Documents(
        documents=[_told(version) for version in found.versions],
        total=found.pages.total,
        page=query.page,
        pages=found.pages.pages,
    )


@blueprint.post("/contracts/<slug>/documents")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Document), tags=["documents"])
def ask(slug: str, json: shapes.NewDocument):
    """Ask for a document of the contract as it stands now; what has been built of exactly this is given back."""
    contract = contract_or_404(slug)
    edition = Edition(
        audience=json.audience,
        language=json.language or contract.language,
        format=json.format,
        kind=json.kind,
        scope=json.scope,
        place=None if json.scope is Scope.WHOLE else json.place,
        since=json.since,
        annexes=frozenset(json.annexes),
    )
    with transaction():
        document = documents.request(contract, edition, by=current_user)
    return _told(kept_versions.version(document))


@blueprint.get("/documents/<int:document_id>")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Document), tags=["documents"])
def show(document_id: int):
    """How far the document is, and where its file is once it is built."""
    return _told(kept_versions.version(document_or_404(document_id)))


@blueprint.post("/documents/<int:document_id>/cancel")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Document), tags=["documents"])
def cancel(document_id: int):
    """Stop the building of a document that nobody needs any more; a finished one stays."""
    document = document_or_404(document_id)
    with transaction():
        documents.cancel(document, by=current_user)
    return _told(kept_versions.version(document))


def _told(version: Version) -> shapes.Document:
    document = version.document
    edition, progress = document.edition, pages.progress(document)
    ready = pages.file_of(document) is not None
    return shapes.Document(
        id=document.id,
        state=document.state,
        step=progress.step,
        percent=progress.percent,
        format=edition.format,
        kind=edition.kind,
        audience=edition.audience,
        language=edition.language,
        scope=edition.scope,
        place=edition.place,
        since=edition.since,
        annexes=sorted(edition.annexes),
        manifest_sha256=document.manifest_sha256,
        pages=document.pages,
        size=document.size,
        file=url_for("documents.download", document_id=document.id) if ready else None,
        asked_at=document.created_at,
        finished_at=document.finished_at,
        before=version.before.id if version.before else None,
        changes=kept_versions.words(version),
    )
