"""The only place that writes the nodes of `workflow.rules.text.nodes` as paragraphs, lists, tables and notes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm

from . import changes
from .elements import PLAIN, Face, bookmarked, element, field, link_to, paragraph, run
from .package import BULLETS, NUMBERS, Package

DEEPEST = 8
LINE, LYING = 8600, 13550
"""Twentieths of a point between the margins, of a page that stands and one that lies on its side."""


class Text:
    """Writes one section. `marks` gives what stands where a passage begins or ends."""

    def __init__(
        self, package: Package, labels: dict, marks: Callable[[dict], list], count: Iterator[int]
    ) -> None:
        self.package, self.labels, self.marks, self.count = package, labels, marks, count
        self.part = package.part
        self.counted = {"Figure": 0, "Table": 0}
        self.files: Mapping[str, Path] = {}
        self.by: dict[str, str] = {}
        self.called: dict[int, str] = {}

    def section(self, nodes: list[dict], face: Face, by: dict | None = None) -> list:
        """The blocks of a section; its notes are its own, and so is who changed what is marked as changed."""
        self.called, self.by = {}, changes.signed(by or {})
        made: list = []
        for turned, some in groupby(nodes, key=_is_turned):
            blocks = self.blocks(list(some), face)
            made += self.package.turned(blocks) if turned else blocks
        return made

    def blocks(self, nodes: list[dict], face: Face, style: str = "Normal") -> list:
        return [made for node in nodes for made in BLOCKS[node["t"]](self, node, face, style)]

    def inlines(self, content: list, face: Face, *, deleted: bool = False) -> list:
        """Runs, links, marks and notes."""
        made: list = []
        for piece in content:
            if isinstance(piece, str):
                made.append(run(piece, face, deleted=deleted))
            else:
                made += INLINES[piece["t"]](self, piece, face)
        return made

    def paragraph(self, node: dict, face: Face, style: str) -> list:
        properties = [element("w:bidi")] if node.get("dir") == "rtl" else []
        properties += self.marked(node)
        return [paragraph(style, self.inlines(node["c"], face), properties=properties)]

    def heading(self, node: dict, face: Face, _style: str) -> list:
        content = self.inlines(node["c"], face)
        return [paragraph(f"Heading{node['level']}", content, properties=self.marked(node))]

    def marked(self, node: dict) -> list:
        """The property of a paragraph that came or is gone whole."""
        if "mark" not in node:
            return []
        return [element("w:rPr", None, changes.change(node["mark"], next(self.count), self.by))]

    def came(self, node: dict, face: Face) -> list:
        return changes.wrapped("ins", self.inlines(node["c"], face), self.count, self.by)

    def gone(self, node: dict, face: Face) -> list:
        return changes.wrapped("gone", changes.struck(node["c"], face), self.count, self.by)

    def listed(self, node: dict, face: Face, _style: str, depth: int = 0, number: int = 0) -> list:
        """A list; what an item holds besides its first paragraph is set in beneath it."""
        kind = BULLETS if node["t"] == "ul" else NUMBERS
        if not number or kind == NUMBERS:
            number = self.package.numbering(kind, node.get("start"))
        made = []
        for item in node["items"]:
            counted = element(
                "w:numPr",
                None,
                element("w:ilvl", {"val": min(depth, DEEPEST)}),
                element("w:numId", {"val": number}),
            )
            first, *rest = item or [{"t": "p", "c": []}]
            style = "ListBullet" if kind == BULLETS else "ListNumber"
            if first["t"] == "p":
                content = self.inlines(first["c"], face)
                made.append(paragraph(style, content, properties=[counted, *self.marked(first)]))
            else:
                made.append(paragraph(style, properties=[counted]))
                rest = [first, *rest]
            for inner in rest:
                if inner["t"] in ("ul", "ol"):
                    deeper = number if inner["t"] == node["t"] == "ul" else 0
                    made += self.listed(inner, face, style, depth + 1, deeper)
                else:
                    made += self.blocks([inner], face, "ListContinue")
        return made

    def table(self, node: dict, face: Face, _style: str) -> list:
        """A table with its caption above and its source below; the head comes again on every page."""
        made = []
        if node["caption"] is not None:
            made.append(self.caption(node, face, "Table"))
        total = sum(node["widths"])
        line = LYING if _is_turned(node) else LINE
        widths = [round(line * width / total) for width in node["widths"]]
        grid = element("w:tblGrid", None, *(element("w:gridCol", {"w": width}) for width in widths))
        rows = [self.row(node["head"], node, widths, replace(face, bold=True), head=True)]
        for at, cells in enumerate(node["rows"]):
            bold = replace(face, bold=face.bold or at in node["totals"])
            mark = node["row_marks"][at] if "row_marks" in node else ""
            rows.append(self.row(cells, node, widths, bold, mark=mark))
        made.append(element("w:tbl", None, _table_properties(line), grid, *rows))
        return [*made, *(self.source(node, face) or [paragraph("Source")])]

    def row(
        self,
        cells: list,
        node: dict,
        widths: list[int],
        face: Face,
        *,
        head: bool = False,
        mark: str = "",
    ):
        properties = element("w:trPr", None, element("w:cantSplit"))
        if head:
            properties.append(element("w:tblHeader"))
        if mark:
            properties.append(changes.change(mark, next(self.count), self.by))
        made = element("w:tr", None, properties)
        for content, side, width in zip(cells, node["align"], widths, strict=True):
            made.append(
                element(
                    "w:tc",
                    None,
                    element("w:tcPr", None, element("w:tcW", {"w": width, "type": "dxa"})),
                    paragraph(
                        "TableText",
                        self.inlines(content, face),
                        properties=[element("w:jc", {"val": side})],
                    ),
                )
            )
        return made

    def code(self, node: dict, face: Face, _style: str) -> list:
        if "mark" not in node:
            return [paragraph("Code", [run(node["s"], face)])]
        words = [run(node["s"], face, deleted=node["mark"] == changes.GONE)]
        content = changes.wrapped(node["mark"], words, self.count, self.by)
        return [paragraph("Code", content, properties=self.marked(node))]

    def quote(self, node: dict, face: Face, _style: str) -> list:
        return self.blocks(node["blocks"], face, "Quote")

    def rule(self, _node: dict, _face: Face, style: str) -> list:
        line = element("w:bottom", {"val": "single", "sz": 4, "space": 1, "color": "C9CED2"})
        return [paragraph(style, properties=[element("w:pBdr", None, line)])]

    def link(self, node: dict, face: Face) -> list:
        to = self.part.relate_to(node["url"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        words = self.inlines(node["c"], replace(face, style="Hyperlink"))
        return [element("w:hyperlink", {"r:id": to, "history": "1"}, *words)]

    def note(self, node: dict, face: Face) -> list:
        """A footnote at its first call; a later call repeats its number."""
        if "blocks" not in node:
            name = self.called.get(node["id"])
            return field(f"NOTEREF {name} \\h", "*", replace(face, raised=True)) if name else []
        notes = self.package.notes.element
        number = len(notes) - 1
        name = f"_note{number}"
        self.called[node["id"]] = name
        outer, self.part = self.part, self.package.notes
        body = self.blocks(node["blocks"], face, "FootnoteText") or [paragraph("FootnoteText")]
        self.part = outer
        body[0].insert(1, element("w:r", None, _raised(), element("w:footnoteRef")))
        notes.append(element("w:footnote", {"id": number}, *body))
        mark = element("w:r", None, _raised(), element("w:footnoteReference", {"id": number}))
        return bookmarked(name, next(self.count), [mark])

    def figure(self, node: dict, face: Face, style: str) -> list:
        """A picture with what it shows in words, its caption and its source below."""
        if node["file"] is None or self.part is not self.package.part:
            made = [paragraph(style, self.image(node, face))]
        else:
            drawing = self.drawing(node["file"], node["width"], node["alt"])
            kept = [element("w:keepNext")] if node["caption"] is not None else []
            made = [paragraph(style, [drawing], properties=kept)]
        if node["caption"] is not None:
            made.append(self.caption(node, face, "Figure"))
        return [*made, *self.source(node, face)]

    def source(self, node: dict, face: Face) -> list:
        """Where what was shown comes from, if that is said."""
        if node["source"] is None:
            return []
        words = [run(f"{self.labels['source']}: "), *self.inlines(node["source"], face)]
        return [paragraph("Source", words)]

    def chart(self, node: dict, face: Face, style: str) -> list:
        """The caption of a chart and its numbers as a table; Word draws charts in its own way."""
        made = [self.caption(node, face, "Figure")]
        if node["table"] is not None:
            return [*made, *self.table(node["table"] | {"source": node["source"]}, face, style)]
        return [*made, *self.source(node, face)]

    def caption(self, node: dict, face: Face, kind: str) -> object:
        """The caption with the number that the whole contract gives it; Word goes on counting from there."""
        number = int(node.get("number") or self.counted[kind] + 1)
        again = "" if number == self.counted[kind] + 1 else f" \\r {number}"
        self.counted[kind] = number
        word = self.labels[kind.lower()]
        said = [run(f"{word} "), *field(f"SEQ {kind}{again}", str(number))]
        if anchor := node.get("anchor"):
            said = bookmarked(place_of(anchor), next(self.count), said)
        return paragraph("Caption", [*said, run("  "), *self.inlines(node["caption"], face)])

    def reference(self, node: dict, face: Face) -> list:
        if not node["target"] or self.part is not self.package.part:
            return [run(node["shown"], face)]
        words = run(node["shown"], replace(face, style="Hyperlink"))
        return [link_to(place_of(node["target"]), [words])]

    def drawing(self, file: str, width: float, alt: str):
        """A picture in a line of text, `width` mm wide, with what it shows in words."""
        inline = self.part.new_pic_inline(str(self.files[file.partition(".")[0]]), Mm(width))
        inline.docPr.set("descr", alt)
        return element("w:r", None, element("w:drawing", None, inline))

    def image(self, node: dict, face: Face) -> list:
        return [run(f"[{node['label']}: {node['alt']}]", face)]


BLOCKS = {
    "p": Text.paragraph,
    "h": Text.heading,
    "ul": Text.listed,
    "ol": Text.listed,
    "quote": Text.quote,
    "code": Text.code,
    "table": Text.table,
    "figure": Text.figure,
    "chart": Text.chart,
    "rule": Text.rule,
}

INLINES = {
    "em": lambda text, node, face: text.inlines(node["c"], replace(face, italic=True)),
    "strong": lambda text, node, face: text.inlines(node["c"], replace(face, bold=True)),
    "del": lambda text, node, face: text.inlines(node["c"], replace(face, struck=True)),
    "plain": lambda text, node, face: text.inlines(node["c"], face),
    "code": lambda text, node, face: [run(node["s"], replace(face, code=True))],
    "br": lambda text, node, face: [run("\n", face)],
    "link": Text.link,
    "note": Text.note,
    "ins": Text.came,
    "gone": Text.gone,
    "image": Text.image,
    "ref": Text.reference,
    "from": lambda text, node, face: text.marks(node),
    "to": lambda text, node, face: text.marks(node),
}


def place_of(label: str) -> str:
    """The name of the bookmark that references to the label lead to, as Word allows it."""
    return f"_Ref{int(hashlib.sha256(label.encode()).hexdigest()[:7], 16):09d}"


def contents(entries: list[tuple[int, str, str]]) -> Iterator:
    """The table of contents as links, in a field that Word works out with the numbers of the pages."""
    begin, instruction, separate, shown, end = field('TOC \\o "1-3" \\h \\z \\u', "", dirty=True)
    del shown
    for at, (level, words, name) in enumerate(entries):
        indent = element("w:ind", {"left": 300 * (level - 1)})
        before = [begin, instruction, separate] if at == 0 else []
        after = [end] if at == len(entries) - 1 else []
        yield paragraph(
            "Contents",
            [*before, link_to(name, [run(words, replace(PLAIN, bold=level == 1))]), *after],
            properties=[indent],
        )


def _raised():
    return element("w:rPr", None, element("w:rStyle", {"val": "FootnoteReference"}))


def _is_turned(node: dict) -> bool:
    """Whether a table comes on a page that lies on its side."""
    return node.get("turned", False)


def _table_properties(across: int):
    def line(side: str, size: int, colour: str):
        return element(f"w:{side}", {"val": "single", "sz": size, "space": 0, "color": colour})

    return element(
        "w:tblPr",
        None,
        element("w:tblW", {"w": across, "type": "dxa"}),
        element(
            "w:tblBorders",
            None,
            line("top", 8, "1C2226"),
            line("bottom", 8, "1C2226"),
            line("insideH", 4, "C9CED2"),
        ),
        element("w:tblLayout", {"type": "fixed"}),
        element("w:tblLook", {"val": "0020", "firstRow": "1"}),
    )
