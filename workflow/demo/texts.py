"""The only place that writes the demo's paragraphs and tables as Markdown."""

import re
from collections.abc import Mapping

from babel.numbers import format_decimal

from .drawings import LABELS

Cell = str | int | float | None

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~$])")


def markdown(section: Mapping, names: Mapping[str, str]) -> str:
    """The text of a section: its paragraphs, then its tables. `names` stand for the user ids in table cells."""
    parts = [escaped(paragraph["text"]) for paragraph in section["paragraphs"]]
    for table in section["tables"]:
        parts += _table(table, section["language"], names)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Plain words as Markdown that renders to exactly these words."""
    return _ACTIVE.sub(r"\\\1", text)


def figure(value: Cell, language: str) -> str:
    """A cell as it is printed: thousands separated in the way of the language, nothing for a missing figure."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return format_decimal(value, format="#,##0.##########", locale=language)


def _table(table: Mapping, language: str, names: Mapping[str, str]) -> list[str]:
    rows = [[_cell(value, language, names) for value in row] for row in table["rows"]]
    numeric = [_is_numeric(column) for column in zip(*table["rows"], strict=True)]
    grid = [
        [escaped(column) for column in table["columns"]],
        ["---:" if right else "---" for right in numeric],
        *rows,
    ]
    return [
        f"Table: {escaped(table['code'])} {escaped(table['title'])}{_label(table['code'])}",
        "\n".join(f"| {' | '.join(row)} |" for row in grid),
        f"Source: {escaped(table['source'])}",
    ]


def _label(code: str) -> str:
    return f" {{#{LABELS[code]}}}" if code in LABELS else ""


def _cell(value: Cell, language: str, names: Mapping[str, str]) -> str:
    return escaped(names.get(value, value) if isinstance(value, str) else figure(value, language))


def _is_numeric(column: tuple[Cell, ...]) -> bool:
    return all(not isinstance(value, str) for value in column)
