"""The only place that shows two texts as one to be printed: nodes in which what came and what is gone is marked.

    ins, gone    c       (inline content that was added; words that are not there any more)

A block that came or is gone whole says so by `mark`; a table by `row_marks`, "" for a row that is in both texts. Notes
of the old text are printed as words in brackets, so that only those of the new one are counted.
"""

from __future__ import annotations

from workflow.rules.text import diff, grids, nodes
from workflow.rules.text.diff import Change, Kind
from workflow.rules.text.nodes import Node
from workflow.rules.text.pairing import in_reading_order, pair
from workflow.rules.text.tokens import tokenise

ATOM = "\ufffc"
"""Stands in the words of inline content for what is no word: a note, a picture, the end of a line."""

HELD = ("c", "s", "alt", "caption", "source", "head", "rows", "items", "blocks")
SHOWN = {"figure": ("picture", "alt"), "chart": ("name",)}
"""By what a block that shows something is the same one, however its caption reads."""

INS, GONE = "ins", "gone"


def of(old: str, new: str) -> list[Node]:
    """The nodes of the new text with its changes against the old one."""
    before = nodes.of(old)
    return _Comparison(before).blocks(before, nodes.of(new))


class _Comparison:
    def __init__(self, old: list[Node]) -> None:
        self.notes = {note["id"]: note["blocks"] for note in _notes(old)}

    def blocks(self, old: list[Node], new: list[Node]) -> list[Node]:
        """Blocks are paired first; one that left its place is gone from there, and came here."""
        made: list[Node] = []
        for i, j in _in_order([_words(one) for one in old], [_words(one) for one in new]):
            if j is None:
                made += _gone(old[i])
            elif i is None:
                made += _came(new[j])
            else:
                made += self.one(old[i], new[j])
        return made

    def one(self, old: Node, new: Node) -> list[Node]:
        """A block that lives on."""
        alike = old["t"] == new["t"] and old.get("level") == new.get("level")
        if alike and new["t"] in ("p", "h"):
            return [new | {"c": self.inline(old["c"], new["c"])}]
        if alike and new["t"] in ("ul", "ol"):
            return [new | {"items": self.items(old["items"], new["items"])}]
        if alike and new["t"] == "quote":
            return [new | {"blocks": self.blocks(old["blocks"], new["blocks"])}]
        if alike and new["t"] == "table":
            return [self.table(old, new)]
        if alike and new["t"] in SHOWN and _shown(old) == _shown(new):
            return [new | {key: self.line(old[key], new[key]) for key in ("caption", "source")}]
        return [new] if old == new else [*_gone(old), *_came(new)]

    def items(self, old: list, new: list) -> list:
        made = []
        for i, j in _in_order([_words(one) for one in old], [_words(one) for one in new]):
            if j is None:
                made.append([gone for block in old[i] for gone in _gone(block)])
            elif i is None:
                made.append([came for block in new[j] for came in _came(block)])
            else:
                made.append(self.blocks(old[i], new[j]))
        return made

    def table(self, old: Node, new: Node) -> Node:
        """Cell by cell, with the columns and rows of both."""
        columns = grids.columns(
            [_words(cell) for cell in old["head"]], [_words(cell) for cell in new["head"]]
        )
        rows, marks = [], []
        before, after = (
            [grids.row_words([_words(cell) for cell in row]) for row in of["rows"]]
            for of in (old, new)
        )
        for i, j in _in_order(before, after):
            gone = old["rows"][i] if i is not None else None
            came = new["rows"][j] if j is not None else None
            rows.append(self.row(gone, came, columns))
            marks.append(GONE if came is None else INS if gone is None else "")
        return new | {
            "caption": self.line(old["caption"], new["caption"]),
            "source": self.line(old["source"], new["source"]),
            "align": [new["align"][j] if j is not None else old["align"][i] for i, j in columns],
            "head": self.row(old["head"], new["head"], columns),
            "rows": rows,
            "row_marks": marks,
        }

    def row(self, old: list | None, new: list | None, columns: grids.Columns) -> list:
        return [
            self.inline(
                old[i] if old is not None and i is not None else [],
                new[j] if new is not None and j is not None else [],
            )
            for i, j in columns
        ]

    def line(self, old: list | None, new: list | None) -> list | None:
        """A caption or a source, None where neither text has one."""
        return None if old is None and new is None else self.inline(old or [], new or [])

    def inline(self, old: list, new: list) -> list:
        """Inline content word by word; where only its form is another, all of it is gone and came."""
        before, after = _Flat(old), _Flat(new)
        same = before.keys == after.keys and before.text == after.text
        if same and _form(old) != _form(new):
            return [*_struck(old), *_added(new)]
        found = diff.changes(diff.cut(*before.cut), diff.cut(*after.cut))
        return _Mixed(self, before, found).content(new)


