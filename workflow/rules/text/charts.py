"""The only place that knows what our dialect says of charts: `::: chart NAME`, words for the caption, `:::`.

A chart is drawn from the figures of the contract wherever it is shown; the text only says which and where.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from workflow.rules.text import captions, labels, pictures

CONTAINER = "chart"
NAMES = ("baseline", "gap")
"""The charts that there are: emissions by source, and the way from the baseline to what remains."""

BLOCK = re.compile(rf"^[ \t>]*:{{3,}}[ \t]*{CONTAINER}\b", re.MULTILINE)
_HEAD = re.compile(rf"\s*{CONTAINER}\s+([\w-]{{1,40}})\s*(\{{#{labels.FIGURE}:[^{{}}]*\}})?\s*$")


def opens(parameters: str) -> bool:
    """Whether what stands after the colons begins a chart."""
    return _HEAD.match(parameters) is not None


def finish(state: StateCore) -> None:
    """Core rule: a chart is a figure; its first paragraph is the caption, whatever else stands in it follows."""
    result: list[Token] = []
    tokens, position = state.tokens, 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == f"container_{CONTAINER}_open":
            words = tokens[position + 1].type == "paragraph_open"
            result += _figure(token, tokens[position + 2] if words else None)
            position += 4 if words else 1
            continue
        if token.type != f"container_{CONTAINER}_close":
            result.append(token)
        position += 1
    state.tokens = result


def _figure(opening: Token, words: Token | None) -> list[Token]:
    name, typed = _HEAD.match(opening.info).groups()
    found = labels.LABEL.match(typed or "")
    label = found[1] if found else None
    level, where = opening.level, opening.map
    if words is None:
        nothing = Token("inline", "", 0, level=level, map=where, children=[])
        caption = captions.opened(nothing, "figcaption", None)
    elif captions.announces(pictures.CAPTION, [Token("paragraph_open", "p", 1), words], 0):
        caption = captions.of(words, pictures.CAPTION, tag="figcaption")
    else:
        typed_there = labels.taken(words, labels.FIGURE)
        caption = captions.opened(words, "figcaption", typed_there)
    caption[0].meta["label"] = label or caption[0].meta["label"]
    meta = {"chart": name}
    return [
        Token("figure_open", "figure", 1, level=level, block=True, map=where, meta=dict(meta)),
        Token("chart", "", 0, level=level, block=True, map=where, meta=dict(meta)),
        *caption,
        Token("figure_close", "figure", -1, level=level, block=True),
    ]
