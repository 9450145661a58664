"""The jobs that build documents: in this process, and as a real worker that is killed in the middle."""

import io
import json
import os
import time
import zipfile
from pathlib import Path

import docx
import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.application import Worker
from tests.support.processes import until
from tests.typesetting.sample import text_of
from tests.typesetting.test_child_process import children_of
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Document, Event
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import (
    Audience,
    BuildState,
    EditionKind,
    EventKind,
    FileFormat,
    Role,
    Stage,
)
from workflow.services import documents, imports

LONG = "\n\n".join(f"Paragraph {n} " + "with words that go on and on " * 40 for n in range(350))


@pytest.fixture
def jobs(ctx):
    """The module of the jobs, running in the application of this test."""
    from tasks import documents as jobs

    return jobs


@pytest.fixture
def environment(environment):
    """A worker that fell silent is replaced soon."""
    environment["CONCORD_BUILD_LEASE_SECONDS"] = "4"
    return environment


def ask(audience: Audience = Audience.PARTICIPANTS, **what) -> Document:
    contract = builders.the_contract()
    with transaction():
        return documents.request(
            contract, Edition(audience, "en", **what), by=builders.someone(Role.COORDINATOR)
        )


def ready_events() -> int:
    return db.session.scalar(
        select(func.count()).select_from(Event).where(Event.kind == EventKind.DOCUMENT_READY)
    )


def test_the_sweep_builds_what_waits(jobs):
    section = builders.section("A-1", stage=Stage.CONSULTATION)
    builders.thread(section, text="How was this figure found?", quote="By 2030 no home")
    document = ask()
    assert jobs.sweep() == 1
    assert (document.state, document.progress, document.error) == (BuildState.DONE, 100, None)
    content = storage.find(document.file_key).read_bytes()
    text = text_of(content)
    for words in ("Ljubljana", "DRAFT", "How was this figure found?", section.current.sha256[:12]):
        assert words in text
    assert document.manifest_sha256 in text
    assert document.pages == text.count("\f")
    assert document.size == len(content)
    assert ready_events() == 1
    assert jobs.sweep() == 0


def test_the_same_text_is_written_for_word(jobs):
    section = builders.section("A-1", stage=Stage.CONSULTATION)
    remark = builders.thread(section, text="How was this found?", quote="By 2030 no home")
    document = ask(format=FileFormat.DOCX, kind=EditionKind.REVIEW)
    assert jobs.sweep() == 1
    assert (document.state, document.pages) == (BuildState.DONE, None)
    file = docx.Document(storage.find(document.file_key))
    assert "A-1 Section A-1" in [paragraph.text for paragraph in file.paragraphs]
    [comment] = list(file.comments)
    assert remark.comments[0].text in comment.text
    assert comment.author == remark.author.name


def test_the_same_text_is_a_web_page_with_its_figures(jobs):
    section = builders.section("A-1", markdown="Heat.\n\n::: city\nSecret.\n:::\n")
    builders.figures(section.contract, {"base_year": 2018, "total": 9, "by_source_sector": [{}]})
    document = ask(format=FileFormat.HTML, annexes=frozenset())
    assert jobs.sweep() == 1
    assert (document.state, document.pages) == (BuildState.DONE, None)
    packed = zipfile.ZipFile(storage.find(document.file_key))
    page = packed.read("index.html").decode()
    assert "A-1 Section A-1" in page and section.current.sha256[:12] in page
    assert document.manifest_sha256 in page
    assert "Secret" not in page
    [baseline] = json.loads(packed.read("figures.json"))["resources"]
    assert baseline["data"][-1]["total"] == 9
    assert ask(format=FileFormat.HTML, annexes=frozenset()) is document


def test_the_texts_come_as_markdown_and_are_brought_back_as_they_were(jobs):
    section = builders.section(
        "A-1", markdown="Heat.[^1]\n\n::: city\nSecret.\n:::\n\n[^1]: Wood\n"
    )
    builders.section("A-2", markdown=None)
    maja = builders.person(Role.COORDINATOR)
    document = ask(Audience.CITY, format=FileFormat.MARKDOWN)
    assert jobs.sweep() == 1
    assert (document.state, document.pages, document.annexes) == (BuildState.DONE, None, "")
    content = storage.find(document.file_key).read_bytes()
    assert section.current.sha256.encode() in zipfile.ZipFile(io.BytesIO(content)).read("README.md")
    with transaction():
        sheet = imports.bring(section.contract, by=maja, name="a.zip", content=content)
    [back] = imports.draw(sheet, by=maja).incoming
    assert (back.section, back.fate, back.markdown) == (
        section,
        imports.Fate.SAME,
        section.current.markdown,
    )


