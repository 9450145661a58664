"""Where words that somebody wrote down stand in a text: exactly there, or nowhere."""

import re
from dataclasses import dataclass
from enum import StrEnum

MARKS = "\"'“”„‟‘’‚«»‹›…"


def places(quote: str, plain: str) -> list[tuple[int, int]]:
    """Start and end of every place of the words, whole ones; blanks between them and marks around do not count."""
    words = quote.strip().strip(MARKS).split()
    if not words:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words) + r"(?!\w)")
    return [match.span() for match in pattern.finditer(plain)]


class Found(StrEnum):
    """What became of the words that somebody quoted."""

    NOT_QUOTED = "not_quoted"
    PASSAGE = "passage"
    ABSENT = "absent"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the quoted words stand in a text; start and end only where they stand once."""

    found: Found
    start: int | None = None
    end: int | None = None


def spot(quote: str, plain: str) -> Spot:
    """The one place of the quoted words, if there is one."""
    if not quote.strip():
        return Spot(Found.NOT_QUOTED)
    found = places(quote, plain)
    if len(found) == 1:
        return Spot(Found.PASSAGE, *found[0])
    return Spot(Found.SEVERAL if found else Found.ABSENT)
