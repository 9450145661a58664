"""What was found in texts, by the hash of each: a revision never changes, so no text is read twice.

It is kept in the memory of one process, and may be forgotten at any moment; whoever asks holds on to what was known
when he began, whatever others, who ask at the same time, forget meanwhile.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, case

from ..db import among_words
from ..models import Revision

MOST = 5_000
"""Texts that one process remembers."""

KNOWN = "known_texts"

Found = TypeVar("Found")


class Held(Generic[Found]):
    """What is known while one question is answered."""

    def __init__(self, find: Callable[[str], Found], found: dict[str, Found]):
        self._find, self._found = find, found
        self.asking = {KNOWN: list(found)}
        """The parameters of a query that reads `unread`."""

    def of(self, sha256: str, markdown: str | None) -> Found:
        """What the text of that hash has; it comes without its Markdown when it was known."""
        if sha256 not in self._found:
            self._found[sha256] = self._find(markdown)
        return self._found[sha256]


class ReadOnce(Generic[Found]):
    """Remembers what `find` finds in the Markdown of a text."""

    def __init__(self, find: Callable[[str], Found], most: int = MOST):
        self._find, self._most = find, most
        self._found: dict[str, Found] = {}

    def hold(self) -> Held[Found]:
        """What is known now. When that is too much another memory is begun; this one stays with those who hold it."""
        if len(self._found) >= self._most:
            self._found = {}
        return Held(self._find, self._found)


def unread() -> ColumnElement[str | None]:
    """The Markdown of a revision, NULL when it is known already."""
    return case((among_words(Revision.sha256, KNOWN), None), else_=Revision.markdown)
