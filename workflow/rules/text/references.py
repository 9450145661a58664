"""The only place that counts figures and tables over a whole contract, and says where references lead.

`index` is what one text brings along; `numbered` counts over the texts in their order; `shown` puts the numbers into
the HTML of one of them. Whoever may not see a block does not see it counted either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from markdown_it.token import Token

from workflow.rules.text import charts, dialect, eyes, labels, pictures, tables
from workflow.rules.text.document import attribute
from workflow.rules.vocabulary import Visibility

LEVELS: tuple[frozenset[Visibility], ...] = (
    frozenset(),
    frozenset({Visibility.PARTICIPANTS}),
    frozenset({Visibility.PARTICIPANTS, Visibility.CITY}),
)
"""What may be seen besides the public blocks: by everybody, by those who take part, by the city."""

_REFERENCE = re.compile(r'<span class="reference" data-to="([^"]*)">([^<]*)</span>')
_CAPTION = re.compile(r"<(figcaption|caption)\b")
_LABELLED = re.compile(r'<(?:figure|table)\b[^>]* id="t-([^"]*)"')
_BARE = "[-"

Counts = Mapping[str, int]
NONE: Counts = {labels.FIGURE: 0, labels.TABLE: 0}


@dataclass(frozen=True, slots=True)
class Index:
    """How many figures and tables of a text are counted, its labels with the count of each, what it refers to, and
    which charts it shows."""

    counts: Counts = field(default_factory=lambda: NONE)
    labels: tuple[tuple[str, int], ...] = ()
    references: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()

    @property
    def joins(self) -> bool:
        """Whether the text has to do with others."""
        return bool(self.labels or self.references)


Indexes = tuple[Index, ...]
"""A text as each of the `LEVELS` sees it; a single one where all see the same."""

EMPTY: Indexes = (Index(),)


@dataclass(frozen=True, slots=True)
class Text:
    """A section in its place among the others."""

    id: int
    code: str
    indexes: Indexes

    def seen(self, level: int) -> Index:
        return self.indexes[min(level, len(self.indexes) - 1)]


@dataclass(frozen=True, slots=True)
class Target:
    section: int
    number: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """`before` is how many are counted in the sections before one; of a label that is there twice the first counts."""

    before: Mapping[int, Counts]
    targets: Mapping[str, Target]
    twice: frozenset[str]


def indexes(markdown: str) -> Indexes:
    """What the text brings along, read once for each of the `LEVELS`."""
    if not eyes.restricted(markdown):
        return (index(markdown),)
    return tuple(index(eyes.without(markdown, level)) for level in LEVELS)


def index(markdown: str) -> Index:
    if not _may_count(markdown):
        return EMPTY[0]
    counts, found, references = Counter(NONE), [], []
    drawn: dict[str, None] = {}
    for token in dialect.parser().parse(dialect.canonical(markdown), {}):
        if token.type == "caption_open":
            kind = labels.CAPTIONS[token.tag]
            counts[kind] = token.meta["n"]
            if token.meta["label"]:
                found.append((token.meta["label"], token.meta["n"]))
        if token.type == "chart":
            drawn[token.meta["chart"]] = None
        references += _references(token.children or ())
    return Index(dict(counts), tuple(found), tuple(references), tuple(drawn))


def _may_count(markdown: str) -> bool:
    """A quick look before a parse."""
    return bool(
        pictures.SCHEME in markdown
        or charts.BLOCK.search(markdown)
        or labels.REFERENCE.search(markdown)
        or tables.CAPTION.search(markdown)
    )


def _references(tokens: Iterable[Token]) -> list[str]:
    return [token.meta["to"] for token in tokens if token.type == "reference"]


def unknown_charts(indexes: Indexes) -> tuple[str, ...]:
    """The names of charts that there are not."""
    named = dict.fromkeys(name for index in indexes for name in index.charts)
    return tuple(name for name in named if name not in charts.NAMES)


def level(seen: Iterable[Visibility]) -> int:
    """The place in `LEVELS` of whoever sees these."""
    return LEVELS.index(frozenset(seen) & LEVELS[-1])


def numbered(texts: Iterable[Text], seen: int = len(LEVELS) - 1) -> Numbers:
    """The numbers over the texts in their order, as the level `seen` sees them."""
    running, before = Counter(NONE), {}
    targets: dict[str, Target] = {}
    twice: set[str] = set()
    for text in texts:
        targets.setdefault(f"{labels.SECTION}:{text.code}", Target(text.id, text.code))
        before[text.id] = dict(running)
        for label, count in text.seen(seen).labels:
            if label in targets:
                twice.add(label)
            number = running[label.partition(":")[0]] + count
            targets.setdefault(label, Target(text.id, str(number)))
        running.update(text.seen(seen).counts)
    return Numbers(before, targets, frozenset(twice))


def faults(texts: Iterable[Text]) -> dict[int, tuple[str, ...]]:
    """By section what is wrong with its references and labels, as they were typed: those that lead to nothing that
    their readers see, and labels that are there twice."""
    texts = list(texts)
    restricted = any(len(text.indexes) > 1 for text in texts)
    found: dict[int, dict[str, None]] = {}
    for seen in range(len(LEVELS)) if restricted else (len(LEVELS) - 1,):
        numbers = numbered(texts, seen)
        for text in texts:
            own = text.seen(seen)
            wrong = [f"[@{to}]" for to in own.references if to not in numbers.targets]
            wrong += [f"{{#{label}}}" for label, _count in own.labels if label in numbers.twice]
            if wrong:
                found.setdefault(text.id, {}).update(dict.fromkeys(wrong))
    return {section: tuple(wrong) for section, wrong in found.items()}


def counted(html: str) -> bool:
    """Whether the HTML of a text shows anything that has to do with numbers."""
    return bool(_CAPTION.search(html) or _REFERENCE.search(html))


def shown(
    html: str,
    numbers: Numbers,
    section: int,
    *,
    language: str,
    address: Callable[[Target, str], str | None],
) -> str:
    """The HTML with its captions numbered and its references as links. The words that were typed stay the text that
    remarks count in; what reads instead is an attribute. A reference that leads nowhere stays as typed; it and a label
    that is there twice have ids. `address` is where a target with this label is shown, None where it is not.
    """
    named = labels.words(language)
    running = Counter(numbers.before.get(section, NONE))
    lost = 0

    def caption(match: re.Match[str]) -> str:
        kind = labels.CAPTIONS[match[1]]
        running[kind] += 1
        return match[0] + attribute("data-number", f"{named[kind]} {running[kind]}")

    def labelled(match: re.Match[str]) -> str:
        nonlocal lost
        if unescape(match[1]) not in numbers.twice:
            return match[0]
        lost += 1
        return f"<span{attribute('id', f'lost-{lost}')}></span>{match[0]}"

    def reference(match: re.Match[str]) -> str:
        nonlocal lost
        to = unescape(match[1])
        target = numbers.targets.get(to)
        if target is None:
            lost += 1
            attributes = attribute("class", "reference lost") + attribute("id", f"lost-{lost}")
            return f"<span{attributes}>{match[2]}</span>"
        words = labels.said(to, target.number, named, bare=match[2].startswith(_BARE))
        href = address(target, to)
        shown = f'<span class="shown" role="img"{attribute("aria-label", words)}></span>'
        typed = f'<span class="typed" aria-hidden="true">{match[2]}</span>'
        if href is None:
            return f'<span class="reference">{shown}{typed}</span>'
        return f'<a class="reference"{attribute("href", href)}>{shown}{typed}</a>'

    return _REFERENCE.sub(reference, _LABELLED.sub(labelled, _CAPTION.sub(caption, html)))
