"""The words of a paragraph of a Word file as runs: what was tracked is read as accepted, fields as what they show."""

from collections.abc import Callable, Iterator

from lxml import etree

from ..rules.manuscript import Lost
from ..rules.text.typed import Run
from .opening import Package
from .styles import W, on

R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
WORDS_IN_BOX = f"{W}txbxContent"

CHARACTERS = {f"{W}tab": " ", f"{W}noBreakHyphen": "‑", f"{W}softHyphen": "", f"{W}cr": " "}
INTO = {f"{W}smartTag", f"{W}customXml", f"{W}sdtContent", f"{W}fldSimple", f"{W}moveTo", f"{W}bdo"}
GONE = {f"{W}del", f"{W}moveFrom"}

Lose = Callable[[Lost, str], None]
Shown = Callable[[etree._Element, str], bool]


class Reader:
    """Reads paragraphs; what it cannot read it tells `lose`, footnotes that it meets it asks `note` for a label. What
    shows a picture is read by `shown`, which says whether it could."""

    def __init__(
        self, package: Package, lose: Lose, note: Callable[[str, str], str], shown: Shown
    ) -> None:
        self.links = package.links
        self.lose, self.note, self.shown = lose, note, shown
        self.where = ""
        self.code = 0

    def runs(self, paragraph: etree._Element) -> list[Run]:
        self.code = 0
        return list(self._inside(paragraph, ""))

    def _inside(self, parent: etree._Element, href: str) -> Iterator[Run]:
        for element in parent:
            tag = element.tag
            if tag == f"{W}r":
                yield from self._run(element, href)
            elif tag == f"{W}hyperlink":
                to = self.links.get(f"{self.where}{element.get(R_ID, '')}", "")
                yield from self._inside(element, to)
            elif tag == f"{W}ins":
                self.lose(Lost.INSERTED, _words(element))
                yield from self._inside(element, href)
            elif tag in GONE:
                self.lose(Lost.DELETED, _words(element))
            elif tag == f"{W}sdt":
                content = element.find(f"{W}sdtContent")
                if content is not None:
                    yield from self._inside(content, href)
            elif tag in INTO:
                yield from self._inside(element, href)
            elif tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
                words = "".join(element.itertext(f"{MATH}t"))
                self.lose(Lost.EQUATION, words)
                yield Run(words)

    def _run(self, run: etree._Element, href: str) -> Iterator[Run]:
        properties = run.find(f"{W}rPr")
        if on(properties, "vanish"):
            self.lose(Lost.HIDDEN, _words(run))
            return
        look = {
            "strong": on(properties, "b"),
            "emphasis": on(properties, "i"),
            "struck": on(properties, "strike") or on(properties, "dstrike"),
            "href": href,
        }
        for element in run:
            tag = element.tag
            if tag == f"{W}fldChar":
                self._field(element.get(f"{W}fldCharType", ""))
            elif self.code and tag not in (f"{W}footnoteReference", f"{W}endnoteReference"):
                continue
            elif tag == f"{W}t":
                yield Run(element.text or "", **look)
            elif tag in CHARACTERS:
                yield Run(CHARACTERS[tag], **look)
            elif tag == f"{W}br" and element.get(f"{W}type", "textWrapping") == "textWrapping":
                yield Run(breaks=True)
            elif tag == f"{W}sym":
                self.lose(
                    Lost.SYMBOL, f"{element.get(f'{W}font', '')} {element.get(f'{W}char', '')}"
                )
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = "footnotes" if "footnote" in tag else "endnotes"
                if label := self.note(kind, element.get(f"{W}id", "")):
                    yield Run(note=label)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"):
                self._drawing(element)

    def _field(self, kind: str) -> None:
        """Between `begin` and `separate` stand commands, after it what the field shows."""
        if kind == "begin":
            self.code += 1
        elif kind in ("separate", "end") and self.code:
            self.code -= 1

    def _drawing(self, element: etree._Element) -> None:
        chosen = element.find(f"{MC}Choice")
        element = element if chosen is None else chosen
        boxes = list(element.iter(WORDS_IN_BOX))
        if boxes:
            for box in boxes:
                self.lose(Lost.TEXT_BOX, _words(box))
            return
        about = next(element.iter(DRAWN), None)
        said = about.get("descr", "") or about.get("title", "") if about is not None else ""
        if element.tag == f"{W}object":
            self.lose(Lost.OBJECT, said)
        elif self.where or not self.shown(element, said):
            self.lose(Lost.PICTURE, said)


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext(f"{W}t", f"{W}delText")).split())
