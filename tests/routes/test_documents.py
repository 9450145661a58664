"""The pages of documents: who sees which, what they say, and how the file is served."""

import re

import pytest

from tests import builders
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Document
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import AnnexKind, Audience, BuildState, FileFormat, Role, Stage
from workflow.services import documents, freezing
from workflow.typesetting import Pdf, Warning
from workflow.word import Docx

pytestmark = pytest.mark.usefixtures("ctx")

PDF = Pdf(b"%PDF-1.7 " + b"x" * 5000, 3, ("ua-1", "a-2a"), (Warning("missing_glyphs", ("🌍",)),))


@pytest.fixture
def contract():
    return builders.contract(slug="ljubljana")


@pytest.fixture
def maja(contract):
    builders.section("A-1")
    return builders.person(Role.COORDINATOR)


def asked(by, audience=Audience.PARTICIPANTS) -> Document:
    with transaction():
        return documents.request(builders.the_contract(), Edition(audience, "en"), by=by)


def built(by, audience=Audience.PARTICIPANTS) -> Document:
    document = asked(by, audience)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    with transaction():
        return documents.finish(build, PDF, key=storage.keep(PDF.bytes), now=clock.now())


def test_asking_leads_to_a_page_that_shows_how_far_it_is(client, maja):
    builders.sign_in(client, maja)
    answer = client.post(
        "/c/ljubljana/documents",
        data={
            "part": "whole",
            "format": "pdf",
            "kind": "reading",
            "audience": "participants",
            "language": "en",
        },
    )
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Waiting for its turn" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "data-poll" in page.text


def test_progress_is_a_piece_of_the_page_that_asks_again_until_it_is_done(client, maja):
    document = asked(maja)
    builders.sign_in(client, maja)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    with transaction():
        documents.heartbeat(build, step="pages", progress=42, now=clock.now())
    piece = client.get(f"/documents/{document.id}/progress").text
    assert "Setting the pages" in piece
    assert 'value="42"' in piece
    assert "data-poll" in piece
    with transaction():
        documents.finish(build, PDF, key=storage.keep(PDF.bytes), now=clock.now())
    piece = client.get(f"/documents/{document.id}/progress").text
    assert "Open the PDF" in piece
    assert "data-poll" not in piece


def test_what_was_printed_otherwise_is_said(client, maja):
    builders.sign_in(client, maja)
    page = client.get(f"/documents/{built(maja).id}").text
    assert "Signs that no font has were printed as their names: 🌍" in page
    assert "http-equiv" not in page


def test_the_page_says_which_texts_the_document_holds(client, maja):
    document = built(maja)
    builders.sign_in(client, maja)
    page = client.get(f"/documents/{document.id}").text
    assert document.manifest_sha256 in page
    assert document.manifest["components"][0]["modules"][0]["sections"][0]["sha256"] in page


def test_the_file_has_a_readable_name_an_etag_and_can_be_had_in_pieces(client, maja):
    document = built(maja)
    builders.sign_in(client, maja)
    whole = client.get(f"/documents/{document.id}/file")
    assert whole.data == PDF.bytes
    assert whole.mimetype == "application/pdf"
    assert "Climate City Contract of Ljubljana - draft" in whole.headers["Content-Disposition"]
    assert whole.headers["Content-Disposition"].startswith("inline")
    assert "private" in whole.headers["Cache-Control"]
    piece = client.get(f"/documents/{document.id}/file", headers={"Range": "bytes=0-3"})
    assert (piece.status_code, piece.data) == (206, b"%PDF")
    same = client.get(
        f"/documents/{document.id}/file", headers={"If-None-Match": whole.headers["ETag"]}
    )
    assert same.status_code == 304


def test_a_document_that_is_not_ready_has_no_file(client, maja):
    builders.sign_in(client, maja)
    assert client.get(f"/documents/{asked(maja).id}/file").status_code == 404


