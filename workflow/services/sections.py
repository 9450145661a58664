"""Who carries a section until when, and which of the pack's elements do not apply."""

from datetime import date

from ..models import Element, Person, Section
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind
from . import outbox
from .locking import locked


def assign(section: Section, *, by: Person, owner: Person | None, due_on: date | None) -> Section:
    """Say who carries the section and until when. The new owner hears of it at once."""
    policy.require(by, Act.ASSIGN, section.place)
    section = locked(section)
    if owner and not policy.grants(owner, Act.EDIT, section.place):
        raise Invalid("owner", "This person may not edit the section. Give them the role first.")
    changed = owner is not None and owner.id != section.owner_id
    section.owner, section.due_on = owner, due_on
    if changed:
        outbox.record(
            EventKind.SECTION_ASSIGNED,
            actor=by,
            contract_id=section.contract_id,
            section=section,
            person=owner,
        )
    return section


def set_aside(element: Element, section: Section, *, by: Person, because: str) -> Element:
    """Answer an element with "not applicable, because …"; an empty reason takes that back."""
    section = locked(section)
    policy.require(by, Act.EDIT, section.place)
    because = because.strip()
    if len(because) > 2000:
        raise Invalid("reason", "This is too long. Please keep it under 2,000 characters.")
    if because == (element.not_applicable_because or ""):
        return element
    element.not_applicable_because = because or None
    kind = EventKind.ELEMENT_NOT_APPLICABLE if because else EventKind.ELEMENT_APPLICABLE
    outbox.record(kind, actor=by, contract_id=section.contract_id, section=section)
    return element
