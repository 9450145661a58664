"""Signatories and what they commit to, as data."""

from flask import Blueprint
from flask_login import current_user, login_required
from spectree import Response

from ..models import Signatory
from ..queries import signatories as pages
from ..queries.signatories import Line
from ..queries.signatory import Promise, promise
from . import shapes
from .loading import contract_or_404
from .spec import spec

blueprint = Blueprint("api_signatories", __name__, url_prefix="/api/contracts")


@blueprint.get("/<slug>/signatories")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Signatories), tags=["signatories"])
def listing(slug: str, query: shapes.SignatoriesAsked):
    """The signatories with their commitments in the order of their names, a page at a time, as far as the caller may
    read them."""
    contract, person = contract_or_404(slug), current_user._get_current_object()
    wanted = {name: str(value) for name, value in query if value is not None and name != "page"}
    listed = pages.page(contract, person, wanted, page=query.page)
    ids = [line.id for line in listed.lines]
    promised = pages.commitments_of(contract, person, Signatory.id.in_(ids))
    return shapes.Signatories(
        signatories=[
            _told(
                line,
                [promise(*one, person.language) for one in promised.get(line.id, [])],
            )
            for line in listed.lines
        ],
        promises=listed.sums.promises,
        tonnes=listed.sums.tonnes,
        euros=listed.sums.euros,
        total=listed.sums.signatories,
        page=query.page,
        pages=listed.pages.pages,
    )


def _told(line: Line, promises: list[Promise]) -> shapes.Signatory:
    return shapes.Signatory(
        id=line.id,
        organisation=line.name,
        kind=line.kind,
        status=line.status,
        hold=line.hold,
        manifest=line.manifest,
        sha256=line.sha256,
        signed_on=line.signed_on,
        representative=line.representative,
        office=line.office,
        commitments=[
            shapes.Commitment(
                text=one.text,
                tier=one.tier,
                tonnes=one.tonnes,
                euros=one.euros,
                by_year=one.by_year,
                sector=one.sector.label if one.sector else None,
                may_publish=one.may_publish,
            )
            for one in promises
        ],
    )
