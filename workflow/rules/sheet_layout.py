"""How a spreadsheet that people bring is laid out: its columns by their headings, and what may be wrong with a cell.

Headings and words are understood in English and in Slovene, whoever reads the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """What is wrong with a cell."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    LONG = "long"
    CLOSED = "closed"
    TAKEN = "taken"
    TWICE = "twice"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken; `accepted` are values that could."""

    column: StrEnum
    why: Why
    said: str = ""
    accepted: tuple[str, ...] = ()


def plain(words: str) -> str:
    """Words as they are compared: without case, without the blanks and the marks around them."""
    return " ".join(words.casefold().split()).strip(" *:.")


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of sheet.

    `headings` are what they are called in the sheet that we offer, `others` what else they may be called, `words` what
    a cell may hold by what it means, `longest` how many characters.
    """

    columns: type[StrEnum]
    headings: Mapping[StrEnum, Mapping[str, str]]
    others: Mapping[StrEnum, tuple[str, ...]]
    needed: tuple[StrEnum, ...]
    words: Mapping[StrEnum, Mapping[str, tuple[str, ...]]]
    longest: Mapping[StrEnum, int]
    known_headings: dict[str, StrEnum] = field(init=False)
    known_words: dict[StrEnum, dict[str, str]] = field(init=False)

    def __post_init__(self):
        names = {
            plain(name): column
            for column in self.columns
            for name in (
                column.value,
                *self.headings[column].values(),
                *self.others.get(column, ()),
            )
        }
        words = {
            column: {plain(word): meaning for meaning, some in several.items() for word in some}
            for column, several in self.words.items()
        }
        object.__setattr__(self, "known_headings", names)
        object.__setattr__(self, "known_words", words)

    def found(self, headings: Sequence[str]) -> dict[int, StrEnum]:
        """Which column of the sheet holds what; what is not known, or is there twice, is passed over."""
        found: dict[int, StrEnum] = {}
        for index, heading in enumerate(headings):
            column = self.known_headings.get(plain(heading))
            if column and column not in found.values():
                found[index] = column
        return found

    def missing(self, found: Iterable[StrEnum]) -> list[StrEnum]:
        """The columns without which a sheet says nothing."""
        return [column for column in self.needed if column not in set(found)]

    def said(self, cells: Mapping[str, str], defaults: Mapping[str, str]) -> dict[StrEnum, str]:
        """What stands in each column; an empty cell means the default."""
        return {
            column: cells.get(column, "").strip() or defaults.get(column, "")
            for column in self.columns
        }

    def meaning(self, column: StrEnum, word: str) -> str | None:
        """What a word in a column with a closed list means; None for an unknown one."""
        return self.known_words[column].get(plain(word) or word)

    def too_long(self, said: Mapping[StrEnum, str]) -> list[Fault]:
        return [
            Fault(column, Why.LONG, accepted=(str(most),))
            for column, most in self.longest.items()
            if len(said[column]) > most
        ]
