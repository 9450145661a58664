"""The only place that knows what must not be left in a finished text: open markers, template prompts, broken links.

Half of the published contracts still print instructions of their template and one in eleven a broken reference of a
word processor. What `find` returns closes the gate, so it returns what is sure; turns of phrase that may be meant
(“the route is still to be decided”) are hints and only asked for by panels that warn.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LeftoverKind(StrEnum):
    MARKER = "marker"
    PROMPT = "prompt"
    BROKEN_REFERENCE = "broken_reference"
    GUIDANCE = "guidance"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that was meant to go before publication: `text` stands at [start, end), in characters."""

    kind: LeftoverKind
    start: int
    end: int
    text: str


_UNFINISHED = (
    r"to be (?:defined|determined|decided|confirmed|completed|specified|clarified|added|filled in)"
)
_UNFINISHED_SL = r"(?:še ni določen[aoi]?|bo določen[aoi]? naknadno|bo dopolnjen[aoi]?|treba (?:je )?(?:še )?dopolniti)"
_NOUN = r"(?:name|title|text|date|number|figure|table|picture|image|logo|value|unit|sheet|description|source|type)s?"
_OPENING = r"(?:(?<=[(\[<])|^[ \t]*)"

MARKERS = (
    r"\bT\.?B\.?[DC]\b",
    r"\b(?:TODO|FIXME)\b",
    r"\b[Ll]orem ipsum\b",
    r"\?{3,}",
    r"\bX{2,}(?:[.,]X+)*\s?(?:%|€|(?:EUR|euros?|percent|t|kt|Mt|[kMG]Wh|tonnes?|ton|evrov|odstotkov)\b)",
    r"\b20XX\b",
    r"\bX{4,}\b",
    r"\[(?:\s|…|\.{2,}|_+|x{2,}|X{2,})+\]",
    r"_{4,}",
    rf"(?i:{_OPENING}(?:{_UNFINISHED}|{_UNFINISHED_SL}|dopolniti|v dopolnjevanju)(?=\s*(?:[)\].]|$)))",
)

PROMPTS = (
    rf"(?i:{_OPENING}(?:please )?(?:indicate|insert|enter|fill in|fill out|specify)"
    rf" (?:here )?(?:(?:the|a|an|your|one) )?(?:\w+ )?{_NOUN}\b[^.)\]\n]{{0,80}})",
    rf"(?i:(?<=[(\[<])(?:please )?(?:state|describe|list|provide|add|give)"
    rf" (?:here )?(?:(?:the|a|an|your|one) )?(?:\w+ )?{_NOUN}\b[^.)\]\n]{{0,80}})",
    r"(?i:\bfill (?:out|in) one \w+ (?:per|for each)\b[^.\n]{0,60})",
    r"(?i:\bplease (?:remove|delete|replace) (?:the |this |these )?(?:text|instruction|guidance|line|paragraph|"
    r"example)s?\b[^.\n]{0,60})",
    r"(?i:\bclick (?:or tap )?here to (?:enter|add)\b[^.\n]{0,40})",
    r"(?i:^[ \t]*(?:guiding questions?|task goals?|table guidelines?)\s*:?[ \t]*$)",
    r"(?i:(?<=[(\[])(?:max(?:imum)?\.?|up to|največ) \d[\d,. ]* (?:words|characters|pages|besed|znakov|strani)"
    r"(?=[)\]]))",
    r"(?i:(?<=[(\[<])(?:vpišite|vstavite|navedite|opišite)\b[^)\]\n]{0,80})",
    r"(?i:^[ \t]*(?:vpišite|vstavite) (?:ime|naziv|besedilo|datum|številko|sliko|tabelo|vrednost)\b[^.\n]{0,60})",
)

BROKEN_REFERENCES = (
    r"(?:¡\s?)?\b(?:Error|Fehler|Erreur|Erro|Fout|Napaka|Pogreška|Greška|Błąd|Chyba|Hiba|Fel|Fejl|Virhe)\s?!\s+"
    r"(?=[A-ZÀ-Ž])[^.!\n]{0,90}\.?",
    r"\bErrore\. (?:Il segnalibro|L['’]origine)[^.\n]{0,60}\.?",
    r"#(?:REF|BEZUG|SKLIC|VALUE|DIV/0|NAME)[!?]",
)

HINTS = (
    rf"(?i:\b(?:{_UNFINISHED}|{_UNFINISHED_SL})(?=\s*(?:[.,;:)\]]|$)))",
    r"\bXXX\b",
)

MIN_GUIDANCE = 24
"""Shorter sentences of guidance may be anybody's words."""

SURE: dict[LeftoverKind, re.Pattern[str]] = {
    kind: re.compile("|".join(f"(?:{part})" for part in parts), re.MULTILINE)
    for kind, parts in (
        (LeftoverKind.BROKEN_REFERENCE, BROKEN_REFERENCES),
        (LeftoverKind.PROMPT, PROMPTS),
        (LeftoverKind.MARKER, MARKERS),
    )
}
_HINT = {LeftoverKind.HINT: re.compile("|".join(f"(?:{part})" for part in HINTS), re.MULTILINE)}


def find(text: str, *, phrases: Iterable[str] = (), hints: bool = False) -> list[Leftover]:
    """Everything in the text that should not be printed, in reading order and without overlaps.

    `phrases` are sentences of the template's guidance (`Pack.guidance_phrases()`): they were shown while writing and
    count as leftovers where they stand in the text word for word. `hints` adds what only may be unfinished.
    """
    patterns = SURE | _HINT if hints else SURE
    found = [
        _leftover(kind, match)
        for kind, pattern in patterns.items()
        for match in pattern.finditer(text)
    ]
    found += _guidance(text, phrases)
    return _without_overlaps(found)


def _leftover(kind: LeftoverKind, match: re.Match[str]) -> Leftover:
    """The match without the spaces around it."""
    words = match.group().strip()
    start = match.start() + match.group().index(words)
    return Leftover(kind, start, start + len(words), words)


def _guidance(text: str, phrases: Iterable[str]) -> list[Leftover]:
    """Sentences of guidance, whatever the spaces, line breaks and capitals between their words."""
    folded = _folded(text)
    found = []
    for phrase in phrases:
        words = phrase.split()
        if len(phrase) < MIN_GUIDANCE or _folded(phrase) not in folded:
            continue
        pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
        found += [_leftover(LeftoverKind.GUIDANCE, match) for match in pattern.finditer(text)]
    return found


def _folded(text: str) -> str:
    """One space between words, no capitals: a pattern is made only of what is there."""
    return " ".join(text.split()).casefold()


def _without_overlaps(found: list[Leftover]) -> list[Leftover]:
    """The longest of those that share characters, so that one slip is named once."""
    kept: list[Leftover] = []
    for leftover in sorted(found, key=lambda one: (one.start - one.end, one.start, one.kind)):
        if all(leftover.end <= other.start or other.end <= leftover.start for other in kept):
            kept.append(leftover)
    return sorted(kept, key=lambda one: one.start)
