"""The only place that takes a paragraph `Table: …` or `Figure: …` as a caption: its tokens without the first word."""

from __future__ import annotations

import re

from markdown_it.token import Token

from workflow.rules.text import labels


def announces(word: re.Pattern[str], tokens: list[Token], position: int) -> bool:
    """Whether a paragraph begins here with the word, and says more than that."""
    if position >= len(tokens) or tokens[position].type != "paragraph_open":
        return False
    children = tokens[position + 1].children
    if not children or children[0].type != "text":
        return False
    found = word.match(children[0].content)
    return found is not None and (found.end() < len(children[0].content) or len(children) > 1)


def of(inline: Token, word: re.Pattern[str], *, tag: str = "caption") -> list[Token]:
    """The tokens of a caption, without the word that announces it."""
    text = inline.children[0]
    cut = word.match(text.content).end()
    text.content = text.content[cut:]
    text.meta["runs"] = [
        (max(offset - cut, 0), at + cut - offset, length + offset - cut, length + offset - cut)
        if offset < cut < offset + length == offset + source
        else (offset - cut, at, length, source)
        for offset, at, length, source in text.meta["runs"]
        if offset + length > cut
    ]
    if not text.content:
        inline.children.pop(0)
    label = labels.taken(inline, labels.CAPTIONS[tag])
    return opened(inline, tag, label)


def opened(inline: Token, tag: str, label: str | None) -> list[Token]:
    """A caption that says this; its opening knows the label."""
    level = inline.level
    return [
        Token(
            "caption_open", tag, 1, level=level, block=True, map=inline.map, meta={"label": label}
        ),
        inline,
        Token("caption_close", tag, -1, level=level, block=True),
    ]
