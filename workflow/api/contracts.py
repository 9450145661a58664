"""Contracts as JSON: what there is, and the sections of one."""

from flask import Blueprint
from flask_login import current_user, login_required
from spectree import Response
from sqlalchemy import select

from ..db import db
from ..models import Section
from ..queries.navigation import contract_ref
from . import shapes
from .loading import contract_or_404
from .spec import spec

blueprint = Blueprint("api_contracts", __name__, url_prefix="/api/contracts")


@blueprint.get("/<slug>")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Contents), tags=["contracts"])
def show(slug: str):
    """The contract with its sections in order."""
    contract = contract_or_404(slug)
    language = current_user.language
    sections = db.session.scalars(
        select(Section).where(Section.contract_id == contract.id).order_by(Section.position)
    )
    lines = [
        shapes.SectionLine(
            id=section.id,
            code=section.code,
            title=section.title(language),
            stage=section.stage,
            due_on=section.due_on,
        )
        for section in sections
    ]
    return shapes.Contents(contract=contract_ref(contract, language), sections=lines)