@pytest.mark.parametrize("page", ["", "/progress", "/file"])
def test_a_document_for_the_city_is_not_there_for_others(client, maja, page):
    document = built(maja, Audience.CITY)
    address = f"/documents/{document.id}{page}"
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    assert client.get(address).status_code == 404
    builders.sign_in(client, builders.person(None))
    assert client.get(address).status_code == 404
    builders.sign_in(client, maja)
    assert client.get(address).status_code == 200


def test_the_list_shows_only_what_the_reader_may_open(client, maja):
    document = built(maja, Audience.CITY)
    shared = built(maja)
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    page = client.get("/c/ljubljana/documents").text
    assert f"/documents/{shared.id}" in page
    assert f"/documents/{document.id}" not in page


def test_signed_out_readers_are_asked_to_sign_in(client, maja):
    document = built(maja)
    for address in ("/c/ljubljana/documents", f"/documents/{document.id}/file"):
        assert "/sign-in" in client.get(address).location


def test_an_empty_list_says_what_will_be_here(client, maja):
    builders.sign_in(client, maja)
    assert "No document has been built yet" in client.get("/c/ljubljana/documents").text


@pytest.mark.parametrize(
    "typed",
    [
        {"audience": "everybody", "language": "en"},
        {"audience": "city", "language": "en"},
        {"audience": "public", "language": "xx"},
    ],
    ids=["unknown audience", "not for his eyes", "unknown language"],
)
def test_what_cannot_be_built_is_said_on_the_form(client, maja, typed):
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    answer = client.post("/c/ljubljana/documents", data=typed)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert db.session.query(Document).count() == 0


def test_an_observer_reads_why_he_cannot_build(client, maja):
    builders.sign_in(client, builders.person(Role.OBSERVER))
    page = client.get("/c/ljubljana/documents").text
    assert "Your role does not include this" in page
    answer = client.post("/c/ljubljana/documents", data={"audience": "public", "language": "en"})
    assert answer.status_code == 403


def test_a_build_can_be_stopped_and_asked_for_again(client, maja):
    document = asked(maja)
    builders.sign_in(client, maja)
    client.post(f"/documents/{document.id}/cancel")
    page = client.get(f"/documents/{document.id}").text
    assert "Cancelled" in page
    assert "Build it again" in page
    again = client.post(f"/documents/{document.id}/again")
    assert again.location.endswith(f"/documents/{document.id}")
    db.session.refresh(document)
    assert document.state is BuildState.QUEUED


def test_a_failure_says_why(client, maja):
    document = asked(maja)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    with transaction():
        documents.fail(build, "memory", now=clock.now())
    builders.sign_in(client, maja)
    assert "needed more memory" in client.get(f"/documents/{document.id}").text


@pytest.mark.parametrize("number", ["0", "99", str(2**31), str(2**70)])
def test_unknown_numbers_lead_nowhere(client, maja, number):
    builders.sign_in(client, maja)
    assert client.get(f"/documents/{number}").status_code == 404


def test_a_part_is_chosen_in_the_form_and_named_in_the_list(client, maja, contract):
    section = builders.section("B-7", contract=contract)
    builders.sign_in(client, maja)
    part = f"section:{section.id}"
    page = client.get(f"/c/ljubljana/documents?part={part}").text
    assert f'<option selected value="{part}">B-7' in page
    answer = client.post(
        "/c/ljubljana/documents",
        data={
            "part": part,
            "format": "pdf",
            "kind": "reading",
            "audience": "participants",
            "language": "en",
        },
    )
    assert answer.status_code == 303
    assert "B-7" in client.get(answer.location).text
    assert db.session.query(Document).one().annexes == ""
    assert "B-7 Section B-7, draft as of" in client.get("/c/ljubljana/documents").text


def test_a_word_file_is_saved_under_its_own_name_and_type(client, maja):
    edition = Edition(Audience.PARTICIPANTS, "en", format=FileFormat.DOCX)
    with transaction():
        document = documents.request(builders.the_contract(), edition, by=maja)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    made = Docx(b"PK a small file", ())
    with transaction():
        documents.finish(build, made, key=storage.keep(made.bytes), now=clock.now())
    builders.sign_in(client, maja)
    page = client.get(f"/documents/{document.id}").text
    assert "Open the PDF" not in page
    assert "Save it" in page
    answer = client.get(f"/documents/{document.id}/file")
    assert "wordprocessingml" in answer.mimetype
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ".docx" in answer.headers["Content-Disposition"]


