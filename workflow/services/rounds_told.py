"""What letters say of a round beyond its sentence: its sections, the reason of a change."""

from flask_babel import ngettext
from sqlalchemy import select

from ..db import db
from ..models import Event, RoundEntry
from ..rules.vocabulary import EventKind, RoundChange
from ..sentences import named

MOST_SECTIONS = 20

CHANGES = {
    EventKind.ROUND_EXTENDED: RoundChange.EXTENDED,
    EventKind.TEXT_CORRECTED: RoundChange.CORRECTED,
}


def entry(event: Event) -> RoundEntry | None:
    """The change of the round that the event tells of, as it was kept."""
    corrected = event.section_id if event.kind is EventKind.TEXT_CORRECTED else None
    return db.session.scalar(
        select(RoundEntry)
        .where(
            RoundEntry.round_id == event.round_id,
            RoundEntry.change == CHANGES[event.kind],
            RoundEntry.section_id.is_not_distinct_from(corrected),
            RoundEntry.at <= event.at,
        )
        .order_by(RoundEntry.id.desc())
        .limit(1)
    )


def reason(event: Event) -> str:
    """Why a round was extended, or a displayed text corrected."""
    kept = entry(event)
    return kept.reason if kept else ""


def sections(event: Event, language: str) -> list[str]:
    """The sections of the round, a line each."""
    asked = event.round.sections
    if event.section_id:
        return []
    lines = [f"– {named(one, language=language)}" for one in asked[:MOST_SECTIONS]]
    if more := len(asked) - len(lines):
        lines.append(ngettext("and %(num)d more", "and %(num)d more", more))
    return lines
