"""Web hooks as JSON, for those who connect other systems: listed, made, stopped, and what became of each message."""

from flask import Blueprint
from flask_login import current_user, login_required
from spectree import Response

from ..db import transaction
from ..models import Contract, Hook
from ..queries import hooks as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, EventKind
from ..services import hooks
from . import hook_shapes as shapes
from .loading import contract_or_404, hook_or_404
from .spec import spec

blueprint = Blueprint("api_hooks", __name__, url_prefix="/api/contracts/<slug>/hooks")


@blueprint.get("")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Hooks), tags=["web hooks"])
def listing(slug: str):
    """All web hooks of the contract, in the order in which they were made."""
    return shapes.Hooks(hooks=pages.index(_connected(slug), current_user).hooks)


@blueprint.post("")
@login_required
@spec.validate(resp=Response(HTTP_201=shapes.MadeHook), tags=["web hooks"])
def create(slug: str, json: shapes.NewHook):
    """Let another system hear what happens from now on. The secret is told in this answer and never again."""
    contract = _connected(slug)
    with transaction():
        hook = hooks.make(contract, by=current_user, address=json.address, kinds=json.kinds)
    told = shapes.Hook.model_validate(pages.line(hook))
    return shapes.MadeHook(**told.model_dump(), secret=hooks.secret(hook)), 201


@blueprint.post("/<int:hook_id>/stop")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Hook), tags=["web hooks"])
def stop(slug: str, hook_id: int):
    """Switch a web hook off; what happens from then on is not kept for it. Doing it twice changes nothing."""
    hook = _hook(slug, hook_id)
    with transaction():
        kinds = [EventKind(kind) for kind in hook.kinds]
        hooks.change(hook, by=current_user, address=hook.address, kinds=kinds, active=False)
    return shapes.Hook.model_validate(pages.line(hook))


@blueprint.get("/<int:hook_id>/deliveries")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Deliveries), tags=["web hooks"])
def log(slug: str, hook_id: int, query: shapes.LogAsked):
    """What became of its messages, the newest first, a page at a time."""
    page = pages.show(_hook(slug, hook_id), current_user, query.page)
    return shapes.Deliveries(
        deliveries=page.log, total=page.pages.total, page=query.page, pages=page.pages.pages
    )


def _connected(slug: str) -> Contract:
    contract = contract_or_404(slug)
    policy.require(current_user, Act.CONNECT, Place(contract.id))
    return contract


def _hook(slug: str, hook_id: int) -> Hook:
    return hook_or_404(_connected(slug), hook_id)
