"""What was said before need not be worded again: a memory that forgets what was not asked for in a long while."""

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

MOST = 8_192
"""Sayings of one generation: the topics of the busiest days, in all languages."""


class Memory:
    """Keeps what was said under a key that holds all that it depends on.

    Two generations: what nobody asked for while the newer one was filled is forgotten with the older one.
    """

    def __init__(self, most: int = MOST):
        self._most = most
        self._new: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}
        self._numbers = count(1)

    def once(self, key: Hashable, say: Callable[[], Any]) -> Any:
        """What is said, unless it was said before."""
        try:
            return self._new[key]
        except KeyError:
            said = self._old[key] if key in self._old else say()
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = said
        return said

    def number(self) -> int:
        """One that was never given before."""
        return next(self._numbers)

    def alike(self, key: Hashable) -> int:
        """A number instead of a long key: the same for the same, as long as it is remembered."""
        return self.once(("alike", key), self.number)
