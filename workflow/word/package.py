"""The only place that knows the file around the text: its page, styles, lists, notes, properties, and its bytes."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from datetime import UTC, datetime

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from .elements import element, field, paragraph, run, tag_of

SERIF, SANS = "Georgia", "Calibri"
INK, QUIET, ACCENT = (RGBColor.from_string(hue) for hue in ("1C2226", "566068", "0B5D5B"))
BULLETS, NUMBERS = 90, 91
"""Ids of the two kinds of lists among the numberings of the file."""

HEADINGS = {
    1: (24, INK),
    2: (16, ACCENT),
    3: (13, INK),
    4: (11, INK),
    5: (10, QUIET),
    6: (10, QUIET),
}
OWN = {
    "Small": (SANS, 8.5, QUIET, False),
    "Source": (SANS, 8, QUIET, False),
    "Table Text": (SANS, 9, INK, False),
    "Code": ("Consolas", 9, INK, False),
    "Eyebrow": (SANS, 9, ACCENT, True),
    "Footnote Text": (SERIF, 8.5, INK, False),
    "Contents": (SANS, 10, INK, False),
}
EARLIEST = (1980, 1, 1, 0, 0, 0)


class Package:
    """An empty A4 file in the look of the contract. `body` takes what is written, `colour` is the city's own."""

    def __init__(self, language: str, colour: str | None = None) -> None:
        self.accent = RGBColor.from_string(colour.removeprefix("#")) if colour else ACCENT
        self.file = docx.Document()
        self.part = self.file.part
        self.body = self.file.element.body
        self.notes = _notes(self.part)
        self._page()
        self._styles(language)
        self._lists()

    def append(self, made) -> None:
        """One more block, before the properties of the page."""
        self.body.insert(len(self.body) - 1, made)

    def turned(self, blocks: list) -> list:
        """The blocks on pages that lie on their side; the last of them is a paragraph. What comes before and behind
        stands on pages as usual."""
        last = blocks[-1].find(qn("w:pPr"))
        last.append(self._side(lying=True))
        before = paragraph("Small", properties=[self._side(lying=False)])
        return [before, *blocks]

    def _side(self, *, lying: bool):
        """The properties of a page, as they stand at the end of what is on it."""
        made = deepcopy(self.file.sections[-1]._sectPr)
        if lying:
            made.page_width, made.page_height = made.page_height, made.page_width
            made.orientation = WD_ORIENT.LANDSCAPE
        return made

    def numbering(self, kind: int, start: int | None = None) -> int:
        """A list of its own, so that it counts from its own start; returns its id."""
        lists = self.part.numbering_part.element
        number = max((int(one.get(qn("w:numId"))) for one in lists.findall(qn("w:num"))), default=0)
        made = element("w:num", {"numId": number + 1}, element("w:abstractNumId", {"val": kind}))
        if start is not None:
            for level in range(9):
                first = element("w:startOverride", {"val": start if level == 0 else 1})
                made.append(element("w:lvlOverride", {"ilvl": level}, first))
        lists.append(made)
        return number + 1

    def frame(self, head: str, foot: str, page_of: str) -> None:
        """What stands above and below every page but the first."""
        section = self.file.sections[0]
        section.different_first_page_header_footer = True
        section.header.paragraphs[0].text = head
        below = section.footer.paragraphs[0]
        below.text = f"{foot}\t\t"
        before, _page, rest = page_of.partition("{page}")
        between, _pages, after = rest.partition("{pages}")
        for piece in (before, "PAGE", between, "NUMPAGES", after):
            several = field(piece, "1") if piece in ("PAGE", "NUMPAGES") else [run(piece)]
            below._p.extend(several)

    def lined(self, every: int) -> None:
        """Number the lines in the margin, anew on each page."""
        behind = ("w:pgNumType", "w:cols", "w:titlePg", "w:docGrid")
        for section in self.file.sections:
            counted = element("w:lnNumType", {"countBy": every, "restart": "newPage"})
            section._sectPr.insert_element_before(counted, *behind)

    def describe(self, *, title: str, author: str, subject: str, language: str, day: str) -> None:
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC).replace(tzinfo=None)
        about = self.file.core_properties
        about.title, about.author, about.subject = title[:255], author[:255], subject[:255]
        about.language, about.last_modified_by = tag_of(language), author[:255]
        about.comments = about.keywords = ""
        about.created = about.modified = moment

    def bytes(self) -> bytes:
        """The file; the same text makes the same bytes."""
        made = io.BytesIO()
        self.file.save(made)
        settled = io.BytesIO()
        with zipfile.ZipFile(made) as given, zipfile.ZipFile(settled, "w") as kept:
            for one in given.infolist():
                entry = zipfile.ZipInfo(one.filename, EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(entry, given.read(one))
        return settled.getvalue()

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(29)
        section.top_margin = section.bottom_margin = Mm(27)

    def _styles(self, language: str) -> None:
        styles = self.file.styles
        normal = styles["Normal"]
        _set(normal, SERIF, 10.5, INK)
        normal.paragraph_format.space_after = Pt(7)
        normal.paragraph_format.line_spacing = 1.25
        for tag in styles.element.iter(qn("w:lang")):
            tag.set(qn("w:val"), tag_of(language))
        for level, (size, colour) in HEADINGS.items():
            style = styles[f"Heading {level}"]
            _set(style, SANS if level > 3 else SERIF, size, self._own(colour))
            style.font.bold = level > 1
            style.font.italic = level == 6
            style.paragraph_format.space_before = Pt(20 if level < 3 else 12)
            style.paragraph_format.space_after = Pt(8 if level < 3 else 4)
            style.paragraph_format.keep_with_next = True
        styles["Heading 1"].paragraph_format.page_break_before = True
        _set(styles["Title"], SERIF, 34, INK)
        for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
        _set(styles["Subtitle"], SERIF, 16, QUIET)
        styles["Subtitle"].font.italic = False
        _set(styles["Caption"], SANS, 9, self.accent)
        styles["Caption"].paragraph_format.keep_with_next = True
        for name, (font, size, colour, bold) in OWN.items():
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            _set(style, font, size, self._own(colour))
            style.font.bold = bold
            style.paragraph_format.space_after = Pt(2 if name in TIGHT else 6)
            style.paragraph_format.line_spacing = 1.1
            style.paragraph_format.keep_with_next = name in LEADING
        mark = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        hyperlink = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        hyperlink.font.color.rgb, hyperlink.font.underline = self.accent, True

    def _own(self, colour: RGBColor) -> RGBColor:
        """The colour of a style, the city's own where the usual accent stands."""
        return self.accent if colour is ACCENT else colour

    def _lists(self) -> None:
        lists = self.part.numbering_part.element
        for kind, shape in ((BULLETS, "bullet"), (NUMBERS, "decimal")):
            levels = [
                element(
                    "w:lvl",
                    {"ilvl": level},
                    element("w:start", {"val": 1}),
                    element("w:numFmt", {"val": shape}),
                    element("w:lvlText", {"val": "•" if kind == BULLETS else f"%{level + 1}."}),
                    element("w:lvlJc", {"val": "left"}),
                    element(
                        "w:pPr", None, element("w:ind", {"left": 360 * (level + 1), "hanging": 360})
                    ),
                )
                for level in range(9)
            ]
            made = element("w:abstractNum", {"abstractNumId": kind}, *levels)
            made.insert(0, element("w:multiLevelType", {"val": "multilevel"}))
            lists.insert(0, made)


TIGHT = frozenset({"Table Text", "Contents"})
LEADING = frozenset({"Small", "Eyebrow"})


def _set(style, font: str, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), font)


def _notes(part) -> XmlPart:
    """The part with the footnotes, which the library does not know: it begins with the two lines above them."""
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}>{lines}</w:footnotes>")
    notes = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, part.package)
    part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    return notes
