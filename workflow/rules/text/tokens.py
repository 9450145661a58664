"""The only place that cuts text into words: what differences, anchors and merges count in."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a text, without the spaces between them."""

    text: str
    keys: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.keys)

    def starts_line(self, number: int) -> bool:
        """Whether a line begins with this token; after the last token one always does."""
        if number == 0 or number == len(self.keys):
            return True
        return "\n" in self.text[self.ends[number - 1] : self.starts[number]]

    def starts_cell(self, number: int) -> bool:
        """Whether a line or a cell begins with this token."""
        if number == 0 or number == len(self.keys):
            return True
        return any(
            mark in self.text[self.ends[number - 1] : self.starts[number]] for mark in "\n\t"
        )

    def lines(self) -> list[range]:
        """The tokens of each line that has any."""
        found: list[range] = []
        first, offset = 0, 0
        for line in self.text.split("\n"):
            offset += len(line) + 1
            last = bisect_left(self.starts, offset, lo=first)
            if last > first:
                found.append(range(first, last))
            first = last
        return found


def tokenise(text: str) -> Tokens:
    """Tokens whose keys ignore case: who capitalises a word has not written another one."""
    starts: list[int] = []
    ends: list[int] = []
    for match in WORD.finditer(text):
        starts.append(match.start())
        ends.append(match.end())
    folded = text.casefold()
    if len(folded) == len(text):
        keys = [folded[start:end] for start, end in zip(starts, ends, strict=True)]
    else:
        keys = [text[start:end].casefold() for start, end in zip(starts, ends, strict=True)]
    return Tokens(text, keys, starts, ends)
