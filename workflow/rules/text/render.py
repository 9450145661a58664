"""The only place that turns Markdown into safe HTML and the plain text that anchors count in."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from workflow.rules.text import dialect, inlines, places
from workflow.rules.text.document import (
    Block,
    Element,
    Kind,
    Rendered,
    Run,
    Text,
    attribute,
    clean,
    markup,
)

WORDS = {
    "de": ("Fußnoten", "Fußnote", "Zurück zum Text"),
    "en": ("Footnotes", "Footnote", "Back to the text"),
    "es": ("Notas", "Nota", "Volver al texto"),
    "fr": ("Notes", "Note", "Retour au texte"),
    "it": ("Note", "Nota", "Torna al testo"),
    "sl": ("Opombe", "Opomba", "Nazaj na besedilo"),
}
READERS = {
    "de": {"city": "Nur für die Stadt", "participants": "Nur für Beteiligte"},
    "en": {"city": "Only for the city", "participants": "Only for people who take part"},
    "sl": {"city": "Samo za mesto", "participants": "Samo za sodelujoče"},
}
LEAVES = {
    "paragraph_open": Kind.PARAGRAPH,
    "heading_open": Kind.HEADING,
    "caption_open": Kind.CAPTION,
    "th_open": Kind.HEADER,
    "td_open": Kind.CELL,
}
LANGUAGE = re.compile(r"\S+")
CELLS = frozenset({Kind.HEADER, Kind.CELL})


def render(
    markdown: str, *, language: str = "en", heading_offset: int | None = None, prefix: str = "t-"
) -> Rendered:
    """`markdown` in its canonical form, as plain text and as HTML.

    The highest headings become `<h2>`, below the title of the page; a `heading_offset` is added to
    the levels as they were written instead. `prefix` keeps the ids of several texts on one page
    apart and away from the page's own.
    """
    canonical = dialect.canonical(markdown)
    writer = Writer(canonical, language=language, heading_offset=heading_offset, prefix=prefix)
    writer.write(dialect.parser().parse(canonical, {}))
    plain = "".join(writer.texts)
    return Rendered(
        markdown=canonical,
        plain=plain,
        html=clean("".join(markup(writer.root, plain))),
        sha256=dialect.fingerprint(canonical),
        blocks=tuple(writer.blocks),
        runs=tuple(writer.runs),
        root=writer.root,
    )


class Writer:
    """Walks the tokens once and collects elements, blocks, text and runs."""

    def __init__(
        self, markdown: str, *, language: str, heading_offset: int | None, prefix: str
    ) -> None:
        self.markdown = markdown
        self.lines = markdown.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.words = WORDS.get(language.split("-")[0].lower(), WORDS["en"])
        self.readers = READERS.get(language.split("-")[0].lower(), READERS["en"])
        self.heading_offset = heading_offset
        self.prefix = prefix
        self.slugs: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.root = Element("", "", [])
        self.open = [self.root]
        self.blocks: list[Block] = []
        self.texts: list[str] = []
        self.length = 0
        self.runs: list[Run] = []
        self.new_row = False
        self.row: list[list[places.Segment]] = []
        self.table_start = 0

    def write(self, tokens: list[Token]) -> None:
        headings = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
        if self.heading_offset is None:
            self.heading_offset = 2 - min(headings, default=1)
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type in LEAVES:
                self._leaf(token, tokens[position + 1])
                position += 2
                while tokens[position].type == "footnote_anchor":
                    self._backlink(tokens[position])
                    position += 1
                position += 1
                continue
            if token.type == "table_open":
                self.table_start = len(self.blocks)
            elif token.type == "tr_open":
                self._start_row(tokens, position)
            if token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "chart":
                name = attribute("data-chart", token.meta["chart"])
                self.open[-1].children.append(f'<div class="chart-place"{name}></div>\n')
            elif token.type == "hr":
                self.open[-1].children.append("<hr>\n")
            elif token.type == "footnote_anchor":
                self._backlink(token)
            elif token.nesting == 1:
                self._enter(*self._element(token))
            elif token.nesting == -1:
                for _ in range(2 if token.type == "footnote_block_close" else 1):
                    self.open.pop()
            position += 1

    def _enter(self, *levels: tuple[str, str]) -> None:
        for tag, attributes in levels:
            element = Element(tag, attributes, [])
            self.open[-1].children.append(element)
            self.open.append(element)

    def _element(self, token: Token) -> list[tuple[str, str]]:
        if token.type == "footnote_block_open":
            label = attribute("aria-label", self.words[0])
            return [("section", f' class="notes" role="doc-endnotes"{label}'), ("ol", "")]
        if token.type == "footnote_open":
            return [("li", attribute("id", self._note_id(token)))]
        if token.type.startswith("container_"):
            return [("div", self._fewer_eyes(token.type.split("_")[1]))]
        label = token.meta.get("label")
        if label and label not in self.labels:
            self.labels.add(label)
            return [(token.tag, attribute("id", self.prefix + label))]
        start = token.attrs.get("start") if token.tag == "ol" else None
        return [(token.tag, "" if start is None else attribute("start", start))]

    def _fewer_eyes(self, visibility: str) -> str:
        """The marks of a block that not everyone may read; its label is said and shown."""
        label = self.readers[visibility]
        return (
            attribute("class", f"fewer-eyes for-{visibility}")
            + ' role="note"'
            + attribute("aria-label", label)
            + attribute("data-label", label)
            + attribute("data-visibility", visibility)
        )

    def _start_row(self, tokens: list[Token], position: int) -> None:
        self.new_row = True
        cells = []
        while tokens[position].type != "tr_close":
            if tokens[position].type == "inline":
                cells.append(tokens[position])
            position += 1
        self.row = places.cell_segments(cells, self.lines, self.starts)

    def _leaf(self, token: Token, inline: Token) -> None:
        kind = Kind.ITEM if token.hidden else LEAVES[token.type]
        self._separate(kind)
        tag, attributes = token.tag, ""
        if kind is Kind.ITEM:
            tag = "span"
        elif kind is Kind.HEADING:
            tag = f"h{min(int(token.tag[1]) + self.heading_offset, 6)}"
            attributes = attribute("id", self._slug(inline))
        elif kind in CELLS:
            attributes = "".join(attribute(*pair) for pair in token.attrs.items())
        if kind in CELLS:
            segments = self.row.pop(0)
        else:
            hashes = kind is Kind.HEADING and token.markup.startswith("#")
            segments = places.segments(inline, self.lines, self.starts, hashes=hashes)
        start = self.length
        pieces = inlines.Inlines(self, segments).write(inline.children or [])
        lines = tuple(inline.map) if inline.map else None
        self._block(kind, start, lines, tag, attributes, pieces)

    def _code(self, token: Token) -> None:
        self._separate(Kind.CODE)
        start = self.length
        content = token.content.removesuffix("\n")
        language = LANGUAGE.match(unescapeAll(token.info).strip())
        css = attribute("class", f"language-{language[0]}") if language else ""
        body = Token("inline", "", 0, map=list(token.map), content=content)
        if token.type == "fence":
            body.map = [token.map[0] + 1, token.map[1]]
        segments = places.segments(body, self.lines, self.starts)
        for offset, source, length in segments:
            at = start + offset
            self.runs.append(Run(at, at + length, source, source + length, code=True))
        text = self.text(content)
        pieces = [f"<code{css}>", text, "</code>"]
        self._block(Kind.CODE, start, tuple(token.map), "pre", "", pieces)

    def _block(
        self,
        kind: Kind,
        start: int,
        lines: tuple[int, int] | None,
        tag: str,
        attributes: str,
        pieces: list[str | Text],
    ) -> None:
        block = Block(
            number=len(self.blocks),
            kind=kind,
            start=start,
            end=self.length,
            lines=lines,
            tag=tag,
            attributes=attributes,
            pieces=tuple(pieces),
        )
        self.blocks.append(block)
        self.open[-1].children.append(block)

    def _separate(self, kind: Kind) -> None:
        """What stands between two blocks of the plain text: a tab, a newline or an empty line."""
        new_row, self.new_row = self.new_row, False
        if not self.blocks:
            return
        if kind in CELLS and not new_row:
            self.text("\t")
        elif (kind in CELLS and self.table_start < len(self.blocks)) or (
            kind is self.blocks[-1].kind is Kind.ITEM
        ):
            self.text("\n")
        else:
            self.text("\n\n")

    def text(self, content: str, note: str | None = None) -> Text:
        """Write text; what follows in the HTML shows the same characters."""
        start = self.length
        self.texts.append(content)
        self.length += len(content)
        return Text(start, self.length, note)

    def _slug(self, inline: Token) -> str:
        words = re.findall(r"\w+", inlines.plain_text(inline.children or []).lower())
        slug = "-".join(words) or "section"
        self.slugs[slug] += 1
        count = self.slugs[slug]
        return self.prefix + (slug if count == 1 else f"{slug}-{count}")

    def _note_id(self, token: Token) -> str:
        return f"{self.prefix}note-{token.meta['id'] + 1}"

    def mark_id(self, token: Token) -> str:
        again = token.meta["subId"]
        return f"{self.prefix}mark-{token.meta['id'] + 1}" + (f"-{again + 1}" if again else "")

    def note_mark(self, token: Token, *, linked: bool) -> list[str | Text]:
        label = f"[{token.meta['id'] + 1}]"
        text = self.text(label, note=token.meta["label"])
        if not linked:
            return ['<sup class="note">', text, "</sup>"]
        attributes = attribute("href", "#" + self._note_id(token))
        attributes += attribute("id", self.mark_id(token))
        attributes += ' role="doc-noteref"' + attribute("aria-label", f"{self.words[1]} {label}")
        return [f'<sup class="note"><a{attributes}>', text, "</a></sup>"]

    def _backlink(self, token: Token) -> None:
        attributes = attribute("href", "#" + self.mark_id(token))
        attributes += ' class="note-back" role="doc-backlink"'
        attributes += attribute("aria-label", self.words[2])
        self.open[-1].children.append(f"<a{attributes}>\u21a9\ufe0e</a>\n")
