"""The only place that starts the engine's process, follows what it says, and sees to it that nothing of it is left.

A child may stay for a while after its document: what it has laid out once, it need not lay out again, so that a change
of one section costs a fraction. It serves one contract for the same eyes in one language (`serves`), a few times, and
ends by itself when nobody comes back; a child that fails, or whose document is given up, ends at once.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .failures import TypesettingFailed, failure
from .pictures import Laid

ENGINE = Path(__file__).with_name("engine.py")
TICK_S = 0.5
FOLDER = "concord-pdf-"
LEFT_AFTER_S = 3600
FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(2**20)}
"""Large pieces of memory are asked for one by one, so that none is kept that the engine gave back."""

MOST_DOCUMENTS = 12
OLDEST_S = 1800
"""A child that stays is replaced after so many documents, or when it is so old."""


@dataclass(slots=True)
class Child:
    """A process with a folder of its own. It may use half of its memory before it is replaced. The pictures that its
    last document showed stay `laid` until it ends, or until a document comes that does not show them."""

    folder: Path
    process: subprocess.Popen
    serves: str
    memory_mb: int
    laid: Laid
    born: float = field(default_factory=time.monotonic)
    documents: int = 0

    @property
    def usable(self) -> bool:
        """Whether it lives and has strength for one more document."""
        return (
            self.process.poll() is None
            and self.documents < MOST_DOCUMENTS
            and time.monotonic() - self.born < OLDEST_S
            and self.memory() < self.memory_mb / 2
        )

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def memory(self) -> float:
        """Resident megabytes; none where the system does not say."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


class _Kept:
    """The child that stays, one per process of ours, and who may have it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: Child | None = None


KEPT = _Kept()


@contextlib.contextmanager
def at_work(serves: str, *, stay_s: float, memory_mb: int, job: dict) -> Iterator[Child]:
    """A child for one document: the one that stayed if it serves the same, else a new one.

    With `stay_s` 0 it ends with the document. What is raised within ends it as well.
    """
    remove_leftovers()
    mine = stay_s > 0 and KEPT.lock.acquire(blocking=False)
    try:
        child = _kept(serves) if mine else None
        child = child or _born(serves, memory_mb, job | {"stay_s": stay_s if mine else 0})
        try:
            yield child
        except BaseException as fault:
            if isinstance(fault, TypesettingFailed):
                fault.worn = child.documents > 0
            child.end()
            raise
        child.documents += 1
        if mine:
            KEPT.child = child
        else:
            child.end()
    finally:
        if mine:
            KEPT.lock.release()


def follow(
    child: Child, on_step: Callable[[str, int], None], *, told: dict, timeout_s: float
) -> None:
    """Let the child make the document that lies in its folder, and tell how far it is. It is `told` what it should know
    without reading that.

    Raises TypesettingFailed.
    """
    (child.folder / "complaints.txt").write_bytes(b"")
    started = time.monotonic()
    step, percent = "preflight", 10
    with contextlib.suppress(BrokenPipeError):
        child.process.stdin.write(json.dumps(told).encode() + b"\n")
    with selectors.DefaultSelector() as ears:
        ears.register(child.process.stdout, selectors.EVENT_READ)
        while step != "written":
            if ears.select(TICK_S):
                line = child.process.stdout.readline()
                if not line:
                    raise _died(child, timeout_s)
                said = json.loads(line)
                step, percent = said["step"], said["percent"]
            elif step == "pages":
                percent += max((90 - percent) // 12, 0)
            on_step(step, percent)
            if time.monotonic() - started > timeout_s:
                raise TypesettingFailed("time", limit=timeout_s)


def end_kept() -> None:
    """End the child that stays, if one does."""
    with KEPT.lock:
        if KEPT.child:
            KEPT.child.end()
            KEPT.child = None


def remove_leftovers() -> None:
    """Folders of workers that were killed before they could tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > LEFT_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)


def _kept(serves: str) -> Child | None:
    """The child that stayed, if it is of use for this; else its end."""
    child, KEPT.child = KEPT.child, None
    if child and child.serves == serves and child.usable:
        return child
    if child:
        child.end()
    return None


def _born(serves: str, memory_mb: int, job: dict) -> Child:
    folder = Path(tempfile.mkdtemp(prefix=FOLDER))
    (folder / "job.json").write_text(json.dumps(job | {"parent": os.getpid()}), "utf-8")
    with (folder / "complaints.txt").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-I", str(ENGINE), str(folder)],
            cwd=folder,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", **FRUGAL},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            stderr=stderr,
            start_new_session=True,
        )
    return Child(folder, process, serves, memory_mb, Laid(folder))


def _died(child: Child, timeout_s: float) -> TypesettingFailed:
    try:
        code = child.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return TypesettingFailed("time", limit=timeout_s)
    words = (child.folder / "complaints.txt").read_text("utf-8", "replace")
    return failure(code, words, timeout_s=timeout_s, memory_mb=child.memory_mb)
