"""A small contract with everything that a real one has, and what reads the PDF that comes out of it."""

import hashlib
import io
import subprocess
from collections.abc import Iterator

import page
import pikepdf

from workflow.rules.text import nodes

HEAT = """District heat warms almost half of all homes.[^moste] It was "mostly coal" in 2018.

Table: Emission factors applied

| Energy source | CO2 (t/MWh) | Method |
|---|---|---|
| Electricity | 0.405 | city mix |
| District heat | 0.319 | city mix |
| Total | 0.724 | |

Source: the city's inventory

#### What follows

- Close the coal units
- Use **waste heat** first

[^moste]: From the plant in *Moste*.
"""

GAP = "The gap is 950,514 tonnes.\n\n" + "\n".join(
    ["| Year | Tonnes |", "|---|---|", *(f"| {1900 + n} | {n * 1371:,} |" for n in range(120))]
)
CHART = {
    "title": "Emissions by year",
    "unit": "t",
    "alt": "They fall.",
    "bars": [],
    "head": ["Year", "Tonnes"],
    "rows": [["2018", "9"]],
    "source": 'The "inventory"',
}


def section(code: str, title: str, markdown: str, **given) -> dict:
    return {
        "code": code,
        "title": title,
        "state": "consultation",
        "state_word": "Open for comments",
        "revision": 3,
        "sha256": hashlib.sha256(markdown.encode()).hexdigest(),
        "nodes": nodes.of(markdown),
    } | given


def remark(number: str, text: str, **given) -> dict:
    return {
        "number": number,
        "kind": "question",
        "kind_word": "Question",
        "author": "Luka Čeh",
        "organisation": "Društvo Zelena kotlina",
        "date": "4 March 2026",
        "quote": "the gap is 950,514 tonnes",
        "text": text,
        "disposition": "accepted",
        "disposition_word": "Accepted",
        "answer": "Before sinks; a sentence now says so.",
        "answered_by": "Maja Hribernik",
    } | given


def contract(**given) -> dict:
    gap = section("A-2", "The emissions gap", GAP, state="approved", state_word="Approved")
    return {
        "city": "Ljubljana",
        "title": "Climate City Contract",
        "target_year": 2030,
        "iteration": "Second iteration",
        "language": "en",
        "draft": True,
        "date": "2026-03-24",
        "date_words": "24 March 2026",
        "manifest": hashlib.sha256(b"manifest").hexdigest(),
        "target": "At least 80 % fewer emissions than in 2018.",
        "facts": [["Sections approved", "1 of 3"]],
        "disclaimer": ["The contents reflect the views of the authors."],
        "components": [
            {
                "code": "AP",
                "title": "Action Plan",
                "modules": [
                    {
                        "code": "A-1",
                        "title": "Emissions inventory",
                        "sections": [section("A-1-E", "Heat and power", HEAT), gap],
                        "not_applicable": [
                            {"title": "Activity by sector", "reason": "Part of A-1."}
                        ],
                    }
                ],
            },
            {
                "code": "IP",
                "title": "Investment Plan",
                "modules": [
                    {
                        "code": "B-1",
                        "title": "Cost scenarios",
                        "sections": [section("B-1-E", "Costs", "", revision=None, sha256="")],
                    }
                ],
            },
        ],
        "annex": {
            "counts": [{"word": "Accepted", "count": 1}, {"word": "Not yet answered", "count": 1}],
            "sections": [
                {
                    "code": "A-2",
                    "title": "The emissions gap",
                    "remarks": [
                        remark("1", "Before or after sinks?"),
                        remark(
                            "2",
                            "Prosimo, dodajte podatek.",
                            language="sl",
                            quote="",
                            disposition="",
                            disposition_word="",
                            answer="",
                            answered_by="",
                            replies=[
                                {
                                    "author": "Ana",
                                    "organisation": "",
                                    "date": "5 March 2026",
                                    "text": "I second this.",
                                }
                            ],
                        ),
                    ],
                }
            ],
        },
    } | given


def with_text(markdown: str, **given) -> dict:
    """The sample contract, its first section saying this."""
    made = contract(**given)
    made["components"][0]["modules"][0]["sections"][0]["nodes"] = nodes.of(markdown)
    return made


def text_of(pdf: bytes, *options: str) -> str:
    """What a person copies out of the PDF, in reading order."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def words_of(pdf: bytes) -> str:
    """The text without line ends and without the invisible places where a word may break."""
    return " ".join(text_of(pdf).replace("\u200b", "").split())


def open_pdf(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(
    pdf: pikepdf.Pdf, top: pikepdf.Dictionary | None = None
) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree, or of what is below `top`, in reading order."""
    waiting = [pdf.Root.StructTreeRoot if top is None else top]
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in reversed(kids) if isinstance(kid, pikepdf.Dictionary)]


def target_of(pdf: pikepdf.Pdf, link: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """The page that a link within the document leads to, by place or by name."""
    place = link.A.D if "/A" in link else link.Dest
    if isinstance(place, pikepdf.String):
        place = pikepdf.NameTree(pdf.Root.Names.Dests)[str(place)]
    return place[0]


def faults(pdf: bytes) -> list:
    """What an independent validator finds against PDF/UA-1 and PDF/A-2a."""
    profiles = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in profiles]
    return [failure for report in reports for failure in report.failures]
