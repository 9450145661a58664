"""Correcting a text while it is on display: one act that keeps both texts and tells everybody who was asked."""

from .. import clock
from ..db import db
from ..models import Person, Revision, RoundEntry, Section
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, RoundChange
from . import displays, outbox, revisions, rounds
from .locking import locked


def correct(
    section: Section, *, by: Person, markdown: str, base: Revision | None, reason: str
) -> Revision:
    """Put a corrected text on display in the place of the shown one; remarks are carried along.

    Raises `Invalid` without a reason or without a change, `Outdated` when `base` is not what is shown.
    """
    policy.require(by, Act.CORRECT, section.place)
    displays.hold(section)
    section = locked(section)
    policy.require(by, Act.CORRECT, section.place)
    reason = rounds.checked_reason(reason)
    before = section.current
    after = revisions.written(
        section,
        by=by,
        markdown=markdown,
        base=base,
        summary=" ".join(reason.split())[:300],
        act=Act.CORRECT,
    )
    if before is None or after.id == before.id:
        raise Invalid("markdown", "This is the text that is shown already. Please correct it.")
    at = clock.now()
    shown = displays.replace(section, after, by=by, at=at)
    if shown.round_id:
        db.session.add(
            RoundEntry(
                round_id=shown.round_id,
                change=RoundChange.CORRECTED,
                section_id=section.id,
                before_id=before.id,
                after_id=after.id,
                by_id=by.id,
                reason=reason,
                at=at,
            )
        )
    db.session.flush()
    outbox.record(
        EventKind.TEXT_CORRECTED,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        revision=after,
        round_id=shown.round_id,
    )
    return after
