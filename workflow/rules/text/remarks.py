"""The only place that turns a remark, which is plain text, into HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from workflow.rules.text.document import escape
from workflow.rules.text.mentions import AT, URL, mentions

Marks = dict[int, int]
"""Where a mention begins, and where it ends."""

EMPTY_LINES = re.compile(r"\n[^\S\n]*\n\s*")
TRAILING = ".,;:!?…»”’*_~"
BRACKETS = {")": "(", "]": "["}


def remark_html(text: str, named: Iterable[str] = ()) -> str:
    """Paragraphs, line breaks, links to web addresses, and these names marked where they are mentioned; every other
    character as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    marks = {one.start: one.end for one in mentions(text, named)}
    paragraphs, start = [], 0
    for gap in (*EMPTY_LINES.finditer(text), None):
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            paragraphs.append(f"<p>{_lines(text, start, end, marks)}</p>")
        start = gap.end() if gap else end
    return "\n".join(paragraphs)


def _lines(text: str, start: int, end: int, marks: Marks) -> str:
    lines, at = [], start
    for line in text[start:end].split("\n"):
        lines.append(_linked(text, at, at + len(line.rstrip()), marks))
        at += len(line) + 1
    return "<br>\n".join(lines)


def _linked(text: str, start: int, end: int, marks: Marks) -> str:
    pieces: list[str] = []
    for match in URL.finditer(text, start, end):
        address = _without_sentence_end(match[0])
        if not address.partition("://")[2]:
            continue
        pieces.append(_marked(text, start, match.start(), marks))
        target = html.escape(address, quote=True)
        pieces.append(f'<a href="{target}" rel="nofollow ugc noopener">{escape(address)}</a>')
        start = match.start() + len(address)
    pieces.append(_marked(text, start, end, marks))
    return "".join(pieces)


def _marked(text: str, start: int, end: int, marks: Marks) -> str:
    pieces: list[str] = []
    at = text.find(AT, start, end) if marks else -1
    while at >= 0:
        past = marks.get(at, at)
        if past > at:
            pieces.append(escape(text[start:at]))
            pieces.append(f'<span class="mention">{escape(text[at:past])}</span>')
            start = past
        at = text.find(AT, max(past, at + 1), end)
    pieces.append(escape(text[start:end]))
    return "".join(pieces)


def _without_sentence_end(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    while address:
        last = address[-1]
        unopened = last in BRACKETS and address.count(last) > address.count(BRACKETS[last])
        if last not in TRAILING and not unopened:
            break
        address = address[:-1]
    return address
