"""What letters say of a new text: the words that went and the words that came, with a little of what stands around."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select, tuple_

from ..db import db
from ..models import Event, Person, Revision, Section
from ..queries import readings
from ..rules.text import diff, eyes
from ..rules.text.diff import Change, Kind
from ..rules.vocabulary import EventKind

CHANGE_A_TEXT = frozenset({EventKind.REVISION_SAVED, EventKind.TEXT_CORRECTED})

MOST = 3
"""Places of a text that a letter shows; of more it says that there are more."""

LONGEST = 240
"""Characters of what went or came in one place."""

AROUND = 48
"""Characters of what stands before and after."""

SPACES = re.compile(r"\s+")

Span = tuple[Section, int, int]
"""(section, number of the text before, number of the text after); there is no text 0."""

Texts = dict[tuple[int, int], Revision]
"""Revisions by the id of their section and their number."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the text that changed: in pieces, and the same in one line of plain text."""

    pieces: tuple[Piece, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of a text, in its own language; `more` says what is left out."""

    places: tuple[Place, ...]
    more: str
    lang: str


def told(
    events: Iterable[Event], earlier: Mapping[int, Sequence[Event]], person: Person, texts: Texts
) -> dict[int, Changes]:
    """For each event that changed a text what the person may read of it; `texts` has what the spans name."""
    return {
        event_id: _changes(section, texts.get((section.id, old)), texts[section.id, new], person)
        for event_id, (section, old, new) in spans(events, earlier).items()
    }


def spans(events: Iterable[Event], earlier: Mapping[int, Sequence[Event]]) -> dict[int, Span]:
    """From which text to which each event led that changed one.

    Events that were overtaken by a newer one of the same text are told with it.
    """
    return {
        event.id: _span(event, earlier.get(event.id, ()))
        for event in events
        if event.kind in CHANGE_A_TEXT
    }


def _span(event: Event, earlier: Sequence[Event]) -> Span:
    first = min(one.revision.number for one in (event, *earlier))
    return event.section, first - 1, event.revision.number


def texts(spans: Iterable[Span]) -> Texts:
    """The texts at both ends of the spans, in one query."""
    wanted = {(section.id, number) for section, *numbers in spans for number in numbers}
    if not wanted:
        return {}
    found = db.session.scalars(
        select(Revision).where(tuple_(Revision.section_id, Revision.number).in_(wanted))
    )
    return {(one.section_id, one.number): one for one in found}


def _changes(section: Section, old: Revision | None, new: Revision, person: Person) -> Changes:
    found = _places(_plain(old, section, person), _plain(new, section, person))
    more = len(found) - MOST
    return Changes(
        places=tuple(Place(pieces, _line(pieces)) for pieces in found[:MOST]),
        more=ngettext("and %(num)d more change", "and %(num)d more changes", more)
        if more > 0
        else "",
        lang=section.language,
    )


def _plain(revision: Revision | None, section: Section, person: Person) -> str:
    """The words of a text that these eyes may see."""
    if revision is None:
        return ""
    if eyes.restricted(revision.markdown):
        return readings.rendered(revision, section, person).plain
    return revision.plain


@lru_cache(maxsize=64)
def _places(old: str, new: str) -> list[tuple[Piece, ...]]:
    """The places that changed, in the order of reading. Many letters tell the same change."""
    places: list[list[Change]] = [[]]
    for change in diff.words(old, new):
        if change.kind is Kind.SAME and len(change.text) > 2 * AROUND:
            places[-1].append(change)
            places.append([change])
        else:
            places[-1].append(change)
    changed = (place for place in places if any(one.kind is not Kind.SAME for one in place))
    return [tuple(_pieces(place)) for place in changed]


def _pieces(place: list[Change]) -> Iterable[Piece]:
    last = len(place) - 1
    for number, change in enumerate(place):
        text = SPACES.sub(" ", change.text)
        if change.kind is not Kind.SAME:
            text = _head(text, LONGEST)
        elif number == 0:
            text = _tail(text, AROUND)
        elif number == last:
            text = _head(text, AROUND)
        if text.strip():
            yield Piece(change.kind, text)


def _head(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rsplit(maxsplit=1)[0] + " …"


def _tail(text: str, longest: int) -> str:
    return text if len(text) <= longest else "… " + text[-longest:].split(maxsplit=1)[-1]


def _line(pieces: Sequence[Piece]) -> str:
    """The place as plain text says it: [what was → what is]."""
    said: list[str] = []
    for number, piece in enumerate(pieces):
        text = piece.text.strip()
        before = pieces[number - 1].kind if number else Kind.SAME
        after = pieces[number + 1].kind if number + 1 < len(pieces) else Kind.SAME
        match piece.kind:
            case Kind.SAME:
                said.append(piece.text)
                continue
            case Kind.REMOVED if after is Kind.ADDED:
                text = f"[{text} → "
            case Kind.ADDED if before is Kind.REMOVED:
                said.append(f"{text}]{_after(piece.text)}")
                continue
            case Kind.REMOVED:
                text = _("[removed: %(words)s]", words=text)
            case Kind.ADDED:
                text = _("[added: %(words)s]", words=text)
        space = "" if after is Kind.ADDED else _after(piece.text)
        said.append(f"{_before(piece.text)}{text}{space}")
    return "".join(said).strip()


def _before(text: str) -> str:
    return " " if text[:1].isspace() else ""


def _after(text: str) -> str:
    return " " if text[-1:].isspace() else ""
