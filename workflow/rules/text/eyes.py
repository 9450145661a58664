"""The only place that leaves out of a text what a reader may not see.

Blocks between `::: city` (or `::: participants`) and `:::` are for fewer eyes. `without` gives the Markdown that is
left, for whatever is made from it; `shown` keeps the offsets of the whole text, so that remarks stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from workflow.rules.text import dialect
from workflow.rules.text.document import Block, Element, Rendered, clean, markup
from workflow.rules.text.render import render
from workflow.rules.vocabulary import Visibility

Span = tuple[int, int]
Spans = Mapping[str, Span]
"""Passages by name, as half-open offsets into the plain text."""

EVERYBODY = frozenset({Visibility.PUBLIC})
"""The eyes of whoever comes by."""

RESTRICTS = re.compile(rf":{{3,}}[ \t]*(?:{'|'.join(dialect.FEWER_EYES)})\b")

Lines = tuple[int, int]
"""First line and the one after the last, counted from 0."""


def restricted(markdown: str) -> bool:
    """Whether any of the text may be for fewer eyes than everyone's; a quick look before a parse."""
    return RESTRICTS.search(markdown) is not None


def narrowed(rendered: Rendered, start: int, end: int) -> Visibility:
    """The widest visibility that something about `plain[start:end]` may have: that of the blocks it touches."""
    touched = [block for block in rendered.blocks if block.start < end and start < block.end]
    for visibility in dialect.FEWER_EYES:
        hidden = _lines(rendered.markdown, {visibility})
        if any(_inside(block, hidden) for block in touched):
            return visibility
    return Visibility.PUBLIC


def without(markdown: str, seen: Collection[Visibility]) -> str:
    """The Markdown without the blocks that these eyes may not see."""
    hidden = _hidden(markdown, seen)
    if not hidden:
        return markdown
    gone = {line for first, last in hidden for line in range(first, last)}
    lines = dialect.canonical(markdown).split("\n")
    return dialect.canonical("\n".join(line for n, line in enumerate(lines) if n not in gone))


def shown(rendered: Rendered, seen: Collection[Visibility]) -> Rendered:
    """The text with only those blocks in its HTML and its list that these eyes may see.

    `plain` and the offsets stay those of the whole text: give it to nobody who may not read all of it.
    """
    hidden = _hidden(rendered.markdown, seen)
    if not hidden:
        return rendered
    root = _kept(rendered.root, hidden, {f'data-visibility="{v}"' for v in _unseen(seen)})
    return replace(
        rendered,
        html=clean("".join(markup(root, rendered.plain))) if root else "",
        blocks=tuple(block for block in rendered.blocks if not _inside(block, hidden)),
    )


def moved(markdown: str, spans: Spans, seen: Collection[Visibility]) -> dict[str, Span]:
    """Where passages of the whole text stand in what these eyes may see; those that they may not see are gone."""
    if not _hidden(markdown, seen):
        return dict(spans)
    text = render(markdown)
    before, after = shown(text, seen), render(without(markdown, seen))
    if [_words(before, block) for block in before.blocks] != [
        _words(after, block) for block in after.blocks
    ]:
        return {}
    found = {}
    for name, (start, end) in spans.items():
        touched = [
            (
                max(start, old.start) - old.start + new.start,
                min(end, old.end) - old.start + new.start,
            )
            for old, new in zip(before.blocks, after.blocks, strict=True)
            if old.start < end and start < old.end
        ]
        if touched:
            found[name] = (touched[0][0], touched[-1][1])
    return found


def _words(text: Rendered, block: Block) -> str:
    return text.plain[block.start : block.end]


def _unseen(seen: Collection[Visibility]) -> set[Visibility]:
    return {visibility for visibility in dialect.FEWER_EYES if visibility not in seen}


def _hidden(markdown: str, seen: Collection[Visibility]) -> list[Lines]:
    unseen = _unseen(seen)
    return _lines(markdown, unseen) if unseen and restricted(markdown) else []


def _lines(markdown: str, visibilities: Collection[Visibility]) -> list[Lines]:
    """The lines of the containers of these names, with the marks that open and close them."""
    canonical = dialect.canonical(markdown)
    lines = canonical.split("\n")
    names = {f"container_{visibility}_open" for visibility in visibilities}
    found = []
    for token in dialect.parser().parse(canonical, {}):
        if token.type in names:
            first, last = token.map
            closed = last < len(lines) and lines[last].lstrip(" >").startswith(":::")
            found.append((first, last + closed))
    return found


def _inside(block: Block, hidden: list[Lines]) -> bool:
    """Whether a block stands in hidden lines; one whose lines are not known is hidden with its surroundings."""
    if block.lines is None:
        return False
    return any(first <= block.lines[0] < last for first, last in hidden)


def _kept(
    node: Element | Block | str, hidden: list[Lines], marks: set[str]
) -> Element | Block | str | None:
    """What is left of a node, or None; an element that has lost all its blocks goes with them."""
    if isinstance(node, str):
        return node
    if isinstance(node, Block):
        return None if _inside(node, hidden) else node
    if any(mark in node.attributes for mark in marks):
        return None
    children = [
        kept for child in node.children if (kept := _kept(child, hidden, marks)) is not None
    ]
    had = any(not isinstance(child, str) for child in node.children)
    has = any(not isinstance(child, str) for child in children)
    return None if had and not has and node.tag else replace(node, children=children)
