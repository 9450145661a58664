"""The only place that says which number a printed figure or table bears, and where a reference in print leads.

The numbers are those of the whole contract, also in a part of it; a reference to what is not printed here says the
number and leads nowhere; one whose target is not there at all is the words that were typed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from ..rules.text import labels as dialect

KINDS = {"figure": dialect.FIGURE, "chart": dialect.FIGURE, "table": dialect.TABLE}

Walk = Callable[[list[dict]], Iterator[dict]]


def number(sections: Iterable[dict], walk: Walk) -> dict[str, str]:
    """Give what has a caption its `number`, and the first of each label its `anchor`, as sections theirs. Returns the
    number of each label."""
    running: Counter[str] = Counter()
    found: dict[str, str] = {}
    for section in sections:
        running = Counter(section.get("before") or running)
        label = f"{dialect.SECTION}:{section['code']}"
        section["anchor"] = label if section["code"] and label not in found else None
        found.setdefault(label, section["code"])
        held = [node for node in walk(section["nodes"]) if node.get("count")]
        for node in held:
            node["number"] = str(running[KINDS[node["t"]]] + node["count"])
            node["anchor"] = node["key"] if node["key"] not in found else None
            if node["key"]:
                found.setdefault(node["key"], node["number"])
        running.update(Counter(KINDS[node["t"]] for node in held))
    return found


def join(
    contents: Iterable[list], printed: dict[str, str], counted: dict[str, str], words: dict
) -> None:
    """Give every reference in the contents what it says (`shown`) and where it leads (`target`, None for nowhere)."""
    named = {
        dialect.FIGURE: words["figure"],
        dialect.TABLE: words["table"],
        dialect.SECTION: words["in_section"],
    }
    numbers = printed | counted
    for content in contents:
        for piece in content:
            if isinstance(piece, str) or piece["t"] != "ref":
                continue
            if piece["to"] not in numbers:
                piece |= {"t": "plain", "c": [piece.pop("s")]}
                continue
            said = dialect.said(piece["to"], numbers[piece["to"]], named, bare=piece["bare"])
            piece |= {"shown": said, "target": piece["to"] if piece["to"] in printed else None}
