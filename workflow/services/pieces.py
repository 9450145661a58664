"""A digest is put together from pieces. Many letters have the same; each is rendered, and its style inlined, once.

What a piece says depends on nothing but its arguments and the language, which is in force whenever one is asked for.
"""

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from css_inline import CSSInliner
from flask import current_app
from markupsafe import Markup

from ..rules.text import remark_html
from .news import Part
from .owed_told import Owed

WIDTH = 72

KEPT = 4096
"""Pieces that a process remembers: the news of some days."""

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
) -> str:
    """The digest as plain text; `foot` is what stands at its end besides the way out."""
    said = [hello, "\n\n", _text("opening", language, owed, contracts)]
    for part in parts:
        said.append(_text("head", language, part.title, part.state, part.wishes))
        said += [_text("topic", language, topic) for topic in part.topics]
    said.append(_text("closing", language, more, inbox))
    said.append(_text("foot", language, way_out=WAY_OUT, **foot).replace(WAY_OUT, way_out))
    return tidy("".join(said))


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
) -> str:
    """The same as a page in the frame of every letter."""
    said = [_html("opening", language, owed, contracts)]
    for part in parts:
        said.append(_html("head", language, part.title, part.state, part.wishes))
        said += [
            (_next_topic if number else _topic)(language, topic)
            for number, topic in enumerate(part.topics)
        ]
    said.append(_html("closing", language, more, inbox))
    begin, end = _frame(language, tuple(foot.items()))
    begin = begin.replace(SUBJECT, _in_html(subject)).replace(HELLO, _in_html(hello))
    return "".join((begin, *said, end.replace(WAY_OUT, way_out)))


@lru_cache(maxsize=KEPT)
def _text(name: str, language: str, *what, **named) -> str:
    return getattr(_pieces("txt", language, wrapped=wrapped), name)(*what, **named)


@lru_cache(maxsize=KEPT)
def _html(name: str, language: str, *what) -> str:
    return _styled(getattr(_pieces("html", language, words=words), name)(*what))


def _topic(language: str, topic) -> str:
    return _html("topic", language, topic)


def _next_topic(language: str, topic) -> str:
    """A topic that follows another looks different at its edge, and only there."""
    return _topic(language, topic).replace(*_edges(), 1)


@lru_cache(maxsize=1)
def _edges() -> tuple[str, str]:
    """How a first topic begins, and how one that follows it does."""
    topic = '<div class="topic"></div>'
    first, following, _ = _styled(topic * 2).split("</div>")
    return first, following


def _pieces(kind: str, language: str, **tools):
    """The macros of the pieces. They know the language and how words are set, and nothing of pages."""
    template = current_app.jinja_env.get_template(f"mail/_digest.{kind}")
    return template.make_module({"language": language, **tools})


def _styled(html: str) -> str:
    """The piece with the style written into it, as it stands in a whole letter."""
    style = current_app.jinja_env.get_template("mail/_style.css").render()
    whole = f"<!doctype html><style>{style}</style><body>{BEGIN}{html}{END}</body>"
    return _inliner.inline(whole).partition(BEGIN)[2].partition(END)[0]


@lru_cache(maxsize=256)
def _frame(language: str, foot: tuple[tuple[str, str | bool | None], ...]) -> tuple[str, str]:
    marks = {"hello": HELLO, "subject": SUBJECT, "way_out": WAY_OUT, "content": CONTENT}
    begin, _, end = styled("digest", language=language, **marks, **dict(foot)).partition(CONTENT)
    return begin, end


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
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip() + "\n"


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
