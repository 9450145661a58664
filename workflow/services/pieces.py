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

from ..messages import Block, Lines
from ..rules.text import remark_html
from .news import Part, Topic
from .owed_told import Owed

WIDTH = 72

KEPT = 4096
"""Pieces that a process remembers: the news of some days."""

MOST_ENDS = 3
"""Ends of lines that follow each other: two empty lines."""

EMPTY = {ends: Block("\n" * (ends - 2)) for ends in range(2, MOST_ENDS + 1)}
"""The empty lines that so many ends make."""

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
    said = [Piece(0, Block(hello), 2), _text("opening", language, owed, contracts)]
    for part in parts:
        said.append(_text("head", language, part.title, part.state, part.wishes))
        said += [_topic_text(language, topic) for topic in part.topics]
    said.append(_text("closing", language, more, inbox))
    before, block, after = _text("foot", language, way_out=WAY_OUT, **foot)
    said.append(Piece(before, Block(block.lines.replace(WAY_OUT, way_out)), after))
    return _below_each_other(said)


def prepare(language: str) -> None:
    """Have at hand what every digest in the language, which is in force, is put together with."""
    for render in (_text, _html):
        render("opening", language, None, ())


class Piece(NamedTuple):
    """Lines, and how many ends of lines stand before and after them."""

    before: int
    block: Block | None
    after: int

    @classmethod
    def of(cls, said: str) -> "Piece":
        lines = said.strip("\n")
        before = len(said) - len(said.lstrip("\n"))
        return cls(before, Block(_close(lines)) if lines else None, len(said) - before - len(lines))


def _below_each_other(said: Sequence[Piece]) -> Lines:
    """The pieces with at most two empty lines between them, as `tidy` leaves a text."""
    blocks: list[Block] = []
    ends = 0
    for before, block, after in said:
        ends += before
        if block:
            if blocks and ends > 1:
                blocks.append(EMPTY[min(ends, MOST_ENDS)])
            blocks.append(block)
            ends = 0
        ends += after
    return Lines(blocks)


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
    said = [_filled(*one, own) for one in begin]
    said.append(_html("opening", language, owed, contracts))
    for part in parts:
        said.append(_html("head", language, part.title, part.state, part.wishes))
        said += [
            (_next_topic if number else _topic)(language, topic)
            for number, topic in enumerate(part.topics)
        ]
    if more:
        said.append(_html("closing", language, more, inbox))
    said += [_filled(*one, own) for one in end]
    return Lines(said)


def _filled(block: Block, mark: str | None, own: dict[str, str]) -> Block:
    """A block of the frame, with what is the reader's own where it has a place for that."""
    return Block(block.lines.replace(mark, own[mark])) if mark else block


@lru_cache(maxsize=KEPT)
def _text(name: str, language: str, *what, **named) -> Piece:
    return Piece.of(getattr(_pieces("txt", language), name)(*what, **named))


@lru_cache(maxsize=KEPT)
def _topic_text(language: str, topic: Topic) -> Piece:
    return _text.__wrapped__("topic", language, topic)


@lru_cache(maxsize=KEPT)
def _html(name: str, language: str, *what) -> Block:
    said = getattr(_pieces("html", language), name)(*what)
    return Block(_styled(said).removeprefix("\n"))


@lru_cache(maxsize=KEPT)
def _topic(language: str, topic: Topic) -> Block:
    return _html.__wrapped__("topic", language, topic)


@lru_cache(maxsize=KEPT)
def _next_topic(language: str, topic: Topic) -> Block:
    """A topic that follows another looks different at its edge, and only there."""
    return Block(_topic(language, topic).lines.replace(*_edges(), 1))


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
    style = _style(current_app.jinja_env)
    whole = f"<!doctype html><style>{style}</style><body>{BEGIN}{html}{END}</body>"
    return _inliner.inline(whole).partition(BEGIN)[2].partition(END)[0]


@lru_cache(maxsize=4)
def _style(env: Environment) -> str:
    return env.get_template("mail/_style.css").render()


Frame = tuple[tuple[Block, str | None], ...]
"""Blocks of whole lines, each with the mark that is to be filled in it."""


@lru_cache(maxsize=256)
def _frame(language: str, foot: tuple[tuple[str, str | bool | None], ...]) -> tuple[Frame, Frame]:
    """What stands before the pieces and after them."""
    marks = {"hello": HELLO, "subject": SUBJECT, "way_out": WAY_OUT, "content": CONTENT}
    whole = styled("digest", language=language, **marks, **dict(foot))
    begin, _, end = whole.partition(CONTENT)
    return _blocks(begin), _blocks(end.removeprefix("\n").removesuffix("\n"))


def _blocks(lines: str) -> Frame:
    """The lines that every letter has together, and those with a mark."""
    return tuple(
        [(Block("\n".join(some)), mark) for mark, some in groupby(lines.split("\n"), key=_mark)]
    )


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
    width = WIDTH - len(prefix)
    for line in text.strip().splitlines():
        if len(line) <= width and line.isprintable():
            lines.append(line)
        else:
            lines += textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [
                ""
            ]
    return "\n".join((prefix + line).rstrip() for line in lines)


def words(text: str, named: Sequence[str] = ()) -> Markup:
    return Markup(remark_html(text, named))
