"""The only place that knows what must not be left in a finished text: open markers, template prompts, broken links.

Half of the published contracts still print instructions of their template and one in eleven a broken reference of a
word processor. `find` reads the plain text of a revision; offsets are characters of it, half-open.
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


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that was meant to go before publication: `text` stands at [start, end)."""

    kind: LeftoverKind
    start: int
    end: int
    text: str


_LATER = r"(?!\s+(?:by|before|until|till|within|during|after|from|in\s+(?:\d|the|a\s|phases|stages|spring|summer|autumn|winter))\b)"
"""“To be completed by 2028” is a plan, “to be completed” is a leftover."""

_UNFINISHED = (
    r"defined|determined|decided|confirmed|completed|specified|clarified|added|inserted|provided|filled in|agreed"
)

MARKERS = (
    r"\bT\.?\s?B\.?\s?[DCA]\b\.?",
    rf"\bto be (?:{_UNFINISHED})\b{_LATER}",
    r"\b(?:TODO|FIXME)\b",
    r"\blorem ipsum\b",
    r"\?{3,}",
    r"\bX{2,}(?:[.,]X+)*\s?(?:%|€|EUR\b|euros?\b|[kM]?t\b|[kMG]Wh?\b|tonnes?\b|ton\b)",
    r"\b20X{2}\b",
    r"\bX{3,}\b",
    r"\[(?:\s|…|\.{2,}|_+|x+|X+)*\]",
    r"_{4,}",
    r"\b(?:še ni (?:določen|potrjen|opredeljen)[aoie]?|bo (?:še )?(?:določen|dopolnjen)[aoie]?(?= naknadno| pozneje)"
    r"|treba (?:je )?(?:še )?dopolniti|(?<=\()dopolniti|v dopolnjevanju)\b",
)

PROMPTS = (
    r"\(?\b(?:please )?(?:indicate|insert|enter|fill in|fill out|state|specify|describe|list|provide|add) "
    r"(?:here )?(?:the |a |an |your |one |all )?(?:name|title|text|date|number|figure|table|picture|image|logo|"
    r"city name|name of the city|sheet|value|unit)s?\b(?:[^.\n]{0,60}?(?:here|intervention|action|indicator|"
    r"project|below|above|city|sheet)\b)?\)?",
    r"\bfill (?:out|in) one (?:sheet|table|form) (?:per|for each)\b[^.\n]{0,60}",
    r"\bplease (?:remove|delete|replace) (?:the |this |these )?(?:text|texts|instruction|instructions|guidance|line|lines|"
    r"paragraph|example|examples)\b[^.\n]{0,60}",
    r"\b(?:yellow|highlighted) (?:highlight(?:ed|s)?|text|texts)\b(?= (?:must|should|to be|before|and))",
    r"\bclick (?:or tap )?here to (?:enter|add)\b[^.\n]{0,40}",
    r"\bguiding questions?\s*:",
    r"\btask goals?\s*:",
    r"\btable guidelines?\b",
    r"\b(?:max(?:imum)?\.?|up to) \d[\d,. ]* (?:words|characters|pages)\s*[\])]",
    r"\((?:vpišite|vstavite|navedite|opišite)\b[^)\n]{0,80}\)",
    r"\b(?:vpišite|vstavite) (?:ime|naziv|besedilo|datum|številko|sliko|tabelo|vrednost)\b[^.\n]{0,60}",
)

BROKEN_REFERENCES = (
    r"\b(?:Error|Fehler|Erreur|Erro|Errore|Fout|Napaka|Błąd|Chyba|Hiba|Greška|Fel|Fejl|Virhe)\s?!\s*"
    r"(?:[^.!\n]{0,90}\.?)",
    r"¡\s?Error\s?!\s*(?:[^.!\n]{0,90}\.?)",
    r"\bErrore\.\s+(?:Il segnalibro|L'origine riferimento)[^.\n]{0,60}\.?",
    r"#(?:REF|BEZUG|SKLIC|N/A|VALUE|DIV/0|NAME)[!?]?",
)

MIN_GUIDANCE = 24
"""Shorter sentences of guidance may be anybody's words."""

_PATTERNS: tuple[tuple[LeftoverKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(f"(?:{part})" for part in parts), flags))
    for kind, parts, flags in (
        (LeftoverKind.BROKEN_REFERENCE, BROKEN_REFERENCES, 0),
        (LeftoverKind.PROMPT, PROMPTS, re.IGNORECASE),
        (LeftoverKind.MARKER, MARKERS[1:2] + MARKERS[3:4] + MARKERS[-1:], re.IGNORECASE),
        (LeftoverKind.MARKER, MARKERS[:1] + MARKERS[2:3] + MARKERS[4:-1], 0),
    )
)


def find(text: str, *, phrases: Iterable[str] = ()) -> list[Leftover]:
    """Everything in the text that should not be printed, in reading order and without overlaps.

    `phrases` are sentences of the template's guidance (`Pack.guidance_phrases()`): they were shown while writing and
    count as leftovers when they stand in the text word for word.
    """
    found = [
        Leftover(kind, match.start(), match.end(), match.group())
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(text)
        if match.group().strip()
    ]
    found += _guidance(text, phrases)
    return _without_overlaps(found)


def _guidance(text: str, phrases: Iterable[str]) -> list[Leftover]:
    """Sentences of guidance, whatever the spaces, line breaks and capitals between their words."""
    folded = text.casefold()
    found = []
    for phrase in phrases:
        words = phrase.casefold().split()
        if len(phrase) < MIN_GUIDANCE or words[0] not in folded:
            continue
        pattern = r"\s+".join(re.escape(word) for word in words)
        found += [
            Leftover(LeftoverKind.GUIDANCE, match.start(), match.end(), match.group())
            for match in re.finditer(pattern, text, re.IGNORECASE)
        ]
    return found


def _without_overlaps(found: list[Leftover]) -> list[Leftover]:
    """The longest of those that share characters, so that one slip is named once."""
    kept: list[Leftover] = []
    for leftover in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(leftover.end <= other.start or other.end <= leftover.start for other in kept):
            kept.append(leftover)
    return sorted(kept, key=lambda one: one.start)
