"""Large files of contracts: read by a job, once, also after a kill; refused in words; thrown away by their age."""

import os
import time
from datetime import timedelta

import pytest

from tests import builders
from tests.support.processes import until
from tests.word.strange import changed, word
from workflow import clock, drawer
from workflow.db import db, transaction
from workflow.models import Picture, Sheet
from workflow.rules.vocabulary import Role
from workflow.services import import_files, import_readings, imports

PADDING = os.urandom(import_files.AT_ONCE + 1000)


@pytest.fixture
def environment(environment):
    """A worker that fell silent is replaced soon."""
    environment["CONCORD_BUILD_LEASE_SECONDS"] = "6"
    return environment


@pytest.fixture
def jobs(ctx):
    """The module of the jobs, running in the application of this test."""
    from tasks import imports as jobs

    return jobs


@pytest.fixture
def maja(ctx):
    builders.section("A-1", contract=builders.contract(), markdown=None)
    return builders.person(Role.COORDINATOR)


def large(paragraphs: int = 1) -> bytes:
    def fill(document):
        document.add_heading("A-1 Heat", 1)
        for _ in range(paragraphs):
            document.add_paragraph("Wood.")

    return changed(word(fill), lambda _name, content: content, **{"word/padding.bin": PADDING})


def long_one() -> bytes:
    """One that takes some seconds to be read."""
    many = "".join(f"<w:p><w:r><w:t>Wood {n * 7919}</w:t></w:r></w:p>" for n in range(70_000))

    def filled(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"<w:sectPr", many.encode() + b"<w:sectPr", 1)
            if name == "word/document.xml"
            else content
        )

    return changed(large(), filled)


def bring(by, content: bytes) -> Sheet:
    with transaction():
        return imports.bring(builders.the_contract(), by=by, name="old.docx", content=content)


def test_a_large_file_waits_and_is_read_as_a_small_one_is(jobs, maja):
    sheet = bring(maja, large())
    assert (sheet.rows, drawer.find(sheet.file_name).read_bytes()[:2]) == ([], b"PK")
    assert jobs.sweep() == 1
    assert (sheet.file_name, sheet.progress, sheet.attempts) == (None, 100, 1)
    small = bring(maja, word(lambda d: (d.add_heading("A-1 Heat", 1), d.add_paragraph("Wood."))))
    assert small.file_name is None
    assert sheet.rows == small.rows
    assert jobs.sweep() == 0


def test_it_tells_how_far_it_is_and_lets_go_of_what_was_thrown_away(jobs, maja, monkeypatch):
    monkeypatch.setattr(jobs, "PULSE_S", 0)
    sheet, told = bring(maja, large(40)), []
    heartbeat = jobs.import_readings.heartbeat

    def heard(reading, *, progress, now):
        told.append(progress)
        heartbeat(reading, progress=progress, now=now)
        if len(told) == 19:
            imports.discard(db.session.get(Sheet, sheet.id), by=maja)

    monkeypatch.setattr(jobs.import_readings, "heartbeat", heard)
    assert jobs.sweep() == 0
    assert told == sorted(told)
    assert len(told) == 20
    assert db.session.query(Sheet).count() == 0
    assert db.session.query(Picture).count() == 0


@pytest.mark.parametrize("content", [b"PK\x03\x04" + PADDING, b"\xff\xfe\x00" + PADDING])
def test_what_cannot_be_read_says_so_in_words(jobs, maja, content):
    sheet = bring(maja, content)
    assert jobs.sweep() == 0
    assert sheet.file_name is None
    assert sheet.refused.startswith("This ")


def test_what_fell_silent_is_read_again_and_not_for_ever(jobs, maja, monkeypatch):
    sheet, moment = bring(maja, large()), clock.now()
    with transaction():
        first = import_readings.claim(sheet.id, now=moment)
        assert import_readings.claim(sheet.id, now=moment) is None
    later = moment + timedelta(minutes=1)
    with transaction():
        second = import_readings.claim(sheet.id, now=later)
    read = import_files.read(second.file.read_bytes())
    with pytest.raises(import_readings.Abandoned), transaction():
        import_readings.finish(first, read)
    with transaction():
        import_readings.finish(second, read)
    assert len(sheet.rows) == 1
    worn = bring(maja, large())
    worn.attempts = import_readings.ATTEMPTS
    db.session.commit()
    with transaction():
        assert import_readings.claim(worn.id, now=moment) is None
    assert "split it" in worn.refused


def test_files_that_nobody_waits_for_go_by_their_age(jobs, maja):
    wanted, gone, fresh = bring(maja, large()), drawer.put(b"old"), drawer.put(b"new")
    for name in (wanted.file_name, gone):
        long_ago = time.time() - drawer.ENOUGH - 10
        os.utime(drawer.find(name), (long_ago, long_ago))
    assert drawer.tidy(import_readings.wanted()) == 1
    assert drawer.find(gone) is None
    assert drawer.find(fresh) and drawer.find(wanted.file_name)
    assert drawer.find("../secret") is None


def test_nothing_is_confirmed_before_it_is_read(jobs, maja):
    sheet = bring(maja, large())
    seen = imports.draw(sheet, by=maja).seen
    with pytest.raises(imports.Outdated), transaction():
        imports.confirm(sheet, by=maja, seen=seen)


def test_a_killed_worker_s_file_is_read_by_the_next_one(ctx, worker, maja):
    sheet = bring(maja, long_one())
    worker.send("imports.sweep")
    until(
        lambda: _now(sheet).progress > 0,
        seconds=30,
        otherwise=lambda: f"never began:\n{worker.tail()}",
    )
    worker.kill()
    assert _now(sheet).file_name
    worker.start()

    def read() -> bool:
        worker.send("imports.sweep")
        time.sleep(0.5)
        return _now(sheet).file_name is None

    until(read, seconds=60, otherwise=lambda: f"never read:\n{worker.tail()}")
    assert sheet.attempts >= 2
    assert sheet.refused is None
    assert len(sheet.rows) == 1


def _now(sheet: Sheet) -> Sheet:
    db.session.rollback()
    db.session.refresh(sheet)
    return sheet
