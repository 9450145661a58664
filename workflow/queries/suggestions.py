"""What the page of suggestions weighs, and what the page shows on which a remark finds its place again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from rapidfuzz.fuzz import partial_ratio

from ..models import Person, Section, Thread
from ..rules.text import diff
from ..rules.text.render import render
from ..rules.vocabulary import Act
from ..services import suggestions
from ..services.suggestions import Hindrance
from . import compose, sections, texts, threads
from .navigation import ContractRef, contract_ref
from .permits import Permit, permits
from .views import RevisionRef, ThreadView, revision_ref

WHY = {
    Hindrance.GONE: _l("The passage is no longer in the text."),
    Hindrance.CHANGED: _l("The passage was edited after the suggestion was written."),
    Hindrance.FORMATTING: _l(
        "It reaches across formatting, a link or several paragraphs, so somebody has to write it in."
    ),
    Hindrance.MEANING: _l(
        "Written into the text, it would mean something else, so somebody has to write it in."
    ),
}
"""What a person is told of a suggestion that is not taken over by itself."""

NEAREST = 3
ALIKE = 60
LEAST = 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion with the words that stand in its place now (None: they are gone)."""

    thread: ThreadView
    now: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of the chosen ones: the text with its changes, or what stands against it."""

    numbers: list[int]
    html: Markup | None
    added: int
    removed: int
    clashes: list[tuple[Proposal, Proposal]]
    hindered: list[tuple[Proposal, str]]


@dataclass(frozen=True, slots=True)
class SuggestionsPage:
    """`groups` are suggestions that fit, together with those that want the same words; `stale` no longer fit."""

    contract: ContractRef
    section: sections.SectionHead
    revision: RevisionRef | None
    groups: list[list[Proposal]]
    stale: list[Proposal]
    preview: Preview | None
    total: int
    accept: Permit


def page(section: Section, person: Person, *, take: Collection[int] = ()) -> SuggestionsPage:
    """All suggestions that wait for a decision, and what would come of taking over those in `take`."""
    rows = threads.suggestions(section, person) if section.current else []
    proposals = {thread.id: _proposal(view, section, view.id in take) for thread, view in rows}
    chosen = [thread for thread, _view in rows if thread.id in take]
    fitting = [one for one in proposals.values() if one.thread.change.fits]
    return SuggestionsPage(
        contract=contract_ref(section.contract, person.language),
        section=sections.head(section, person),
        revision=revision_ref(section.current) if section.current else None,
        groups=list(_groups(fitting)),
        stale=[one for one in proposals.values() if not one.thread.change.fits],
        preview=_preview(section, chosen, proposals) if chosen else None,
        total=len(rows),
        accept=_permit(person, section),
    )


def _permit(person: Person, section: Section) -> Permit:
    """Taking over is both: editing and answering."""
    acts = permits(person, section.place)
    return next(
        (acts[act] for act in (Act.EDIT, Act.ANSWER) if not acts[act].allowed), acts[Act.EDIT]
    )


def _proposal(view: ThreadView, section: Section, chosen: bool) -> Proposal:
    place = view.anchor
    now = section.current.plain[place.start : place.end] if place.start is not None else None
    return Proposal(view, now, chosen)


def _groups(proposals: Iterable[Proposal]) -> Iterable[list[Proposal]]:
    """Neighbours that overlap, together; they come in the order of the text."""
    group, end = [], 0
    for one in proposals:
        if group and one.thread.anchor.start >= end:
            yield group
            group = []
        group.append(one)
        end = max(end, one.thread.anchor.end) if len(group) > 1 else one.thread.anchor.end
    if group:
        yield group


def _preview(section: Section, chosen: list[Thread], proposals: dict[int, Proposal]) -> Preview:
    drawn = suggestions.plan(section, chosen)
    html, changes = None, []
    if drawn.markdown is not None:
        after = render(drawn.markdown, language=section.language)
        html = texts.difference(drawn.before, after)
        changes = diff.words(drawn.before.plain, after.plain)
    return Preview(
        numbers=[one.number for one in chosen],
        html=html,
        added=texts.words(changes, diff.Kind.ADDED),
        removed=texts.words(changes, diff.Kind.REMOVED),
        clashes=[(proposals[one.id], proposals[other.id]) for one, other in drawn.clashes],
        hindered=[(proposals[one.id], str(WHY[hindrance])) for one, hindrance in drawn.hindered],
    )


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A remark that lost its place, and the paragraphs of the current text; `nearest` read most like its words.

    `before` and `after` are what stood around them in their own paragraph: another one may be for other eyes.
    """

    contract: ContractRef
    section: sections.SectionHead
    revision: RevisionRef
    thread: ThreadView
    before: str
    after: str
    blocks: list[compose.Block]
    nearest: list[compose.Block]


def place(thread: Thread, person: Person) -> PlacePage:
    section = sections.load(thread.section_id)
    written = compose.page(
        section, person, revision=section.current, block=None, start=None, end=None
    )
    blocks = [block for block in written.blocks if block[1].strip()]
    return PlacePage(
        contract=written.contract,
        section=written.section,
        revision=written.revision,
        thread=threads.one(thread, person),
        before=(thread.prefix or "").rpartition("\n")[2],
        after=(thread.suffix or "").partition("\n")[0],
        blocks=blocks,
        nearest=_nearest(thread.quote or "", blocks),
    )


def _nearest(quote: str, blocks: list[compose.Block]) -> list[compose.Block]:
    """The few blocks whose words are most like the quote, where any are."""
    enough = LEAST * len(quote)
    scored = [
        (partial_ratio(quote, block[1]), block) for block in blocks if len(block[1]) >= enough
    ]
    likely = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: -one[0])
    return [block for _score, block in likely[:NEAREST]]
