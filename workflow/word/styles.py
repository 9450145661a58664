"""What the styles and lists of a Word file mean, whatever the language of the Word that wrote it."""

import re
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

HEADING = re.compile(
    r"(?:heading|naslov|überschrift|berschrift|titre|título|ttulo|titolo|titlu|kop|rubrik|overskrift|otsikko"
    r"|nagłówek|nagwek|nadpis|címsor|cmsor|antraštė|virsraksts|pealkiri|заголовок|επικεφαλίδα)\s*-?([1-9])",
    re.IGNORECASE,
)
TITLE = re.compile(r"title|naslov|titel|titre|título|titolo", re.IGNORECASE)
CAPTION = re.compile(
    r"caption|napis|beschriftung|légende|legenda|lgende|didascalia|bildtext", re.IGNORECASE
)
CONTENTS = re.compile(
    r"(?:toc|kazalo vsebine|verzeichnis|table of figures|kazalo slik|tm)\s*-?\d?(?: heading)?",
    re.IGNORECASE,
)
BULLETS = re.compile(r"list bullet|listbullet|oznaen seznam|aufzählungszeichen", re.IGNORECASE)
NUMBERS = re.compile(r"list number|listnumber|otevilen seznam|listennummer", re.IGNORECASE)
QUOTATION = re.compile(r"(?:intense )?quote|citat|zitat|citation", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a paragraph of the style is: `level` of a heading (0: none), or something else by its name."""

    level: int = 0
    title: bool = False
    caption: bool = False
    contents: bool = False
    quotation: bool = False
    bullets: bool = False
    numbers: bool = False
    depth: int = 0
    list: tuple[str, int] | None = None


PLAIN = Meaning()


class Styles:
    """The styles of a file by their ids; what one does not say, the one that it is based on does."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements = {
            one.get(f"{W}styleId", ""): one
            for one in (root.iter(f"{W}style") if root is not None else ())
        }
        self._known: dict[str, Meaning] = {}

    def __getitem__(self, style: str | None) -> Meaning:
        if not style:
            return PLAIN
        if style not in self._known:
            self._known[style] = self._meaning(style)
        return self._known[style]

    def _meaning(self, style: str) -> Meaning:
        chain = self._chain(style)
        names = [name for one in chain for name in _names(one)] or [style]
        own = [*_names(chain[0])] if chain else [style]
        level = next((int(m[1]) for name in names if (m := HEADING.fullmatch(name))), 0)
        outline = next((v for one in chain if (v := value(one, "pPr", "outlineLvl"))), None)
        if not level and outline is not None and outline.isdigit() and int(outline) < 9:
            level = int(outline) + 1
        return Meaning(
            level=level,
            title=not level and any(TITLE.fullmatch(name) for name in own),
            caption=any(CAPTION.fullmatch(name) for name in names),
            contents=any(CONTENTS.fullmatch(name) for name in names),
            quotation=any(QUOTATION.fullmatch(name) for name in names),
            bullets=any(BULLETS.match(name) for name in names),
            numbers=any(NUMBERS.match(name) for name in names),
            depth=next((int(m[0]) - 1 for name in own if (m := re.search("[2-9]$", name))), 0),
            list=next((found for one in chain if (found := numbered(one))), None),
        )

    def _chain(self, style: str) -> list[etree._Element]:
        found: list[etree._Element] = []
        while style in self._elements and self._elements[style] not in found:
            found.append(self._elements[style])
            style = value(found[-1], "basedOn") or ""
        return found


class Lists:
    """Which lists are numbered, by the id of the list and the depth of the line in it."""

    def __init__(self, root: etree._Element | None) -> None:
        self._formats: dict[tuple[str, int], str] = {}
        if root is None:
            return
        drawn = {one.get(f"{W}abstractNumId"): one for one in root.iter(f"{W}abstractNum")}
        for one in root.iter(f"{W}num"):
            abstract = drawn.get(value(one, "abstractNumId"))
            for level in abstract.iter(f"{W}lvl") if abstract is not None else ():
                depth = int(level.get(f"{W}ilvl", "0"))
                key = one.get(f"{W}numId", ""), depth
                self._formats[key] = value(level, "numFmt") or "bullet"

    def ordered(self, number: str, depth: int) -> bool:
        return self._formats.get((number, depth), "bullet") not in ("bullet", "none")


def value(element: etree._Element, *path: str) -> str | None:
    """The `w:val` at the end of the path."""
    found = element.find("/".join(f"{W}{name}" for name in path))
    return found.get(f"{W}val") if found is not None else None


def numbered(element: etree._Element) -> tuple[str, int] | None:
    """The list that a paragraph or a style stands in, and how deep."""
    properties = element.find(f"{W}pPr/{W}numPr")
    if properties is None:
        return None
    depth = value(properties, "ilvl") or "0"
    return value(properties, "numId") or "0", int(depth) if depth.isdigit() else 0


def on(properties: etree._Element | None, name: str) -> bool:
    """Whether a property of letters is set: there, and not switched off."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "none", "off")


def _names(style: etree._Element) -> list[str]:
    """What the style is called, and its id, which older programs translate."""
    return [name for name in (value(style, "name"), style.get(f"{W}styleId")) if name]
