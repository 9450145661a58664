"""The child process: the only place that runs the PDF engine. Started as `python -I engine.py FOLDER`, never imported.

It limits itself before it reads a byte: memory, processor time, file size, no core dump, no network where the system
can take it away, and death together with its parent. It sees the job's own folder and the font files, nothing else.
Says where it is as one JSON object a line on stdout; leaves `out.pdf` and `result.json` in the folder.
"""

import contextlib
import ctypes
import json
import mmap
import os
import resource
import select
import signal
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

BOTH = ["ua-1", "a-2a"]
SERIF = ["Source Serif 4", "Libertinus Serif"]
SANS = ["Source Sans 3", "Libertinus Serif"]
MONO = ["DejaVu Sans Mono"]
FURTHER = [
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Math",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Noto Emoji",
    "New Computer Modern",
]
COLOUR = "#0b5d5b"
WAITS_FOR_THE_FIRST_S = 60

AMBIGUOUS = b"\r\nendstream\nendobj"

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

PROBE = """#set document(title: "probe", date: datetime(year: 2000, month: 1, day: 1))
#set text(lang: "en", font: json(bytes(sys.inputs.look)).families)
#for glyph in json("probe.json") [#par(glyph)]
"""


def main(folder: Path) -> None:
    asked = json.loads((folder / "job.json").read_text("utf-8"))
    confine(asked)
    import typst  # after the limits, so that they hold for everything the engine does

    compiler = None
    while told := next_document(asked["stay_s"] if compiler else WAITS_FOR_THE_FIRST_S):
        allow(asked["timeout_s"])
        compiler = compiler or Engine(typst, folder, asked["fonts"])
        make(compiler, folder, asked["template"], told)
        signal.alarm(0)
        if not asked["stay_s"]:
            return


def next_document(wait_s: float) -> dict:
    """What a line on stdin says of the document that lies in the folder now (its `date`, the city's `colour`, the
    `glyphs` in it that a font may lack); nothing when nobody comes, or nobody is left."""
    ready, _, _ = select.select([sys.stdin], [], [], wait_s)
    line = sys.stdin.buffer.readline() if ready else b""
    return json.loads(line) if line else {}


def make(compiler: "Engine", folder: Path, template: str, told: dict) -> None:
    """The document is read here only if a character in it has to be spelled out: it may be large."""
    say("glyphs", 20)
    missing = compiler.missing_glyphs(set(told["glyphs"]))
    if missing:
        data = folder / "document.json"
        table = {ord(glyph): spelled(glyph) for glyph in missing}
        document = replaced(json.loads(data.read_text("utf-8")), table)
        data.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    say("pages", 25)
    standards, refusal = compiler.compile(template, told["date"], told["colour"])
    unambiguous(folder / "out.pdf")
    result = {"standards": standards, "missing": sorted(missing), "refusal": refusal}
    (folder / "result.json").write_text(json.dumps(result), "utf-8")
    say("written", 95)


def say(step: str, percent: int) -> None:
    print(json.dumps({"step": step, "percent": percent}), flush=True)


def confine(asked: dict) -> None:
    """Give up what typesetting does not need. The limits always hold; the rest as far as the system offers it."""
    for limit, most in (
        (resource.RLIMIT_AS, asked["memory_mb"] * 2**20),
        (resource.RLIMIT_FSIZE, 512 * 2**20),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    if os.getppid() != asked["parent"]:
        sys.exit("the parent is gone")


def allow(seconds: float) -> None:
    """The time that one document may take, by the clock and of all processors."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(used.ru_utime + used.ru_stime + seconds * (os.cpu_count() or 1)) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (processor, hard))
    signal.alarm(int(seconds) + 5)


class Engine:
    """typst with our fonts and nothing of the machine's, reading below the job's folder only."""

    def __init__(self, typst, folder: Path, fonts: str | None) -> None:
        self.typst = typst
        self.folder = folder
        self.fonts = typst.Fonts(include_system_fonts=False, font_paths=[fonts] if fonts else [])
        there = set(self.fonts.families())
        further = [family for family in FURTHER if family in there]
        self.families = {
            kind: [family for family in wanted if family in there] + further
            for kind, wanted in (("serif", SERIF), ("sans", SANS), ("mono", MONO))
        }

    def run(
        self, name: str, families, standards: list[str], timestamp: datetime, colour: str = COLOUR
    ) -> None:
        """Straight into a file: a large document is not held in memory once more.

        The template is told of the look by one input: several would come in another order each time, and what was laid
        out under one order is not found under another.
        """
        self.typst.compile(
            str(self.folder / name),
            output=str(self.folder / "out.pdf"),
            root=str(self.folder),
            font_paths=self.fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"look": json.dumps({"families": families, "colour": colour})},
            pdf_standards=standards,
            timestamp=timestamp,
            package_path=str(self.folder / "none"),
            package_cache_path=str(self.folder / "none"),
        )

    def missing_glyphs(self, wanted: set[str]) -> set[str]:
        """Those of the characters that no font can show: the engine itself is asked, in one tiny document."""
        missing: set[str] = set()
        (self.folder / "probe.typ").write_text(PROBE, "utf-8")
        while wanted - missing:
            (self.folder / "probe.json").write_text(json.dumps(sorted(wanted - missing)), "utf-8")
            try:
                self.run(
                    "probe.typ", self.families["serif"], BOTH, datetime(2000, 1, 1, tzinfo=UTC)
                )
            except self.typst.TypstError as error:
                found = {glyph for glyph in wanted - missing if named_in(glyph, error.diagnostic)}
                if not found:
                    return missing
                missing |= found
            else:
                return missing
        return missing

    def compile(self, template: str, date: str, colour: str) -> tuple[list[str], str]:
        """Writes the PDF; returns the standards it keeps, and the engine's words if it refused to promise them all."""
        moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
        families = self.families
        refusal = ""
        for standards in (BOTH, ["ua-1"], []):
            try:
                self.run(template, families, standards, moment, colour or COLOUR)
            except self.typst.TypstError as error:
                refusal = refusal or error.diagnostic
            else:
                return standards, refusal
        sys.exit(refusal)


def unambiguous(file: Path) -> None:
    """The engine ends every stream with LF. After data that ends with CR the two read as one line end, and strict
    readers find the stream a byte shorter than it says; a CR there means the same to everybody."""
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as content:
        at = content.find(AMBIGUOUS)
        while at >= 0:
            content[at + 1 : at + 2] = b"\r"
            at = content.find(AMBIGUOUS, at + 1)


def named_in(glyph: str, diagnostic: str) -> bool:
    """Whether the engine's complaint names the character, printed or escaped, as text or as codepoint."""
    return f'`"{glyph}"`' in diagnostic or f'`"\\u{{{ord(glyph):x}}}"`' in diagnostic


def spelled(glyph: str) -> str:
    """What stands in for a character that cannot be shown: a sign's name, readable aloud, else its code."""
    if unicodedata.category(glyph)[0] in "SP":
        return f"[{unicodedata.name(glyph, '').lower() or 'sign'}]"
    return f"[U+{ord(glyph):04X}]"


def replaced(value, table: dict[int, str]):
    """The document with characters replaced by what the table gives for them."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: replaced(inner, table) for key, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, table) for inner in value]
    return value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
