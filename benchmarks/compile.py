"""What a PDF costs: `python -m benchmarks.compile [--rounds N] [--largest] [--weasyprint PYTHON]`.

Made-up contracts of the sizes that cities hand in: a quarter, half and all of the 90th percentile of the field (89,000
words, 324 tables, 115 images), and with `--largest` the largest known one (239,000 words, 1,378 tables with 14,000
rows, 266 images). The unit is processor seconds of everything that is needed: the nodes of the texts, the preflight,
the engine in its process. `--weasyprint` names an interpreter that has WeasyPrint; it sets the same texts and pictures
as PDF/UA-1, in turns with ours.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.drawings import Drawing, drawing
from benchmarks.prose import section as prose
from workflow.rules.text.pictures import ADDRESS, PATH
from workflow.rules.text.render import render
from workflow.services.manuscripts import parsed
from workflow.typesetting import Pdf, child, typeset
from workflow.typesetting.texts import joined, prepared

WORDS_OF_A_SECTION = 1_100
SETTER = """
import sys, weasyprint
weasyprint.HTML(sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/ua-1", pdf_tags=True)
"""
STYLE = """<style>@page { size: A4; margin: 30mm; @bottom-right { content: counter(page) } }
body { font: 10.5pt serif } table { border-collapse: collapse; width: 100% } td, th { border-top: .4pt solid }
h1 { break-before: page } img { max-width: 148mm }</style>"""


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    words: int
    tables: int
    rows: int
    images: int


QUARTER = Size("a quarter of it", 22_250, 81, 820, 29)
HALF = Size("half of it", 44_500, 162, 1_640, 58)
FIELD = Size("90th percentile of the field", 89_000, 324, 3_290, 115)
LARGEST = Size("the largest known", 239_000, 1_378, 14_000, 266)


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and what came out; `peak` is the most memory of any process so far, in MB."""

    seconds: float
    pages: int | None
    peak: float


def texts(size: Size) -> list[str]:
    """The sections as Markdown: prose with tables and pictures between its paragraphs, the same on every machine."""
    number = max(size.words // WORDS_OF_A_SECTION, 1)
    made, tables, rows = [], 0, 0
    for at in range(number):
        paragraphs = prose(size.words // number, seed=at).split("\n\n")
        due = size.tables * (at + 1) // number - tables
        for _ in range(due):
            tables += 1
            lines = size.rows * tables // size.tables - rows
            rows += lines
            paragraphs.insert(
                len(paragraphs) * tables % max(len(paragraphs), 1), table(tables, lines)
            )
        for picture in range(size.images * at // number, size.images * (at + 1) // number):
            paragraphs.insert(len(paragraphs) // 2, drawing(picture).markdown)
        made.append("\n\n".join(paragraphs) + "\n")
    return made


def table(number: int, rows: int) -> str:
    lines = [
        f"| Measure {number}.{at} of the plan | {at * 137:,} | {at * 9.5:,.1f} | {2025 + at % 6} |"
        for at in range(rows)
    ]
    head = ["| Measure | Tonnes | Million euros | Year |", "|---|---|---|---|"]
    return "\n".join([f"Table: Measures of group {number}", "", *head, *lines])


def shown(text: str) -> list[Drawing]:
    """The pictures of a text."""
    return [brought()[name] for name in ADDRESS.findall(text)]


@cache
def brought() -> dict[str, Drawing]:
    """The pictures by name, drawn once."""
    return {drawing(number).name: drawing(number) for number in range(LARGEST.images)}


def document(markdown: list[str]) -> dict:
    """The contract as the typesetter takes it, its texts parsed anew."""
    sections = [
        {
            "code": f"S-{at + 1}",
            "title": f"Section {at + 1}",
            "state": "approved",
            "state_word": "Approved",
            "revision": 1,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "nodes": parsed(text),
            "pictures": {one.name: one.listed for one in shown(text)},
        }
        for at, text in enumerate(markdown)
    ]
    modules = [
        {
            "code": f"M-{at + 1}",
            "title": f"Module {at + 1}",
            "sections": sections[at * 5 : at * 5 + 5],
        }
        for at in range(-(-len(sections) // 5))
    ]
    return {
        "city": "Benchmark",
        "title": "A made-up contract",
        "target_year": 2030,
        "iteration": "Iteration 1",
        "language": "en",
        "draft": True,
        "date": "2026-01-01",
        "manifest": hashlib.sha256("".join(markdown).encode()).hexdigest(),
        "disclaimer": ["Made up."],
        "components": [{"code": "AP", "title": "Action Plan", "modules": modules}],
    }


def ours(markdown: list[str]) -> Pdf:
    """By a new process, with nothing remembered of any text."""
    for remembered in (parsed, prepared, joined):
        remembered.cache_clear()
    return typeset(document(markdown), timeout_s=600, memory_mb=4096, files=files(markdown))


def files(markdown: list[str]) -> dict[str, Path]:
    return {one.sha256: one.path for text in markdown for one in shown(text)}


def staying(markdown: list[str]) -> Pdf:
    """By a process that stays for the next document, with the texts that were parsed and prepared before."""
    return typeset(
        document(markdown),
        timeout_s=600,
        memory_mb=4096,
        serves="it",
        stay_s=60,
        files=files(markdown),
    )


def weasyprint(markdown: list[str], python: str) -> bytes:
    """The same texts as HTML, set by the other engine in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder, "page.html"), Path(folder, "out.pdf")
        body = "\n".join(
            f"<h1>Section {at + 1}</h1>{render(text, prefix=f's{at}-').html}"
            for at, text in enumerate(markdown)
        )
        for text in markdown:
            for one in shown(text):
                body = body.replace(f"{PATH}{one.name}", one.path.as_uri())
        page.write_text(
            f'<!doctype html><html lang="en"><title>A made-up contract</title>{STYLE}{body}</html>'
        )
        subprocess.run([python, "-c", SETTER, str(page), str(made)], check=True, cwd=folder)
        return made.read_bytes()


def cost(work: Callable[[], Pdf | bytes]) -> Cost:
    before = spent()
    made = work()
    pages = made.pages if isinstance(made, Pdf) else None
    peak = max(resource.getrusage(who).ru_maxrss for who in WHO) / 1024
    return Cost(spent() - before, pages, peak)


WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def spent() -> float:
    """Processor seconds of this process, of those that it waited for, and of the one that stays."""
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + kept_spent()


def kept_spent() -> float:
    """Processor seconds of the process that stays."""
    return of_process(child.KEPT.child.process.pid) if child.KEPT.child else 0


def of_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show(label: str, costs: list[Cost], words: int) -> float:
    seconds = statistics.median(one.seconds for one in costs)
    print(
        f"{label:<44} {seconds:8.2f} s  {1000 * seconds / words * 1000:8.1f} ms per 1,000 words  "
        f"{costs[-1].pages or '?':>5} pages  {costs[-1].peak:6.0f} MB"
    )
    return seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--largest", action="store_true")
    options.add_argument("--weasyprint", metavar="PYTHON")
    asked = options.parse_args()
    brought()
    sizes = [QUARTER, HALF, FIELD, *([LARGEST] if asked.largest else [])]
    seconds = {}
    for size in sizes:
        markdown = texts(size)
        costs, others = [], []
        for _ in range(1 if size is LARGEST else asked.rounds):
            costs.append(cost(lambda markdown=markdown: ours(markdown)))
            if asked.weasyprint and size is FIELD:
                others.append(
                    cost(lambda markdown=markdown: weasyprint(markdown, asked.weasyprint))
                )
        seconds[size.name] = show(size.name, costs, size.words)
        if others:
            ratio = show("  the same by WeasyPrint", others, size.words) / seconds[size.name]
            print(f"  {ratio:.1f} times the processor time of ours")
    slope = seconds[FIELD.name] / seconds[QUARTER.name] / 4
    print(f"four times the contract costs {slope:.2f} of four times the time")
    changed(texts(FIELD), seconds[FIELD.name], asked.rounds)


def changed(markdown: list[str], full: float, rounds: int) -> None:
    """What a new PDF costs after one sentence of one section has changed, how much of that is the engine's, and what
    the engine takes for the same document once more, of which nothing is laid out anew."""
    markdown = [*markdown]
    staying(markdown)
    costs, of_engine, again, clock = [], [], [], []
    for at in range(rounds):
        markdown[len(markdown) // 2] += f"\nOne more sentence, number {at}.\n"
        began, before = time.monotonic(), kept_spent()
        costs.append(cost(lambda: staying(markdown)).seconds)
        clock.append(time.monotonic() - began)
        of_engine.append(kept_spent() - before)
        before = kept_spent()
        staying(markdown)
        again.append(kept_spent() - before)
    child.end_kept()
    seconds = statistics.median(costs)
    print(
        f"after a change of one section: {seconds:.2f} s, {seconds / full:.2f} of the full time, "
        f"{statistics.median(clock):.1f} s by the clock"
    )
    print(
        f"  of which the engine {statistics.median(of_engine):.2f} s; "
        f"it takes {statistics.median(again):.2f} s for the same document once more"
    )


if __name__ == "__main__":
    main()
