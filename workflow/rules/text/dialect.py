"""The only place that says which Markdown is ours: its canonical form and its parser.

CommonMark with GFM tables, strikethrough and reference footnotes; raw HTML is text. A paragraph
`Table: caption` beside a table is its caption, `Figure: caption` beside a picture is that of the
picture; `{#fig:key}` labels it and `[@fig:key]` refers to it; `::: chart NAME` is a chart, captioned by what stands
before `:::`; what stands between `::: city` (or `participants`) and `:::` is for fewer eyes.
`docs/dialect.md` tells writers the same.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from workflow.rules.text import charts, containers, labels, notes, pictures, places, tables
from workflow.rules.vocabulary import Visibility

FEWER_EYES = (Visibility.CITY, Visibility.PARTICIPANTS)
"""The names of blocks that not everyone may read."""

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
IMAGE_SCHEMES = frozenset({"http", "https"})

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028]")
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def canonical(markdown: str) -> str:
    """One spelling for one text: NFC, LF, no control characters, no spaces at the end of a line.

    Two spaces that break a line become a backslash, which can be seen. A text that says something
    ends in one newline; an empty one is empty. Doing it twice changes nothing.
    """
    text = _LINE_ENDS.sub("\n", markdown).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    lines = text.split("\n")
    breaks = _spaced_breaks(text) if "  \n" in text else frozenset()
    for number, line in enumerate(lines):
        bare = line.rstrip(" \t")
        if bare != line:
            lines[number] = _without_trailing(line, bare, breaks=number in breaks)
    text = "\n".join(lines).strip("\n")
    return f"{text}\n" if text else ""


def _without_trailing(line: str, bare: str, *, breaks: bool) -> str:
    lone_backslash = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    if lone_backslash:
        # At the end of its line this backslash would become a line break; it takes one space.
        return bare + ("   " if breaks else " ")
    return bare + ("\\" if breaks else "")


def _spaced_breaks(text: str) -> frozenset[int]:
    """The lines that two spaces break."""
    found = set()
    for token in parser().parse(text):
        for child in token.children or ():
            if child.type == "hardbreak" and token.content.startswith("\n", child.meta["at"]):
                found.add(token.map[0] + token.content.count("\n", 0, child.meta["at"]))
    return frozenset(found)


def fingerprint(markdown: str) -> str:
    """The SHA-256 of the canonical Markdown in UTF-8, in hexadecimal."""
    return hashlib.sha256(canonical(markdown).encode()).hexdigest()


@cache
def parser() -> MarkdownIt:
    """The parser of our dialect: `parser().parse(canonical(markdown), {})` gives the tokens.

    Beyond markdown-it's own: a table with a caption starts with `caption_open, inline,
    caption_close`; a picture that stands alone is a `figure` with such a caption or without; a
    caption's `meta` has its `label` and which of its kind it is (`n`); a `reference` is a token; cells
    of columns that hold numbers have the class `number`; an alignment is the
    class `align-left|center|right`, never a style; notes stand in a `footnote_block` at the end.
    """
    markdown_it = MarkdownIt("commonmark", {"html": False, "maxNesting": 40})
    markdown_it.enable(["table", "strikethrough"])
    markdown_it.disable(["html_block", "html_inline", "fragments_join", "text_join"])
    inline = places.PlacedInline()
    inline.ruler, inline.ruler2 = markdown_it.inline.ruler, markdown_it.inline.ruler2
    markdown_it.inline = inline
    markdown_it.use(footnote_plugin, inline=False, move_to_end=False)
    fewer_eyes = {name.value: containers.named(name.value) for name in FEWER_EYES}
    markdown_it.use(containers.use, fewer_eyes | {charts.CONTAINER: charts.opens})
    markdown_it.core.ruler.after("inline", "join_texts", places.join_texts)
    markdown_it.core.ruler.push("notes", notes.finish)
    markdown_it.core.ruler.push("tables", tables.finish)
    markdown_it.core.ruler.push("pictures", pictures.finish)
    markdown_it.core.ruler.push("charts", charts.finish)
    markdown_it.core.ruler.push("labels", labels.finish)
    markdown_it.inline.ruler.after("link", "reference", labels.refer)
    markdown_it.validateLink = allows_link
    return markdown_it


def allows_link(url: str) -> bool:
    """Whether a link may lead there: the web, a mail address, this site or a picture of ours."""
    return pictures.name_of(url) is not None or _allows(url, LINK_SCHEMES)


def allows_image(url: str) -> bool:
    """Whether a picture may come from there: those that were brought here, the web or this site."""
    return pictures.name_of(url) is not None or _allows(url, IMAGE_SCHEMES)


def _allows(url: str, schemes: frozenset[str]) -> bool:
    if url.startswith("//"):
        return False
    scheme = _SCHEME.match(url.strip())
    return scheme is None or scheme[1].lower() in schemes
