"""What the compose page answers: what exactly am I commenting on, as whom, seen by whom, of which kind?"""

from dataclasses import dataclass

from flask_babel import gettext as _

from .. import clock
from ..models import Person, Revision, Section
from ..rules.vocabulary import Visibility
from ..services import displays
from . import readings
from .navigation import ContractRef, contract_ref
from .sections import SectionHead, head
from .views import RevisionRef, revision_ref

Block = tuple[int, str, int, int]
"""Number, text, start and end (characters of the plain text) of a block that can be remarked on."""


@dataclass(frozen=True, slots=True)
class ComposePage:
    contract: ContractRef
    section: SectionHead
    revision: RevisionRef | None
    speaking_as: list[tuple[str, str]]
    block: Block | None
    quote: str | None
    blocks: list[Block]
    recipients: dict[str, str]
    late: bool


def page(
    section: Section,
    person: Person,
    *,
    revision: Revision | None,
    block: int | None,
    start: int | None,
    end: int | None,
) -> ComposePage:
    blocks = _blocks(revision, section, person) if revision else []
    chosen = next((found for found in blocks if found[0] == block), None)
    if chosen and start is None:
        start, end = chosen[2], chosen[3]
    inside = start is not None and end is not None and 0 <= start < end
    quoted = inside and any(begin <= start and end <= stop for _n, _text, begin, stop in blocks)
    return ComposePage(
        contract=contract_ref(section.contract, person.language),
        section=head(section, person),
        revision=revision_ref(revision) if revision else None,
        speaking_as=[
            (str(m.organisation.id), m.organisation.name)
            for m in person.memberships
            if m.organisation
        ],
        block=chosen,
        quote=revision.plain[start:end] if quoted else None,
        blocks=blocks,
        recipients=recipients(),
        late=displays.for_remark(section, clock.now())[1],
    )


def _blocks(revision: Revision, section: Section, person: Person) -> list[Block]:
    return [
        (block.number, revision.plain[block.start : block.end], block.start, block.end)
        for block in readings.blocks(revision, section, person)
    ]


def recipients() -> dict[str, str]:
    """Who will read it, one sentence for each choice, shown before a word is typed."""
    return {
        Visibility.PUBLIC: _("Everyone may read it, also in the published list of comments."),
        Visibility.PARTICIPANTS: _("Everyone who takes part in this contract may read it."),
        Visibility.CITY: _("Only the city's own people may read it, and you."),
        Visibility.ORGANISATION: _("Only members of your organisation may read it, not the city."),
    }
