"""What was found in texts: whether there is any, and what must not be printed. Found once for each text.

A revision never changes, so what was found under its hash stays true; it is kept in memory only, and may be forgotten.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from .. import packs
from ..models import Contract
from ..rules.checks import leftovers, undescribed
from ..rules.text import references
from ..rules.text.references import EMPTY, Indexes

MOST = 1_000
"""Texts of a contract that one process remembers."""


@dataclass(frozen=True, slots=True)
class Found:
    has_text: bool = False
    leftovers: tuple[str, ...] = ()
    undescribed: int = 0
    indexes: Indexes = field(default=EMPTY, compare=False)
    unresolved: tuple[str, ...] = ()

    @property
    def joins(self) -> bool:
        """Whether what is wrong with its references can only be said beside the other texts."""
        return any(index.joins for index in self.indexes)


_found: dict[tuple[int, str, str], dict[str, Found]] = {}


def _shelf(contract: Contract) -> dict[str, Found]:
    return _found.setdefault((contract.id, contract.pack, contract.pack_version), {})


def known(contract: Contract) -> Collection[str]:
    """The hashes of texts that need not be read again."""
    return list(_shelf(contract))


def found(contract: Contract, sha256: str | None, plain: str | None, markdown: str | None) -> Found:
    """What stands in the text of that hash; the text may be left out when the hash is known."""
    if sha256 is None:
        return Found()
    shelf = _shelf(contract)
    if sha256 not in shelf:
        if len(shelf) >= MOST:
            shelf.clear()
        text = (plain or "").strip()
        phrases = packs.load(contract.pack, contract.pack_version).guidance_phrases()
        left = tuple(one.text for one in leftovers.find(text, phrases=phrases))
        shelf[sha256] = Found(
            bool(text),
            left,
            undescribed.count(markdown or ""),
            references.indexes(markdown or ""),
        )
    return shelf[sha256]
