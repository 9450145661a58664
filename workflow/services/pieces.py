"""A digest is put together from pieces. Many letters have the same; each is rendered, and its style inlined, once.

What a piece says depends on nothing but its arguments and the language, which is in force whenever one is asked for.
"""

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import NamedTuple

from css_inline import CSSInliner
from flask import current_app
from jinja2 import Environment
from markupsafe import Markup

from ..messages import Lines
from ..rules.text import remark_html
from .news import Part, Topic
from .owed_told import Owed

WIDTH = 72

KEPT = 4096
"""Pieces that a process remembers: the news of some days."""

MOST_ENDS = 3
"""Ends of lines that follow each other: two empty lines."""

BEGIN, END = "<!--[-->", "<!--]-->"
HELLO, SUBJECT, WAY_OUT, CONTENT = (f"\ue000{name}\ue000" for name in "hswc")
"""Where in the frame stands what is the reader's own."""

_inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def text(
    language: str,
    hello: str,
    parts: Sequence[Part],
    *,
    owed: Owed | None,
    contracts: tuple[str, ...],
    more: int,
    inbox: str | None,
    way_out: str,
    **foot: str | bool | None,
) -> Lines:
    """The digest as plain text; `foot` is what stands at its end besides the way out."""
    said = [Block(0, hello, 2), _text("opening", language, owed, contracts)]
    for part in parts:
        said.append(_text("head", language, part.title, part.state, part.wishes))
        said += [_topic_text(language, topic) for topic in part.topics]
    said.append(_text("closing", language, more, inbox))
    before, lines, after = _text("foot", language, way_out=WAY_OUT, **foot)
    said.append(Block(before, lines.replace(WAY_OUT, way_out), after))
    return _below_each_other(said)


class Block(NamedTuple):
    """Lines, and how many ends of lines stand before and after them."""

    before: int
    lines: str
    after: int

    @classmethod
    def of(cls, said: str) -> "Block":
        lines = said.strip("\n")
        before = len(said) - len(said.lstrip("\n"))
        return cls(before, _close(lines), len(said) - before - len(lines))


def _below_each_other(said: Sequence[Block]) -> Lines:
    """The blocks with at most two empty lines between them, as `tidy` leaves a text."""
    blocks: list[str] = []
    ends = 0
    for before, lines, after in said:
        ends += before
        if lines:
            if blocks:
                blocks += [""] * (min(ends, MOST_ENDS) - 1)
            blocks.append(lines)
            ends = 0
        ends += after
    return Lines(tuple(blocks))


def html(
    language: str,
    hello: str,
    parts: Sequence[Part],
    *,
    subject: str,
    owed: Owed | None,
    contracts: tuple[str, ...],
    more: int,
    inbox: str | None,
    way_out: str,
    **foot: str | bool | None,
) -> Lines:
    """The same as a page in the frame of every letter."""
    own = {SUBJECT: _in_html(subject), HELLO: _in_html(hello), WAY_OUT: way_out}
    begin, end = _frame(language, tuple(foot.items()))
    said = [_filled(block, own) for block in begin]
    said.append(_html("opening", language, owed, contracts))
    for part in parts:
        said.append(_html("head", language, part.title, part.state, part.wishes))
        said += [
            (_next_topic if number else _topic)(language, topic)
            for number, topic in enumerate(part.topics)
        ]
    if closing := _html("closing", language, more, inbox):
        said.append(closing)
    said += [_filled(block, own) for block in end]
    return Lines(tuple(said))


def _filled(block: tuple[str, str | None], own: dict[str, str]) -> str:
    """A block of the frame, with what is the reader's own where it has a place for that."""
    lines, mark = block
    return lines.replace(mark, own[mark]) if mark else lines


@lru_cache(maxsize=KEPT)
def _text(name: str, language: str, *what, **named) -> Block:
    return Block.of(getattr(_pieces("txt", language), name)(*what, **named))


@lru_cache(maxsize=KEPT)
def _topic_text(language: str, topic: Topic) -> Block:
    return _text.__wrapped__("topic", language, topic)


