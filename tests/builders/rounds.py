"""Rounds of consultation."""

from datetime import datetime, timedelta

from workflow import clock
from workflow.db import db
from workflow.models import Display, Round, Section
from workflow.rules.vocabulary import RoundAudience

from .rows import builder, keep, numbers


@builder
def opened_to_all(section: Section) -> Section:
    """The section's display as one of a public round."""
    shown = db.session.query(Display).filter_by(section_id=section.id, closed_at=None).one()
    shown.round = Round(
        contract_id=section.contract_id,
        number=next(numbers),
        audience=RoundAudience.PUBLIC,
        announcement="Tell us what you think.",
        opened_by_id=shown.opened_by_id,
        opened_at=shown.opened_at,
        closes_at=shown.closes_at,
        sections=[section],
    )
    keep(shown)
    return section


@builder
def round_of(*sections: Section, closes_at: datetime | None = None) -> Round:
    """A running round of the sections; what they have on display belongs to it."""
    at = clock.now()
    first = sections[0]
    made = Round(
        contract_id=first.contract_id,
        number=db.session.query(Round).filter_by(contract_id=first.contract_id).count() + 1,
        opened_by_id=first.current.author_id,
        opens_at=at,
        opened_at=at,
        closes_at=closes_at or at + timedelta(days=30),
    )
    made.sections = list(sections)
    keep(made)
    shown = Display.section_id.in_([one.id for one in sections])
    db.session.query(Display).filter(shown).update({"round_id": made.id})
    return keep(made)
