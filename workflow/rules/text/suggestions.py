"""The only place that carries suggested words into the Markdown of a text.

A suggestion replaces a passage of the plain text. Only the words in which it differs are written,
so that formatting between them stays. What comes out is rendered and must read as promised, else
nothing is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations

from workflow.rules.text import diff
from workflow.rules.text.document import Rendered
from workflow.rules.text.render import render
from workflow.rules.text.sources import Source, source_of

SPECIAL = re.compile(r"([\\`*_\[\]<>&~|#^!])")
BREAK = re.compile(r"[^\S\n\t]*[\n\t]\s*")
CLOSING = re.compile(r"[.,;:!?)\]…]|\s|$")
OPENING = re.compile(r"^(\s*\d*)([-+=.)])")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Write `replacement` for `plain[start:end]`. Line ends in it count as spaces, unless it has as many
    lines as the passage has lines and cells: then each stands for its own."""

    start: int
    end: int
    replacement: str


class Reason(StrEnum):
    """Why a suggestion cannot be applied by itself."""

    OUTSIDE = "outside"
    FORMATTING = "formatting"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two suggestions, by their numbers, that want the same words."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A suggestion, by its number, that a person has to write in: it reaches outside of the text,
    crosses formatting, or would mean something else as Markdown."""

    number: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """`markdown` is the text with all suggestions, or None if there are clashes or refusals.

    `places` says for each suggestion where its words stand in the new text; None for words that went.
    """

    markdown: str | None
    clashes: list[Clash] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    places: list[tuple[int, int] | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Edit:
    source: Source
    text: str


def clashes(suggestions: Sequence[Suggestion]) -> list[Clash]:
    """Every two suggestions that overlap and are not the same."""
    ordered = sorted(enumerate(suggestions), key=lambda pair: (pair[1].start, pair[1].end))
    found = []
    for (first, one), (second, other) in combinations(ordered, 2):
        if one != other and _overlap(one, other):
            found.append(Clash(min(first, second), max(first, second)))
    return sorted(found, key=lambda clash: (clash.first, clash.second))


def _overlap(one: Suggestion, other: Suggestion) -> bool:
    if one.start == other.start:
        return True
    return one.start < other.end and other.start < one.end


def apply(rendered: Rendered, suggestions: Iterable[Suggestion]) -> Outcome:
    """The Markdown with all suggestions, or what stands against it."""
    suggestions = list(suggestions)
    found = clashes(suggestions)
    suggestions = [_tidy(rendered.plain, suggestion) for suggestion in suggestions]
    refusals = [
        Refusal(number, reason)
        for number, suggestion in enumerate(suggestions)
        if (reason := _obstacle(rendered, suggestion))
    ]
    if found or refusals:
        return Outcome(None, found, refusals)
    result = _written(rendered, suggestions)
    if result is not None:
        places = _landed(rendered.plain, suggestions, result.plain)
        return Outcome(result.markdown, places=places)
    alone = [number for number, one in enumerate(suggestions) if _written(rendered, [one]) is None]
    guilty = alone or range(len(suggestions))
    return Outcome(None, [], [Refusal(number, Reason.MEANING) for number in guilty])


def _tidy(plain: str, suggestion: Suggestion) -> Suggestion:
    """With the passage's own line ends; who removes words also removes one of the spaces around them."""
    start, end = suggestion.start, suggestion.end
    replacement = _in_lines(
        suggestion.replacement, BREAK.findall(plain, max(start, 0), max(end, 0))
    )
    if not replacement.strip() and 0 < start < end < len(plain) and plain[end] == " ":
        replacement = ""
        end += plain[start - 1].isspace()
    elif not replacement.strip() and 0 < start < end and CLOSING.match(plain, end):
        replacement = ""
        start -= plain[start - 1] == " "
    return Suggestion(start, end, replacement)


def _in_lines(replacement: str, breaks: list[str]) -> str:
    """The replacement with these breaks between its lines if there are as many, else in one line."""
    lines = [re.sub(r"\s+", " ", line) for line in BREAK.split(replacement)]
    if len(lines) != len(breaks) + 1:
        return re.sub(r"\s+", " ", replacement)
    return "".join(line + end for line, end in zip(lines, [*breaks, ""], strict=True))


def _obstacle(rendered: Rendered, suggestion: Suggestion) -> Reason | None:
    if not 0 <= suggestion.start <= suggestion.end <= len(rendered.plain):
        return Reason.OUTSIDE
    return Reason.FORMATTING if _edits(rendered, suggestion) is None else None


def _edits(rendered: Rendered, suggestion: Suggestion) -> list[_Edit] | None:
    """What to write where in the Markdown: only the words that differ, or else all of them."""
    quote = rendered.plain[suggestion.start : suggestion.end]
    passage = range(suggestion.start, suggestion.end)
    edits = []
    for start, end, text in diff.replacements(quote, suggestion.replacement):
        source = source_of(
            rendered, suggestion.start + start, suggestion.start + end, within=passage
        )
        if source is None:
            break
        edits.append(_Edit(source, text))
    else:
        return edits
    source = source_of(rendered, suggestion.start, suggestion.end)
    return [_Edit(source, suggestion.replacement)] if source else None


def _written(rendered: Rendered, suggestions: Sequence[Suggestion]) -> Rendered | None:
    """The text with these suggestions if it reads as promised, else None.

    Words are written as they are if they mean themselves, and escaped only if they must be.
    """
    unique = list(_apart(suggestions).values())
    promised = _words(_replaced(rendered.plain, unique))
    edits = [edit for one in unique for edit in _edits(rendered, one) or ()]
    for write in (str, _escaped):
        markdown = rendered.markdown
        for edit in sorted(edits, key=lambda edit: -edit.source.start):
            text = edit.text if edit.source.code else write(edit.text)
            markdown = markdown[: edit.source.start] + text + markdown[edit.source.end :]
        result = render(markdown)
        if _words(result.plain) == promised and _same_form(rendered, result):
            return result
    return None


def _apart(suggestions: Iterable[Suggestion]) -> dict[Suggestion, Suggestion]:
    """Each suggestion once, in the order of the text; two that both remove the space between them do it once."""
    edge, found = 0, {}
    for one in sorted(set(suggestions), key=lambda suggestion: suggestion.start):
        start = max(one.start, edge)
        edge = max(one.end, start)
        found[one] = replace(one, start=start, end=edge)
    return found


def _landed(
    plain: str, suggestions: Sequence[Suggestion], result: str
) -> list[tuple[int, int] | None]:
    """Where the words of each suggestion stand in the result, which may have other spaces than promised."""
    letters = [index for index, letter in enumerate(result) if not letter.isspace()]
    before, edge, found = 0, 0, {}
    for one, cut in _apart(suggestions).items():
        before += _letters(plain[edge : cut.start])
        after = before + _letters(cut.replacement)
        found[one] = (letters[before], letters[after - 1] + 1) if after > before else None
        before, edge = after, cut.end
    return [found[one] for one in suggestions]


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _replaced(plain: str, suggestions: Sequence[Suggestion]) -> str:
    for suggestion in reversed(suggestions):
        plain = plain[: suggestion.start] + suggestion.replacement + plain[suggestion.end :]
    return plain


def _words(plain: str) -> list[str]:
    return plain.split()


def _same_form(before: Rendered, after: Rendered) -> bool:
    """Whether every block that is left is what it was; a block without words may go."""
    kinds = iter(block.kind for block in before.blocks)
    return all(block.kind in kinds for block in after.blocks)


def _escaped(text: str) -> str:
    return OPENING.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))
