"""The only place that writes the inline content of a block: its markup, its text, its runs."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import unquote

from markdown_it.token import Token

from workflow.rules.text import dialect, pictures, places
from workflow.rules.text.document import Run, Text, attribute

TAGS = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
}
BREAK = re.compile(r"[ \t]*\\?\n[ \t>]*")
NOT_A_SPACE = str.maketrans("\r\f", "  ")


class Page(Protocol):
    """What the writer of the blocks lends to the writer of their content."""

    markdown: str
    prefix: str
    length: int
    runs: list[Run]

    def text(self, content: str, note: str | None = None) -> Text: ...

    def note_mark(self, token: Token, *, linked: bool) -> list[str | Text]: ...


class Inlines:
    """Writes the inline content of one block."""

    def __init__(self, writer: Page, segments: list[places.Segment]) -> None:
        self.writer = writer
        self.segments = segments
        self.links = 0
        self.first_run = len(writer.runs)
        self.breaks: list[int] = []

    def write(self, tokens: list[Token]) -> list[str | Text]:
        found: list[str | Text] = []
        for token in tokens:
            if token.type in TAGS:
                found.append(TAGS[token.type])
            else:
                found += WRITERS[token.type](self, token)
        self._map_breaks()
        return found

    def _text(self, token: Token) -> list[str | Text]:
        start = self.writer.length
        for offset, at, length, source_length in token.meta.get("runs", ()):
            source = places.to_source(self.segments, at, source_length)
            if source:
                code = token.type == "code_inline"
                run = Run(start + offset, start + offset + length, *source, code=code)
                self.writer.runs.append(run)
        return [self.writer.text(token.content.translate(NOT_A_SPACE))]

    def _code_inline(self, token: Token) -> list[str | Text]:
        return ["<code>", *self._text(token), "</code>"]

    def _reference(self, token: Token) -> list[str | Text]:
        to = attribute("class", "reference") + attribute("data-to", token.meta["to"])
        return [f"<span{to}>", *self._text(token), "</span>"]

    def _softbreak(self, token: Token) -> list[str | Text]:
        return [self._break(" ")]

    def _hardbreak(self, token: Token) -> list[str | Text]:
        return ["<br>", self._break("\n")]

    def _break(self, text: str) -> Text:
        self.breaks.append(self.writer.length)
        return self.writer.text(text)

    def _map_breaks(self) -> None:
        """The end of a line in the source, with what leads the next line, is one run."""
        before = {run.end: run for run in self.writer.runs[self.first_run :]}
        after = {run.start: run for run in self.writer.runs[self.first_run :]}
        for at in self.breaks:
            if at in before and at + 1 in after:
                start, end = before[at].source_end, after[at + 1].source_start
                if BREAK.fullmatch(self.writer.markdown, start, end):
                    self.writer.runs.append(Run(at, at + 1, start, end))
        self.writer.runs[self.first_run :] = sorted(
            self.writer.runs[self.first_run :], key=lambda run: run.start
        )

    def _link_open(self, token: Token) -> list[str | Text]:
        self.links += 1
        href = pictures.served(str(token.attrs["href"]))
        if href.startswith("#"):
            href = "#" + self.writer.prefix + unquote(href[1:])
        attributes = attribute("href", href)
        if "title" in token.attrs:
            attributes += attribute("title", str(token.attrs["title"]))
        if href.lower().startswith("http"):
            attributes += ' rel="noopener noreferrer"'
        return [f"<a{attributes}>"]

    def _link_close(self, token: Token) -> list[str | Text]:
        self.links -= 1
        return ["</a>"]

    def _footnote_ref(self, token: Token) -> list[str | Text]:
        return self.writer.note_mark(token, linked=not self.links)

    def _image(self, token: Token) -> list[str | Text]:
        alt = plain_text(token.children or [])
        source = str(token.attrs["src"])
        if not dialect.allows_image(source):
            return [self.writer.text(alt)]
        attributes = attribute("src", pictures.served(source)) + attribute("alt", alt)
        if "title" in token.attrs:
            attributes += attribute("title", str(token.attrs["title"]))
        return [f'<img{attributes} loading="lazy">']


WRITERS = {
    "text": Inlines._text,
    "code_inline": Inlines._code_inline,
    "reference": Inlines._reference,
    "softbreak": Inlines._softbreak,
    "hardbreak": Inlines._hardbreak,
    "link_open": Inlines._link_open,
    "link_close": Inlines._link_close,
    "footnote_ref": Inlines._footnote_ref,
    "image": Inlines._image,
}


def plain_text(tokens: list[Token]) -> str:
    """The words of inline tokens, as an alternative text or a name."""
    return "".join(
        plain_text(token.children)
        if token.children
        else " "
        if token.type in ("softbreak", "hardbreak")
        else token.content
        for token in tokens
    )
