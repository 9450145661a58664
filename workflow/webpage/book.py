"""The only place that puts the parts of a document's page in their order, the same as in print."""

from __future__ import annotations

from html import escape
from pathlib import Path

from ..rules import colours
from ..typesetting import about
from .blocks import Text
from .markup import tag

STYLE = Path(__file__).with_name("style.css")
POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
"""Whatever a browser would make of the words, nothing of it is run or fetched."""


class Book:
    """One document as a page."""

    def __init__(self, document: dict) -> None:
        self.document, self.labels = document, document["labels"]
        remarks = {
            remark["id"]: remark["number"]
            for on in document.get("annex", {}).get("sections", [])
            for remark in on["remarks"]
            if "id" in remark
        }
        self.text = Text(self.labels, remarks)
        self.entries: list[tuple[int, str, str]] = []

    def write(self) -> str:
        given = self.document
        front = self.front()
        body = "\n".join(
            filter(
                None,
                [
                    self.changes(),
                    *map(self.component, given["components"]),
                    self.annex(),
                    *map(self.appendix, given["appendices"]),
                    self.provenance(),
                ],
            )
        )
        head = "".join(
            [
                tag("meta", charset="utf-8"),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
                tag("title", escape(f"{given['city']}: {given['title']} ({self.state()})")),
                tag("meta", name="author", content=given["city"]),
                tag(
                    "meta",
                    name="description",
                    content=f"{self.labels['manifest']} {given['manifest']}",
                ),
                tag("style", self.style()),
            ]
        )
        skip = tag("a", escape(self.labels["to_text"]), href="#text", class_="skip")
        main = tag("main", body, id="text", tabindex=-1)
        page = f"{skip}{front}{self.contents()}{main}"
        return f"<!doctype html>\n{tag('html', tag('head', head) + tag('body', page), lang=given['language'])}\n"

    def style(self) -> str:
        colour = colours.read(self.document.get("colour", ""))
        own = f":root {{ --city: {colour}; }}\n" if colour else ""
        return own + STYLE.read_text("utf-8")

    def state(self) -> str:
        return self.labels["draft"] if self.document["draft"] else self.labels["final"]

    def front(self) -> str:
        given, labels = self.document, self.labels
        facts = [
            (labels["target_year"], str(given["target_year"])),
            *given.get("facts", []),
            *([(labels["sealed"], given["sealed"])] if given.get("sealed") else []),
            (labels["manifest"], given["manifest"]),
        ]
        told = "".join(
            tag("div", tag("dt", escape(name)) + tag("dd", escape(value))) for name, value in facts
        )
        small = " · ".join(
            filter(None, [given.get("copy"), given["iteration"], given["date_words"]])
        )
        made = [
            self.logo(),
            tag("p", escape(f"{labels['kind']} · {self.state()}"), class_="eyebrow"),
            tag("h1", tag("span", escape(given["city"])) + " " + escape(given["title"])),
            tag("p", escape(given["target"]), class_="lead") if given.get("target") else "",
            tag("p", escape(small)),
            tag("dl", told),
        ]
        if given["disclaimer"]:
            made.append(tag("h2", escape(labels["disclaimer"])))
            made += [tag("p", escape(sentence)) for sentence in given["disclaimer"]]
        made.append(self.abbreviations())
        return tag("header", "\n".join(filter(None, made)))

    def logo(self) -> str:
        """As large as the page lets it: its width is that of print."""
        logo = self.document.get("logo")
        return self.text.picture(logo | {"width": None}, logo["alt"], "logo") if logo else ""

    def abbreviations(self) -> str:
        listed = self.document.get("abbreviations", [])
        if not listed:
            return ""
        own = self.document["language"]
        rows = "".join(
            tag(
                "div",
                tag("dt", escape(one["short"]))
                + tag("dd", escape(one["long"]), lang=_other(one.get("language", own), own)),
            )
            for one in listed
        )
        return tag("h2", escape(self.labels["abbreviations"])) + tag("dl", rows)

    def contents(self) -> str:
        """Where everything is: the parts, and the tables and figures that have a caption."""
        lists = [tag("h2", escape(self.labels["contents"])), _nested(self.entries)]
        for name, listed in (("tables", self.text.tables), ("figures", self.text.figures)):
            if listed:
                items = "".join(
                    tag("li", tag("a", escape(f"{number} {words}".strip()), href=f"#{at}"))
                    for at, number, words in listed
                )
                lists.append(tag("h2", escape(self.labels[name])) + tag("ul", items))
        return tag("nav", "\n".join(lists), aria_label=self.labels["contents"])

    def component(self, component: dict) -> str:
        made, part = [self.heading(2, component["title"])], ""
        for module in component["modules"]:
            if module.get("part", "") not in ("", part):
                part = module["part"]
                made.append(tag("p", escape(part), class_="eyebrow"))
            made.append(self.heading(3, f"{module['code']} {module['title']}".strip()))
            made += map(self.section, module["sections"])
            made.append(self.left_out(module.get("not_applicable", [])))
        return tag("section", "\n".join(filter(None, made)), class_="component")

    def section(self, section: dict) -> str:
        own = self.document["language"]
        language = _other(section.get("language", own), own)
        name = f"{section['code']} {section['title']}".strip()
        text = self.text.section(section["nodes"], name, section.get("pictures"))
        if not section["nodes"]:
            text, language = tag("p", tag("em", escape(self.labels["empty"]))), None
        title = self.heading(4, name)
        state = tag("p", escape(about.state(section, self.labels)), class_="state")
        body = f"{title}{state}{tag('div', text, lang=language)}"
        return tag("section", body, id=section.get("anchor"))

    def left_out(self, elements: list[dict]) -> str:
        if not elements:
            return ""
        rows = "".join(
            tag("div", tag("dt", escape(one["title"])) + tag("dd", escape(one["reason"])))
            for one in elements
        )
        return tag("p", escape(self.labels["not_applicable"]), class_="eyebrow") + tag("dl", rows)

    def annex(self) -> str:
        annex, labels = self.document.get("annex"), self.labels
        if annex is None:
            return ""
        made = [self.heading(2, labels["annex"])]
        if annex.get("note"):
            made.append(tag("p", escape(annex["note"])))
        if not annex["sections"]:
            made.append(tag("p", escape(labels["annex_empty"])))
        for on in annex["sections"]:
            made.append(tag("h3", escape(f"{on['code']} {on['title']}".strip())))
            made += map(self.remark, on["remarks"])
        return tag("section", "\n".join(made), class_="component")

    def remark(self, remark: dict) -> str:
        own = self.document["language"]
        lang = _other(remark.get("language", own), own)
        number = tag("b", escape(f"{remark['number']} {remark['kind_word']}"))
        if remark.get("id") in self.text.marked:
            number = tag("a", number, href=f"#passage-{remark['id']}")
        made = [tag("p", f"{number} {escape(about.signed(remark))}", class_="state")]
        if remark["quote"]:
            made.append(tag("blockquote", _lines(remark["quote"])))
        made.append(_lines(remark["text"], lang=lang))
        if remark.get("replacement"):
            made.append(tag("p", escape(self.labels["suggested"]) + ":", class_="state"))
            made.append(tag("blockquote", _lines(remark["replacement"])))
        for reply in remark.get("replies", []):
            made.append(tag("p", escape(about.signed(reply)), class_="state"))
            made.append(_lines(reply["text"]))
        if remark["disposition"]:
            word = f"{self.labels['answer']}: {remark['disposition_word']}"
            by = escape(remark.get("answered_by", ""))
            made.append(tag("p", f"{tag('b', escape(word))} {by}", class_="state"))
            made.append(_lines(remark["answer"]) if remark["answer"] else "")
        elif remark.get("awaited", True):
            made.append(tag("p", escape(self.labels["unanswered"]), class_="state"))
        at = f"remark-{remark['id']}" if "id" in remark else None
        return tag("article", "\n".join(filter(None, made)), id=at)

    def appendix(self, appendix: dict) -> str:
        made = [self.heading(2, appendix["title"])]
        made += [tag("p", escape(sentence)) for sentence in appendix["note"]]
        for part in appendix["parts"]:
            if part["title"]:
                made.append(tag("h3", escape(part["title"])))
            made.append(self.text.section(part["nodes"], part["title"] or appendix["title"]))
        return tag("section", "\n".join(made), class_="component")

    def changes(self) -> str:
        given = self.document.get("changes")
        if not given:
            return ""
        made = [
            self.heading(2, self.labels["changes"]),
            *(tag("p", escape(sentence)) for sentence in given["note"]),
            self.text.table(about.changes(self.document)),
        ]
        return tag("section", "\n".join(made), class_="component")

    def provenance(self) -> str:
        title = self.heading(2, self.labels["provenance"])
        table = self.text.table(about.provenance(self.document))
        return tag("section", title + table, class_="component")

    def heading(self, level: int, words: str) -> str:
        """A heading that the contents lead to."""
        at = f"part-{len(self.entries) + 1}"
        self.entries.append((level, words, at))
        return tag(f"h{level}", escape(words), id=at)


def _nested(entries: list[tuple[int, str, str]]) -> str:
    """The contents as lists in lists, by the levels of the headings."""
    made, depth = "", 1
    for level, words, at in entries:
        if level > depth:
            made += "<ol><li>" * (level - depth)
        else:
            made += "</li></ol>" * (depth - level) + "</li><li>"
        depth = level
        made += tag("a", escape(words), href=f"#{at}")
    return made + "</li></ol>" * (depth - 1)


def _lines(words: str, lang: str | None = None) -> str:
    """A paragraph that keeps its lines."""
    return tag("p", tag("br").join(escape(line) for line in words.split("\n")), lang=lang)


def _other(language: str, than: str) -> str | None:
    return language if language != than else None
