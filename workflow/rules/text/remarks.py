"""The only place that turns a remark, which is plain text, into HTML."""

from __future__ import annotations

import html
import re

from workflow.rules.text.document import escape

URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
EMPTY_LINES = re.compile(r"\n[^\S\n]*\n\s*")
TRAILING = ".,;:!?…»”’*_~"
BRACKETS = {")": "(", "]": "["}


def remark_html(text: str) -> str:
    """Paragraphs, line breaks and links to web addresses; every other character as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = [part for part in EMPTY_LINES.split(text) if part.strip()]
    return "\n".join(
        "<p>" + "<br>\n".join(_linked(line.rstrip()) for line in part.split("\n")) + "</p>"
        for part in paragraphs
    )


def _linked(line: str) -> str:
    pieces: list[str] = []
    position = 0
    for match in URL.finditer(line):
        address = _without_sentence_end(match[0])
        if not address.partition("://")[2]:
            continue
        pieces.append(escape(line[position : match.start()]))
        target = html.escape(address, quote=True)
        pieces.append(f'<a href="{target}" rel="nofollow ugc noopener">{escape(address)}</a>')
        position = match.start() + len(address)
    pieces.append(escape(line[position:]))
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
