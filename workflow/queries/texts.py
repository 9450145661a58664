"""What the editor shows, and the marks of a difference on every page that shows one."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from ..labels import quoted
from ..models import Person, Section
from ..packs import load as load_pack
from ..rules.checks import undescribed
from ..rules.text import compare, diff, references
from ..rules.text.document import Rendered
from ..rules.text.marks import Labels
from ..rules.text.render import render
from . import gates, presence, readings, sections
from .navigation import ContractRef, contract_ref
from .permits import permits
from .views import RevisionRef, revision_ref


@dataclass(frozen=True, slots=True)
class EditPage:
    """`others` are the names of who else is writing; `behind` when the text was begun on an older revision."""

    contract: ContractRef
    section: sections.SectionHead
    revision: RevisionRef | None
    elements: list[sections.ElementView]
    html: Markup
    words: int
    others: str | None
    unsaved: bool
    behind: bool
    problems: list[str]


def edit(
    section: Section,
    person: Person,
    *,
    markdown: str,
    base_id: int | None = None,
) -> EditPage:
    """The editor with the pack's guidance beside it; the guidance never enters the text.

    `base_id` is the revision that the text was begun on, when it is not the current one.
    """
    rendered = render(markdown, language=section.language)
    html, wrong = readings.written(rendered, section)
    pack = load_pack(section.contract.pack, section.contract.pack_version)
    return EditPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        revision=revision_ref(section.current) if section.current else None,
        elements=sections.elements(section, person, permits(person, section.place), pack),
        html=html,
        words=len(rendered.plain.split()),
        others=presence.writing_now(section, person),
        unsaved=rendered.markdown != (section.current.markdown if section.current else ""),
        behind=base_id is not None and base_id != section.current_id,
        problems=problems(markdown, wrong),
    )


def preview(section: Section, markdown: str) -> dict:
    """What is being written as readers will see it, and what the writer is told of it."""
    rendered = render(markdown, language=section.language)
    html, wrong = readings.written(rendered, section)
    return {
        "html": html,
        "words": len(rendered.plain.split()),
        "problems": problems(markdown, wrong),
    }


def problems(markdown: str, wrong: Collection[str]) -> list[str]:
    """What the writer is told of the text before it is saved; `wrong` are references and labels."""
    count = undescribed.count(markdown)
    told = [gates.sentences("pictures", count)[1]] if count else []
    unknown = references.unknown_charts(references.indexes(markdown))
    if unknown:
        told.append(gates.sentences("charts", len(unknown))[1])
    if wrong:
        quotations = ", ".join(quoted(one) for one in wrong)
        told.append(f"{gates.sentences('references', len(wrong))[1]}: {quotations}")
    return told


def difference(old: Rendered, new: Rendered) -> Markup:
    """The new text with its changes, said in the reader's language for who cannot see the marks."""
    labels = Labels(
        inserted=_("inserted: "),
        end_inserted=_(" end of insertion. "),
        deleted=_("deleted: "),
        end_deleted=_(" end of deletion. "),
        moved_here=_("moved to here: "),
        moved_away=_("moved from here: "),
        reformatted=_("formatting changed: "),
    )
    return Markup(compare.html(old, new, labels=labels))


def words(changes: list[diff.Change], kind: diff.Kind) -> int:
    return sum(len(change.text.split()) for change in changes if change.kind is kind)
