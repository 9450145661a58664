"""The only place that knows where in the Markdown source a rendered character came from.

markdown-it keeps line numbers, not columns. Here every inline token also learns its offset inside
the inline content, and each text carries `meta["runs"]`: `(offset in the text, offset in the
content, length in the text, length in the content)`. `segments` then leads from the content of an
inline token to the source, past list markers, quote marks, table pipes and indentation.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

PIPE = re.compile(r"(?<!\\)\|")

Segment = tuple[int, int, int]
"""(offset in the content, offset in the source, length): the same characters in both."""


class PlacedState(StateInline):
    """An inline state that notes where each token began, in `meta["at"]`."""

    pending_at = 0

    def append_pending(self, text: str) -> None:
        if not self.pending:
            self.pending_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:
        token = super().pushPending()
        token.meta["at"] = self.pending_at
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        before = self.tokens[-1] if self.tokens and not self.pending else None
        token = super().push(ttype, tag, nesting)
        token.meta["at"] = self.pos
        if before is not None and before.type == "text":
            # A run such as `***` becomes several tokens while `pos` stands still.
            token.meta["at"] = max(self.pos, before.meta["at"] + len(before.content))
        return token


class PlacedInline(ParserInline):
    """markdown-it's inline parser on a `PlacedState`."""

    def parse(
        self, src: str, md: MarkdownIt, env: dict[str, Any], tokens: list[Token]
    ) -> list[Token]:
        state = PlacedState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def join_texts(state: StateCore) -> None:
    """Core rule: join neighbouring texts, escapes and entities, keeping their places."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = joined(token.children, token.content)


def joined(tokens: list[Token], content: str) -> list[Token]:
    """`tokens` with every stretch of text as one token that carries its runs."""
    result: list[Token] = []
    for position, token in enumerate(tokens):
        if token.children:
            token.children = joined(token.children, token.content)
        if token.type == "code_inline":
            token.meta["runs"] = [_code_run(token, content)]
        elif token.type == "reference":
            length = len(token.content)
            token.meta["runs"] = [(0, token.meta["at"], length, length)]
        if token.type not in ("text", "text_special"):
            result.append(token)
            continue
        if not token.content:
            continue
        at, length = token.meta["at"], len(token.markup or token.content)
        if (
            position
            and tokens[position - 1].markup == "autolink"
            and tokens[position - 1].nesting > 0
        ):
            at, length = at + 1, content.index(">", at) - at - 1
        if result and result[-1].type == "text":
            text = result[-1]
        else:
            text = Token("text", "", 0, level=token.level, meta={"at": at, "runs": []})
            result.append(text)
        text.meta["runs"].append((len(text.content), at, len(token.content), length))
        text.content += token.content
    return result


def _code_run(token: Token, content: str) -> tuple[int, int, int, int]:
    at = token.meta["at"] + len(token.markup)
    length = len(token.content)
    if content[at : at + length].replace("\n", " ") != token.content:
        at += 1
    return (0, at, length, length)


def segments(
    inline: Token, lines: list[str], starts: list[int], *, hashes: bool = False
) -> list[Segment]:
    """Where the content of a paragraph, or of a heading after its hashes, stands in the source.

    `starts` are the offsets of `lines`. A line that cannot be found as it is (a tab that became
    spaces) has no segment, so nothing is ever mapped wrongly.
    """
    found: list[Segment] = []
    if inline.map is None:
        return found
    offset = 0
    for number, line in enumerate(inline.content.split("\n"), start=inline.map[0]):
        core = line.strip(" \t")
        if number < len(lines) and core:
            source = lines[number].rstrip(" \t")
            column = len(source) - len(core) if source.endswith(core) else -1
            if hashes and (marker := re.search(r"#+[ \t]+", source)):
                column = source.find(core, marker.end())
            if column >= 0:
                lead = len(line) - len(line.lstrip(" \t"))
                found.append((offset + lead, starts[number] + column, len(core)))
        offset += len(line) + 1
    return found


def cell_segments(cells: list[Token], lines: list[str], starts: list[int]) -> list[list[Segment]]:
    """The segments of the cells of one table row, in their order."""
    if not cells or cells[0].map is None:
        return [[] for _ in cells]
    number = cells[0].map[0]
    edges = [-1, *(match.start() for match in PIPE.finditer(lines[number])), len(lines[number])]
    pieces = [(left + 1, right) for left, right in zip(edges, edges[1:], strict=False)]
    found: list[list[Segment]] = []
    for cell in cells:
        here: list[Segment] = []
        raw = cell.content.replace("|", r"\|")
        while cell.content and pieces:
            left, right = pieces.pop(0)
            piece = lines[number][left:right].rstrip(" \t")
            if piece.lstrip(" \t") == raw or (left == 0 and piece.endswith(raw)):
                here = _unescaped(cell.content, starts[number] + left + len(piece) - len(raw))
                break
        found.append(here)
    return found


def _unescaped(content: str, source: int) -> list[Segment]:
    """The segments of a cell whose pipes are written `\\|` in the source."""
    found: list[Segment] = []
    offset = 0
    for number, part in enumerate(content.split("|")):
        text = part if number == 0 else "|" + part
        source += number > 0
        if text:
            found.append((offset, source, len(text)))
        offset += len(text)
        source += len(text)
    return found


def to_source(found: list[Segment], start: int, length: int) -> tuple[int, int] | None:
    """The source range of `length` characters of content from `start`, if both ends are known."""
    ends = []
    for offset in (start, start + length - 1):
        for content, source, size in found:
            if content <= offset < content + size:
                ends.append(source + offset - content)
    return (ends[0], ends[1] + 1) if len(ends) == 2 else None
