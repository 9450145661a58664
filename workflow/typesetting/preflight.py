"""The only place that makes a document printable before the engine sees it, and says what it had to change.

PDF/UA refuses skipped heading levels, and a page refuses words longer than a line; both are mended here. Characters
that no font has are found by the engine itself (see `engine.py`).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..rules.versions import sections_of
from . import charts, crossing, letter, pictures, tables
from .document import LABELS
from .typography import QUOTES, quoted
from .walking import inlines, walk

VERBATIM = frozenset(
    {
        "t",
        "url",
        "sha256",
        "manifest",
        "sealed",
        "state",
        "align",
        "date",
        "language",
        "id",
        "kind",
        "at",
        "n",
        "mark",
        "row_marks",
        "ending",
        "colour",
        "picture",
        "key",
        "to",
        "references",
    }
)
SAFE_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
LONG_WORD = re.compile(r"[^\s\u200b]{46,}")
BREAK_AFTER = re.compile(r"(?<=[/_.,;:?&=\-@])(?=[^\s\u200b])")
BREAK = "\u200b"
UNBROKEN = 6
OVERRIDES = frozenset("\u202d\u202e")
KEPT = frozenset("\n\t")
INSIDE_SECTION = 4
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Warning:
    """Something was printed otherwise than typed. Kinds: control_characters, missing_glyphs, heading_levels, links,
    images, charts, standards; `details` name what."""

    kind: str
    details: tuple[str, ...]


class Preflight:
    """One run over one document; `notes` gathers what was changed: kind -> details.

    Without `typography` quotation marks, long words and the marks of passages stay as they are: other programs set
    them in their own way. With `pages` tables that are too wide for one are turned.
    """

    def __init__(self, *, typography: bool = True, pages: bool = True) -> None:
        self.typography, self.pages = typography, pages
        self.notes: dict[str, set[str]] = {}

    def warnings(self, **more: tuple[str, ...]) -> tuple[Warning, ...]:
        """What was changed, and what `more` there is to say, by its kind."""
        found = {kind: tuple(sorted(details)) for kind, details in self.notes.items()} | more
        return tuple(Warning(kind, details) for kind, details in sorted(found.items()) if details)

    def document(self, given: dict) -> dict:
        """The document, every section with its nodes."""
        document = self.frame(given)
        around = surroundings(document)
        tied = []
        for section, typed in zip(sections_of(document), sections_of(given), strict=True):
            section["nodes"] = self.text(read(typed), around)
            tied.append(crossing.ties(section["nodes"]))
        joints = self.joined(document, tied)
        for section, joint in zip(sections_of(document), joints, strict=True):
            crossing.join(section["nodes"], joint)
        return document

    def frame(self, given: dict) -> dict:
        """All of the document but the texts of its sections: these have no `nodes` yet."""
        document = self._clean(_without_texts(given), given["language"])
        document["labels"] = LABELS | document.get("labels", {})
        document.setdefault("date_words", document["date"])
        document.setdefault("titles_language", document["language"])
        document["city_size"] = max(24, min(56, round(56 * 11 / max(len(document["city"]), 1))))
        if "logo" in document:
            document["logo"] = pictures.placed_logo(document["logo"])
        document.setdefault("charts", {})
        for section in sections_of(document):
            section["running"] = _short(f"{section['code']}  {section['title']}".strip())
        for appendix in document.setdefault("appendices", []):
            for part in appendix["parts"]:
                for node in walk(part["nodes"]):
                    self._node(node, document["labels"], {})
                self._turn(part["nodes"])
        opening, closing = QUOTES.get(document["language"], QUOTES["en"])[:2]
        for section in document.get("annex", {}).get("sections", []):
            section["running"] = _short(f"{section['code']}  {section['title']}".strip())
            for remark in section["remarks"]:
                remark |= {"quote_open": opening, "quote_close": closing}
        return document

    def text(self, typed: dict, around: dict) -> list[dict]:
        """The nodes of one section, as far as they depend on nothing but what is `read` of it and its surroundings."""
        nodes = self._clean(typed["nodes"], typed["language"] or around["language"])
        self._headings(nodes)
        for node in walk(nodes):
            self._node(node, around["labels"], typed["pictures"])
            if node["t"] == "chart" and not charts.place(node, around["charts"], around["labels"]):
                self._note("charts", node["name"])
        self._turn(nodes)
        return nodes

    def joined(self, document: dict, tied: list[crossing.Ties]) -> list[crossing.Joint]:
        """What each section reads of the others. The document gets its lists of tables and figures, and its remarks are
        told whether they are marked in the texts."""
        remarks = {
            remark["id"]: remark
            for section in document.get("annex", {}).get("sections", [])
            for remark in section["remarks"]
            if "id" in remark
        }
        numbers = {name: remark["number"] for name, remark in remarks.items()}
        if self.typography:
            for mark in numbers.keys() & {mark for own in tied for mark in own.marks}:
                remarks[mark]["marked"] = True
        joints = crossing.joints(
            sections_of(document),
            tied,
            counted=document.get("references", {}),
            remarks=numbers if self.typography else None,
            words=document["labels"],
        )
        document["captioned"] = crossing.listed(tied, joints)
        return joints

    def letter(self, given: dict) -> dict:
        """An answer letter: it has no blocks, only paragraphs and changed words."""
        ready = self._clean(given, given["language"])
        ready["labels"] = letter.LABELS | ready.get("labels", {})
        opening, closing = QUOTES.get(ready["language"], QUOTES["en"])[:2]
        for entry in ready["entries"]:
            entry |= {"quote_open": opening, "quote_close": closing}
        return ready

    def _clean(self, value, language: str, key: str = ""):
        if isinstance(value, str):
            return value if key in VERBATIM else self._text(value, language, verbatim=key == "s")
        if isinstance(value, dict):
            language = value.get("language", language)
            return {name: self._clean(inner, language, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(inner, language, key) for inner in value]
        return value

    def _text(self, text: str, language: str, *, verbatim: bool) -> str:
        if not text.isprintable():
            text = "".join(map(self._visible, text))
        if not self.typography:
            return text
        if not verbatim:
            text = quoted(text, language)
        return LONG_WORD.sub(lambda word: breakable(word.group()), text)

    def _visible(self, character: str) -> str:
        """Characters that nobody can see or that no PDF may hold are spelled out."""
        category = unicodedata.category(character)
        if character in KEPT or (
            category not in {"Cc", "Cs", "Co", "Cn"} and character not in OVERRIDES
        ):
            return character
        code = f"U+{ord(character):04X}"
        self._note("control_characters", code)
        return f"[{code}]"

    def _headings(self, nodes: list[dict]) -> None:
        """Levels below the section's own, each at most one deeper than the one before."""
        headings = [node for node in walk(nodes) if node["t"] == "h"]
        if not headings:
            return
        highest = min(node["level"] for node in headings)
        before = INSIDE_SECTION - 1
        for node in headings:
            wanted = min(node["level"] - highest + INSIDE_SECTION, DEEPEST)
            node["level"] = min(wanted, before + 1)
            if node["level"] < wanted:
                self._note("heading_levels", tables.plain(node["c"])[:80])
            before = node["level"]

    def _node(self, node: dict, labels: dict, known: dict) -> None:
        if node["t"] == "table":
            tables.measure(node)
            node["source_label"] = labels["source"]
        if node["t"] == "figure":
            node["source_label"], node["label"] = labels["source"], labels["image"]
            node["figure_label"] = labels["figure"]
            node["alt"] = (
                node["alt"].strip() or tables.plain(node["caption"] or []) or labels["image"]
            )
            if not pictures.place(node, known):
                self._note("images", node["alt"][:120])
        if node["t"] == "p" and _right_to_left(tables.plain(node["c"])):
            node["dir"] = "rtl"
        for inline in inlines(node):
            if inline["t"] == "link" and not SAFE_LINK.fullmatch(inline["url"]):
                self._note("links", inline["url"][:120])
                inline["t"] = "plain"
            if inline["t"] == "image":
                inline["label"] = labels["image"]
                inline["alt"] = inline["alt"] or inline["url"]
                self._note("images", inline["alt"][:120])

    def _turn(self, nodes: list[dict]) -> None:
        """A page can be turned between blocks, not within one."""
        for node in nodes:
            if self.pages and node["t"] == "table":
                tables.turn(node)

    def note(self, notes: Iterable[tuple[str, str]]) -> None:
        """What was changed elsewhere, by its kind."""
        for kind, detail in notes:
            self._note(kind, detail)

    def _note(self, kind: str, detail: str) -> None:
        self.notes.setdefault(kind, set()).add(detail)


