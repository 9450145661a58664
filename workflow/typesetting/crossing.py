"""The only place that says which number a printed figure or table bears, and where a reference in print leads.

The numbers are those of the whole contract, also in a part of it; a reference to what is not printed here says the
number and leads nowhere; one whose target is not there at all is the words that were typed. A text by itself has its
`ties`; those of all texts give each its `Joint`, and with that it is joined to the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from ..rules.text import labels as dialect
from . import tables
from .walking import contents, walk

KINDS = {"figure": dialect.FIGURE, "chart": dialect.FIGURE, "table": dialect.TABLE}
MARKS = frozenset({"from", "to"})


@dataclass(frozen=True, slots=True)
class Ties:
    """What a text has to do with others: what it counts (kind, which of its kind, label), what the lists of tables and
    figures show of it (which of its kind, words), the labels that it refers to, the remarks that it marks, and whether
    it has notes at the foot of the page."""

    counted: tuple[tuple[str, int, str | None], ...]
    tables: tuple[tuple[int | None, str], ...]
    figures: tuple[tuple[int | None, str], ...]
    refers: tuple[str, ...]
    marks: tuple[str, ...]
    noted: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """All that a text reads of the others: how many are counted before it, which of its labels lead to it, the number
    of what it refers to and whether that is printed, the numbers of the remarks that it marks (None: the marks stay as
    they are), and what the kinds of targets are called."""

    before: dict[str, int]
    anchors: list[str]
    refers: dict[str, tuple[str, bool]]
    marks: dict[str, str] | None
    named: dict[str, str]

    def told(self) -> dict:
        """As plain JSON."""
        return asdict(self)


def ties(nodes: list[dict]) -> Ties:
    """Those of a text that was prepared for print."""
    printed = list(walk(nodes))
    pieces = [
        piece for content in contents(nodes) for piece in content if not isinstance(piece, str)
    ]
    return Ties(
        counted=tuple(
            (KINDS[node["t"]], node["count"], node["key"]) for node in printed if node.get("count")
        ),
        tables=tuple(
            (node.get("count"), tables.plain(node["caption"]))
            for node in printed
            if node["t"] == "table" and node["caption"] is not None
        ),
        figures=tuple(
            (node.get("count"), tables.plain(node["caption"]))
            for node in printed
            if (node["t"] == "chart" and node["drawing"])
            or (node["t"] == "figure" and node["file"] and node["caption"] is not None)
        ),
        refers=tuple(dict.fromkeys(piece["to"] for piece in pieces if piece["t"] == "ref")),
        marks=tuple(dict.fromkeys(piece["n"] for piece in pieces if piece["t"] == "to")),
        noted=any(piece["t"] == "note" for piece in pieces),
    )


def joints(
    sections: Iterable[dict],
    tied: Iterable[Ties],
    *,
    counted: Mapping[str, str],
    remarks: Mapping[str, str] | None,
    words: Mapping[str, str],
) -> list[Joint]:
    """What each text reads of the others; gives the sections their `anchor`. `counted` are the numbers of labels of the
    whole contract, `remarks` those of the printed remarks."""
    named = {
        dialect.FIGURE: words["figure"],
        dialect.TABLE: words["table"],
        dialect.SECTION: words["in_section"],
    }
    running: Counter[str] = Counter()
    printed: dict[str, str] = {}
    found: list[tuple[Ties, dict[str, int], list[str]]] = []
    for section, own in zip(sections, tied, strict=True):
        running = Counter(section.get("before") or running)
        label = f"{dialect.SECTION}:{section['code']}"
        section["anchor"] = label if section["code"] and label not in printed else None
        printed.setdefault(label, section["code"])
        anchors = []
        for kind, count, key in own.counted:
            if key and key not in printed:
                anchors.append(key)
                printed[key] = str(running[kind] + count)
        found.append((own, dict(running), anchors))
        running.update(Counter(kind for kind, _count, _key in own.counted))
    numbers = printed | counted
    return [
        Joint(
            before=before,
            anchors=anchors,
            refers={to: (numbers[to], to in printed) for to in own.refers if to in numbers},
            marks=None
            if remarks is None
            else {mark: remarks[mark] for mark in own.marks if mark in remarks},
            named=named if own.refers else {},
        )
        for own, before, anchors in found
    ]


def listed(tied: Iterable[Ties], found: Iterable[Joint]) -> dict[str, list[dict]]:
    """The lists of tables and figures: each caption with its number, "" where it has none."""
    made: dict[str, list[dict]] = {"tables": [], "figures": []}
    for own, joint in zip(tied, found, strict=True):
        for kind, name in ((dialect.TABLE, "tables"), (dialect.FIGURE, "figures")):
            before = joint.before.get(kind, 0)
            made[name] += [
                {"number": str(before + count) if count else "", "caption": words}
                for count, words in getattr(own, name)
            ]
    return made


def join(nodes: list[dict], joint: Joint) -> None:
    """Give what has a caption its `number`, and the first of each label its `anchor`; every reference what it says
    (`shown`) and where it leads (`target`, None for nowhere); and the end of a passage the number of the remark about
    it. Marks that lead nowhere go."""
    anchors = set(joint.anchors)
    for node in walk(nodes):
        if node.get("count"):
            node["number"] = str(joint.before.get(KINDS[node["t"]], 0) + node["count"])
            node["anchor"] = node["key"] if node["key"] in anchors else None
            anchors.discard(node["key"])
    for content in contents(nodes):
        for piece in content:
            if not isinstance(piece, str) and piece["t"] == "ref":
                _refer(piece, joint)
        if joint.marks is not None:
            content[:] = [_marker(piece, joint.marks) for piece in content if _stays(piece, joint)]


def _refer(piece: dict, joint: Joint) -> None:
    if piece["to"] not in joint.refers:
        piece |= {"t": "plain", "c": [piece.pop("s")]}
        return
    number, leads = joint.refers[piece["to"]]
    said = dialect.said(piece["to"], number, joint.named, bare=piece["bare"])
    piece |= {"shown": said, "target": piece["to"] if leads else None}


def _stays(piece: str | dict, joint: Joint) -> bool:
    return (
        isinstance(piece, str)
        or piece["t"] not in MARKS
        or (piece["t"] == "to" and piece["n"] in joint.marks)
    )


def _marker(piece: str | dict, marks: Mapping[str, str]) -> str | dict:
    """The mark of a remark: its number, once per remark the place to come back to."""
    if isinstance(piece, str) or piece["t"] != "to":
        return piece
    return {"t": "marker", "id": piece["n"], "s": marks[piece["n"]]}
