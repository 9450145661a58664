"""A process that stays for the next document of the same contract: quicker, never confused, never left behind."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from tests.typesetting.sample import contract, text_of, with_text
from tests.typesetting.test_child_process import LONG, TOP, children_of, folders
from workflow.typesetting import TypesettingFailed, child, typeset


@pytest.fixture(autouse=True)
def _own_temp(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    child.end_kept()
    yield
    child.end_kept()


def stays(document: dict, serves: str = "1 public", **what):
    return typeset(document, serves=serves, stay_s=60, **what)


def test_the_next_document_is_made_by_the_same_process_and_is_the_same_as_from_a_new_one():
    stays(with_text("The first text."))
    [before] = children_of(os.getpid())
    second = stays(with_text("The second text."))
    assert children_of(os.getpid()) == {before}
    assert "The second text." in text_of(second.bytes)
    assert "The first text." not in text_of(second.bytes)
    assert second == typeset(with_text("The second text."))


def test_what_was_laid_out_once_is_found_again_and_takes_no_room_a_second_time():
    table = "| Measure | Tonnes |\n|---|---|\n" + "| A measure of the plan | 1,234 |\n" * 400
    document = with_text("\n\n".join([table, "A paragraph of the plan. " * 200] * 4))
    for _time in range(2):
        stays(document)
    before = child.KEPT.child.memory()
    for _time in range(5):
        stays(document)
    assert child.KEPT.child.memory() < 1.2 * before


def test_nothing_of_a_document_lies_about_until_the_next():
    stays(with_text("A text."))
    [folder] = folders()
    assert not list(folder.glob("*.pdf"))
    assert not (folder / "document.json").exists()
    assert folder.stat().st_mode & 0o077 == 0


def test_pictures_lie_there_as_long_as_they_are_shown(tmp_path):
    plans = []
    for colour in ("red", "blue"):
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (80, 60), colour).save(path)
        plans.append(path)
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in plans}

    def showing(*several: str) -> dict:
        made = with_text("\n\n".join(f"![A plan](picture:{one[:32]})" for one in several))
        known = {"ending": "png", "width": 80, "height": 60}
        section = made["components"][0]["modules"][0]["sections"][0]
        section["pictures"] = {one[:32]: known | {"sha256": one} for one in several}
        return made

    first, second = files
    for several in ([first], [first, second], [second], []):
        made = stays(showing(*several), files=files)
        assert made == typeset(showing(*several), files=files)
        [folder] = folders()
        assert {path.stem for path in folder.glob("*.picture")} == {"stamp", *several}
        assert {path.stem for path in folder.glob("*.svg")} == {"stamp", *several}


def test_other_readers_get_another_process():
    stays(contract(), "1 public")
    [before] = children_of(os.getpid())
    stays(contract(), "1 city")
    [after] = children_of(os.getpid())
    assert after != before
    assert len(folders()) == 1


def test_other_limits_get_another_process():
    stays(contract())
    [before] = children_of(os.getpid())
    stays(contract(), memory_mb=1024)
    assert children_of(os.getpid()) != {before}


def test_a_document_that_fails_ends_the_process_and_the_next_one_comes_out():
    stays(contract())
    with pytest.raises(TypesettingFailed):
        stays(with_text(LONG), timeout_s=1)
    assert children_of(os.getpid()) == set()
    assert stays(contract()).pages > 4


def test_a_process_that_was_killed_is_replaced():
    stays(contract())
    [pid] = children_of(os.getpid())
    os.kill(pid, 9)
    assert stays(contract()).pages > 4


def test_it_ends_by_itself_when_nobody_comes():
    typeset(contract(), serves="1", stay_s=0.2)
    gone_by = time.monotonic() + 20
    while children_of(os.getpid()):
        assert time.monotonic() < gone_by
        time.sleep(0.05)
    assert stays(contract()).pages > 4


def test_it_is_replaced_after_some_documents(monkeypatch):
    monkeypatch.setattr(child, "MOST_DOCUMENTS", 2)
    seen = set()
    for _ in range(4):
        stays(contract())
        seen |= children_of(os.getpid())
    assert len(seen) == 2


def test_two_documents_at_once_have_a_process_each():
    made: list = []

    def one(text: str) -> None:
        made.append(text in text_of(stays(with_text(text)).bytes))

    threads = [Thread(target=one, args=(f"The text number {n}.",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [True] * 3
    assert len(children_of(os.getpid())) <= 1


def test_a_document_that_needs_too_much_memory_ends_the_process_and_the_next_one_comes_out():
    stays(contract(), memory_mb=200)
    [before] = children_of(os.getpid())
    with pytest.raises(TypesettingFailed) as failed:
        stays(with_text(LONG), memory_mb=200)
    assert failed.value.kind == "memory"
    assert children_of(os.getpid()) == set()
    assert folders() == set()
    assert stays(contract(), memory_mb=200).pages > 4
    assert children_of(os.getpid()) != {before}


def test_who_gives_up_a_document_ends_the_process_that_stayed():
    class Cancelled(Exception):
        pass

    def cancel(step: str, percent: int) -> None:
        if step == "pages":
            raise Cancelled

    stays(contract())
    with pytest.raises(Cancelled):
        stays(with_text(LONG), on_step=cancel)
    assert children_of(os.getpid()) == set()
    assert folders() == set()


def test_a_killed_worker_takes_along_the_process_that_stayed(tmp_path):
    program = (
        "from tests.typesetting.test_staying_process import *\n"
        "stays(contract())\n"
        "[pid] = children_of(os.getpid())\n"
        "print('stayed', pid, flush=True)\n"
        "stays(with_text(LONG), on_step=lambda step, percent: print(step, flush=True))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=TOP,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        stayed = int(worker.stdout.readline().split()[1])
        while worker.stdout.readline().strip() != "pages":
            assert worker.poll() is None
        assert children_of(worker.pid) == {stayed}
    finally:
        worker.kill()
        worker.wait()
        worker.stdout.close()
    gone_by = time.monotonic() + 5
    while Path(f"/proc/{stayed}/cmdline").exists():
        assert time.monotonic() < gone_by
        time.sleep(0.05)
