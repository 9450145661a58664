"""What letters say of a round beyond its sentence: its sections, the reason of a change, what was corrected."""

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ..db import db
from ..labels import quoted
from ..models import Event, RoundEntry
from ..rules.text import diff
from ..rules.vocabulary import EventKind, RoundChange
from ..sentences import named

MOST_SECTIONS = 20
MOST_CHANGES = 3
LONGEST = 160

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


def difference(event: Event) -> list[str]:
    """The first changes of a correction, the words before and after."""
    kept = entry(event)
    if kept is None:
        return []
    old, new = kept.before.plain, kept.after.plain
    found = diff.replacements(old, new)
    lines = [_change(old[start:end], words) for start, end, words in found[:MOST_CHANGES]]
    if more := len(found) - len(lines):
        lines.append(ngettext("and %(num)d more change", "and %(num)d more changes", more))
    return lines


def _change(before: str, after: str) -> str:
    before, after = (quoted(_short(words)) if words.strip() else "" for words in (before, after))
    if not after:
        return _("Removed: %(before)s", before=before)
    if not before:
        return _("Added: %(after)s", after=after)
    return _("%(before)s became %(after)s", before=before, after=after)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(maxsplit=1)[0] + " …"