def test_what_changed_is_offered_once_something_was_frozen(client, contract):
    maja = builders.person(Role.COORDINATOR)
    builders.sign_in(client, maja)
    assert 'value="changes"' not in client.get("/c/ljubljana/documents").text
    section = builders.approve_again(builders.section("A-7", stage=Stage.CONSULTATION))
    with transaction():
        freezing.freeze(contract, by=maja)
    with transaction():
        freezing.lift(contract, by=maja, reason="A sum is wrong.")
    builders.revision(section, "Another text.")
    assert 'value="changes"' in client.get("/c/ljubljana/documents").text
    asked_for = {
        "part": "whole",
        "format": "pdf",
        "kind": "changes",
        "since": "1",
        "audience": "participants",
        "language": "en",
    }
    answer = client.post("/c/ljubljana/documents", data=asked_for)
    assert "What changed since manifest 1" in client.get(answer.location).text
    wrong = client.post("/c/ljubljana/documents", data=asked_for | {"since": "9"})
    assert wrong.status_code == 422


def test_a_preset_fills_in_the_form(client, contract):
    maja = builders.person(Role.COORDINATOR)
    builders.section("A-1")
    builders.sign_in(client, maja)
    usual = client.get("/c/ljubljana/documents").text
    assert "Draft to read" in usual
    assert "for=changes" not in usual
    ticked = re.compile(
        r'<input[^>]*checked[^>]*value="(\w+)"|<input[^>]*value="(\w+)"[^>]*checked'
    )

    def chosen(preset: str) -> set[str]:
        page = client.get(f"/c/ljubljana/documents?for={preset}").text
        return {first or second for first, second in ticked.findall(page)}

    assert chosen("publication") == {"pdf", "reading", "public", "matrix", "signatories"}
    assert chosen("review") == {"pdf", "review", "participants", "comments"}
    assert chosen("nonsense") == {"pdf", "reading", "participants", "comments"}


def test_the_list_says_what_each_document_is(client, maja):
    edition = Edition(Audience.PUBLIC, "en", annexes=frozenset({AnnexKind.MATRIX}))
    with transaction():
        documents.request(builders.the_contract(), edition, by=maja)
    builders.sign_in(client, maja)
    assert "with the response matrix" in client.get("/c/ljubljana/documents").text


def test_a_program_asks_for_a_document_watches_it_and_fetches_it(client, contract, maja):
    builders.sign_in(client, maja)
    wanted = {"audience": "participants", "annexes": ["matrix"], "kind": "review"}
    asked_for = client.post("/api/contracts/ljubljana/documents", json=wanted)
    assert asked_for.status_code == 200
    told = asked_for.json
    assert (told["state"], told["file"], told["annexes"]) == (
        "queued",
        None,
        ["comments", "matrix"],
    )
    with transaction():
        build = documents.claim(told["id"], now=clock.now())
    with transaction():
        documents.finish(build, PDF, key=storage.keep(PDF.bytes), now=clock.now())
    done = client.get(f"/api/documents/{told['id']}").json
    assert (done["state"], done["percent"], done["pages"]) == ("done", 100, 3)
    assert client.get(done["file"]).data == PDF.bytes
    assert client.post("/api/contracts/ljubljana/documents", json=wanted).json["id"] == told["id"]


def test_a_program_gets_no_document_for_more_eyes_than_its_person(client, contract, maja):
    inside = built(maja, Audience.CITY)
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    assert client.get(f"/api/documents/{inside.id}").status_code == 404
    refused = client.post("/api/contracts/ljubljana/documents", json={"audience": "city"})
    assert refused.status_code == 403
    wrong = {"audience": "public", "kind": "changes"}
    assert client.post("/api/contracts/ljubljana/documents", json=wrong).status_code == 422
