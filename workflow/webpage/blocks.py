"""The only place that writes the nodes of `workflow.rules.text.nodes` as HTML. Whatever is a string becomes text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from itertools import count

from ..typesetting.tables import plain
from . import drawings
from .markup import tag

GONE = "gone"


class Text:
    """Writes one section after the other: tables, figures and notes are counted through."""

    def __init__(self, labels: dict, remarks: Iterable[str]) -> None:
        self.labels, self.remarks = labels, dict(remarks)
        self.notes = count(1)
        self.tables: list[tuple[str, str, str]] = []
        self.figures: list[tuple[str, str, str]] = []
        self.shown: list[str] = []
        self.pictures: dict[str, dict] = {}
        self.called: dict[int, int] = {}
        self.below: list[tuple[int, str]] = []
        self.marked: set[str] = set()

    def section(self, nodes: list[dict], name: str, pictures: dict[str, dict] | None = None) -> str:
        """The blocks of a section of this name, and below them its notes."""
        self.pictures, self.called, self.below = pictures or {}, {}, []
        return self.blocks(nodes) + self.footnotes(name)

    def footnotes(self, name: str) -> str:
        if not self.below:
            return ""
        items = [
            tag("li", f"{body} {self._back(number)}", id=f"note-{number}", value=number)
            for number, body in sorted(self.below)
        ]
        return tag(
            "section",
            tag("ol", "".join(items)),
            class_="notes",
            role="doc-endnotes",
            aria_label=f"{self.labels['notes']}: {name}",
        )

    def _back(self, number: int) -> str:
        words = f"{self.labels['back']} {number}"
        return tag("a", "↩", href=f"#call-{number}", role="doc-backlink", aria_label=words)

    def blocks(self, nodes: list[dict]) -> str:
        return "\n".join(BLOCKS.get(node["t"], Text.paragraph)(self, node) for node in nodes)

    def inlines(self, content: list) -> str:
        return "".join(
            escape(piece, quote=False)
            if isinstance(piece, str)
            else INLINES.get(piece["t"], Text.plain)(self, piece)
            for piece in content
        )

    def plain(self, node: dict) -> str:
        """What has no form of its own here: its words."""
        return escape(node.get("s", ""), quote=False) + self.inlines(node.get("c", []))

    def paragraph(self, node: dict) -> str:
        return tag("p", self.plain(node), dir=node.get("dir"))

    def heading(self, node: dict) -> str:
        """One level below that of print, where the title of the document is none."""
        return tag(f"h{min(node['level'] + 1, 6)}", self.inlines(node["c"]))

    def listed(self, node: dict) -> str:
        start = node.get("start", 1)
        items = "".join(tag("li", self.item(item)) for item in node["items"])
        return tag(node["t"], items, start=start if start != 1 else None)

    def item(self, blocks: list[dict]) -> str:
        """A single paragraph needs no element of its own."""
        if len(blocks) == 1 and blocks[0]["t"] == "p" and "dir" not in blocks[0]:
            return self.inlines(blocks[0]["c"])
        return self.blocks(blocks)

    def quote(self, node: dict) -> str:
        return tag("blockquote", self.blocks(node["blocks"]))

    def code(self, node: dict) -> str:
        words = escape(node["s"], quote=False)
        if "mark" in node:
            words = self.changed(words, gone=node["mark"] == GONE)
        return tag("pre", tag("code", words), tabindex=0)

    def table(self, node: dict) -> str:
        """With its caption above and its source below; a wide one is moved sideways, also by keyboard."""
        number = node.get("number") or len(self.tables) + 1
        caption, name = "", f"{self.labels['table']} {number}"
        at = None
        if node["caption"] is not None:
            at = node.get("anchor") or f"table-{number}"
            words = self.inlines(node["caption"])
            caption = tag("caption", f"{tag('b', escape(name))} {words}")
            self.tables.append((at, name, _words(node["caption"])))
        head = "".join(
            tag("th", self.inlines(cell), scope="col", class_=_side(side))
            for cell, side in zip(node["head"], node["align"], strict=True)
        )
        rows = "\n".join(
            tag("tr", self.cells(cells, node), class_="total" if at_ in node["totals"] else None)
            for at_, cells in enumerate(node["rows"])
        )
        made = tag("table", f"{caption}{tag('thead', tag('tr', head))}{tag('tbody', rows)}", id=at)
        label = f"{name}: {_words(node['caption'])}" if at else self.labels["table"]
        return tag("div", made, class_="wide", tabindex=0, role="group", aria_label=label) + (
            self.source(node, "p") if node["source"] is not None else ""
        )

    def cells(self, cells: list, node: dict) -> str:
        """The first one names its row where it holds words."""
        named = len(cells) > 1 and node["align"][0] == "left"
        made = []
        for place, (cell, side) in enumerate(zip(cells, node["align"], strict=True)):
            inner = self.inlines(cell)
            heads = named and not place and inner
            made.append(
                tag("th", inner, scope="row") if heads else tag("td", inner, class_=_side(side))
            )
        return "".join(made)

    def source(self, node: dict, name: str) -> str:
        words = f"{escape(self.labels['source'])}: {self.inlines(node['source'])}"
        return tag(name, words, class_="source")

    def picture(self, known: dict, alt: str, class_: str | None = None) -> str:
        """A picture by the name of its file beside the page."""
        name = f"{known['sha256']}.{known['ending']}"
        self.shown.append(name)
        return tag(
            "img",
            src=f"pictures/{name}",
            alt=alt,
            width=known["width"],
            height=known["height"],
            class_=class_,
            loading="lazy" if class_ is None else None,
        )

    def figure(self, node: dict) -> str:
        known = self.pictures.get(node.get("picture") or "")
        at = None
        if node.get("file") and known:
            shown = self.picture(known, node["alt"])
        else:
            shown = tag("p", self.image(node))
        below = ""
        if node["caption"] is not None:
            number = node.get("number") or len(self.figures) + 1
            at, name = node.get("anchor") or f"figure-{number}", f"{self.labels['figure']} {number}"
            self.figures.append((at, name, _words(node["caption"])))
            below = f"{tag('b', escape(name))} {self.inlines(node['caption'])}"
        if node["source"] is not None:
            below += self.source(node, "small")
        return tag("figure", shown + (tag("figcaption", below) if below else ""), id=at)

    def chart(self, node: dict) -> str:
        """The caption of a chart, its drawing, and its numbers as a table."""
        name = f"{self.labels['figure']} {node['number']}"
        at = node.get("anchor") or f"figure-{node['number']}"
        self.figures.append((at, name, _words(node["caption"])))
        said = f"{tag('b', escape(name))} {self.inlines(node['caption'])}"
        shown = drawings.bars(node["drawing"]) if node["drawing"] else ""
        shown += self.table(node["table"]) if node["table"] else ""
        below = self.source(node, "small") if node["source"] is not None else ""
        return tag("figure", f"{tag('figcaption', said)}{shown}{below}", id=at)

    def image(self, node: dict) -> str:
        return escape(f"[{node.get('label', '')}: {node.get('alt', '')}]", quote=False)

    def link(self, node: dict) -> str:
        return tag("a", self.inlines(node["c"]), href=node["url"], rel="noopener noreferrer")

    def reference(self, node: dict) -> str:
        """The number of what it leads to, as a link where that is on the page."""
        words = escape(node["shown"], quote=False)
        return tag("a", words, href=f"#{node['target']}") if node["target"] else words

    def note(self, node: dict) -> str:
        """A note at its first call; a later call leads to the same one."""
        known = self.called.get(node["id"])
        number = known or next(self.notes)
        if known is None:
            self.called[node["id"]] = number
            self.below.append((number, self.item(node.get("blocks", []))))
        where = f"call-{number}" if known is None else None
        words = f"{self.labels['note']} {number}"
        called = tag(
            "a", str(number), href=f"#note-{number}", id=where, role="doc-noteref", aria_label=words
        )
        return tag("sup", called)

    def remark(self, node: dict) -> str:
        """The number of a remark where its passage ends, if the remark is printed."""
        number = self.remarks.get(node["n"])
        if number is None:
            return ""
        first = node["n"] not in self.marked
        self.marked.add(node["n"])
        words = f"{self.labels['comment']} {number}"
        led = tag(
            "a",
            escape(number),
            href=f"#remark-{node['n']}",
            id=f"passage-{node['n']}" if first else None,
            class_="marker",
            aria_label=words,
        )
        return tag("sup", led)

    def changed(self, words: str, *, gone: bool) -> str:
        """Marked with signs as well, for who sees no colour and hears no lines."""
        return tag("del", f"[−{words}−]") if gone else tag("ins", f"[+{words}+]")


Writer = Callable[[Text, dict], str]

BLOCKS: dict[str, Writer] = {
    "p": Text.paragraph,
    "h": Text.heading,
    "ul": Text.listed,
    "ol": Text.listed,
    "quote": Text.quote,
    "code": Text.code,
    "table": Text.table,
    "figure": Text.figure,
    "chart": Text.chart,
    "rule": lambda text, node: tag("hr"),
}

INLINES: dict[str, Writer] = {
    "em": lambda text, node: tag("em", text.inlines(node["c"])),
    "strong": lambda text, node: tag("strong", text.inlines(node["c"])),
    "del": lambda text, node: tag("s", text.inlines(node["c"])),
    "code": lambda text, node: tag("code", escape(node["s"], quote=False)),
    "br": lambda text, node: tag("br"),
    "link": Text.link,
    "note": Text.note,
    "ins": lambda text, node: text.changed(text.inlines(node["c"]), gone=False),
    "gone": lambda text, node: text.changed(text.inlines(node["c"]), gone=True),
    "image": Text.image,
    "ref": Text.reference,
    "from": lambda text, node: "",
    "to": Text.remark,
}


def _side(side: str) -> str | None:
    return side if side != "left" else None


def _words(content: list) -> str:
    return plain(content).strip()
