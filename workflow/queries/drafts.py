"""A text that its writer has not saved, offered to that person and to nobody else."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select

from ..db import db
from ..models import Draft, Person, Revision, Section
from ..rules.text import canonical, diff
from ..rules.text.render import render
from . import sections, texts
from .navigation import ContractRef, contract_ref


@dataclass(frozen=True, slots=True)
class OfferPage:
    """What a draft changes in the revision that it was begun on; `behind` when that is no longer the current one."""

    contract: ContractRef
    section: sections.SectionHead
    saved_at: datetime
    behind: bool
    html: Markup
    added: int
    removed: int


def of(section: Section, person: Person) -> Draft | None:
    """The person's own draft, when it says something that the current text does not."""
    found = db.session.scalar(
        select(Draft).where(
            Draft.section_id == section.id,
            Draft.person_id == person.id,
            Draft.markdown.is_not(None),
        )
    )
    if found is None:
        return None
    current = section.current.markdown if section.current else canonical("")
    return None if canonical(found.markdown) == current else found


def offer(section: Section, person: Person, draft: Draft) -> OfferPage:
    """The question whether to go on with a draft."""
    base = db.session.get(Revision, draft.base_id) if draft.base_id else None
    before = render(base.markdown if base else "", language=section.language)
    after = render(draft.markdown, language=section.language)
    changes = diff.words(before.plain, after.plain)
    return OfferPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        saved_at=draft.saved_at,
        behind=draft.base_id != section.current_id,
        html=texts.difference(before, after),
        added=texts.words(changes, diff.Kind.ADDED),
        removed=texts.words(changes, diff.Kind.REMOVED),
    )
