"""The only place that puts the parts of a Word file in their order, the same as in print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

from ..rules import colours
from ..rules.versions import sections_of
from ..typesetting import about
from .blocks import Text, contents, place_of
from .elements import PLAIN, Face, bookmarked, element, paragraph, run
from .package import Package
from .remarks import Remarks, change, tracked

LINES_BETWEEN_NUMBERS = 5


class Book:
    """One document. With `lined` it is a copy for reviewers: the remarks are comments beside the text."""

    def __init__(self, document: dict, files: Mapping[str, Path]) -> None:
        self.document, self.labels = document, document["labels"]
        colour = colours.read(document.get("colour", ""))
        self.package = Package(document["language"], colour)
        self.remarks = Remarks(self.package, document)
        self.count = count(1000)
        self.text = _Commented(self.package, self.labels, self.remarks, self.count)
        self.text.files = files
        foreign = document["titles_language"] != document["language"]
        self.titles = replace(PLAIN, language=document["titles_language"] if foreign else None)
        self.entries: list[tuple[int, str, str]] = []
        self.on = {
            on["code"]: on["remarks"] for on in document.get("annex", {}).get("sections", [])
        }

    def write(self, on_part: Callable[[float], None]) -> bytes:
        """`on_part` is told the share of the sections that are written."""
        front = self.front()
        body = [
            *self.changes(),
            *self.chapters(on_part),
            *self.annex(),
            *self.appendices(),
            *self.provenance(),
        ]
        for made in [*front, *self.contents(), *self.abbreviations(), *body]:
            self.package.append(made)
        given = self.document
        draft = self.labels["draft"] if given["draft"] else self.labels["final"]
        self.package.frame(
            f"{given['city']} · {given['title']}",
            f"{draft} · {given['manifest'][:12]}",
            self.labels["page_of"],
        )
        self.package.describe(
            title=given["title"],
            author=given["city"],
            subject=given["manifest"],
            language=given["language"],
            day=given["date"],
        )
        if given.get("lined"):
            self.package.lined(LINES_BETWEEN_NUMBERS)
        return self.package.bytes()

    def front(self) -> list:
        given, labels = self.document, self.labels
        state = labels["draft"] if given["draft"] else labels["final"]
        made = [
            *self.logo(),
            paragraph("Eyebrow", [run(f"{labels['kind']} · {state}")]),
            paragraph("Title", [run(given["city"])]),
            paragraph("Subtitle", [run(given["title"])]),
            paragraph("Normal", [run(f"{labels['target_year']} {given['target_year']}")]),
        ]
        if given.get("target"):
            made.append(paragraph("Normal", [run(given["target"])]))
        small = [given.get("copy", ""), given["iteration"], given["date_words"]]
        small += [f"{label}: {value}" for label, value in given.get("facts", [])]
        if given.get("sealed"):
            small.append(f"{labels['sealed']}: {given['sealed']}")
        small.append(f"{labels['manifest']}: {given['manifest']}")
        made += [paragraph("Small", [run(words)]) for words in small if words]
        if given["disclaimer"]:
            made.append(self.heading(1, labels["disclaimer"]))
            made += [paragraph("Normal", [run(words)]) for words in given["disclaimer"]]
        return made

    def logo(self) -> list:
        logo = self.document.get("logo")
        if not logo:
            return []
        drawing = self.text.drawing(logo["file"], logo["width"], logo["alt"])
        return [paragraph("Normal", [drawing])]

    def contents(self) -> list:
        title = paragraph("Subtitle", [run(self.labels["contents"])], properties=[_new_page()])
        return [title, *contents(self.entries)]

    def abbreviations(self) -> list:
        if not self.document.get("abbreviations"):
            return []
        return [
            paragraph("Subtitle", [run(self.labels["abbreviations"])]),
            *self.text.blocks([about.abbreviations(self.document)], PLAIN),
        ]

    def chapters(self, on_part: Callable[[float], None]) -> list:
        made: list = []
        all_sections = len(list(sections_of(self.document)))
        done = 0
        for component in self.document["components"]:
            made.append(self.heading(1, component["title"], face=self.titles))
            part = ""
            for module in component["modules"]:
                if module.get("part", "") not in ("", part):
                    part = module["part"]
                    made.append(paragraph("Eyebrow", [run(part)]))
                title = f"{module['code']} {module['title']}".strip()
                made.append(self.heading(2, title, face=self.titles))
                for section in module["sections"]:
                    made += self.section(section)
                    done += 1
                    on_part(done / all_sections)
                made += self.left_out(module.get("not_applicable", []))
        return made

    def section(self, section: dict) -> list:
        language = section.get("language", self.document["language"])
        face = replace(PLAIN, language=language if language != self.document["language"] else None)
        text = self.text.section(section["nodes"], face, section.get("changed"))
        if not section["nodes"]:
            text = [paragraph("Normal", [run(self.labels["empty"], replace(PLAIN, italic=True))])]
        title = self.heading(
            3,
            f"{section['code']} {section['title']}".strip(),
            section.get("anchor"),
            face=self.titles,
        )
        if self.document.get("lined"):
            title.extend(self.remarks.on_all(self.on.get(section["code"], [])))
        return [title, paragraph("Small", [run(about.state(section, self.labels))]), *text]

    def left_out(self, elements: list[dict]) -> list:
        if not elements:
            return []
        return [
            paragraph("Eyebrow", [run(self.labels["not_applicable"])]),
            *(
                paragraph(
                    "Small",
                    [run(f"{one['title']}: ", replace(PLAIN, bold=True)), run(one["reason"])],
                )
                for one in elements
            ),
        ]

    def annex(self) -> list:
        """Every remark with its answer; in a copy for reviewers they are comments already."""
        if "annex" not in self.document or self.document.get("lined"):
            return []
        annex, labels = self.document["annex"], self.labels
        made = [self.heading(1, labels["annex"])]
        if annex.get("note"):
            made.append(paragraph("Normal", [run(annex["note"])]))
        if not annex["sections"]:
            made.append(paragraph("Normal", [run(labels["annex_empty"])]))
        for on in annex["sections"]:
            made.append(paragraph("Heading2", [run(f"{on['code']} {on['title']}".strip())]))
            for remark in on["remarks"]:
                made += self.remark(remark)
        return made

    def remark(self, remark: dict) -> list:
        bold = replace(PLAIN, bold=True)
        made = [
            paragraph(
                "Small",
                [
                    run(f"{remark['number']}  {remark['kind_word']}", bold),
                    run("  "),
                    run(about.signed(remark)),
                ],
            )
        ]
        if remark["quote"]:
            made.append(paragraph("Quote", [run(remark["quote"])]))
        made.append(paragraph("Normal", [run(remark["text"])]))
        for reply in remark.get("replies", []):
            made.append(paragraph("Small", [run(about.signed(reply))]))
            made.append(paragraph("ListContinue", [run(reply["text"])]))
        if remark["disposition"]:
            head = f"{self.labels['answer']}: {remark['disposition_word']}"
            made.append(paragraph("Small", [run(head, bold)]))
            made.append(paragraph("ListContinue", [run(remark["answer"])]))
        elif remark.get("awaited", True):
            made.append(paragraph("Small", [run(self.labels["unanswered"])]))
        return made

    def appendices(self) -> list:
        made: list = []
        for appendix in self.document["appendices"]:
            made.append(self.heading(1, appendix["title"]))
            made += [paragraph("Normal", [run(sentence)]) for sentence in appendix["note"]]
            for part in appendix["parts"]:
                if part["title"]:
                    made.append(paragraph("Heading2", [run(part["title"])]))
                made += self.text.section(part["nodes"], PLAIN)
        return made

    def changes(self) -> list:
        given = self.document.get("changes")
        if not given:
            return []
        return [
            self.heading(1, self.labels["changes"]),
            *(paragraph("Normal", [run(sentence)]) for sentence in given["note"]),
            *self.text.blocks([about.changes(self.document)], PLAIN),
        ]

    def provenance(self) -> list:
        title = self.heading(1, self.labels["provenance"])
        return [title, *self.text.blocks([about.provenance(self.document)], PLAIN)]

    def heading(self, level: int, words: str, anchor: str | None = None, *, face: Face = PLAIN):
        """A heading that the contents lead to, and references to the anchor."""
        number = next(self.count)
        name = f"_Toc{number:09d}"
        self.entries.append((level, words, name))
        said = bookmarked(name, number, [run(words, face)])
        if anchor:
            said = bookmarked(place_of(anchor), next(self.count), said)
        return paragraph(f"Heading{level}", said)


class _Commented(Text):
    """The text of a section whose passages carry comments, and whose suggestions are tracked changes."""

    def __init__(self, package: Package, labels: dict, remarks: Remarks, numbers) -> None:
        super().__init__(package, labels, remarks.mark, numbers)
        self.remarks = remarks

    def inlines(self, content: list, face, *, deleted: bool = False) -> list:
        made: list = []
        for remark, piece in tracked(content, self.remarks):
            if remark is None:
                made += super().inlines(piece, face, deleted=deleted)
                continue
            number = next(self.count)
            next(self.count)
            made += change(piece, remark, number)
        return made


def _new_page():
    return element("w:pageBreakBefore")
