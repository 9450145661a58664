"""Where the parts of a brought contract belong: proposed from their headings, in the order of reading.

A heading goes to a section when it bears its code or its title, and what stands below it goes along. What is only
similar is named and left out until a person chooses: nothing is guessed in silence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz, utils

SURE = 90.0
"""From 0 to 100: titles as similar as this are one title with a slip of the pen."""

PERHAPS = 70.0
"""Less similar titles are not even named."""

MARGIN = 4.0
"""How much more similar the best title is than that of any other section."""

WITH_ABOVE = "above"
NOWHERE = "out"

DASHES = re.compile(r"\s?[‐‑‒–—−]\s?")
LABEL = r"(?:(?:module|modul|section|razdelek|poglavje|abschnitt|kapitel|table|tabela|tabelle)\s+)?"
CODE = re.compile(
    rf"(?:\d+(?:\.\d+)*\.?\s+)?{LABEL}"
    r"(?P<code>[A-Z]{1,3}(?:-[A-Z]{1,3})?-\d+(?:\.\d+)*(?:-[A-Z]\d?)?)(?![\w.-]*\w)[\s:.]*",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+")


class Why(StrEnum):
    """How it was found where a piece belongs."""

    CODE = "code"
    TITLE = "title"
    WITHIN = "within"
    CHOSEN = "chosen"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading of the brought text and what stands below it until the next one; level 0 stands before all headings.

    `title` is its words, `heading` its Markdown; `code` names a section for sure; `notes` are the footnotes by label.
    """

    number: int
    level: int
    title: str
    heading: str
    markdown: str
    code: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A section that may take pieces. `own` are the codes that mean the section itself, `codes` those of elements that
    it answers; `module` tells which sections are neighbours."""

    section: int
    own: tuple[str, ...]
    titles: tuple[str, ...]
    codes: tuple[str, ...] = ()
    module: str = ""
    component: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece goes (None: it stays out), why, and which section it may have been meant for.

    `root` is the number of the piece that it goes along with, its own where it goes by itself.
    """

    piece: int
    section: int | None
    why: Why
    root: int
    perhaps: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    targets: Sequence[Target]
    components: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The titles of each component, by its key."""

    def component(self, title: str) -> str:
        """The component that a heading names, or nothing."""
        for key, titles in self.components.items():
            if any(similar(title, one) >= SURE for one in titles):
                return key
        return ""


def plan(pieces: Sequence[Piece], outline: Outline, chosen: Mapping[int, str]) -> list[Placed]:
    """Where each piece goes; `chosen` by its number is the id of a section, `WITH_ABOVE` or `NOWHERE`."""
    known = {target.section: target for target in outline.targets}
    placed: list[Placed] = []
    above: list[tuple[Piece, Placed]] = []
    component, component_level = "", 0
    for piece in pieces:
        while above and above[-1][0].level >= piece.level:
            above.pop()
        if named := outline.component(bare(piece.title)):
            component, component_level = named, piece.level
        elif piece.level < component_level:
            component, component_level = "", 0
        parent = next((one for _, one in reversed(above) if one.section is not None), None)
        one = _place(piece, outline, known, chosen.get(piece.number), parent, component)
        placed.append(one)
        above.append((piece, one))
    return placed


def _place(
    piece: Piece,
    outline: Outline,
    known: Mapping[int, Target],
    chosen: str | None,
    parent: Placed | None,
    component: str,
) -> Placed:
    within = (
        Placed(piece.number, parent.section, Why.WITHIN, parent.root)
        if parent
        else Placed(piece.number, None, Why.NOWHERE, piece.number)
    )
    if chosen == WITH_ABOVE:
        return within
    if chosen == NOWHERE:
        return Placed(piece.number, None, Why.CHOSEN, piece.number)
    if chosen and int(chosen) in known:
        return Placed(piece.number, int(chosen), Why.CHOSEN, piece.number)
    if not piece.level and not piece.code:
        return within
    found = _by_code(piece, outline.targets, component)
    if len(found) == 1:
        return Placed(piece.number, found[0].section, Why.CODE, piece.number)
    near = found or outline.targets
    if parent and not found:
        near = [one for one in near if one.module == known[parent.section].module]
    section, score = _by_title(piece.title, near, component)
    if section and score >= SURE:
        if parent and section == parent.section:
            return within
        return Placed(piece.number, section, Why.TITLE, piece.number)
    perhaps = section if section and score >= PERHAPS else None
    return Placed(piece.number, within.section, within.why, within.root, perhaps)


def _by_code(piece: Piece, targets: Sequence[Target], component: str) -> list[Target]:
    """The sections that the piece names by a code: those that are it before those that answer it."""
    code = (piece.code or code_of(piece.title)).casefold()
    if not code:
        return []
    exact = [one for one in targets if code == one.own[0].casefold()]
    if exact or piece.code:
        return exact
    here = [one for one in targets if one.component == component] if component else targets
    for named in (
        [one for one in here if code in map(str.casefold, one.own)],
        [one for one in here if code in map(str.casefold, one.codes)],
    ):
        if named:
            return named
    return []


def _by_title(title: str, targets: Sequence[Target], component: str) -> tuple[int | None, float]:
    """The section with the most similar title; unsure when another one's is as similar."""
    said = bare(title)
    if not said:
        return None, 0.0
    scores = sorted(
        (
            (max(similar(said, bare(one)) for one in target.titles), target)
            for target in targets
            if target.titles
        ),
        key=lambda scored: (-scored[0], scored[1].component != component),
    )
    if not scores:
        return None, 0.0
    (best, target), rest = scores[0], scores[1:]
    rivals = [one for score, one in rest if score > best - MARGIN]
    if component and target.component == component:
        rivals = [one for one in rivals if one.component == component]
    return target.section, min(best, SURE - 1) if rivals else best


