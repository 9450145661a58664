"""The only place that says what is within what in the nodes of a text (`workflow.rules.text.nodes`)."""

from collections.abc import Iterator


def walk(nodes: list[dict]) -> Iterator[dict]:
    """Every block, in reading order, lists and quotations opened."""
    for node in nodes:
        yield node
        for inner in node.get("items", []):
            yield from walk(inner)
        yield from walk(node.get("blocks", []))
        for inline in inlines(node):
            if inline["t"] == "note":
                yield from walk(inline.get("blocks", []))


def contents(nodes: list[dict]) -> Iterator[list]:
    """Every list of inline content, also those within others."""
    for node in walk(nodes):
        waiting = _held(node)
        while waiting:
            content = waiting.pop()
            yield content
            waiting += [piece["c"] for piece in content if isinstance(piece, dict) and "c" in piece]


def inlines(node: dict) -> Iterator[dict]:
    """Every inline element of a block itself."""
    waiting = [piece for content in _held(node) for piece in content]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, dict):
            yield piece
            waiting.extend(piece.get("c", []))


def _held(node: dict) -> list[list]:
    """The inline content that a block itself holds."""
    held = [
        node.get("c", []),
        node.get("caption") or [],
        node.get("source") or [],
        *node.get("head", []),
    ]
    return [*held, *(cell for row in node.get("rows", []) for cell in row)]
