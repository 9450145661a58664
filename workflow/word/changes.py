"""The only place that writes what came and what is gone as Word's tracked changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docx.oxml.ns import qn

from .elements import Face, element, run

GONE = "gone"
TAGS = {"ins": "w:ins", GONE: "w:del"}


def signed(by: dict) -> dict[str, str]:
    """Who made a change and when, as Word says it; it wants a name where nobody is named."""
    return {"author": by.get("author") or "–"} | ({"date": by["at"]} if by.get("at") else {})


def change(mark: str, number: int, by: dict[str, str], *content):
    """One change that can be taken over or refused."""
    return element(TAGS[mark], {"id": number} | by, *content)


def wrapped(mark: str, content: list, numbers: Iterator[int], by: dict[str, str]) -> list:
    """Content as a change. A link may not stand within one: what it says is changed within the link."""
    made: list = []
    for linked, several in groupby(content, key=lambda one: one.tag == qn("w:hyperlink")):
        group = list(several)
        if not linked:
            made.append(change(mark, next(numbers), by, *group))
            continue
        for link in group:
            words = list(link)
            link.append(change(mark, next(numbers), by, *words))
            made.append(link)
    return made


def struck(content: list, face: Face) -> list:
    """Words as they are kept in a deletion."""
    made = []
    for piece in content:
        if isinstance(piece, str):
            made.append(run(piece, face, deleted=True))
        elif "s" in piece:
            made.append(run(piece["s"], face, deleted=True))
        else:
            made += struck(piece["c"], face)
    return made