class _Flat:
    """The words of inline content, and what stands where among them that is no word."""

    def __init__(self, content: list) -> None:
        self.text, self.atoms = "", {}
        self._add(content)
        self.keys = [(at, _key(atom)) for at, atom in self.atoms.items()]

    def _add(self, content: list) -> None:
        for piece in content:
            if isinstance(piece, str):
                self.text += piece
            elif piece["t"] == "code":
                self.text += piece["s"]
            elif "c" in piece:
                self._add(piece["c"])
            else:
                self.atoms[len(self.text)] = piece
                self.text += ATOM

    @property
    def cut(self) -> tuple[str, list[tuple[int, int, str]]]:
        return self.text, [(at, at + 1, key) for at, key in self.keys]


class _Mixed:
    """Writes new content with its changes, from first to last."""

    def __init__(self, comparison: _Comparison, before: _Flat, found: list[Change]) -> None:
        self.comparison, self.before, self.queue = comparison, before, found[::-1]

    def content(self, new: list) -> list:
        made = self.pieces(new)
        for change in reversed(self.queue):
            made += self.gone(change)
        return made

    def pieces(self, content: list) -> list:
        made: list = []
        for piece in content:
            if isinstance(piece, str):
                made += self.run(piece, lambda words: words)
            elif piece["t"] == "code":
                made += self.run(piece["s"], lambda words: {"t": "code", "s": words})
            elif "c" in piece:
                made.append(piece | {"c": self.pieces(piece["c"])})
            else:
                made += self.atom(piece)
        return made

    def run(self, words: str, dress) -> list:
        made: list = []
        room = len(words)
        while room:
            change = self.queue.pop()
            if change.kind is Kind.REMOVED:
                made += self.gone(change)
                continue
            text = self.taken(change, room)
            room -= len(text)
            made += [dress(text)] if change.kind is Kind.SAME else _added([dress(text)])
        return made

    def atom(self, piece: Node) -> list:
        made: list = []
        while (change := self.queue.pop()).kind is Kind.REMOVED:
            made += self.gone(change)
        self.taken(change, 1)
        if change.kind is Kind.ADDED:
            return [*made, *_added([piece])]
        if "blocks" in piece:
            before = self.comparison.notes.get(self.before.atoms[change.old]["id"], [])
            piece = piece | {"blocks": self.comparison.blocks(before, piece["blocks"])}
        return [*made, piece]

    def taken(self, change: Change, room: int) -> str:
        """So much of a change; what is left of it comes next."""
        if rest := change.text[room:]:
            self.queue.append(Change(change.kind, rest, change.old + room, change.new + room))
        return change.text[:room]

    def gone(self, change: Change) -> list:
        content = []
        for at, sign in enumerate(change.text, start=change.old):
            atom = self.before.atoms.get(at)
            content += _plain([atom] if atom else [sign])
        return _struck(content)


def _in_order(old: list[list[str]], new: list[list[str]]):
    """Pairs in reading order; what moved is gone in one place and came in another."""
    pairing = pair(old, new)
    moved = set(pairing.moved)
    for i, j in in_reading_order(pairing, len(old), len(new)):
        yield (None, j) if (i, j) in moved else (i, j)


def _gone(node: Node) -> list[Node]:
    """A block of the old text; its headings and captions are no landmarks any more."""
    kind = node["t"]
    if kind in ("p", "h"):
        content = node["c"] if kind == "p" else [{"t": "strong", "c": node["c"]}]
        return [{"t": "p", "c": _struck(content), "mark": GONE}]
    if kind in ("ul", "ol"):
        items = [[gone for block in item for gone in _gone(block)] for item in node["items"]]
        return [node | {"items": items}]
    if kind == "quote":
        return [node | {"blocks": [gone for block in node["blocks"] for gone in _gone(block)]}]
    if kind == "code":
        return [node | {"mark": GONE}]
    if kind == "table":
        caption = [{"t": "p", "c": _struck(node["caption"] or []), "mark": GONE}]
        return [*(caption if node["caption"] else []), _marked(node, GONE) | {"caption": None}]
    if kind == "chart":
        held = [node["caption"] or [node["name"]], node["source"] or []]
        return [{"t": "p", "c": _struck(content), "mark": GONE} for content in held if content]
    if kind == "figure":
        caption = node["caption"] or []
        shown = [f"{node['alt']} " if caption else node["alt"]] if node["alt"] else []
        held = [[*shown, *caption], node["source"] or []]
        return [{"t": "p", "c": _struck(content), "mark": GONE} for content in held if content]
    return []