@lru_cache(maxsize=KEPT)
def _html(name: str, language: str, *what) -> str:
    said = getattr(_pieces("html", language), name)(*what)
    return _styled(said).removeprefix("\n")


@lru_cache(maxsize=KEPT)
def _topic(language: str, topic: Topic) -> str:
    return _html.__wrapped__("topic", language, topic)


@lru_cache(maxsize=KEPT)
def _next_topic(language: str, topic: Topic) -> str:
    """A topic that follows another looks different at its edge, and only there."""
    return _topic(language, topic).replace(*_edges(), 1)


@lru_cache(maxsize=1)
def _edges() -> tuple[str, str]:
    """How a first topic begins, and how one that follows it does."""
    topic = '<div class="topic"></div>'
    first, following, _ = _styled(topic * 2).split("</div>")
    return first, following


def _pieces(kind: str, language: str):
    return _macros(current_app.jinja_env, kind, language)


@lru_cache(maxsize=32)
def _macros(env: Environment, kind: str, language: str):
    """The macros of the pieces. They know the language and how words are set, and nothing of pages."""
    template = env.get_template(f"mail/_digest.{kind}")
    return template.make_module({"language": language, "wrapped": wrapped, "words": words})


def _styled(html: str) -> str:
    """The piece with the style written into it, as it stands in a whole letter."""
    style = current_app.jinja_env.get_template("mail/_style.css").render()
    whole = f"<!doctype html><style>{style}</style><body>{BEGIN}{html}{END}</body>"
    return _inliner.inline(whole).partition(BEGIN)[2].partition(END)[0]


Frame = tuple[tuple[str, str | None], ...]
"""Blocks of whole lines, each with the mark that is to be filled in it."""


@lru_cache(maxsize=256)
def _frame(language: str, foot: tuple[tuple[str, str | bool | None], ...]) -> tuple[Frame, Frame]:
    """What stands before the pieces and after them."""
    marks = {"hello": HELLO, "subject": SUBJECT, "way_out": WAY_OUT, "content": CONTENT}
    whole = styled("digest", language=language, **marks, **dict(foot))
    begin, _, end = whole.partition(CONTENT)
    return _blocks(begin), _blocks(end.removeprefix("\n").removesuffix("\n"))


def _blocks(lines: str) -> Frame:
    """The lines that every letter has together, and each with a mark for itself."""
    blocks = []
    for mark, some in groupby(lines.split("\n"), key=_mark):
        blocks.append(("\n".join(some), mark))
    return tuple(blocks)


def _mark(line: str) -> str | None:
    return next((mark for mark in (SUBJECT, HELLO, WAY_OUT) if mark in line), None)


def styled(name: str, **context) -> str:
    """The letter as HTML, with its style inlined. It knows its reader, not who is signed in."""
    template = current_app.jinja_env.get_template(f"mail/{name}.html")
    return _inliner.inline(template.render(words=words, **context))


def plain(name: str, **context) -> str:
    """The letter as plain text."""
    template = current_app.jinja_env.get_template(f"mail/{name}.txt")
    return tidy(template.render(wrapped=wrapped, **context))


def _in_html(said: str) -> str:
    """The words as the inliner writes them down."""
    return escape(said, quote=False).replace("\xa0", "&nbsp;")


def tidy(text: str) -> str:
    """At most two empty lines on end, whatever the template left."""
    return _close(text).strip() + "\n"


def _close(text: str) -> str:
    while "\n" * (MOST_ENDS + 1) in text:
        text = text.replace("\n" * (MOST_ENDS + 1), "\n" * MOST_ENDS)
    return text


def wrapped(text: str, prefix: str = "") -> str:
    """The text in lines of a readable width, each after the prefix; paragraphs and addresses stay whole."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        lines += textwrap.wrap(
            line, WIDTH - len(prefix), break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join((prefix + line).rstrip() for line in lines)


def words(text: str, named: Sequence[str] = ()) -> Markup:
    return Markup(remark_html(text, named))
