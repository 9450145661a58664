"""The only place that turns a section's Markdown into nodes for printing: plain lists and dicts, no markup left.

A block is a dict with `t` (its kind); inline content is a list of strings and dicts with `t`:

    p       c                          h       level, c
    ul      items (lists of blocks)    ol      start, items
    quote   blocks                     code    s
    table   head, rows (lists of cells, a cell is inline content), align, caption, source, key, count
    figure  picture, alt, caption, source, key, count
    chart   name, caption, source, key, count
    rule

    em, strong, del   c                code    s
    link    url, c                     br
    image   alt, url                   note    id, blocks (the first reference) or id alone (a later one)
    ref     to, bare, s (as typed)

`key` is the label of what has a caption, `count` which of its kind it is in the text; None without one.
Text is never interpreted again: whatever stands in a string is printed as it is.
"""

import re

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from workflow.rules.text import dialect, inlines, pictures

Node = dict

SOURCE = re.compile(
    r"(?:sources?|viri?|quellen?|fuentes?|fonti?|fontes?|källa|izvori?|zdroj|źródło|forrás)\s*:\s+",
    re.IGNORECASE,
)
DEEPEST_BLOCK = 10
DEEPEST_INLINE = 8
DEEPEST_NOTE = 2
ALIGNMENTS = {
    "number": "right",
    "align-left": "left",
    "align-right": "right",
    "align-center": "center",
}


def of(markdown: str) -> list[Node]:
    """The printable nodes of a text in our dialect."""
    tokens = dialect.parser().parse(dialect.canonical(markdown), {})
    for token in tokens:
        if token.type == "inline":
            token.meta = {"content": _inline(token.children or [])}
            token.children = []
    return _Reader(SyntaxTreeNode(tokens)).read()


class _Reader:
    """Walks one parsed text; knows its footnotes, so that a note is printed where it is called."""

    def __init__(self, tree: SyntaxTreeNode) -> None:
        self.tree = tree
        self.notes = {
            note.meta["id"]: note
            for block in tree.children
            if block.type == "footnote_block"
            for note in block.children
        }
        self.called: set[int] = set()
        self.inside_notes = 0
        self.depth = 0

    def read(self) -> list[Node]:
        made = self.blocks(self.tree)
        while waiting := [number for number in self.notes if number not in self.called]:
            self.called.add(waiting[0])
            made.append({"t": "p", "c": [_note_mark(waiting[0])]})
            made += self.blocks(self.notes[waiting[0]])
        return made

    def blocks(self, parent: SyntaxTreeNode) -> list[Node]:
        self.depth += 1
        made = [node for child in parent.children for node in self.block(child)]
        self.depth -= 1
        return _with_sources(made)

    def block(self, node: SyntaxTreeNode) -> list[Node]:
        if node.type in CONTAINERS and self.depth > DEEPEST_BLOCK:
            return self.blocks(node)
        if node.type.startswith("container_"):
            return self.blocks(node)
        return BLOCKS.get(node.type, _as_typed)(self, node)

    def inlines(self, parent: SyntaxTreeNode) -> list:
        lines = [line for line in parent.children if line.type == "inline"]
        return self.with_notes([piece for line in lines for piece in line.meta["content"]])

    def with_notes(self, content: list) -> list:
        for at, piece in enumerate(content):
            if isinstance(piece, str):
                continue
            if piece["t"] == "note":
                content[at] = self.note(piece["id"])
            else:
                self.with_notes(piece.get("c", []))
        return content

    def note(self, number: int) -> Node | str:
        """A note is printed at its first call; one that is called from within notes within notes, at the end."""
        if number in self.called:
            return {"t": "note", "id": number}
        if self.inside_notes == DEEPEST_NOTE:
            return _note_mark(number)
        self.called.add(number)
        self.inside_notes += 1
        made = {"t": "note", "id": number, "blocks": self.blocks(self.notes[number])}
        self.inside_notes -= 1
        return made


def _inline(tokens: list[Token]) -> list:
    """The inline content of one block; nesting beyond what anybody reads is flattened."""
    content: list = []
    outer: list[list] = []
    for token in tokens:
        if token.nesting == 1:
            outer.append(content)
            if len(outer) <= DEEPEST_INLINE:
                content.append(OPENERS[token.type](token) | {"c": []})
                content = content[-1]["c"]
        elif token.nesting == -1:
            content = outer.pop()
        else:
            content += INLINES.get(token.type, _typed)(token)
    return joined(content)


