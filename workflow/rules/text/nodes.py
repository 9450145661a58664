"""The only place that turns a section's Markdown into nodes for printing: plain lists and dicts, no markup left.

A block is a dict with `t` (its kind); inline content is a list of strings and dicts with `t`:

    p       c                          h       level, c
    ul      items (lists of blocks)    ol      start, items
    quote   blocks                     code    s
    table   head, rows (lists of cells, a cell is inline content), align, caption, source
    rule

    em, strong, del   c                code    s
    link    url, c                     br
    image   alt, url                   note    id, blocks (the first reference) or id alone (a later one)

Text is never interpreted again: whatever stands in a string is printed as it is.
"""

import re

from markdown_it.tree import SyntaxTreeNode

from workflow.rules.text import dialect

Node = dict

CAPTION = re.compile(r"(?:table|tabela|preglednica)\s*:\s*", re.IGNORECASE)
SOURCE = re.compile(r"(?:sources?|viri?)\s*:\s+", re.IGNORECASE)
FIGURE = re.compile(
    r"""[+\-−–±~≈<>≤≥]?\s*(?:€\s*)?\d[\d\s.,'’\u00a0\u202f]*(?:[eE][+\-−]?\d+)?\s*
        (?:%|‰|€|EUR|[MGk]?Wh|t|kt|Mt|CO2e?|/|a|ha|km2?|kg|m2|m²|M|bn|mio)*\s*""",
    re.VERBOSE,
)
NO_FIGURE = frozenset({"", "-", "–", "—", "−", "…", "n/a", "n. a.", "no", "ie", "ne", "?", "tbd"})  # noqa: RUF001


def of(markdown: str) -> list[Node]:
    """The printable nodes of a text in our dialect."""
    tree = SyntaxTreeNode(dialect.parser().parse(markdown))
    return _Reader(tree).blocks(tree)


class _Reader:
    """Walks one parsed text; knows its footnotes, so that a note is printed where it is called."""

    def __init__(self, tree: SyntaxTreeNode) -> None:
        self.notes = {
            note.meta["id"]: note for block in tree.children if block.type == "footnote_block" for note in block.children
        }
        self.called: set[int] = set()

    def blocks(self, parent: SyntaxTreeNode) -> list[Node]:
        made = [node for child in parent.children for node in BLOCKS.get(child.type, _as_typed)(self, child)]
        return _with_captions(made)

    def inlines(self, parent: SyntaxTreeNode) -> list:
        inner = [child for line in parent.children for child in (line.children if line.type == "inline" else [line])]
        return _joined(piece for child in inner for piece in INLINES.get(child.type, _as_typed_inline)(self, child))

    def note(self, call: SyntaxTreeNode) -> Node:
        number = call.meta["id"]
        if number in self.called or number not in self.notes:
            return {"t": "note", "id": number}
        self.called.add(number)
        return {"t": "note", "id": number, "blocks": self.blocks(self.notes[number])}


def _as_typed(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    return [{"t": "p", "c": [node.content]}] if node.content else reader.blocks(node)


def _as_typed_inline(reader: _Reader, node: SyntaxTreeNode) -> list:
    return [node.content] if node.content else reader.inlines(node)


def _paragraph(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    content = reader.inlines(node)
    return [{"t": "p", "c": content}] if content else []


def _heading(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    content = reader.inlines(node)
    return [{"t": "h", "level": int(node.tag[1]), "c": content}] if content else []


def _items(reader: _Reader, node: SyntaxTreeNode) -> list[list[Node]]:
    return [reader.blocks(item) for item in node.children]


def _numbered(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    return [{"t": "ol", "start": int(node.attrGet("start") or 1), "items": _items(reader, node)}]


def _table(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    lines = [line for part in node.children for line in part.children]
    head, *rows = [[reader.inlines(cell) for cell in line.children] for line in lines]
    asked = [re.search(r"text-align:\s*(\w+)", str(cell.attrGet("style") or "")) for cell in lines[0].children]
    align = [found.group(1) if found else _natural(rows, column) for column, found in enumerate(asked)]
    return [{"t": "table", "head": head, "rows": rows, "align": align, "caption": None, "source": None}]


def _natural(rows: list, column: int) -> str:
    """Columns of figures stand to the right, so that units and tens come under each other."""
    cells = [plain(row[column]).strip() for row in rows]
    figures = [cell for cell in cells if cell.lower() not in NO_FIGURE]
    return "right" if figures and all(FIGURE.fullmatch(cell) for cell in figures) else "left"


BLOCKS = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": lambda reader, node: [{"t": "ul", "items": _items(reader, node)}],
    "ordered_list": _numbered,
    "blockquote": lambda reader, node: [{"t": "quote", "blocks": reader.blocks(node)}],
    "fence": lambda reader, node: [{"t": "code", "s": node.content.rstrip("\n")}],
    "code_block": lambda reader, node: [{"t": "code", "s": node.content.rstrip("\n")}],
    "table": _table,
    "hr": lambda reader, node: [{"t": "rule"}],
    "footnote_block": lambda reader, node: [],
}

INLINES = {
    "text": lambda reader, node: [node.content],
    "softbreak": lambda reader, node: [" "],
    "hardbreak": lambda reader, node: [{"t": "br"}],
    "em": lambda reader, node: [{"t": "em", "c": reader.inlines(node)}],
    "strong": lambda reader, node: [{"t": "strong", "c": reader.inlines(node)}],
    "s": lambda reader, node: [{"t": "del", "c": reader.inlines(node)}],
    "code_inline": lambda reader, node: [{"t": "code", "s": node.content}],
    "link": lambda reader, node: [{"t": "link", "url": str(node.attrGet("href") or ""), "c": reader.inlines(node)}],
    "image": lambda reader, node: [{"t": "image", "alt": node.content, "url": str(node.attrGet("src") or "")}],
    "footnote_ref": lambda reader, node: [reader.note(node)],
    "footnote_anchor": lambda reader, node: [],
}


def plain(inlines: list) -> str:
    """The words of inline content, without its footnotes."""
    return "".join(
        piece if isinstance(piece, str) else piece.get("s") or piece.get("alt") or plain(piece.get("c", []))
        for piece in inlines
    )


def _joined(pieces) -> list:
    """Neighbouring strings made one."""
    joined: list = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return joined


def _without_label(content: list, label: re.Match) -> list:
    return [text for text in [content[0][label.end() :]] if text] + content[1:]


def _labelled(node: Node, label: re.Pattern) -> list | None:
    """The content of a paragraph that begins with the label, without it."""
    if node["t"] != "p" or not node["c"] or not isinstance(node["c"][0], str):
        return None
    found = label.match(node["c"][0])
    return _without_label(node["c"], found) if found else None


def _with_captions(blocks: list[Node]) -> list[Node]:
    """`Table: …` before or after a table becomes its caption; `Source: …` after it stays with it."""
    spent: set[int] = set()
    for at, node in enumerate(blocks):
        if node["t"] != "table":
            continue
        for near in (at - 1, at + 1, at + 2):
            if not 0 <= near < len(blocks) or near in spent or (near == at + 2 and at + 1 not in spent):
                continue
            caption = None if node["caption"] else _labelled(blocks[near], CAPTION)
            source = _labelled(blocks[near], SOURCE) if near > at and not node["source"] else None
            if caption or source:
                node.update({"caption": caption} if caption else {"source": source})
                spent.add(near)
    return [node for at, node in enumerate(blocks) if at not in spent]
