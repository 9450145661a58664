"""The only place that looks for people who are named in a remark: `@Full Name`, of names that are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AT = "@"
URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
OPENING = frozenset({"Ps", "Pi", "Pf"})
QUOTES, PAUSES = "\"'", ",;–—"
GOES_ON = re.compile(r"[\w@]|[-.'’](?!s\b)\w")
"""What makes of a name only the beginning of another word, or of an address; a possessive 's does not."""


@dataclass(frozen=True, slots=True)
class Mention:
    """The characters [start, end) of the text, with the @, say this name."""

    start: int
    end: int
    name: str


def may_name(text: str) -> bool:
    """Whether it is worth asking for the names of people."""
    return next(_places(text), None) is not None


def mentions(text: str, names: Iterable[str]) -> list[Mention]:
    """Who is named, in the order of the text; where several names fit, the longest one.

    Capitals do not matter, every other character does. What stands in a word, an e-mail address, a web address or code
    names nobody.
    """
    if not may_name(text):
        return []
    known = {_folded(way): name for name in names for way in _spellings(name) if way.strip()}
    lengths = sorted({len(way) for way in known}, reverse=True)
    folded, found, past = _folded(text), [], 0
    for at in _places(text):
        if at < past:
            continue
        for length in lengths:
            past = at + len(AT) + length
            name = known.get(folded[at + len(AT) : past])
            if name is not None and past <= len(text) and _ends(text, past):
                found.append(Mention(at, past, name))
                break
        else:
            past = at
    return found


def _places(text: str) -> Iterator[int]:
    """Where an @ begins a word outside of addresses and code."""
    if AT not in text:
        return
    shut = [match.span() for pattern in (CODE, URL) for match in pattern.finditer(text)]
    shut = iter(sorted(shut))
    start, end = next(shut, (len(text), len(text)))
    for match in re.finditer(AT, text):
        at = match.start()
        while end <= at:
            start, end = next(shut, (len(text), len(text)))
        if at < start and _begins(text, at):
            yield at


def _begins(text: str, at: int) -> bool:
    """Whether a space or a pause of the sentence stands before it, and besides only brackets and quotes that open."""
    while at and (text[at - 1] in QUOTES or unicodedata.category(text[at - 1]) in OPENING):
        at -= 1
    return at == 0 or text[at - 1].isspace() or text[at - 1] in PAUSES


def _ends(text: str, end: int) -> bool:
    """Whether the word is over, so that it says the name and not the beginning of another one."""
    joined = unicodedata.category(text[end]).startswith("M") if end < len(text) else False
    return not (joined or GOES_ON.match(text, end))


def _spellings(name: str) -> set[str]:
    """The name as it was typed, and with its accents as characters of their own or not."""
    name = " ".join(name.split())
    return {name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))}


def _folded(text: str) -> str:
    """The text with each character in small, as many as there were; spaces of a line are alike."""
    if text.isascii() and text.isprintable():
        return text.lower()
    return "".join(_small(one) for one in text)


def _small(one: str) -> str:
    if one.isspace() and one not in "\r\n":
        return " "
    small = one.lower()
    return small if len(small) == 1 else one