def _typed(token: Token) -> list:
    return [token.content] if token.content else []


def _note_mark(number: int) -> str:
    return f"[{number + 1}]"


def _as_typed(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    return [{"t": "p", "c": [node.content]}] if node.content else reader.blocks(node)


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
    parts = {part.type: part for part in node.children}
    head = parts["thead"].children[0].children
    rows = parts["tbody"].children if "tbody" in parts else []
    return [
        {
            "t": "table",
            **_captioned(reader, parts.get("caption")),
            "align": [ALIGNMENTS.get(str(cell.attrGet("class")), "left") for cell in head],
            "head": [reader.inlines(cell) for cell in head],
            "rows": [[reader.inlines(cell) for cell in row.children] for row in rows],
        }
    ]


def _figure(reader: _Reader, node: SyntaxTreeNode) -> list[Node]:
    parts = {part.type: part for part in node.children}
    if "chart" in parts:
        name = parts["chart"].meta["chart"]
        return [{"t": "chart", "name": name, **_captioned(reader, parts["caption"])}]
    [picture] = reader.inlines(parts["paragraph"])
    return [
        {
            "t": "figure",
            "picture": pictures.name_of(picture["url"]),
            "alt": picture["alt"],
            **_captioned(reader, parts.get("caption")),
        }
    ]


def _captioned(reader: _Reader, caption: SyntaxTreeNode | None) -> Node:
    return {
        "caption": reader.inlines(caption) if caption else None,
        "source": None,
        "key": caption.meta["label"] if caption else None,
        "count": caption.meta["n"] if caption else None,
    }


BLOCKS = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": lambda reader, node: [{"t": "ul", "items": _items(reader, node)}],
    "ordered_list": _numbered,
    "blockquote": lambda reader, node: [{"t": "quote", "blocks": reader.blocks(node)}],
    "fence": lambda reader, node: [{"t": "code", "s": node.content.rstrip("\n")}],
    "code_block": lambda reader, node: [{"t": "code", "s": node.content.rstrip("\n")}],
    "table": _table,
    "figure": _figure,
    "hr": lambda reader, node: [{"t": "rule"}],
    "footnote_block": lambda reader, node: [],
}

SOURCED = frozenset({"table", "figure", "chart"})

CONTAINERS = frozenset({"bullet_list", "ordered_list", "list_item", "blockquote"})

OPENERS = {
    "em_open": lambda token: {"t": "em"},
    "strong_open": lambda token: {"t": "strong"},
    "s_open": lambda token: {"t": "del"},
    "link_open": lambda token: {"t": "link", "url": str(token.attrs.get("href", ""))},
}

INLINES = {
    "softbreak": lambda token: [" "],
    "hardbreak": lambda token: [{"t": "br"}],
    "code_inline": lambda token: [{"t": "code", "s": token.content}],
    "image": lambda token: [
        {
            "t": "image",
            "alt": inlines.plain_text(token.children or []),
            "url": str(token.attrs.get("src", "")),
        }
    ],
    "footnote_ref": lambda token: [{"t": "note", "id": token.meta["id"]}],
    "reference": lambda token: [
        {"t": "ref", "to": token.meta["to"], "bare": token.meta["bare"], "s": token.content}
    ],
}


def plain(inlines: list) -> str:
    """The words of inline content, without its footnotes."""
    return "".join(
        piece
        if isinstance(piece, str)
        else piece.get("s") or piece.get("alt") or plain(piece.get("c", []))
        for piece in inlines
    )


def joined(pieces) -> list:
    """Neighbouring strings made one."""
    kept: list = []
    for piece in pieces:
        if isinstance(piece, dict) and "c" in piece:
            piece["c"] = joined(piece["c"])
        if isinstance(piece, str) and kept and isinstance(kept[-1], str):
            kept[-1] += piece
        elif piece != "":
            kept.append(piece)
    return kept


def _with_sources(blocks: list[Node]) -> list[Node]:
    """A paragraph `Source: …` right after a table or a figure stays with it."""
    kept: list[Node] = []
    for node in blocks:
        source = (
            _source(node) if kept and kept[-1]["t"] in SOURCED and not kept[-1]["source"] else None
        )
        if source:
            kept[-1]["source"] = source
        else:
            kept.append(node)
    return kept


def _source(node: Node) -> list | None:
    if node["t"] != "p" or not isinstance(node["c"][0], str):
        return None
    first, *rest = node["c"]
    label = SOURCE.match(first)
    return joined([first[label.end() :], *rest]) if label else None