def read(section: dict) -> dict:
    """All of a section that its text is made printable by."""
    return {
        "nodes": section["nodes"],
        "language": section.get("language"),
        "pictures": section.get("pictures", {}),
    }


def surroundings(document: dict) -> dict:
    """All of the document that the texts of its sections are made printable by."""
    return {name: document[name] for name in ("language", "labels", "charts")}


def _without_texts(given: dict) -> dict:
    """The document with empty sections."""
    components = [
        component
        | {
            "modules": [
                module | {"sections": [section | {"nodes": []} for section in module["sections"]]}
                for module in component["modules"]
            ]
        }
        for component in given["components"]
    ]
    return given | {"components": components}


def breakable(word: str) -> str:
    """A word longer than a line gets places to break: after its punctuation, else every few letters."""
    pieces = BREAK_AFTER.sub(BREAK, word).split(BREAK)
    return BREAK.join(
        piece[at : at + UNBROKEN]
        for piece in pieces
        for at in range(0, max(len(piece), 1), UNBROKEN)
    )


def _short(title: str, most: int = 76) -> str:
    title = " ".join(title.split())
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _right_to_left(text: str) -> bool:
    """By the first letter that has a direction, as browsers do for dir=auto."""
    for character in text:
        if (direction := unicodedata.bidirectional(character)) in {"L", "R", "AL"}:
            return direction != "L"
    return False
