"""What letters say of the contract as a whole beyond their sentence: what was sealed, opened or changed, and why."""

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from .. import dates
from ..db import db
from ..labels import label
from ..models import Decision, Event, ManifestEntry, Section
from ..rules.vocabulary import Act, EventKind, ManifestStep
from ..sentences import named
from . import wholes

MOST_SECTIONS = 20

STEPS = {
    EventKind.FREEZE_LIFTED: ManifestStep.LIFTED,
    EventKind.CONTRACT_SUBMITTED: ManifestStep.SUBMITTED,
    EventKind.ADDENDUM_BEGUN: ManifestStep.ADDENDUM,
    EventKind.ITERATION_BEGUN: ManifestStep.ITERATION,
}


def entry(event: Event) -> ManifestEntry:
    """What became of the manifest, as it was kept."""
    return db.session.scalars(
        select(ManifestEntry)
        .where(
            ManifestEntry.manifest_id == event.manifest_id,
            ManifestEntry.step == STEPS[event.kind],
            ManifestEntry.at <= event.at,
        )
        .order_by(ManifestEntry.id.desc())
        .limit(1)
    ).one()


def _reason(event: Event, context) -> tuple[str, str | None]:
    return entry(event).reason, None


def _note(event: Event, context) -> tuple[str, str | None]:
    return event.manifest.note, None


def _sealed(event: Event, context) -> list[str]:
    """How many texts stand under which hash."""
    count = sum(1 for _one in wholes.sections_of(event.manifest.content))
    return [
        ngettext(
            "It seals %(num)d text. Nothing in it changes from now on.",
            "It seals %(num)d texts. Nothing in them changes from now on.",
            count,
        ),
        f"SHA-256 {event.manifest.sha256}",
    ]


def _changed(event: Event, context) -> list[str]:
    """Which sections the addendum changes."""
    codes = [code for code, *_hashes in event.manifest.content[wholes.ADDENDUM]["sections"]]
    told = _("It changes: %(sections)s.", sections=", ".join(codes)) if codes else ""
    return [told, f"SHA-256 {event.manifest.sha256}"]


def _submitted(event: Event, context) -> list[str]:
    kept = entry(event)
    on = dates.day(kept.on, get_locale())
    return [_("Submitted to: %(body)s, %(day)s.", body=label(kept.body), day=on)]


def _opened(event: Event, context) -> list[str]:
    """The sections that were opened with the step, a line each."""
    kept = entry(event)
    sections = db.session.scalars(
        select(Section)
        .join(Decision, Decision.section_id == Section.id)
        .where(
            Section.contract_id == event.contract_id,
            Decision.act == Act.REOPEN,
            Decision.by_id == kept.by_id,
            Decision.at.between(kept.at, event.at),
        )
        .order_by(Section.position, Section.id)
    ).all()
    if not sections:
        return []
    lines = [f"– {named(one, language=context.language)}" for one in sections[:MOST_SECTIONS]]
    if more := len(sections) - len(lines):
        lines.append(ngettext("and %(num)d more", "and %(num)d more", more))
    return [_("Open for revision:"), *lines]


WORDS = {
    EventKind.FREEZE_LIFTED: _reason,
    EventKind.ADDENDUM_BEGUN: _reason,
    EventKind.ADDENDUM_ISSUED: _note,
    EventKind.ITERATION_BEGUN: _reason,
}
FACTS = {
    EventKind.CONTRACT_FROZEN: _sealed,
    EventKind.CONTRACT_SUBMITTED: _submitted,
    EventKind.ADDENDUM_BEGUN: _opened,
    EventKind.ADDENDUM_ISSUED: _changed,
    EventKind.ITERATION_BEGUN: _opened,
}
"""Rows of the tables of `details`."""
