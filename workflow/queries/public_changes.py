"""What everybody is told of a public round that did not run as it was announced: extensions, and corrected texts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import RoundEntry
from ..rules.vocabulary import RoundChange


@dataclass(frozen=True, slots=True)
class PublicChange:
    """`until` is the new end of an extension; `section` the title of what was corrected."""

    at: datetime
    until: datetime | None
    section: str | None
    reason: str


def told(
    rounds: Collection[int], language: str, *, section_id: int | None = None
) -> dict[int, list[PublicChange]]:
    """By the id of the round, in the order in which it happened; of one section's texts where it is given."""
    query = (
        select(RoundEntry)
        .where(RoundEntry.round_id.in_(rounds))
        .options(joinedload(RoundEntry.section))
        .order_by(RoundEntry.id)
    )
    if section_id is not None:
        extended = RoundEntry.change == RoundChange.EXTENDED
        query = query.where(or_(extended, RoundEntry.section_id == section_id))
    found: dict[int, list[PublicChange]] = {}
    for entry in db.session.scalars(query):
        title = entry.section.title(language) if entry.section else None
        change = PublicChange(entry.at, entry.closes_after, title, entry.reason)
        found.setdefault(entry.round_id, []).append(change)
    return found