def test_markdown_for_everybody_lacks_what_they_may_not_see_and_says_so(jobs):
    section = builders.section("A-1", markdown="Heat.\n\n::: city\nSecret.\n:::\n")
    document = ask(Audience.PUBLIC, format=FileFormat.MARKDOWN)
    assert jobs.sweep() == 1
    packed = zipfile.ZipFile(storage.find(document.file_key))
    said = packed.read("sections/001-A-1.md").decode()
    assert "Secret" not in said
    assert "whole: false" in said
    assert section.current.sha256 not in said


def test_it_tells_how_far_it_is(jobs, monkeypatch):
    builders.section()
    document = ask()
    told = []
    heartbeat = documents.heartbeat
    monkeypatch.setattr(
        documents,
        "heartbeat",
        lambda build, **said: told.append(said["step"]) or heartbeat(build, **said),
    )
    jobs.build(document.id)
    assert told[0] == "preflight"
    assert told[-1] == "written"


def test_one_bad_document_does_not_stop_the_others(jobs, monkeypatch):
    builders.section()
    bad, good = ask(Audience.PUBLIC), ask(Audience.CITY)
    write = jobs.printing.write

    def broken(compilation, sha256):
        if compilation.audience is Audience.PUBLIC:
            raise ValueError("broken")
        return write(compilation, sha256)

    monkeypatch.setattr(jobs.printing, "write", broken)
    assert jobs.sweep() == 1
    assert (bad.state, bad.step, bad.error) == (BuildState.QUEUED, "again", "crash")
    assert good.state is BuildState.DONE


def test_a_document_that_takes_too_long_is_tried_again_and_then_fails(jobs, ctx, monkeypatch):
    builders.section(markdown=LONG)
    monkeypatch.setitem(ctx.config, "TYPESETTING_SECONDS", 0.2)
    document = ask()
    jobs.build(document.id)
    assert (document.state, document.error) == (BuildState.QUEUED, "time")
    document.next_try_at = clock.now()
    db.session.commit()
    jobs.build(document.id)
    assert (document.state, document.error) == (BuildState.FAILED, "time")
    assert children_of(os.getpid()) == set()


def test_cancelling_ends_the_engine(jobs, monkeypatch):
    builders.section(markdown=LONG)
    document = ask()
    typeset = jobs.typeset

    def cancelled_while_setting_pages(manuscript, *, on_step, **limits):
        def step(name, percent):
            if name == "pages":
                with transaction():
                    documents.cancel(document, by=document.requested_by)
            on_step(name, percent)

        return typeset(manuscript, on_step=step, **limits)

    monkeypatch.setattr(jobs, "typeset", cancelled_while_setting_pages)
    assert jobs.build(document.id) is False
    assert document.state is BuildState.CANCELLED
    assert children_of(os.getpid()) == set()
    assert ready_events() == 0


def test_a_real_worker_builds_it(ctx, worker):
    builders.section()
    document = ask()
    _until_done(document, worker)
    assert storage.find(document.file_key).read_bytes().startswith(b"%PDF-1.7")


def test_a_killed_worker_s_document_is_taken_up_again(ctx, worker):
    builders.section(markdown=LONG * 3)
    document = ask()
    worker.send("documents.sweep")
    until(
        lambda: _now(document).step == "pages",
        seconds=30,
        otherwise=lambda: f"never came to the pages:\n{worker.tail()}",
    )
    engines = children_of(worker.pid)
    assert engines
    worker.kill()
    until(
        lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in engines),
        seconds=5,
        otherwise=lambda: "the engine outlived its worker",
    )
    assert _now(document).state is BuildState.RUNNING
    worker.start()
    _until_done(document, worker)
    assert document.attempts >= 2
    assert ready_events() == 1


def _now(document: Document) -> Document:
    db.session.rollback()
    db.session.refresh(document)
    return document


def _until_done(document: Document, worker: Worker) -> None:
    """As beat does, wake the sweep every second."""

    def woken_and_done() -> bool:
        if time.monotonic() > woken[0] + 1:
            worker.send("documents.sweep")
            woken[0] = time.monotonic()
        return _now(document).state is BuildState.DONE

    woken = [0.0]
    until(
        woken_and_done,
        seconds=60,
        otherwise=lambda: f"{document.state} {document.step} {document.error}\n{worker.tail()}",
    )
