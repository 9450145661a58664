"""The only place that decides how wide the columns of a printed table are, which of its rows are totals, and whether it
needs a page that lies on its side."""

import re

LINE = {7: 95, 10: 106, 10_000: 120}
"""Characters on a line of the page, by the number of columns (the more columns, the smaller the type)."""

LYING = 1.65
"""How much longer a line is on a page that lies on its side."""

PADDING = 2
MANY_COLUMNS = 5
MOST_LINES_UPRIGHT = 12
MOST_ROWS_TOGETHER = 14
MOST_LINES_TOGETHER = 18
MOST_CHARACTERS_ACROSS = 300
MOST_LINES_IN_A_WHOLE_ROW = 24
WIDEST_WORD = 22
WIDEST_CELL = 70
TOTAL = re.compile(r"(?:grand total|total|totals|net|sum|skupaj|neto|vsota)\b", re.IGNORECASE)
GROUP_SPACE = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")


def turn(node: dict) -> None:
    """A measured table that is too crowded for the page as it stands is set on one that lies on its side."""
    if node["crowded"]:
        measure(node, across=LYING)
        node["turned"] = True


def measure(node: dict, *, across: float = 1) -> None:
    """Give a table node `widths` (shares of the line) and `totals` (numbers of the rows to stress).

    The line is `across` times that of the page as it stands; the table is `crowded` where its words do not fit beside
    each other, or its rows become towers.

    As browsers do it: no column narrower than its longest word, the rest of the line by how much there is to say.
    """
    columns = len(node["head"])
    words, lines = [1] * columns, [1] * columns
    for row in [node["head"], *node["rows"]]:
        for column, cell in enumerate(row[:columns]):
            text = GROUP_SPACE.sub("_", plain(cell))
            words[column] = max(
                words[column], max(map(len, re.split(r"[\s\u200b]+", text)), default=1)
            )
            lines[column] = max(lines[column], len(text))
    line = across * next(size for most, size in LINE.items() if columns < most) - PADDING * columns
    least = [min(word, WIDEST_WORD) for word in words]
    most = [max(min(text, WIDEST_CELL), word) for text, word in zip(lines, least, strict=True)]
    share = 1.0
    if sum(most) > line:
        share = max(line - sum(least), 0) / max(sum(most) - sum(least), 1)
    node["widths"] = [
        round(low + (high - low) * share + PADDING, 2)
        for low, high in zip(least, most, strict=True)
    ]
    tallest = max(text / width for text, width in zip(lines, node["widths"], strict=True))
    node["crowded"] = sum(least) > line or (
        columns >= MANY_COLUMNS and tallest > MOST_LINES_UPRIGHT
    )
    node["rows_whole"] = tallest < MOST_LINES_IN_A_WHOLE_ROW
    node["whole"] = (
        len(node["rows"]) <= MOST_ROWS_TOGETHER
        and sum(lines) < MOST_CHARACTERS_ACROSS
        and _lines(node) <= MOST_LINES_TOGETHER
    )
    node["totals"] = [
        at for at, row in enumerate(node["rows"]) if row and TOTAL.match(plain(row[0]).strip())
    ]


def _lines(node: dict) -> int:
    """About how many lines its rows take."""
    return sum(
        max(
            (
                -(-len(plain(cell)) // max(int(width), 1)) + _breaks(cell)
                for cell, width in zip(row, node["widths"], strict=False)
            ),
            default=1,
        )
        for row in node["rows"]
    )


def _breaks(content: list) -> int:
    """How often its author begins a new line."""
    return sum(isinstance(piece, dict) and piece["t"] == "br" for piece in content)


def plain(content: list) -> str:
    """The words of inline content, without its notes."""
    return "".join(
        piece if isinstance(piece, str) else piece.get("s", "") + plain(piece.get("c", []))
        for piece in content
    )
