"""The register of reviewers' questions as JSON, for the city's own people."""

from flask import Blueprint
from flask_login import current_user, login_required
from spectree import Response

from ..queries import questions as registers
from ..services import questions
from . import shapes
from .loading import contract_or_404
from .spec import spec

blueprint = Blueprint("api_questions", __name__, url_prefix="/api/contracts")


@blueprint.get("/<slug>/questions")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Questions), tags=["questions"])
def register(slug: str, query: shapes.QuestionsAsked):
    """The questions that the caller may read, a page at a time; those that wait first, by the day that they are due."""
    contract = contract_or_404(slug)
    questions.require_reader(current_user, contract.id)
    wanted = query.model_dump(exclude_none=True, mode="json")
    page = registers.register(contract, current_user, wanted, query.page)
    return shapes.Questions(
        questions=page.rows, total=page.pages.total, page=query.page, pages=page.pages.pages
    )
