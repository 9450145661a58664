"""The sheet of an action as it stands in a text: a table of two columns, on the left what is asked.

The words stay as they were written; labels are recognised in the languages of the template, by how they begin.
"""

from collections.abc import Iterator

from .text.document import Block, Element, Rendered

Labels = dict[str, tuple[str, ...]]

LABELS: Labels = {
    "type": ("action type", "vrsta ukrepa"),
    "field_of_action": ("field of action", "področje ukrepanja"),
    "lever": ("systemic lever", "sistemski vzvod"),
    "responsible": ("responsible", "odgovorn"),
    "scale": ("scale", "action scale", "raven"),
    "reduction": ("ghg reduction", "estimated reduction", "ocenjeno zmanjšanje"),
    "cost": ("total cost", "skupni strošek", "skupni stroški"),
}


def facts(text: Rendered) -> dict[str, str]:
    """What the sheets in the text say, by the names of `LABELS`; of several sheets the first that says it."""
    found: dict[str, str] = {}
    for asked, said in _pairs(text.root, text.plain):
        folded = asked.casefold()
        for name, beginnings in LABELS.items():
            if said and folded.startswith(beginnings):
                found.setdefault(name, said)
    return found


def _pairs(node: Element, plain: str) -> Iterator[tuple[str, str]]:
    """The rows of all tables that have two columns."""
    for child in node.nodes():
        if not isinstance(child, Element):
            continue
        cells = child.nodes() if child.tag == "tr" else []
        if len(cells) == 2:
            asked, said = (_words(cell, plain) for cell in cells)
            yield asked, said
        yield from _pairs(child, plain)


def _words(node: Element | Block, plain: str) -> str:
    if isinstance(node, Block):
        return " ".join(plain[node.start : node.end].split())
    return " ".join(_words(child, plain) for child in node.nodes()).strip()