def _came(node: Node) -> list[Node]:
    kind = node["t"]
    if kind in ("p", "h"):
        return [node | {"c": _added(node["c"]), "mark": INS}]
    if kind in ("ul", "ol"):
        items = [[came for block in item for came in _came(block)] for item in node["items"]]
        return [node | {"items": items}]
    if kind == "quote":
        return [node | {"blocks": [came for block in node["blocks"] for came in _came(block)]}]
    if kind == "code":
        return [node | {"mark": INS}]
    if kind == "figure":
        said = {key: _added(node[key]) if node[key] else None for key in ("caption", "source")}
        words = [] if node["caption"] or not node["alt"] else [node["alt"]]
        told = [{"t": "p", "c": _added(words), "mark": INS}] if words else []
        return [*told, node | said]
    if kind == "chart":
        return [node | {key: _added(node[key]) or node[key] for key in ("caption", "source")}]
    return [_marked(node, INS)] if kind == "table" else [node]


def _shown(figure: Node) -> list:
    return [figure[key] for key in SHOWN[figure["t"]]]


def _marked(table: Node, mark: str) -> Node:
    dress = _added if mark == INS else _struck
    return table | {
        "caption": dress(table["caption"]) if table["caption"] else None,
        "source": dress(table["source"]) if table["source"] else None,
        "head": [dress(cell) for cell in table["head"]],
        "rows": [[dress(cell) for cell in row] for row in table["rows"]],
        "row_marks": [mark] * len(table["rows"]),
    }


def _added(content: list | None) -> list:
    return [{"t": INS, "c": content}] if content else []


def _struck(content: list) -> list:
    plain = nodes.joined(_plain(content))
    return [{"t": GONE, "c": plain}] if plain else []


def _plain(content: list) -> list:
    """Content that may be struck out: words and their look, nothing that leads anywhere or is counted."""
    made: list = []
    for piece in content:
        if isinstance(piece, str) or piece["t"] == "code":
            made.append(piece)
        elif "c" in piece:
            kind = "plain" if piece["t"] == "link" else piece["t"]
            made.append({"t": kind, "c": _plain(piece["c"])})
        elif piece["t"] == "note":
            words = " ".join(_text(piece.get("blocks", [])).split())
            made += [f" [{words}]"] if words else []
        else:
            made.append(piece.get("alt") or piece.get("s") or " ")
    return made


def _key(atom: Node) -> str:
    """What an atom is recognised by: a note by being one, whatever it says."""
    return " ".join(str(atom.get(key, "")) for key in ("t", "url", "alt", "s"))


def _form(content: list) -> list:
    """What inline content looks like, without what its notes say."""
    return [
        piece
        if isinstance(piece, str)
        else {"t": "note"}
        if piece["t"] == "note"
        else piece | {"c": _form(piece["c"])}
        if "c" in piece
        else piece
        for piece in content
    ]


def _words(value) -> list[str]:
    """The words of nodes or content, without notes."""
    if isinstance(value, str):
        return tokenise(value).keys
    if isinstance(value, dict):
        held = [] if value["t"] == "note" else [value[key] for key in HELD if value.get(key)]
        return [word for inner in held for word in _words(inner)]
    return [word for inner in value for word in _words(inner)]


def _text(value) -> str:
    """The words of a note as one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        words = "".join(_text(value[key]) for key in HELD if value.get(key))
        return f"{words} " if value["t"] in ("p", "h", "code") else words
    return "".join(_text(inner) for inner in value)


def _notes(value) -> list[Node]:
    """The notes of a text at their first calls."""
    if isinstance(value, list):
        return [note for inner in value for note in _notes(inner)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("t") == "note" and "blocks" in value else []
    return own + [note for inner in value.values() for note in _notes(inner)]
