"""What remarks still ask of the city: the one place for these conditions, which the gate and every count share."""

from sqlalchemy import Select, and_, func, select

from ..models import Element, Thread
from ..rules import gate
from ..rules.vocabulary import RemarkKind

ADDRESSED = and_(Thread.addressed, Thread.withdrawn_at.is_(None), Thread.kind != RemarkKind.SUPPORT)
"""Said to the city, standing, and asking for something."""

UNANSWERED = and_(Thread.unanswered, ADDRESSED)
OBJECTIONS = and_(UNANSWERED, Thread.kind == RemarkKind.OBJECTION)
PROMISED = and_(
    Thread.disposition.in_(gate.PROMISES), Thread.carried_out_by_id.is_(None), ADDRESSED
)
"""Accepted, but no revision is named yet that carries it out."""


def elements(section_id) -> Select:
    """The question how many required elements of the section are open."""
    return select(func.count(Element.id)).where(
        Element.section_id == section_id,
        Element.required,
        Element.not_applicable_because.is_(None),
    )
