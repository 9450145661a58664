"""The only door to the PDF engine. `typeset(document)` runs it in a process of its own and returns the file.

What people typed travels as JSON data beside a template of ours and is never read as engine code. The child has a
folder, a memory and a time of its own (see `child.py`).
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import cards, child, pictures, stamp, texts
from .document import LABELS, Document
from .failures import TypesettingFailed
from .letter import Letter
from .preflight import Preflight, Warning

__all__ = [
    "LABELS",
    "Document",
    "Letter",
    "Pdf",
    "TypesettingFailed",
    "Warning",
    "pictures",
    "typeset",
]

TOP = Path(__file__).resolve().parents[2]
TEMPLATES = TOP / "templates" / "pdf"
FONTS = TOP / "workflow" / "static" / "build" / "fonts-pdf"

TEMPLATE_VERSION = "10"
"""Part of every manifest: raise it when the look changes, and contracts are compiled anew."""

PAGES = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Pdf:
    bytes: bytes
    pages: int
    standards: tuple[str, ...]
    warnings: tuple[Warning, ...]


NO_FILES: Mapping[str, Path] = {}


def _letter(preflight: Preflight, given: Letter) -> tuple[dict, frozenset[str]]:
    ready = preflight.letter(given)
    return ready, texts.glyphs(json.dumps(ready, ensure_ascii=False))


PREPARED = {"contract": texts.ready, "letter": _letter}
"""The templates, and what makes a document ready for each, with the characters that a font may lack."""


def typeset(
    document: Document | Letter,
    *,
    template: str = "contract",
    on_step: Callable[[str, int], None] = lambda step, percent: None,
    timeout_s: float = 180,
    memory_mb: int = 2048,
    fonts: Path | None = FONTS,
    serves: str = "",
    stay_s: float = 0,
    files: Mapping[str, Path] = NO_FILES,
) -> Pdf:
    """Compile the document with one of our templates. The same document, fonts and engine give the same bytes.
    `files` are the pictures that it shows, by their hash.

    `on_step` is told the step (preflight, glyphs, pages, written) and percent at least every second, so it may serve as
    a heartbeat; what it raises ends the child and comes out here. With `stay_s` the child waits so long for the next
    document that `serves` the same readers. Raises TypesettingFailed.
    """
    on_step("preflight", 5)
    preflight = Preflight()
    ready, glyphs = PREPARED[template](preflight, document)
    job = {
        "template": f"{template}.typ",
        "timeout_s": timeout_s,
        "memory_mb": memory_mb,
        "fonts": str(fonts) if fonts and fonts.is_dir() else None,
    }
    served = json.dumps([serves, job, TEMPLATE_VERSION])

    def make() -> tuple[bytes, dict]:
        with child.at_work(served, stay_s=stay_s, memory_mb=memory_mb, job=job) as engine:
            return _made(engine, ready, glyphs, files, on_step, timeout_s)

    try:
        pdf, result = make()
    except TypesettingFailed as failed:
        if not failed.worn or failed.kind == "time":
            raise
        pdf, result = make()
    warnings = preflight.warnings(
        missing_glyphs=tuple(result["missing"]),
        standards=tuple(result["refusal"].strip().splitlines()[:1]),
    )
    return Pdf(pdf, pages_of(pdf), tuple(result["standards"]), warnings)


def _made(
    engine: child.Child,
    ready: dict,
    glyphs: frozenset[str],
    files: Mapping[str, Path],
    on_step: Callable[[str, int], None],
    timeout_s: float,
) -> tuple[bytes, dict]:
    """The file and what is to be said of it; its words do not stay in the folder of the engine, nor does the file."""
    for file in TEMPLATES.glob("*.typ"):
        shutil.copyfile(file, engine.folder / file.name)
    engine.laid.bring(ready, files)
    stamp.lay(engine.folder)
    (engine.folder / "document.json").write_text(json.dumps(ready, ensure_ascii=False), "utf-8")
    told = {
        "date": ready["date"],
        "colour": ready.get("colour", ""),
        "glyphs": "".join(sorted(glyphs)),
    }
    child.follow(engine, on_step, told=told, timeout_s=timeout_s)
    result = json.loads((engine.folder / "result.json").read_text("utf-8"))
    pdf = (engine.folder / "out.pdf").read_bytes()
    pdf = cards.completed(pdf, engine.laid.cards | stamp.on(pdf, ready["manifest"]))
    for name in ("document.json", "result.json", "out.pdf"):
        (engine.folder / name).unlink()
    return pdf, result


def pages_of(pdf: bytes) -> int:
    """The engine begins with the list of all pages, in the clear."""
    return int(PAGES.search(pdf)[1])
