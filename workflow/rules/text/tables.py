"""The only place that knows what our dialect adds to tables: captions, and columns of numbers."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from workflow.rules.text import captions

CAPTION = re.compile(
    r"(?:table|tabelle|tableau|tabla|tabella|tabela|tabelul|tabell|tabel|taulukko|lentelė|tabula"
    r"|táblázat|tabuľka|tabulka|tablica|πίνακας|таблица):\s+",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[€$£~≈<>≤≥±+\-−–\s]*\d[\d\s.,'’]*(?:%|(?:[^\s\d]\S{0,7}\s?){0,2})?")
NOTHING = re.compile(r"|[\-−–—]|n/?a|n\.\s?a\.", re.IGNORECASE)
MARKUP = re.compile(r"[*_`\\]|\[\^[^\]]*\]")


def finish(state: StateCore) -> None:
    """Core rule: captions move into their tables; alignment and numbers become classes."""
    state.tokens = _with_captions(state.tokens)
    cells: list[tuple[int, Token, str]] = []
    column = 0
    for position, token in enumerate(state.tokens):
        if token.type == "table_open":
            cells = []
        elif token.type == "tr_open":
            column = 0
        elif token.type in ("th_open", "td_open"):
            cells.append((column, token, state.tokens[position + 1].content))
            column += 1
        elif token.type == "table_close":
            _mark_columns(cells)


def _mark_columns(cells: list[tuple[int, Token, str]]) -> None:
    numeric: dict[int, bool] = {}
    for column, token, content in cells:
        text = MARKUP.sub("", content).strip()
        if token.type == "td_open" and not NOTHING.fullmatch(text):
            is_number = NUMBER.fullmatch(text) is not None
            numeric[column] = numeric.get(column, True) and is_number
    for column, token, _ in cells:
        style = str(token.attrs.pop("style", ""))
        if style:
            token.attrSet("class", "align-" + style.removeprefix("text-align:"))
        elif numeric.get(column):
            token.attrSet("class", "number")
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _with_captions(tokens: list[Token]) -> list[Token]:
    """The tokens, each caption beside a table moved to the start of that table.

    A caption belongs to the table before it unless that one has its caption already.
    """
    result: list[Token] = []
    last_table, captioned = 0, False
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            last_table, captioned = len(result), False
        elif captions.announces(CAPTION, tokens, position):
            inline = tokens[position + 1]
            if result and result[-1].type == "table_close" and not captioned:
                result[last_table + 1 : last_table + 1] = captions.of(inline, CAPTION)
                captioned = True
                position += 3
                continue
            if position + 3 < len(tokens) and tokens[position + 3].type == "table_open":
                last_table, captioned = len(result), True
                result += [tokens[position + 3], *captions.of(inline, CAPTION)]
                position += 4
                continue
        result.append(token)
        position += 1
    return result
