"""The only place that cuts a difference down to its changes, each with a few words around it."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import diff
from .diff import Change, Kind

CONTEXT = 90
MOST = 12
LONGEST = 1_500

Piece = tuple[str, str]
"""Kind ("same", "removed", "added") and words."""


@dataclass(frozen=True, slots=True)
class Redline:
    """The first changes of a text, and how many `more` there are."""

    changes: tuple[tuple[Piece, ...], ...]
    more: int


def redline(old: str, new: str, *, most: int = MOST) -> Redline:
    """What became of `old`, change by change; changes in one line that stand close together are one."""
    found = list(_groups(diff.words(old, new)))
    return Redline(tuple(tuple(group) for group in found[:most]), max(0, len(found) - most))


def _groups(changes: list[Change]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    last = len(changes) - 1
    for at, change in enumerate(changes):
        if change.kind is not Kind.SAME:
            group.append((change.kind.value, _short(change.text)))
            continue
        whole = 0 < at < last and len(change.text) <= 2 * CONTEXT and "\n" not in change.text
        if whole:
            group.append((Kind.SAME.value, change.text))
            continue
        if group:
            yield _trimmed([*group, (Kind.SAME.value, _after(change.text))])
        group = [(Kind.SAME.value, _before(change.text))]
    if any(kind != Kind.SAME for kind, _words in group):
        yield _trimmed(group)


def _after(text: str) -> str:
    """The words that follow a change, as far as its line goes."""
    line = text.split("\n", 1)[0]
    return line if len(line) <= CONTEXT else line[:CONTEXT].rsplit(maxsplit=1)[0] + " …"


def _before(text: str) -> str:
    """The words that lead to a change, from where its line begins."""
    line = text.rsplit("\n", 1)[-1]
    return line if len(line) <= CONTEXT else "… " + line[-CONTEXT:].split(maxsplit=1)[-1]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(maxsplit=1)[0] + " …"


def _trimmed(group: list[Piece]) -> list[Piece]:
    return [(kind, words) for kind, words in group if words]
