"""Which of a person's wishes counts where something happened: the one about the most specific place.

A wish follows a place or mutes it. What no wish says is as usual: the person hears what his roles bring, at his own
rhythm. His own `off` stops every letter, whatever he follows; it is what "stop all letters" writes.
"""

from collections.abc import Collection

from .audience import AT_THE_HOUR, PAST_MUTE, PROMPT, PROMPT_NEWS, UNSTOPPABLE
from .vocabulary import EventKind, Reason, Rhythm, Role, Wish, WishScope

SPECIFIC = (WishScope.THREAD, WishScope.SECTION, WishScope.SECTOR, WishScope.CONTRACT)
"""The most specific kind of place first."""

FIRST = (Wish.IMMEDIATE, Wish.DAILY, Wish.WEEKLY, Wish.FOLLOW, Wish.MUTE)
"""Which counts of several wishes about places of one kind, as about two sectors of one section."""

RHYTHMS: dict[Wish, Rhythm] = {
    Wish.IMMEDIATE: Rhythm.IMMEDIATE,
    Wish.DAILY: Rhythm.DAILY,
    Wish.WEEKLY: Rhythm.WEEKLY,
}
"""Wishes that bring a rhythm of their own; the others leave it to the next place, and at last to the person."""

UNDIVIDED = frozenset({WishScope.THREAD, WishScope.CONTRACT})
"""Places of which an event has one at most. Where something happened to several sections at once, to have muted one of
them, or its sector, mutes none of the others."""

Spoken = tuple[WishScope, Wish]


def rank(scope: WishScope, wish: Wish) -> int:
    """The place of a wish in the order in which they count: the lowest first."""
    return SPECIFIC.index(scope) * len(FIRST) + FIRST.index(wish)


def muted(spoken: Collection[Spoken]) -> bool:
    """Whether the wish that counts is to hear only of what concerns oneself."""
    return bool(spoken) and min(spoken, key=lambda one: rank(*one))[1] is Wish.MUTE


def rhythm(spoken: Collection[Spoken], own: Rhythm) -> Rhythm:
    """How often: as the most specific place says that has a rhythm of its own, else as the person lives by."""
    named = [one for one in spoken if one[1] in RHYTHMS]
    if own is Rhythm.OFF or not named:
        return own
    return RHYTHMS[min(named, key=lambda one: rank(*one))[1]]


def hears(reason: Reason, spoken: Collection[Spoken]) -> bool:
    """Whether somebody whom the reason means wants to hear of it at all."""
    return reason in PAST_MUTE or not muted(spoken)


def pace(kind: EventKind, reason: Reason, rhythm: Rhythm) -> Rhythm:
    """At which rhythm one thing is told to somebody who hears of the place at `rhythm`."""
    if kind in UNSTOPPABLE:
        return Rhythm.IMMEDIATE
    if rhythm is Rhythm.OFF:
        return Rhythm.OFF
    if kind in AT_THE_HOUR:
        return Rhythm.DAILY
    prompt = reason in PROMPT or reason in PROMPT_NEWS.get(kind, ())
    return Rhythm.IMMEDIATE if prompt else rhythm


JOINING: dict[Role, dict[WishScope, Wish]] = {
    Role.COORDINATOR: {WishScope.CONTRACT: Wish.DAILY},
    Role.EDITOR: {WishScope.SECTION: Wish.DAILY, WishScope.SECTOR: Wish.DAILY},
    Role.STAKEHOLDER: {WishScope.SECTOR: Wish.DAILY},
    Role.OBSERVER: {
        WishScope.SECTION: Wish.WEEKLY,
        WishScope.SECTOR: Wish.WEEKLY,
        WishScope.CONTRACT: Wish.WEEKLY,
    },
}
"""What whoever joins hears of the places that his role is about, until he says otherwise: of each kind of place, how
often. Who is not named here hears what his role brings: approvers and reviewers at once what waits for them."""
