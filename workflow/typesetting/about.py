"""What a document says about itself, once for every format that is written in Python: its own tables, the line under a
title, who said something. Tables are nodes like those of the texts (`workflow.rules.text.nodes`).
"""

from collections.abc import Iterable

from ..rules.versions import sections_of
from .document import Document, Node, Remark, Reply, Section

NOTHING = "–"


def state(section: Section, labels: dict[str, str]) -> str:
    """In which state a section is and which revision is printed: the line under its title."""
    if section["revision"] is None:
        return f"{section['state_word']} · {labels['no_revision']}"
    revision = labels["revision"].replace("{number}", str(section["revision"]))
    tags = section.get("tags", [])
    return " · ".join([section["state_word"], revision, section["sha256"][:12], *tags])


def signed(said: Remark | Reply) -> str:
    """Who said it for whom and when, as far as that is told."""
    parts = (said.get("author", ""), said.get("organisation", ""), said.get("date", ""))
    return " · ".join(filter(None, parts))


def abbreviations(document: Document) -> Node:
    """Every abbreviation with what it stands for."""
    rows = ([one["short"], one["long"]] for one in document["abbreviations"])
    return _table(document, {"abbreviation": 22, "meaning": 91}, rows)


def changes(document: Document) -> Node:
    """Every section that has another text, with how much became another."""
    rows = (
        [f"{row['code']} {row['title']}", row["was"] or NOTHING, row["now"] or NOTHING]
        + [row["added"], row["removed"]]
        for row in document["changes"]["rows"]
    )
    columns = {"section": 52, "revision_before": 14, "revision_now": 14}
    return _table(document, columns | {"words_added": 16, "words_removed": 16}, rows, numbers=4)


def provenance(document: Document) -> Node:
    """Which text this is: every section with the hash of the revision that was printed."""
    rows = (
        [
            section["code"],
            section["state_word"],
            section["revision"] or NOTHING,
            section["sha256"] or NOTHING,
        ]
        for section in sections_of(document)
    )
    columns = {"section": 16, "state": 22, "revision_heading": 13, "text_hash": 62}
    return _table(document, columns, rows)


def _table(
    document: Document, columns: dict[str, int], rows: Iterable[list], numbers: int = 0
) -> Node:
    """A table of plain words: the width of each column by the label of its head; the last `numbers` are numbers."""
    return {
        "t": "table",
        "caption": None,
        "source": None,
        "align": ["left"] * (len(columns) - numbers) + ["right"] * numbers,
        "head": [[document["labels"][label]] for label in columns],
        "rows": [[[str(word)] for word in row] for row in rows],
        "widths": list(columns.values()),
        "totals": [],
    }
