"""The engine runs in a process of its own that has limits and that nobody outlives or has to clean up after."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.typesetting.sample import contract, with_text
from workflow.typesetting import TypesettingFailed, child, typeset

TOP = Path(__file__).parents[2]
LONG = "\n\n".join(f"Paragraph {n} " + "with words that go on and on " * 40 for n in range(1500))


@pytest.fixture(autouse=True)
def _nobody_stayed():
    """An engine that stays for the next document may be left by a test before."""
    child.end_kept()


def children_of(parent: int) -> set[int]:
    """The engines that a process has started, the living ones."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name, _, rest = (folder / "stat").read_text().rpartition(")")
                command = (folder / "cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            state, owner = rest.split()[:2]
            if int(owner) == parent and state != "Z" and "typesetting/engine.py" in command:
                found.add(int(folder.name))
    return found


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("concord-pdf-*"))


@pytest.fixture(autouse=True)
def _own_temp(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_document_that_takes_too_long_is_stopped_and_leaves_nothing_behind():
    with pytest.raises(TypesettingFailed, match="longer than 1 seconds") as failed:
        typeset(with_text(LONG), timeout_s=1)
    assert failed.value.kind == "time"
    assert children_of(os.getpid()) == set()
    assert folders() == set()


def test_a_document_that_needs_too_much_memory_is_stopped():
    with pytest.raises(TypesettingFailed, match="more than 110 MB") as failed:
        typeset(with_text(LONG), memory_mb=110)
    assert failed.value.kind == "memory"
    assert children_of(os.getpid()) == set()


def test_who_watches_the_progress_may_end_it():
    class Cancelled(Exception):
        pass

    def cancel(step: str, percent: int) -> None:
        if step == "pages":
            raise Cancelled

    with pytest.raises(Cancelled):
        typeset(with_text(LONG), on_step=cancel)
    assert children_of(os.getpid()) == set()
    assert folders() == set()


def test_progress_is_told_at_least_every_second():
    told: list[float] = []
    typeset(with_text(LONG[: len(LONG) // 3]), on_step=lambda *_: told.append(time.monotonic()))
    assert max(after - before for before, after in zip(told, told[1:], strict=False)) < 2


def test_a_killed_worker_takes_its_engine_along(tmp_path):
    program = (
        "from tests.typesetting.test_child_process import LONG, with_text, typeset\n"
        "typeset(with_text(LONG), on_step=lambda step, percent: print(step, flush=True))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=TOP,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        while worker.stdout.readline().strip() != "pages":
            assert worker.poll() is None
        engines = children_of(worker.pid)
        assert engines
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    gone_by = time.monotonic() + 5
    while alive := {pid for pid in engines if Path(f"/proc/{pid}/cmdline").exists()}:
        assert time.monotonic() < gone_by, f"still running: {alive}"
        time.sleep(0.05)


def test_what_a_killed_worker_left_is_removed_by_the_next_one(tmp_path):
    left, at_work = tmp_path / "concord-pdf-left", tmp_path / "concord-pdf-at-work"
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "document.json").write_text("{}")
    os.utime(left, (0, 0))
    typeset(contract())
    assert folders() == {at_work}


def test_the_engine_sees_only_its_own_folder(monkeypatch, tmp_path):
    import workflow.typesetting as door

    for name in ("style.typ", "nodes.typ", "annex.typ", "title.typ"):
        (tmp_path / name).write_bytes((door.TEMPLATES / name).read_bytes())
    (tmp_path / "contract.typ").write_text('#read("/etc/passwd")')
    monkeypatch.setattr(door, "TEMPLATES", tmp_path)
    with pytest.raises(TypesettingFailed) as failed:
        typeset(contract())
    assert failed.value.kind == "engine"
    assert "not found" in failed.value.engine


def test_packages_from_the_network_are_refused(monkeypatch, tmp_path):
    import workflow.typesetting as door

    (tmp_path / "contract.typ").write_text('#import "@preview/cetz:0.3.0": *')
    monkeypatch.setattr(door, "TEMPLATES", tmp_path)
    with pytest.raises(TypesettingFailed) as failed:
        typeset(contract())
    assert failed.value.kind == "engine"


def test_a_template_that_cannot_keep_the_standards_still_gives_a_document_with_a_warning(
    monkeypatch, tmp_path
):
    import workflow.typesetting as door

    (tmp_path / "contract.typ").write_text(
        '#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))\n= One\n=== Three'
    )
    monkeypatch.setattr(door, "TEMPLATES", tmp_path)
    made = typeset(contract())
    assert made.standards == ()
    assert [w.kind for w in made.warnings] == ["standards"]
    assert "skipped" in made.warnings[0].details[0]


def test_the_parent_stays_small():
    program = (
        "import resource\n"
        "from tests.typesetting.test_child_process import contract, typeset\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for _ in range(2): typeset(contract())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    grown = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert int(grown.stdout) < 30_000
