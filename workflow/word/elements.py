"""The only place that makes elements of WordprocessingML (ECMA-376), and the runs of words that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PARTS = re.compile(r"[\n\t]|[^\n\t]+")
BREAKS = {"\n": "w:br", "\t": "w:tab"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(tag: str, attributes: dict[str, object] | None = None, *children):
    """An element with its attributes, whose names are in the namespace `w` unless they say otherwise."""
    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name if ":" in name else f"w:{name}"), str(value))
    made.extend(children)
    return made


@dataclass(frozen=True, slots=True)
class Face:
    """How words look; `language` is None where it is the document's own."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    raised: bool = False
    style: str | None = None
    language: str | None = None

    def properties(self):
        """The element of these properties, in the order that the standard wants; None where there are none."""
        found = [
            element("w:rStyle", {"val": self.style}) if self.style else None,
            element("w:rFonts", {"ascii": MONO, "hAnsi": MONO, "cs": MONO}) if self.code else None,
            element("w:b") if self.bold else None,
            element("w:i") if self.italic else None,
            element("w:strike") if self.struck else None,
            element("w:vertAlign", {"val": "superscript"}) if self.raised else None,
            element("w:lang", {"val": tag_of(self.language)}) if self.language else None,
        ]
        kept = [one for one in found if one is not None]
        return element("w:rPr", None, *kept) if kept else None


MONO = "Consolas"
PLAIN = Face()
TAGS = {"en": "en-GB", "sl": "sl-SI", "de": "de-DE"}


def tag_of(language: str) -> str:
    """The language as Word names it."""
    return TAGS.get(language, language)


def run(words: str, face: Face = PLAIN, *, deleted: bool = False):
    """Words of one look; those of a tracked deletion are kept as such."""
    made = element("w:r")
    if (properties := face.properties()) is not None:
        made.append(properties)
    for piece in PARTS.findall(words):
        if piece in BREAKS:
            made.append(element(BREAKS[piece]))
            continue
        text = element("w:delText" if deleted else "w:t")
        text.text = piece
        text.set(SPACE, "preserve")
        made.append(text)
    return made


def paragraph(style: str, content: Iterable = (), *, properties: Iterable = ()):
    """A paragraph of a style; further properties come in the order of the standard."""
    return element(
        "w:p",
        None,
        element("w:pPr", None, element("w:pStyle", {"val": style}), *properties),
        *content,
    )


def field(code: str, shown: str, face: Face = PLAIN, *, dirty: bool = False) -> list:
    """A field with what it shows until somebody has it worked out."""
    begin = element("w:fldChar", {"fldCharType": "begin"} | ({"dirty": "true"} if dirty else {}))
    instruction = element("w:instrText")
    instruction.text = f" {code} "
    instruction.set(SPACE, "preserve")
    return [
        element("w:r", None, begin),
        element("w:r", None, instruction),
        element("w:r", None, element("w:fldChar", {"fldCharType": "separate"})),
        run(shown, face),
        element("w:r", None, element("w:fldChar", {"fldCharType": "end"})),
    ]


def bookmarked(name: str, number: int, content: Iterable) -> list:
    """Content that a link or a field can point at."""
    return [
        element("w:bookmarkStart", {"id": number, "name": name}),
        *content,
        element("w:bookmarkEnd", {"id": number}),
    ]


def link_to(name: str, content: Iterable):
    """A link to a bookmark."""
    return element("w:hyperlink", {"anchor": name, "history": "1"}, *content)
