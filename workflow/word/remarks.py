"""The only place that turns remarks into Word's own comments, and suggestions into changes that can be taken over."""

from __future__ import annotations

from . import changes
from .elements import PLAIN, element, run
from .package import Package

SUGGESTABLE = frozenset({"em", "strong", "code"})
"""What a tracked change may hold besides words."""


class Remarks:
    """The remarks that a text's marks name; each becomes a comment where its passage ends."""

    def __init__(self, package: Package, document: dict) -> None:
        self.package = package
        self.known = {
            remark["id"]: remark
            for on in document.get("annex", {}).get("sections", [])
            for remark in on["remarks"]
            if "id" in remark
        }
        self.labels = document["labels"]
        self.numbers: dict[str, list[int]] = {}

    def mark(self, node: dict) -> list:
        """What stands where a passage begins or ends; nothing for a remark that is not printed."""
        remark = self.known.get(node["n"])
        if remark is None:
            return []
        if node["n"] not in self.numbers:
            self.numbers[node["n"]] = self.comments(remark)
        numbers = self.numbers[node["n"]]
        if node["t"] == "from":
            return [element("w:commentRangeStart", {"id": number}) for number in numbers]
        made = []
        for number in numbers:
            made.append(element("w:commentRangeEnd", {"id": number}))
            style = element("w:rPr", None, element("w:rStyle", {"val": "CommentReference"}))
            made.append(element("w:r", None, style, element("w:commentReference", {"id": number})))
        return made

    def on_all(self, remarks: list[dict]) -> list:
        """Comments on a section as a whole, to stand at its title."""
        made = []
        for remark in remarks:
            if remark.get("id") in self.known and remark["id"] not in self.numbers:
                made += self.mark({"t": "from", "n": remark["id"]})
                made += self.mark({"t": "to", "n": remark["id"]})
        return made

    def comments(self, remark: dict) -> list[int]:
        """One comment for the remark, one for each reply, one for the answer; their numbers."""
        said = [(remark, f"#{remark['number']} {remark['kind_word']}\n{remark['text']}")]
        if remark.get("replacement"):
            said = [(remark, f"{said[0][1]}\n{self.labels['suggested']}: {remark['replacement']}")]
        said += [(reply, reply["text"]) for reply in remark.get("replies", [])]
        if remark["disposition"]:
            words = f"{self.labels['answer']}: {remark['disposition_word']}\n{remark['answer']}"
            answer = {"author": remark.get("answered_by", ""), "at": remark.get("answered_at", "")}
            said.append((answer, words.strip()))
        return [self._comment(by, words) for by, words in said]

    def _comment(self, by: dict, words: str) -> int:
        author = " · ".join(filter(None, (by.get("author", ""), by.get("organisation", "")))) or "–"
        initials = "".join(word[0] for word in author.split() if word[0].isalnum())[:3]
        made = self.package.file.part._comments_part.comments.add_comment(words, author, initials)
        date = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}date"
        made._comment_elm.attrib.pop(date, None)
        if by.get("at"):
            made._comment_elm.set(date, by["at"])
        return made.comment_id


def tracked(content: list, remarks: Remarks) -> list[tuple[dict | None, list]]:
    """The content cut at the passages that open suggestions are about: (remark, passage) or (None, the rest).

    A passage that goes over several paragraphs, or holds more than words, stays as it is; its comment says what to
    write instead.
    """
    made: list[tuple[dict | None, list]] = []
    rest: list = []
    at = 0
    while at < len(content):
        end = _end_of(content, at, remarks)
        if end is None:
            rest.append(content[at])
            at += 1
            continue
        made += [
            (None, [*rest, content[at]]),
            (remarks.known[content[at]["n"]], content[at + 1 : end]),
        ]
        rest = []
        at = end
    return [*made, (None, rest)]


def change(passage: list, remark: dict, number: int) -> list:
    """The passage as a deletion and the words in its place as an insertion, by the author of the suggestion."""
    author = remark["author"] or remark["organisation"]
    by = changes.signed({"author": author, "at": remark.get("at")})
    deleted = changes.change("gone", number, by, *changes.struck(passage, PLAIN))
    if not remark["replacement"]:
        return [deleted]
    return [deleted, changes.change("ins", number + 1, by, run(remark["replacement"]))]


def _end_of(content: list, at: int, remarks: Remarks) -> int | None:
    """Where the passage of an open suggestion that begins here ends, if nothing but words lies between."""
    piece = content[at]
    if isinstance(piece, str) or piece["t"] != "from":
        return None
    if remarks.known.get(piece["n"], {}).get("replacement") is None:
        return None
    for end in range(at + 1, len(content)):
        inner = content[end]
        if isinstance(inner, str):
            continue
        if inner["t"] == "to" and inner["n"] == piece["n"]:
            return end if end > at + 1 else None
        if inner["t"] not in SUGGESTABLE:
            return None
    return None
