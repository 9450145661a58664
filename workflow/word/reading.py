"""A Word file read as pieces of our Markdown: headings, paragraphs, lists, tables, footnotes, links.

What it holds besides is named as missed, with its words where it has any. Nothing of the file is run or fetched.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lxml import etree

from ..rules.bringing import Piece
from ..rules.manuscript import Lost, Manuscript, Missed, numbered
from ..rules.refusals import Invalid
from ..rules.text.typed import Run, line
from . import styles
from .opening import opened
from .runs import Reader
from .shown import Pictures
from .styles import Lists, Meaning, Styles, W

NUMBERED_CAPTION = re.compile(
    r"^(?:table|tabela|tabelle|tableau|tabella|tabla)\s+[\w.-]*\d[\w.-]*\s*[:.–—-]?\s*",
    re.IGNORECASE,
)
NUMBERED_FIGURE = re.compile(
    r"^(?:figure|fig\.|slika|abbildung|abb\.|figura|picture|bild)\s+[\w.-]*\d[\w.-]*\s*[:.–—-]?\s*",
    re.IGNORECASE,
)
AUTOMATIC_NOTE = re.compile(r"^(?:separator|continuation)")
DEEPEST_LIST = 8
MOST_WORDS = 300
"""Of what was missed so many characters are kept: enough to find it in Word."""


def read(content: bytes, on_part: Callable[[float], None] = lambda share: None) -> Manuscript:
    """The pieces of the file; `on_part` is told the share that is read. Raises `Invalid` for what is no Word document,
    or one that means harm."""
    return _Reading(content).manuscript(on_part)


class _Reading:
    def __init__(self, content: bytes) -> None:
        self.package = opened(content)
        self.styles = Styles(self.package.styles)
        self.lists = Lists(self.package.numbering)
        self.pictures = Pictures(self.package, self._lose)
        self.reader = Reader(self.package, self._lose, self._label, self.pictures.take)
        self.pieces: list[Piece] = []
        self.blocks: list[str] = []
        self.title, self.level, self.heading = "", 0, ""
        self.missed: list[Missed] = []
        self.labels: dict[tuple[str, str], str] = {}
        self.listed: list[tuple[int, bool, int]] = []
        self.after = ""

    def manuscript(self, on_part: Callable[[float], None]) -> Manuscript:
        body = self.package.body.find(f"{W}body")
        if body is None:
            raise Invalid("file", "There is no text in this file.")
        elements = list(body)
        for number, element in enumerate(elements):
            on_part(number / len(elements))
            self._walk([element])
        self._close()
        pieces = [piece for piece in self.pieces if piece.level or piece.markdown]
        if not pieces:
            raise Invalid("file", "There is no text in this file.")
        notes = self._notes()
        self._comments()
        return Manuscript(numbered(pieces, notes), self.missed, self.pictures.brought)

    def _walk(self, parent: Iterable[etree._Element]) -> None:
        for element in parent:
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            elif element.tag == f"{W}sdt":
                self._control(element)
            elif element.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
                self._walk(element)

    def _control(self, element: etree._Element) -> None:
        """A control of Word's: what is in it, unless it is a list of contents that Word makes."""
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and "contents" in gallery.get(f"{W}val", "").casefold():
            self._lose(Lost.CONTENTS, "")
            return
        content = element.find(f"{W}sdtContent")
        if content is not None:
            self._walk(content)

    def _paragraph(self, element: etree._Element) -> None:
        meaning = self.styles[styles.value(element, "pPr", "pStyle")]
        if meaning.contents:
            self._lose(Lost.CONTENTS, "")
            return
        runs = self.reader.runs(element)
        markdown = line(runs)
        level = self._level(element, meaning)
        if not markdown:
            self._figures()
            return
        if level or (meaning.title and not self.pieces and not self.blocks):
            self._begin(level or 1, _bare(runs), _unmarked(runs))
        elif meaning.caption and self._captions_table(element, markdown):
            self._add(f"Table: {NUMBERED_CAPTION.sub('', markdown)}", "caption")
        elif meaning.caption and self._captions_figure(element, markdown):
            self._add(f"Figure: {NUMBERED_FIGURE.sub('', markdown)}", "caption")
        elif found := self._list(element, meaning):
            self._line_of_list(markdown, *found)
        elif meaning.quotation:
            self._add("> " + markdown.replace("\n", "\n> "), "quotation")
        else:
            self._add(markdown, "paragraph")
        self._figures()

    def _figures(self) -> None:
        """The pictures that were met: each stands below the words that it stood between."""
        for figure in self.pictures.figures():
            self._add(figure, "figure")

    def _level(self, element: etree._Element, meaning: Meaning) -> int:
        """The level of a heading by its style, or by its own place in the outline."""
        own = styles.value(element, "pPr", "outlineLvl")
        if meaning.level:
            return meaning.level
        return int(own) + 1 if own and own.isdigit() and int(own) < 9 else 0

    def _captions_table(self, element: etree._Element, markdown: str) -> bool:
        """Whether a caption belongs to a table: it says so, and one stands beside it."""
        after = element.getnext()
        beside = self.after == "table" or (after is not None and after.tag == f"{W}tbl")
        return beside and NUMBERED_CAPTION.match(markdown) is not None

    def _captions_figure(self, element: etree._Element, markdown: str) -> bool:
        """Whether a caption belongs to a picture: it says so, and one stands beside it."""
        after = element.getnext()
        drawn = after is not None and next(after.iter(f"{W}drawing", f"{W}pict"), None) is not None
        beside = self.after == "figure" or (drawn and self.after != "caption")
        return beside and NUMBERED_FIGURE.match(markdown) is not None

    def _list(self, element: etree._Element, meaning: Meaning) -> tuple[int, bool] | None:
        """How deep in a list the paragraph stands, and whether the list is numbered."""
        own = styles.numbered(element)
        number, depth = own or meaning.list or ("0", 0)
        if number != "0":
            deep = depth if own else max(depth, meaning.depth)
            return min(deep, DEEPEST_LIST), self.lists.ordered(number, depth)
        if meaning.bullets or meaning.numbers:
            return meaning.depth, meaning.numbers
        return None

    def _line_of_list(self, markdown: str, depth: int, ordered: bool) -> None:
        if self.after != "list":
            self.listed = []
        while self.listed and self.listed[-1][0] > depth:
            self.listed.pop()
        count = 1
        if self.listed and self.listed[-1][0] == depth:
            _, before, number = self.listed.pop()
            count = number + 1 if before == ordered else 1
        indent = sum(len(_mark(kind, number)) for _, kind, number in self.listed) * " "
        self.listed.append((depth, ordered, count))
        inner = f"\n{indent}{' ' * len(_mark(ordered, count))}"
        written = indent + _mark(ordered, count) + markdown.replace("\n", inner)
        if self.after == "list" and (count > 1 or len(self.listed) > 1):
            self.blocks[-1] += f"\n{written}"
        else:
            self._add(written, "list")

    def _table(self, element: etree._Element) -> None:
        rows = [self._cells(row, head=not n) for n, row in enumerate(_rows(element))]
        rows = [row for row in rows if any(row)]
        if not rows:
            self._figures()
            return
        width = max(map(len, rows))
        if width == 1:
            for row in rows:
                self._add(row[0], "paragraph")
            self._figures()
            return
        filled = [row + [""] * (width - len(row)) for row in rows]
        head, *rest = [f"| {' | '.join(row)} |" for row in filled]
        self._add("\n".join([head, "|" + "---|" * width, *rest]), "table")
        self._figures()

    def _cells(self, row: etree._Element, *, head: bool) -> list[str]:
        """The cells of a row as lines; one that spans several columns heads each of them, and below
        the head leaves the others empty."""
        found: list[str] = []
        for cell in _inside(row, f"{W}tc"):
            span = styles.value(cell, "tcPr", "gridSpan") or "1"
            wide = min(int(span), 63) if span.isdigit() else 1
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            words = self._cell(cell, head)
            if wide > 1 or (merged is not None and merged.get(f"{W}val") == "restart"):
                self._lose(Lost.MERGED, words)
            found += [words, *[words if head else ""] * (wide - 1)]
        return found

    def _cell(self, cell: etree._Element, head: bool) -> str:
        """The paragraphs of a cell as one line; the cells of the first row are strong anyway."""
        said: list[str] = []
        for element in cell.iter(f"{W}p", f"{W}tbl"):
            if element.tag == f"{W}tbl":
                self._lose(Lost.NESTED, "")
                continue
            runs = [Run(" ") if run.breaks else run for run in self.reader.runs(element)]
            words = line([replace(run, strong=False) for run in runs] if head else runs)
            if words:
                said.append(words.replace("|", "\\|"))
        return " · ".join(said)

    def _begin(self, level: int, title: str, heading: str) -> None:
        self._close()
        self.title, self.level, self.heading = title, level, heading

    def _close(self) -> None:
        """Put the piece down that was being read."""
        markdown = "\n\n".join(self.blocks)
        self.pieces.append(Piece(0, self.level, self.title, self.heading, markdown))
        self.blocks, self.after = [], ""

    def _add(self, markdown: str, kind: str) -> None:
        self.blocks.append(markdown)
        self.after = kind

    def _lose(self, kind: Lost, words: str) -> None:
        if kind is Lost.CONTENTS and any(one.kind is kind for one in self.missed[-1:]):
            return
        self.missed.append(Missed(kind, words[:MOST_WORDS], self.title[:MOST_WORDS]))

    def _label(self, kind: str, number: str) -> str:
        return self.labels.setdefault((kind, number), str(len(self.labels) + 1))

    def _notes(self) -> dict[str, str]:
        """The footnotes and endnotes that the text refers to, as definitions by their labels."""
        found: dict[str, str] = {}
        for kind in ("footnotes", "endnotes"):
            root = getattr(self.package, kind)
            self.reader.where = f"{kind}:"
            for note in root if root is not None else ():
                label = self.labels.get((kind, note.get(f"{W}id", "")))
                if label is None or AUTOMATIC_NOTE.match(note.get(f"{W}type", "")):
                    continue
                said = [line(self.reader.runs(one)) for one in note.iter(f"{W}p")]
                body = "\n\n    ".join(words.replace("\n", "\n    ") for words in said if words)
                found[label] = f"[^{label}]: {body or '–'}"
        self.reader.where = ""
        return found

    def _comments(self) -> None:
        """What people wrote beside the text: listed with their names, taken nowhere."""
        root = self.package.comments
        for comment in root if root is not None else ():
            words = " ".join("".join(comment.itertext(f"{W}t")).split())
            who = comment.get(f"{W}author", "")
            said = f"{who}: {words}" if who else words
            self.missed.append(Missed(Lost.COMMENT, said[:MOST_WORDS]))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _inside(table, f"{W}tr")


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The children of this kind, also those that stand in a control or were inserted."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _inside(element, tag)


def _mark(ordered: bool, count: int) -> str:
    return f"{count}. " if ordered else "- "


def _bare(runs: list[Run]) -> str:
    return " ".join("".join(" " if run.breaks else run.text for run in runs).split())


def _unmarked(runs: list[Run]) -> str:
    """A heading is one line and strong anyway."""
    return line([Run(" ") if run.breaks else Run(run.text, note=run.note) for run in runs])
