"""Reads HTML as a browser would, for the tests of the text core, and finds the public corpora."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import strategies as st

CORPORA = Path(__file__).resolve().parents[3].parent / "shared" / "corpora"
VOID = frozenset({"br", "hr", "img"})
ACTIVE = frozenset({"script", "style", "iframe", "object", "embed", "form", "svg", "math", "link"})
SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
IGNORED = dict.fromkeys([*range(33), 127])

SNIPPETS = [
    *("*", "**", "_", "`", "```\n", "[", "](", "]", "(", ")", "![", "~~", "<", ">", "&amp;", "\\"),
    *("\n", "\n\n", "\n\n\n", "  \n", "\\\n", " ", "    ", "\t", "> ", "- ", "1. ", "# ", "## "),
    *("| a | b |\n|---|--:|\n", "| 1 | 2 |\n", "|", "Table: ", "[^1]", "[^1]: ", "[a]: /b\n"),
    *("word", "two words", "30 %", "é", "e\u0301", "😀", "\u00a0", "&#13;", "&#0;", "\x00", "\r\n"),
    *("[@fig:a]", "[-@tbl:b]", "[@sec:A-1]", " {#fig:a}", " {#tbl:b}", "Figure: ", "\\{#tbl:b}"),
    *("::: chart gap\n", "::: chart gap {#fig:c}\n", ":::\n", "::: city\n"),
    *("http://a.b", "<http://a.b>", "javascript:alert(1)", "<b onclick=x>", "---\n", "===\n"),
]
markdown = st.lists(st.sampled_from(SNIPPETS), max_size=30).map("".join) | st.text(max_size=40)

WORDS = [*"abcdefgh", "city", "heat", "tram", "2030", "emissions", "insulate", "the", "of", ","]
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
prose = st.lists(sentence, max_size=7).map("\n\n".join)


def corpus(name: str) -> list:
    """A public corpus if it lies beside the repository, else nothing."""
    path = CORPORA / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def harmless(address: str) -> bool:
    """Whether a browser, which overlooks spaces and controls, finds an allowed scheme or none."""
    address = address.translate(IGNORED)
    scheme = SCHEME.match(address)
    if scheme is None:
        return not address.replace("\\", "/").startswith("//")
    return scheme[1].lower() in ("http", "https", "mailto")


@dataclass
class Leaf:
    tag: str
    block: int
    start: int
    end: int
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What HTML contains: its leaves with their text, and everything that could act."""

    leaves: list[Leaf] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    dangers: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, Leaf | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag in ACTIVE:
            self.dangers.append(tag)
        for name, value in values.items():
            if name.startswith("on") or name == "style":
                self.dangers.append(f"{tag} {name}")
            if name in ("href", "src") and not harmless(value or ""):
                self.dangers.append(f"{tag} {name}={value}")
        if "id" in values:
            self.ids.append(values["id"] or "")
        leaf = None
        if "data-block" in values:
            numbers = (int(values[name] or "") for name in ("data-block", "data-start", "data-end"))
            leaf = Leaf(tag, *numbers)
            self.leaves.append(leaf)
        if tag not in VOID:
            self.open.append((tag, leaf))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            opened, _ = self.open.pop()
            assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        self.text += data
        for _, leaf in self.open:
            if leaf is not None:
                leaf.text += data


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert not page.open, "An element was left open"
    return page
