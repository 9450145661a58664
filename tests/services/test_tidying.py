"""Old documents go, and with them their files; what somebody may still need stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Document, Section
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import Audience, BuildState, FileFormat, Role
from workflow.services import documents, freezing, signatories, signed_letters, tidying
from workflow.typesetting import Pdf

pytestmark = pytest.mark.usefixtures("ctx")

YEARS = timedelta(days=800)


@pytest.fixture
def maja():
    builders.section("A-1", contract=builders.contract())
    return builders.person(Role.COORDINATOR)


def asked(by, audience=Audience.PARTICIPANTS, **what) -> Document:
    with transaction():
        return documents.request(builders.the_contract(), Edition(audience, "en", **what), by=by)


def built(by, text: str = "", **what) -> Document:
    """A finished document, of a newer text each time."""
    if text:
        builders.revision(db.session.scalars(select(Section)).first(), text)
    document = asked(by, **what)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    made = Pdf(f"%PDF {document.id}".encode(), 3, (), ())
    with transaction():
        return documents.finish(build, made, key=storage.keep(made.bytes), now=clock.now())


def old() -> list[int]:
    return tidying.old(clock.now() + YEARS)


def remove(document_id: int) -> bool:
    with transaction():
        return tidying.remove(document_id, now=clock.now() + YEARS)


def test_the_file_of_an_old_document_goes_and_what_it_held_stays_known(maja):
    first, second = built(maja), built(maja, "Another text.")
    key = first.file_key
    assert old() == [first.id]
    assert remove(first.id)
    assert storage.find(key) is None
    assert db.session.get(Document, second.id).state is BuildState.DONE
    assert (first.state, first.file_key) == (BuildState.GONE, None)
    assert first.manifest["components"]
    assert old() == []


def test_young_documents_stay_and_no_number_of_days_keeps_all(ctx, maja, monkeypatch):
    built(maja)
    built(maja, "Another text.")
    assert tidying.old(clock.now() + timedelta(days=364)) == []
    monkeypatch.setitem(ctx.config, "DOCUMENT_DAYS", 0)
    assert old() == []


def test_the_last_good_one_of_every_edition_stays(maja):
    kept = [
        built(maja).id,
        built(maja, audience=Audience.CITY).id,
        built(maja, format=FileFormat.DOCX).id,
    ]
    assert old() == []
    newer = built(maja, "Another text.")
    assert old() == kept[:1]
    storage.find(newer.file_key).unlink()
    assert old() == [newer.id], "without its file the newer one is no good one"


def test_what_failed_or_was_cancelled_goes_and_the_good_one_before_stays(maja):
    good = built(maja)
    builders.revision(db.session.scalars(select(Section)).first(), "Another text.")
    failed = asked(maja)
    with transaction():
        build = documents.claim(failed.id, now=clock.now())
    with transaction():
        documents.fail(build, "engine", now=clock.now())
    assert old() == [failed.id]
    assert remove(failed.id)
    assert not remove(good.id)


def test_what_is_being_built_stays(maja):
    built(maja)
    builders.revision(db.session.scalars(select(Section)).first(), "Another text.")
    waiting = asked(maja)
    assert old() == []
    with transaction():
        documents.claim(waiting.id, now=clock.now())
    assert old() == []
    assert not remove(waiting.id)


def test_what_was_taken_up_since_the_list_was_made_stays(maja):
    first = built(maja)
    built(maja, "Another text.")
    assert old() == [first.id]
    first.state = BuildState.QUEUED
    db.session.commit()
    assert not remove(first.id)
    assert storage.find(first.file_key)


def test_what_was_printed_of_a_frozen_contract_stays(maja):
    contract = builders.the_contract()
    section = builders.approve_again(db.session.scalars(select(Section)).one())
    with transaction():
        freezing.freeze(contract, by=maja)
    final = built(maja)
    assert final.manifest["sealed"]
    with transaction():
        freezing.lift(contract, by=maja, reason="A sum is wrong.")
    builders.revision(section, "Another text.")
    draft = built(maja)
    built(maja, "A third text.")
    assert old() == [draft.id]
    assert not remove(final.id)


def test_a_file_that_two_documents_share_goes_with_the_last_of_them(maja):
    first, second, third = built(maja), built(maja, "Second."), built(maja, "Third.")
    second.file_key = first.file_key
    db.session.commit()
    key = first.file_key
    assert remove(first.id)
    assert storage.find(key)
    assert remove(second.id)
    assert storage.find(key) is None
    assert storage.find(third.file_key)


def test_whoever_falls_between_the_file_and_the_row_leaves_a_document_that_is_built_anew(maja):
    first = built(maja)
    built(maja, "Another text.")

    class Fallen(Exception):
        pass

    def fall():
        with transaction():
            tidying.remove(first.id, now=clock.now() + YEARS)
            raise Fallen

    with pytest.raises(Fallen):
        fall()
    db.session.refresh(first)
    assert first.state is BuildState.DONE
    assert storage.find(first.file_key) is None
    assert remove(first.id), "the next round takes it"


def test_what_is_gone_is_built_anew_when_somebody_asks(maja):
    first = built(maja)
    text = db.session.scalars(select(Section)).first().current.markdown
    built(maja, "Another text.")
    remove(first.id)
    assert documents.waiting(clock.now()) == []
    builders.revision(db.session.scalars(select(Section)).first(), text)
    assert asked(maja).state is BuildState.QUEUED


def test_the_job_takes_what_the_command_only_names(ctx, maja, monkeypatch):
    from tasks import documents as jobs

    first = built(maja)
    built(maja, "Another text.")
    later = clock.now() + YEARS
    monkeypatch.setattr(clock, "now", lambda: later)
    told = ctx.test_cli_runner().invoke(args=["documents", "tidy", "--dry-run"]).output
    assert f"{first.id}  " in told
    assert "1 documents, 0.0 MB would go" in told
    assert storage.find(first.file_key)
    assert jobs.tidy() == 1
    assert jobs.tidy() == 0
    assert "0 documents" in ctx.test_cli_runner().invoke(args=["documents", "tidy"]).output


def test_a_file_that_is_somebodys_signed_letter_as_well_stays(maja):
    signatory = builders.signatory()
    document = asked(maja)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    made = Pdf(b"%PDF-1.7\nThe contract.\n%%EOF\n", 3, (), ())
    with transaction():
        documents.finish(build, made, key=storage.keep(made.bytes), now=clock.now())
        signed_letters.attach(
            signatory,
            by=maja,
            seen=signatories.latest(signatory).id,
            name="The contract, as we signed it.pdf",
            content=made.bytes,
        )
    built(maja, "Another text.")
    assert remove(document.id)
    assert document.file_key is None
    assert storage.find(signatory.letter_key)
