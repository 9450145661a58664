"""The contract as a whole as JSON: where it stands, what blocks its freeze, freezing, lifting, and its manifests."""

from flask import Blueprint, Response, abort
from flask_login import current_user, login_required
from spectree import Response as Answer

from ..db import transaction
from ..models import Contract
from ..queries import manifests
from ..rules import policy
from ..rules.canonical import canonical
from ..rules.policy import Place
from ..rules.vocabulary import Act
from ..services import freezing, wholes
from . import shapes
from .loading import contract_or_404
from .spec import spec

blueprint = Blueprint("api_wholes", __name__, url_prefix="/api/contracts/<slug>")


@blueprint.get("/whole")
@login_required
@spec.validate(resp=Answer(HTTP_200=shapes.ContractAsWhole), tags=["contracts"])
def show(slug: str):
    """Where the contract stands, what has to happen before it can be frozen, and its manifests, newest first."""
    return _told(contract_or_404(slug))


@blueprint.post("/freeze")
@login_required
@spec.validate(resp=Answer(HTTP_200=shapes.ContractAsWhole), tags=["contracts"])
def freeze(slug: str, json: shapes.Freeze):
    """Freeze exactly what was seen; 409 with everything that has to happen first, or when it has changed since."""
    contract = contract_or_404(slug)
    with transaction():
        freezing.freeze(contract, by=current_user, seen=json.seen, note=json.note)
    return _told(contract)


@blueprint.post("/lift")
@login_required
@spec.validate(resp=Answer(HTTP_200=shapes.ContractAsWhole), tags=["contracts"])
def lift(slug: str, json: shapes.Lift):
    """Lift the freeze for a reason that everybody reads; 409 once somebody signed or it was submitted."""
    contract = contract_or_404(slug)
    with transaction():
        freezing.lift(contract, by=current_user, reason=json.reason)
    return _told(contract)


@blueprint.get("/manifests/<int:number>")
@login_required
@spec.validate(tags=["contracts"])
def manifest(slug: str, number: int) -> Response:
    """A manifest as canonical JSON, byte for byte what its hash was computed over."""
    sealed = manifests.find(contract_or_404(slug), number) or abort(404)
    return Response(canonical(sealed.content), mimetype="application/json")


def _told(contract: Contract) -> shapes.ContractAsWhole:
    found, known = wholes.read(contract), manifests.history(contract)
    return shapes.ContractAsWhole(
        state=manifests.state(contract, known),
        iteration=contract.iteration,
        sha256=found.sha256,
        may_freeze=policy.grants(current_user, Act.FREEZE, Place(contract.id)),
        blockers=[] if contract.frozen_id else found.blockers,
        manifests=known,
    )
