"""The only place that finds out which abbreviations a text uses, and what they stand for.

A text explains one as `Climate City Contract (CCC)` or as `CCC (Climate City Contract)`. That the letters occur in the
words in their order, the first one at the beginning of a word, tells an explanation from any other remark in brackets
(Schwartz and Hearst, 2003). Headings and code explain nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflow.rules.text.nodes import Node

SHORT = r"[^\W\d_][\w&/-]{1,9}"
AFTER = re.compile(rf"\(({SHORT})\)")
BEFORE = re.compile(rf"(?<![\w-])({SHORT})[ \u00a0]\(([^()]{{3,160}})\)")
ENDS = re.compile(r"[.;:!?()\[\]“”„»«]\s")
WORD = re.compile(r"[^\W\d_][\w&/-]+")
CODE = re.compile(r"[A-Z]{1,3}-?\d")
ROMAN = re.compile(r"[IVXLCDM]+")
NOT_MEANT = frozenset({"TBD", "TBC", "N/A", "NN", "EN", "ISO"})
"""Marks of what is still open, and names that nobody spells out."""

UNIT = re.compile(
    r"[kMGTPE]?(?:Wh|Wp?|J|Hz|Pa|t|g|m)|[kM]?VA?|EUR|USD|GBP|CHF|[kM]?t?CO2(?:e|eq)?|[pvt]km"
)
SMALL = 3
ARTICLES = frozenset({"the", "a", "an", "der", "die", "das", "ein", "eine"})


@dataclass(frozen=True, slots=True)
class Explained:
    """`language` is that of `long`, `short` as it is listed."""

    short: str
    long: str
    language: str


@dataclass(frozen=True, slots=True)
class Use:
    """What one text says in short: the explanations in their order, and all words that may be abbreviations."""

    explained: tuple[tuple[str, str], ...]
    words: frozenset[str]


def used(blocks: list[Node]) -> Use:
    """What the text does, from its printable nodes."""
    found: dict[str, str] = {}
    words: set[str] = set()
    for line in lines(blocks):
        for short, long in explanations(line):
            found.setdefault(short, long)
        words.update(word for word in WORD.findall(line) if _is_short(word))
    return Use(tuple(found.items()), frozenset(words))


def collected(texts: Iterable[tuple[str, Use]], known: Mapping[str, tuple[str, str]]) -> list:
    """The list for several texts, each with its language: what they explain themselves, and what is `known` (the words
    and their language, by abbreviation) of what they only use."""
    found: dict[str, Explained] = {}
    words: set[str] = set()
    for language, use in texts:
        words |= use.words
        for short, long in use.explained:
            found.setdefault(short, Explained(short, long, language))
    for short, (long, language) in known.items():
        if short in words or f"{short}s" in words:
            found.setdefault(short, Explained(short, long, language))
    return sorted(found.values(), key=lambda one: (one.short.casefold(), one.short))


def explanations(line: str) -> Iterator[tuple[str, str]]:
    """Each abbreviation that a line explains, with the words that it stands for."""
    for match in AFTER.finditer(line):
        short = match[1]
        if _is_short(short) and (long := _before(short, line[: match.start()])):
            yield _listed(short), long
    for match in BEFORE.finditer(line):
        short, said = match.groups()
        long = re.split(r"[,;:]", said)[0].strip()
        first, _space, rest = long.partition(" ")
        bare = rest if first.casefold() in ARTICLES else long
        if _is_short(short) and bare and _fit(_listed(short), bare) == bare:
            yield _listed(short), bare


def lines(blocks: list[Node]) -> Iterator[str]:
    """The words of every paragraph, cell and note; not of headings and code."""
    for node in blocks:
        held = [node.get("caption") or [], node.get("source") or [], *node.get("head", [])]
        held += [cell for row in node.get("rows", []) for cell in row]
        if node["t"] == "p":
            held.append(node["c"])
        for content in held:
            yield _words(content)
            yield from _in_notes(content)
        for item in node.get("items", []):
            yield from lines(item)
        yield from lines(node.get("blocks", []))


def _words(content: list) -> str:
    """The words of inline content; code ends what stands before it."""
    return "".join(
        piece
        if isinstance(piece, str)
        else "; "
        if piece["t"] == "code"
        else piece.get("s") or piece.get("alt") or _words(piece.get("c", []))
        for piece in content
    )


def _in_notes(content: list) -> Iterator[str]:
    for piece in content:
        if isinstance(piece, dict):
            yield from lines(piece.get("blocks", []))
            yield from _in_notes(piece.get("c", []))


def _is_short(word: str) -> bool:
    """Whether a word may be an abbreviation: mostly capitals, no unit, no number of a module."""
    letters = [letter for letter in word if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return (
        capitals >= 2
        and capitals * 2 > len(letters)
        and not UNIT.fullmatch(word)
        and word not in NOT_MEANT
        and not CODE.match(word)
    )


def _listed(short: str) -> str:
    """Without the s of a plural."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _before(short: str, words: str) -> str:
    """The last words that the abbreviation fits, "" for none."""
    short = _listed(short)
    sentence = ENDS.split(f"{words} ".replace("\u00a0", " "))[-1].split()
    most = min(len(short) + 5, len(short) * 2)
    return _fit(short, " ".join(sentence[-most:]))


def _fit(short: str, words: str) -> str:
    """The shortest end of the words that the abbreviation is made of, "" if there is none."""
    words = words.strip(" ,–—-'’\"*")
    long = _by_initials(short, words) or (
        "" if ROMAN.fullmatch(short) else _by_letters(short, words)
    )
    said = long.casefold().split()
    heading = long.isupper()
    return (
        long if len(long) > len(short) + 2 and short.casefold() not in said and not heading else ""
    )


def _by_initials(short: str, words: str) -> str:
    """Every letter begins a word, in their order; small words between them count for nothing."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    starts = [0, *(match.end() for match in re.finditer(r"[\s/-]+", words))]
    at = len(starts) - 1
    while at >= 0 and letters:
        word = words[starts[at] :].casefold()
        if word.startswith(letters[-1]):
            letters.pop()
        elif len(re.match(r"\w*", word)[0]) > SMALL:
            return ""
        at -= 1
    start = starts[at + 1]
    whole = start == 0 or words[start - 1].isspace()
    return words[start:] if not letters and whole else ""


def _by_letters(short: str, words: str) -> str:
    """The letters occur in their order, the first one at the beginning of a word."""
    folded = words.casefold()
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    at = len(words)
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            folded[at : at + 1] != letters[number]
            or (number == 0 and at and folded[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    return words[words.rfind(" ", 0, at + 1) + 1 :]
