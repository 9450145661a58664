"""What two people made of the same text, and what comes of both: the page on which their changes are put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from ..models import Person, Revision, Section
from ..rules.text import canonical, diff, merge, units
from ..rules.text.merge import Merge
from ..rules.text.render import render
from ..rules.text.units import Unit
from . import sections, texts
from .navigation import ContractRef, contract_ref
from .views import RevisionRef, revision_ref


class Choice(StrEnum):
    """What becomes of a passage that both changed differently."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    BY_HAND = "by_hand"


Pieces = list[tuple[str, str]]
"""Stretches of a passage that are the "same", "removed" or "added"."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One passage as it was, and what either side made of it; an empty side removed it, an empty base had nothing.

    `after` is the end of the passage before it, `both` one reading after the other.
    """

    number: int
    after: str
    base: str
    mine: str
    theirs: str
    mine_pieces: Pieces
    theirs_pieces: Pieces
    both: str

    def reading(self, choice: str | None, by_hand: str) -> str | None:
        """What the passage says by this choice; None when it is none."""
        readings = {
            Choice.MINE: self.mine,
            Choice.THEIRS: self.theirs,
            Choice.BOTH: self.both,
            Choice.BY_HAND: by_hand,
        }
        return readings.get(choice)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two texts on the same base, and the merge of them. `theirs` is the revision that the next save builds on."""

    base: Revision | None
    mine: str
    theirs: Revision
    merged: Merge
    clashes: list[Clash] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether everything of mine stands in their revision already."""
        return self.merged.markdown == self.theirs.markdown

    def text(self, readings: Sequence[str]) -> str:
        """The merged text with what each passage that both changed shall say."""
        whole = self.merged.markdown
        return self.merged.resolved(readings) if whole is None else whole


@dataclass(frozen=True, slots=True)
class MergePage:
    """`html` shows what the save will change in their revision apart from the passages that clash, `their_html` what
    they changed."""

    contract: ContractRef
    section: sections.SectionHead
    base: RevisionRef | None
    theirs: RevisionRef
    clashes: list[Clash]
    html: Markup
    their_html: Markup
    added: int
    removed: int


def meet(base: Revision | None, mine: str, theirs: Revision) -> Meeting:
    """What somebody wrote on `base` meets the revision that was saved in the meantime."""
    merged = merge.three_way(base.markdown if base else "", mine, theirs.markdown)
    return Meeting(base, canonical(mine), theirs, merged, _clashes(merged))


def page(section: Section, person: Person, meeting: Meeting) -> MergePage:
    """Both changes put together, or the passages that a person has to decide on."""
    base = render(meeting.base.markdown if meeting.base else "", language=section.language)
    theirs = render(meeting.theirs.markdown, language=section.language)
    fitting = meeting.text([clash.theirs for clash in meeting.clashes])
    after = render(fitting, language=section.language)
    changes = diff.words(theirs.plain, after.plain)
    return MergePage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        base=revision_ref(meeting.base) if meeting.base else None,
        theirs=revision_ref(meeting.theirs),
        clashes=meeting.clashes,
        html=texts.difference(theirs, after),
        their_html=texts.difference(base, theirs),
        added=texts.words(changes, diff.Kind.ADDED),
        removed=texts.words(changes, diff.Kind.REMOVED),
    )


def _clashes(merged: Merge) -> list[Clash]:
    return [
        Clash(
            number=number,
            after=_before(merged, one.position),
            base=one.base,
            mine=one.mine,
            theirs=one.theirs,
            mine_pieces=_pieces(one.base, one.mine),
            theirs_pieces=_pieces(one.base, one.theirs),
            both=_one_after_the_other(one.theirs, one.mine),
        )
        for number, one in enumerate(merged.conflicts, start=1)
    ]


def _one_after_the_other(*texts: str) -> str:
    return units.join(Unit(text.strip("\n"), None) for text in texts if text).strip("\n")


def _before(merged: Merge, position: int) -> str:
    return next((part.text for part in merged.parts[:position][::-1] if part.text), "")


def _pieces(base: str, side: str) -> Pieces:
    return [(change.kind.value, change.text) for change in diff.words(base, side)]
