"""A text as one reader may see it; whatever shows a section's words to somebody asks here."""

from collections.abc import Collection

from flask import url_for
from markupsafe import Markup

from ..models import Person, Revision, Section
from ..rules import policy
from ..rules.text import eyes, labels, references, render
from ..rules.text.document import Block, Rendered
from ..rules.text.references import Target
from ..rules.vocabulary import Visibility
from ..services import numbering, revisions
from . import charts


def markdown(revision: Revision, section: Section, person: Person) -> str:
    """The Markdown without the blocks that are not for this reader."""
    return eyes.without(revision.markdown, policy.visible_to(person, section.place))


def rendered(revision: Revision, section: Section, person: Person) -> Rendered:
    """The text rendered without the blocks that are not for this reader, with offsets of its own."""
    return render(markdown(revision, section, person), language=section.language)


def html(section: Section, person: Person) -> Markup:
    """The current text for the section's page, with the offsets of the whole text."""
    if section.current is None:
        return Markup("")
    seen = policy.visible_to(person, section.place)
    made = counted(as_seen(section.current, section, seen), section, seen)
    return charts.shown(made, section.contract, section.language)


def as_seen(revision: Revision, section: Section, seen: Collection[Visibility]) -> str:
    """The HTML of a text with the blocks that these eyes may see, with the offsets of the whole text."""
    if not eyes.restricted(revision.markdown):
        return revisions.rendering_of(revision).html
    return eyes.shown(render(revision.markdown, language=section.language), seen).html


def counted(
    html: str, section: Section, seen: Collection[Visibility], *, alone: bool = False
) -> Markup:
    """The HTML with figures and tables numbered as in the contract, and references that lead there; `alone`: only
    within this text."""
    if not references.counted(html):
        return Markup(html)
    numbers = numbering.of(section.contract_id, seen)
    return Markup(_numbered(html, section, numbers, alone=alone))


def written(rendered: Rendered, section: Section) -> tuple[Markup, tuple[str, ...]]:
    """A text that is being written, numbered as it would be in the contract and with its charts, and what is wrong with
    its references."""
    if not references.counted(rendered.html):
        return Markup(rendered.html), ()
    texts = numbering.texts(section.contract_id, {section.id: rendered.markdown})
    numbers = references.numbered(texts)
    wrong = references.faults(texts).get(section.id, ())
    made = Markup(_numbered(rendered.html, section, numbers, alone=True))
    return charts.shown(made, section.contract, section.language), wrong


def _numbered(html: str, section: Section, numbers: references.Numbers, *, alone: bool) -> str:
    def address(target: Target, label: str) -> str | None:
        own = target.section == section.id
        anchor = None if label.startswith(f"{labels.SECTION}:") else f"t-{label}"
        if own and anchor:
            return f"#{anchor}"
        if alone:
            return None
        return url_for(
            "sections.show",
            slug=section.contract.slug,
            section_id=target.section,
            _anchor=anchor,
        )

    return references.shown(html, numbers, section.id, language=section.language, address=address)


def blocks(revision: Revision, section: Section, person: Person) -> tuple[Block, ...]:
    """The blocks that this reader may remark on, with their offsets in the whole text."""
    return _shown(revision, section, person).blocks


def _shown(revision: Revision, section: Section, person: Person) -> Rendered:
    whole = render(revision.markdown, language=section.language)
    return eyes.shown(whole, policy.visible_to(person, section.place))