def similar(one: str, other: str) -> float:
    """How similar two titles are, whatever the capitals and signs."""
    one, other = utils.default_process(one), utils.default_process(other)
    return fuzz.ratio(one, other) if one and other else 0.0


def code_of(title: str) -> str:
    """The code that a heading begins with: `A-1.3` of “A-1.3 Activity”, `B-2` of “Module B – 2: Portfolio”."""
    found = CODE.match(DASHES.sub("-", title.strip()))
    return found["code"].upper() if found else ""


def bare(title: str) -> str:
    """The title without its code or number."""
    title = DASHES.sub("-", title.strip())
    found = CODE.match(title) or NUMBER.match(title)
    return title[found.end() :] if found else title


def texts(pieces: Sequence[Piece], placed: Sequence[Placed], outline: Outline) -> dict[int, str]:
    """The Markdown that each section would get, in the order of the outline."""
    known = {target.section: target for target in outline.targets}
    roots = {piece.number: piece for piece in pieces}
    parts: dict[int, list[str]] = {}
    notes: dict[int, dict[str, str]] = {}
    for piece, one in zip(pieces, placed, strict=True):
        if one.section is None:
            continue
        root, target = roots[one.root], known[one.section]
        dropped = _says_the_title(root, target)
        level = piece.level - root.level + (0 if dropped else 1)
        mine = parts.setdefault(one.section, [])
        if piece.level and piece.heading and not (piece is root and dropped):
            mine.append(f"{'#' * min(max(level, 1), 6)} {piece.heading}")
        if piece.markdown.strip():
            mine.append(piece.markdown.strip("\n"))
        notes.setdefault(one.section, {}).update(piece.notes)
    return {
        section: "\n\n".join([*parts[section], *notes[section].values()]) + "\n"
        for section in known
        if parts.get(section)
    }


def _says_the_title(piece: Piece, target: Target) -> bool:
    """Whether the heading says no more than the title that the section has anyway."""
    if piece.code or code_of(piece.title) in target.own:
        return True
    return any(similar(bare(piece.title), bare(one)) >= SURE for one in target.titles)
