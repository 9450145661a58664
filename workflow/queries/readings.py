"""A text as one reader may see it; whatever shows a section's words to somebody asks here."""

from markupsafe import Markup

from ..models import Person, Revision, Section
from ..rules import policy
from ..rules.text import eyes, render
from ..rules.text.document import Block, Rendered
from ..services import revisions


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
    if not eyes.restricted(section.current.markdown):
        return Markup(revisions.rendering_of(section.current).html)
    return Markup(_shown(section.current, section, person).html)


def blocks(revision: Revision, section: Section, person: Person) -> tuple[Block, ...]:
    """The blocks that this reader may remark on, with their offsets in the whole text."""
    return _shown(revision, section, person).blocks


def _shown(revision: Revision, section: Section, person: Person) -> Rendered:
    whole = render(revision.markdown, language=section.language)
    return eyes.shown(whole, policy.visible_to(person, section.place))
