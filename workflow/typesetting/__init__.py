"""The only door to the PDF engine. `typeset(document)` runs it in a process of its own and returns the file.

What people typed travels as JSON data beside a template of ours and is never read as engine code. The child has a
folder, a memory and a time of its own; it is gone when this function returns, however it returns.
"""

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .document import LABELS, Document
from .letter import Letter
from .preflight import Preflight

__all__ = ["LABELS", "Document", "Letter", "Pdf", "TypesettingFailed", "Warning", "typeset"]

TOP = Path(__file__).resolve().parents[2]
TEMPLATES = TOP / "templates" / "pdf"
FONTS = TOP / "workflow" / "static" / "build" / "fonts-pdf"
ENGINE = Path(__file__).with_name("engine.py")

TEMPLATE_VERSION = "3"
"""Part of every manifest: raise it when the look changes, and contracts are compiled anew."""

TICK_S = 0.5
FOLDER = "concord-pdf-"
LEFT_AFTER_S = 3600
OUT_OF_MEMORY = (
    "memory allocation",
    "MemoryError",
    "failed to map segment",
    "Cannot allocate memory",
)
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(frozen=True, slots=True)
class Warning:
    """Something was printed otherwise than typed. Kinds: control_characters, missing_glyphs, heading_levels, links,
    images, standards; `details` name what."""

    kind: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pdf:
    bytes: bytes
    pages: int
    standards: tuple[str, ...]
    warnings: tuple[Warning, ...]


class TypesettingFailed(Exception):
    """No PDF came out. `kind` is time, memory, engine or crash; `reason` is for people, `engine` for the log."""

    REASONS = {
        "time": "The document took longer than {limit} seconds to typeset and was stopped.",
        "memory": "The document needed more than {limit} MB of memory to typeset and was stopped.",
        "engine": "The PDF engine refused the document.",
        "crash": "The PDF engine stopped without a word.",
    }

    def __init__(self, kind: str, *, limit: float = 0, engine: str = "") -> None:
        self.kind = kind
        self.reason = self.REASONS[kind].format(limit=round(limit))
        self.engine = engine
        super().__init__(self.reason)


PREPARED = {"contract": Preflight.document, "letter": Preflight.letter}
"""The templates, and what makes a document ready for each."""


def typeset(
    document: Document | Letter,
    *,
    template: str = "contract",
    on_step: Callable[[str, int], None] = lambda step, percent: None,
    timeout_s: float = 180,
    memory_mb: int = 2048,
    fonts: Path | None = FONTS,
) -> Pdf:
    """Compile the document with one of our templates. The same document, fonts and engine give the same bytes.

    `on_step` is told the step (preflight, glyphs, pages, written) and percent at least every second, so it may serve as
    a heartbeat; what it raises ends the child and comes out here. Raises TypesettingFailed.
    """
    on_step("preflight", 5)
    remove_leftovers()
    preflight = Preflight()
    ready = PREPARED[template](preflight, document)
    with tempfile.TemporaryDirectory(prefix=FOLDER) as made:
        folder = Path(made)
        for file in TEMPLATES.glob("*.typ"):
            shutil.copyfile(file, folder / file.name)
        write(folder / "document.json", ready)
        write(
            folder / "job.json",
            {
                "template": f"{template}.typ",
                "parent": os.getpid(),
                "timeout_s": timeout_s,
                "memory_mb": memory_mb,
                "fonts": str(fonts) if fonts and fonts.is_dir() else None,
            },
        )
        run(folder, on_step, timeout_s=timeout_s, memory_mb=memory_mb)
        result = json.loads((folder / "result.json").read_text("utf-8"))
        pdf = (folder / "out.pdf").read_bytes()
    return Pdf(pdf, pages_of(pdf), tuple(result["standards"]), warnings_of(preflight.notes, result))


def remove_leftovers() -> None:
    """Folders of workers that were killed before they could tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > LEFT_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)


def write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content), "utf-8")


def run(
    folder: Path, on_step: Callable[[str, int], None], *, timeout_s: float, memory_mb: int
) -> None:
    """Start the child, follow what it says, and leave nothing of it behind."""
    complaints = folder / "complaints.txt"
    with complaints.open("wb") as stderr:
        child = subprocess.Popen(
            [sys.executable, "-I", str(ENGINE), str(folder)],
            cwd=folder,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
    started = time.monotonic()
    step, percent = "preflight", 10
    try:
        with selectors.DefaultSelector() as ears:
            ears.register(child.stdout, selectors.EVENT_READ)
            while True:
                if ears.select(TICK_S):
                    line = child.stdout.readline()
                    if not line:
                        break
                    said = json.loads(line)
                    step, percent = said["step"], said["percent"]
                elif step == "pages":
                    percent += max((90 - percent) // 12, 0)
                on_step(step, percent)
                if time.monotonic() - started > timeout_s:
                    raise TypesettingFailed("time", limit=timeout_s)
        code = child.wait(timeout=max(timeout_s - (time.monotonic() - started), 1))
    except subprocess.TimeoutExpired as late:
        raise TypesettingFailed("time", limit=timeout_s) from late
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    if code:
        raise failure(
            code, complaints.read_text("utf-8", "replace"), timeout_s=timeout_s, memory_mb=memory_mb
        )


def failure(code: int, words: str, *, timeout_s: float, memory_mb: int) -> TypesettingFailed:
    """What the way the child died says about why."""
    if code in {-signal.SIGXCPU, -signal.SIGALRM}:
        return TypesettingFailed("time", limit=timeout_s, engine=words)
    if code == -signal.SIGKILL or any(sign in words for sign in OUT_OF_MEMORY):
        return TypesettingFailed("memory", limit=memory_mb, engine=words)
    return TypesettingFailed("engine" if words.strip() else "crash", engine=words)


def warnings_of(notes: dict[str, set[str]], result: dict) -> tuple[Warning, ...]:
    found = {kind: tuple(sorted(details)) for kind, details in notes.items()}
    if result["missing"]:
        found["missing_glyphs"] = tuple(result["missing"])
    if result["refusal"]:
        found["standards"] = (result["refusal"].strip().splitlines()[0],)
    return tuple(Warning(kind, details) for kind, details in sorted(found.items()))


def pages_of(pdf: bytes) -> int:
    """The engine writes every page as an object of its own, in the clear."""
    return sum(1 for _ in PAGE.finditer(pdf))
