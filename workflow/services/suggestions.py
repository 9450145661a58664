"""Suggested words in the text: what would come of them, and the one revision that takes them over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from ..db import db
from ..models import Person, Revision, Section, Thread
from ..rules import policy
from ..rules.refusals import Clashing, Invalid, Outdated
from ..rules.text import suggestions
from ..rules.text.document import Rendered
from ..rules.text.judging import reads
from ..rules.text.render import render
from ..rules.vocabulary import Act, Disposition, Visibility
from . import anchoring, revisions, threads
from .locking import locked

MOST = 100
"""How many are taken over at once, so that a person can still look through what comes of them."""

MAX_SUMMARY = 300


class Hindrance(StrEnum):
    """Why a suggestion cannot be taken over as it is."""

    GONE = "gone"
    CHANGED = "changed"
    FORMATTING = "formatting"
    MEANING = "meaning"


REASONS: dict[suggestions.Reason, Hindrance] = {
    suggestions.Reason.OUTSIDE: Hindrance.GONE,
    suggestions.Reason.FORMATTING: Hindrance.FORMATTING,
    suggestions.Reason.MEANING: Hindrance.MEANING,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the text becomes with the suggestions, or None and everything that stands against it.

    `clashes` are pairs that want the same words, `hindered` those that do not fit by themselves. `places` says by each
    remark's id where its words will stand.
    """

    before: Rendered
    markdown: str | None
    clashes: list[tuple[Thread, Thread]] = field(default_factory=list)
    hindered: list[tuple[Thread, Hindrance]] = field(default_factory=list)
    places: dict[int, anchoring.Passage] = field(default_factory=dict)


def plan(section: Section, chosen: Sequence[Thread]) -> Plan:
    """What would come of taking these over, each where its passage stands in the current text."""
    before = render(section.current.markdown, language=section.language)
    places = anchoring.standing(list(chosen), section.current)
    hindered, fitting = [], []
    for thread in chosen:
        hindrance = hindered_by(thread, places[thread.id], before.plain)
        if hindrance:
            hindered.append((thread, hindrance))
        else:
            fitting.append(thread)
    wanted = [suggestions.Suggestion(*places[one.id], one.replacement) for one in fitting]
    outcome = suggestions.apply(before, wanted)
    clashes = [(fitting[one.first], fitting[one.second]) for one in outcome.clashes]
    hindered += [(fitting[one.number], REASONS[one.reason]) for one in outcome.refusals]
    landed = {
        thread.id: place
        for thread, place in zip(fitting, outcome.places, strict=False)
        if place is not None
    }
    return Plan(before, None if hindered else outcome.markdown, clashes, hindered, landed)


def hindered_by(thread: Thread, place: anchoring.Passage | None, plain: str) -> Hindrance | None:
    """Whether the words that a suggestion would replace are still the ones that its author read."""
    if place is None:
        return Hindrance.GONE
    return None if reads(thread.quote, plain, *place) else Hindrance.CHANGED


def accept(
    section: Section, chosen: Sequence[Thread], *, by: Person, seen: Revision | None
) -> Revision:
    """Take suggestions over into the text: one new revision that credits their authors, and an answer to each.

    All of them or none. A repeated click returns the revision that it already made. Raises `Outdated` when `seen` is
    not the current text any more, `Clashing` with what stands against it, `Invalid` for what is no open suggestion.
    """
    policy.require(by, Act.EDIT, section.place)
    policy.require(by, Act.ANSWER, section.place)
    section = locked(section)
    chosen = [locked(thread) for thread in sorted(chosen, key=lambda thread: thread.id)]
    if made := _made_already(chosen, seen):
        return made
    if seen is None or seen.id != section.current_id:
        raise Outdated(Act.EDIT)
    _check(section, chosen)
    drawn = plan(section, chosen)
    if drawn.markdown is None:
        raise Clashing(
            [(one.id, other.id) for one, other in drawn.clashes],
            [(one.id, hindrance) for one, hindrance in drawn.hindered],
        )
    saved = revisions.save(
        section, by=by, markdown=drawn.markdown, base=seen, summary=credit(section, chosen)
    )
    anchoring.put(drawn.places, revision=saved)
    for thread in chosen:
        threads.answer(thread, by=by, disposition=Disposition.ACCEPTED, carried_out_by=saved)
    return saved


def is_open(thread: Thread) -> bool:
    """Whether it is a suggestion of words that nobody has decided on yet."""
    waits = thread.unanswered and thread.withdrawn_at is None and thread.addressed
    return thread.replacement is not None and waits


def credit(section: Section, accepted: Sequence[Thread]) -> str:
    """The summary of the revision, in the language of the text: whose words these are.

    Who may read the text may not know of remarks that are for the city only; they are counted, not named.
    """
    named = [one for one in accepted if one.visibility is not Visibility.CITY]
    people = ", ".join(dict.fromkeys(speaker(one) for one in named))
    with force_locale(section.language):
        if not named:
            return ngettext(
                "An internal suggestion taken over",
                "%(num)s internal suggestions taken over",
                len(accepted),
            )
        words = _("Suggested by %(people)s", people=people)
    if len(words) <= MAX_SUMMARY:
        return words
    return words[: MAX_SUMMARY - 2].rpartition(",")[0] + " …"


def speaker(thread: Thread) -> str:
    """Whose words a remark holds: its author's, or those of whom it was written down for."""
    name = thread.on_behalf_of or thread.author.name
    return f"{name} ({thread.organisation.name})" if thread.organisation else name


def _check(section: Section, chosen: Sequence[Thread]) -> None:
    if not chosen:
        raise Invalid("take", "Please choose at least one suggestion.")
    if len(chosen) > MOST:
        raise Invalid("take", "Please take over at most 100 suggestions at once.")
    if any(one.section_id != section.id or not is_open(one) for one in chosen):
        raise Invalid(
            "take", "One of these suggestions has been decided on or taken back in the meantime."
        )


def _made_already(chosen: Sequence[Thread], seen: Revision | None) -> Revision | None:
    """The revision that has taken over exactly these on exactly that text."""
    made = {one.carried_out_by_id for one in chosen}
    if len(made) != 1 or made == {None} or seen is None:
        return None
    revision = db.session.get(Revision, made.pop())
    return revision if revision.base_id == seen.id else None
