"""The only place that knows what our dialect says of labels and of references to them, in the way of pandoc-crossref.

`{#fig:key}` after a picture and `{#tbl:key}` at the end of a table's caption are labels; `[@fig:key]` is a reference to
one, `[@sec:CODE]` to a section by its code, `[-@fig:key]` to the number alone. A label is no word of the text; a
reference is the words that were typed, wherever nobody counts.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

FIGURE, TABLE, SECTION = "fig", "tbl", "sec"

_KEY = r"[^\W_][\w.\-]*"
REFERENCE = re.compile(rf"\[(-?)@((?:{FIGURE}|{TABLE}|{SECTION}):{_KEY})\]")
LABEL = re.compile(rf"\s*\{{#((?:{FIGURE}|{TABLE}):{_KEY})\}}\s*$")

CAPTIONS = {"figcaption": FIGURE, "caption": TABLE}
"""What is counted, by the tag of its caption."""

WORDS = {
    "de": {FIGURE: "Abbildung", TABLE: "Tabelle", SECTION: "Abschnitt"},
    "en": {FIGURE: "Figure", TABLE: "Table", SECTION: "section"},
    "sl": {FIGURE: "Slika", TABLE: "Tabela", SECTION: "razdelek"},
}


def words(language: str) -> dict[str, str]:
    """What stands before a number, by its kind, in the language of the text."""
    return WORDS.get(language.split("-")[0].lower(), WORDS["en"])


def said(to: str, number: str, named: dict[str, str], *, bare: bool = False) -> str:
    """A reference as it reads: with the kind of its target, or the number alone."""
    return number if bare else f"{named[to.partition(':')[0]]}\u00a0{number}"


def refer(state: StateInline, silent: bool) -> bool:
    """Inline rule: a reference is one token, with what it leads `to`."""
    if state.src[state.pos] != "[":
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.content = found[0]
        token.meta |= {"to": found[2], "bare": bool(found[1])}
    state.pos = found.end()
    return True


def taken(inline: Token, kind: str) -> str | None:
    """The label at the end of inline content, which loses it; None where none of the kind was typed there."""
    last = inline.children[-1] if inline.children else None
    found = LABEL.search(last.content) if last and last.type == "text" else None
    if not found or not found[1].startswith(f"{kind}:") or not _as_typed(last, found.start()):
        return None
    cut = found.start()
    last.content = last.content[:cut]
    last.meta["runs"] = [
        (offset, at, min(length, cut - offset), min(source, cut - offset))
        if length == source
        else (offset, at, length, source)
        for offset, at, length, source in last.meta["runs"]
        if offset < cut
    ]
    if not last.content:
        inline.children.pop()
    return found[1]


def labels(token: Token, kind: str) -> bool:
    """Whether a text is a label of the kind and nothing else."""
    found = LABEL.match(token.content) if token.type == "text" else None
    return bool(found) and found[1].startswith(f"{kind}:") and _as_typed(token, 0)


def _as_typed(text: Token, start: int) -> bool:
    """Whether nothing from there on was written with an escape, which says that it means itself."""
    return all(
        length == source
        for offset, _at, length, source in text.meta["runs"]
        if offset + length > start
    )


def finish(state: StateCore) -> None:
    """Core rule: every caption knows which of its kind it is in the text (`n`), its table or figure knows its label."""
    counted = dict.fromkeys(CAPTIONS.values(), 0)
    holder: Token | None = None
    for token in state.tokens:
        if token.type in ("table_open", "figure_open"):
            holder = token
        elif token.type == "caption_open":
            kind = CAPTIONS[token.tag]
            counted[kind] += 1
            token.meta["n"] = counted[kind]
            holder.meta["label"] = token.meta["label"]
