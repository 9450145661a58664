"""The only place that knows where a block between `::: NAME` and `:::` begins and ends.

A block within a block has an end of its own, also with as many colons: the words after it are still those of the outer
block, and for no other eyes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.utils import is_code_block

Opens = Callable[[str], bool]
"""Whether what stands after the colons begins a block."""

_LINE = re.compile(r"(?P<items>(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<colons>:{3,})(?P<said>.*)")


def named(name: str) -> Opens:
    return lambda said: said.strip().split(" ", 2)[0] == name


def use(markdown_it: MarkdownIt, kinds: Mapping[str, Opens]) -> None:
    """Read the blocks of these names, each as tokens `container_NAME_open` and `container_NAME_close`."""

    def container(state: StateBlock, first: int, end: int, silent: bool) -> bool:
        found = None if is_code_block(state, first) else _line(state, first)
        if found is None or found["items"]:
            return False
        name = _opened(kinds, found)
        if name is None:
            return False
        if not silent:
            _push(state, name, found, first, *_end(state, kinds, found, first, end))
        return True

    others = ["paragraph", "reference", "blockquote", "list"]
    markdown_it.block.ruler.before("fence", "container", container, {"alt": others})


def _line(state: StateBlock, line: int) -> re.Match[str] | None:
    return _LINE.fullmatch(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _opened(kinds: Mapping[str, Opens], found: re.Match[str]) -> str | None:
    return next((name for name, opens in kinds.items() if opens(found["said"])), None)


def _end(
    state: StateBlock, kinds: Mapping[str, Opens], opening: re.Match[str], first: int, end: int
) -> tuple[int, re.Match[str] | None]:
    """The line that ends the block, which is closed there or with its surroundings."""
    open_ = [len(opening["colons"])]
    for line in range(first + 1, end):
        start = state.bMarks[line] + state.tShift[line]
        if start < state.eMarks[line] and state.sCount[line] < state.blkIndent:
            return line, None
        found = None if is_code_block(state, line) else _line(state, line)
        if found is None:
            continue
        if _opened(kinds, found):
            open_.append(len(found["colons"]))
        elif not found["items"] and not found["said"].strip(" \t"):
            del open_[_closed(open_, len(found["colons"])) :]
            if not open_:
                return line, found
    return end, None


def _closed(open_: list[int], colons: int) -> int:
    """The place of the block that so many colons close: the inmost with as many, else the inmost with fewer."""
    places = range(len(open_) - 1, -1, -1)
    same = (at for at in places if open_[at] == colons)
    fewer = (at for at in places if open_[at] < colons)
    return next(same, next(fewer, len(open_)))


def _push(
    state: StateBlock,
    name: str,
    opening: re.Match[str],
    first: int,
    last: int,
    closing: re.Match[str] | None,
) -> None:
    before = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    token = state.push(f"container_{name}_open", "div", 1)
    token.markup, token.info = opening["colons"], opening["said"]
    token.block, token.map = True, [first, last]
    state.md.block.tokenize(state, first + 1, last)
    token = state.push(f"container_{name}_close", "div", -1)
    token.markup, token.block = closing["colons"] if closing else "", True
    state.parentType, state.lineMax = before
    state.line = last + (closing is not None)
