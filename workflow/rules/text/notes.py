"""The only place that decides which footnotes a text has and in which order they stand.

The plugin finds definitions and marks. Here definitions leave the text, wherever they were nested;
marks are numbered as a reader meets them, also those inside of notes; the notes that a mark leads
to follow at the end. The first definition of a label counts; a note without a mark is not shown.
"""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def finish(state: StateCore) -> None:
    """Core rule: number the marks and put the notes at the end."""
    definitions: dict[str, list[Token]] = {}
    state.tokens = _without_definitions(state.tokens, definitions)
    if not definitions:
        return
    marks: dict[str, int] = {}
    _number(state.tokens, marks)
    notes: list[list[Token]] = []
    while len(notes) < len(marks):
        label = list(marks)[len(notes)]
        notes.append(definitions.get(label, []))
        _number(notes[-1], marks)
    if not notes:
        return
    state.tokens.append(Token("footnote_block_open", "", 1))
    for number, (label, note) in enumerate(zip(marks, notes, strict=True)):
        meta = {"id": number, "label": label}
        state.tokens.append(Token("footnote_open", "", 1, meta=dict(meta)))
        anchors = [
            Token("footnote_anchor", "", 0, meta={**meta, "subId": mark})
            for mark in range(marks[label])
        ]
        in_paragraph = bool(note) and note[-1].type == "paragraph_close"
        state.tokens += note[:-1] + anchors + note[-1:] if in_paragraph else note + anchors
        state.tokens.append(Token("footnote_close", "", -1))
    state.tokens.append(Token("footnote_block_close", "", -1))


def _without_definitions(tokens: list[Token], definitions: dict[str, list[Token]]) -> list[Token]:
    """The tokens outside of all definitions; what each definition says goes to `definitions`."""
    outer: list[list[Token]] = [[]]
    labels: list[str] = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            labels.append(token.meta["label"])
            outer.append([])
        elif token.type == "footnote_reference_close":
            definitions.setdefault(labels.pop(), outer[-1])
            outer.pop()
        else:
            outer[-1].append(token)
    return outer[0]


def _number(tokens: list[Token], marks: dict[str, int]) -> None:
    """Number the marks in these tokens; `marks` counts them by label, in order of appearance."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                label = child.meta["label"]
                before = marks.setdefault(label, 0)
                marks[label] += 1
                child.meta = {"id": list(marks).index(label), "subId": before, "label": label}
