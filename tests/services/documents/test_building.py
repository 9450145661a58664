"""Documents while they are built: claimed by one builder, kept alive, finished, failed, cancelled."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.events import kinds
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Contract, Document, Person
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied
from workflow.rules.vocabulary import Audience, BuildState, EventKind, Role, Stage
from workflow.services import documents
from workflow.typesetting import Pdf, TypesettingFailed

pytestmark = pytest.mark.usefixtures("ctx")

PDF = Pdf(b"%PDF-1.7 a small file", 3, ("ua-1", "a-2a"), ())
LATER = timedelta(minutes=10)


def claim(document, *, now=None) -> documents.Build | None:
    with transaction():
        return documents.claim(document.id, now=now or clock.now())


def finish(build) -> Document:
    with transaction():
        return documents.finish(build, PDF, key=storage.keep(PDF.bytes), now=clock.now())


def fail(build, kind, now) -> None:
    with transaction():
        documents.fail(build, kind, now=now)


def test_a_finished_document_is_given_back_and_nothing_is_built_again(ask, contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    again = ask(contract, maja)
    assert (again.id, again.state) == (document.id, BuildState.DONE)
    assert documents.waiting(clock.now() + LATER) == []


def test_a_finished_document_whose_file_is_gone_is_built_again(ask, contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    storage.find(document.file_key).unlink()
    assert ask(contract, maja).state is BuildState.QUEUED


def test_only_one_builder_gets_a_document(ask, contract, maja, section):
    document = ask(contract, maja)
    assert claim(document).attempt == 1
    assert claim(document) is None


def test_a_builder_that_fell_silent_is_replaced_and_locked_out(ask, contract, maja, section):
    document = ask(contract, maja)
    first = claim(document)
    later = clock.now() + LATER
    assert documents.waiting(later) == [document.id]
    second = claim(document, now=later)
    assert second.attempt == 2
    with pytest.raises(documents.Abandoned):
        finish(first)
    assert finish(second).state is BuildState.DONE
    assert kinds() == [EventKind.DOCUMENT_REQUESTED, EventKind.DOCUMENT_READY]


def test_a_builder_that_speaks_is_left_alone(ask, contract, maja, section):
    document = ask(contract, maja)
    build = claim(document)
    later = clock.now() + LATER
    with transaction():
        documents.heartbeat(build, step="pages", progress=40, now=later)
    assert documents.waiting(later + timedelta(seconds=5)) == []
    assert (document.step, document.progress) == ("pages", 40)


def test_what_is_never_finished_fails_in_the_end(ask, contract, maja, section):
    document = ask(contract, maja)
    now = clock.now()
    for _ in range(documents.ATTEMPTS["abandoned"]):
        assert claim(document, now=now)
        now += LATER
    assert claim(document, now=now) is None
    assert (document.state, document.error) == (BuildState.FAILED, "abandoned")
    assert kinds()[-1] is EventKind.DOCUMENT_FAILED


def test_a_crash_is_tried_again_after_a_while(ask, contract, maja, section):
    document = ask(contract, maja)
    now = clock.now()
    fail(claim(document), "crash", now)
    assert document.state is BuildState.QUEUED
    assert documents.waiting(now) == []
    assert documents.waiting(now + LATER) == [document.id]
    assert kinds() == [EventKind.DOCUMENT_REQUESTED]


def test_what_the_engine_refuses_is_not_tried_again_until_somebody_asks(
    ask, contract, maja, section
):
    document = ask(contract, maja)
    fail(claim(document), "engine", clock.now())
    assert document.state is BuildState.FAILED
    assert kinds()[-1] is EventKind.DOCUMENT_FAILED
    assert ask(contract, maja).state is BuildState.QUEUED


def test_every_way_to_fail_has_its_number_of_attempts():
    assert set(TypesettingFailed.REASONS) <= set(documents.ATTEMPTS)


def test_a_cancelled_build_is_let_go(ask, contract, maja, section):
    document = ask(contract, maja)
    build = claim(document)
    with transaction():
        documents.cancel(document, by=maja)
    with pytest.raises(documents.Abandoned), transaction():
        documents.heartbeat(build, step="pages", progress=50, now=clock.now())
    assert document.state is BuildState.CANCELLED


def test_who_did_not_ask_for_it_may_not_cancel_it(ask, contract, maja, section):
    document = ask(contract, maja)
    ana = builders.person(Role.STAKEHOLDER)
    with pytest.raises(Denied), transaction():
        documents.cancel(document, by=ana)


def test_a_finished_document_cannot_be_cancelled(ask, contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    with transaction():
        documents.cancel(document, by=maja)
    assert document.state is BuildState.DONE


def test_what_waited_while_the_contract_changed_is_built_as_it_stands_now(
    ask, contract, maja, section
):
    document = ask(contract, maja)
    builders.revision(section, "The newest words.")
    build = claim(document)
    assert [chapter.markdown for chapter in build.given.chapters()] == ["The newest words.\n"]
    assert document.manifest_sha256 == build.manifest_sha256


def test_a_document_that_its_successor_overtook_is_not_built(ask, contract, maja, section):
    old = ask(contract, maja)
    builders.revision(section, "The newest words.")
    new = ask(contract, maja)
    assert claim(old) is None
    assert (old.state, old.step) == (BuildState.CANCELLED, "superseded")
    assert claim(new) is not None


@pytest.mark.both_databases
def test_asked_for_twice_in_the_same_moment_it_is_one_document_that_one_builder_gets(
    app, contract, maja, section
):
    ana = builders.person(Role.STAKEHOLDER)
    asking, contract_id = (maja.id, ana.id), contract.id
    db.session.remove()
    start, got, built = Barrier(2, timeout=30), [], []

    def work(person_id: int) -> None:
        with app.app_context():
            given = db.session.get(Contract, contract_id)
            person = db.session.get(Person, person_id)
            start.wait()
            with transaction():
                document = documents.request(given, Edition(Audience.PARTICIPANTS, "en"), by=person)
            got.append(document.id)
            start.wait()
            built.append(claim(document))

    threads = [Thread(target=work, args=(one,)) for one in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2
    assert len(set(got)) == 1
    assert [build is None for build in built].count(False) == 1
    assert db.session.scalar(select(func.count()).select_from(Document)) == 1


def test_what_reads_again_as_what_was_cancelled_is_built_as_that(ask, contract, maja, section):
    cancelled = ask(contract, maja)
    with transaction():
        documents.cancel(cancelled, by=maja)
    section.stage = Stage.REVISION
    db.session.commit()
    waiting = ask(contract, maja)
    assert waiting.id != cancelled.id
    section.stage = Stage.CONSULTATION
    db.session.commit()
    assert claim(waiting) is None
    assert (waiting.state, waiting.step) == (BuildState.CANCELLED, "superseded")
    assert cancelled.state is BuildState.QUEUED
    assert claim(cancelled).attempt == 1
