"""Files of documents as they are served: in pieces, under their names, for those who may read them and nobody else."""

from urllib.parse import unquote

import pytest

from tests import builders
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Document
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import Audience, FileFormat, Role
from workflow.services import documents
from workflow.services.bundles import Bundle
from workflow.typesetting import Pdf
from workflow.word import Docx

pytestmark = pytest.mark.usefixtures("ctx")

CONTENT = bytes(range(256)) * 20
MADE = {
    FileFormat.PDF: Pdf(CONTENT, 3, (), ()),
    FileFormat.DOCX: Docx(CONTENT, ()),
    FileFormat.MARKDOWN: Bundle(CONTENT),
}
EVERY = pytest.mark.parametrize("form", MADE, ids=str)


@pytest.fixture
def maja():
    builders.section("A-1", contract=builders.contract(slug="ljubljana"))
    return builders.person(Role.COORDINATOR, name="Maja")


def built(by, form=FileFormat.PDF, audience=Audience.PARTICIPANTS) -> Document:
    edition = Edition(audience, "en", format=form)
    with transaction():
        document = documents.request(builders.the_contract(), edition, by=by)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    with transaction():
        made = MADE[form]
        return documents.finish(build, made, key=storage.keep(made.bytes), now=clock.now())


@pytest.fixture
def fetch(client, maja):
    """Ask for the file of a document as its owner, with these headers."""
    builders.sign_in(client, maja)

    def of(document: Document, method: str = "get", **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(f"/documents/{document.id}/file", headers=named)

    return of


@EVERY
def test_a_piece_says_which_piece_of_how_many_bytes_it_is(fetch, maja, form):
    document = built(maja, form)
    for wish, first, last in (
        ("bytes=0-3", 0, 3),
        ("bytes=5000-", 5000, 5119),
        ("bytes=-20", 5100, 5119),
        ("bytes=5110-9999", 5110, 5119),
    ):
        piece = fetch(document, Range=wish)
        assert piece.status_code == 206
        assert piece.data == CONTENT[first : last + 1]
        assert piece.headers["Content-Range"] == f"bytes {first}-{last}/5120"
        assert piece.headers["Content-Length"] == str(last - first + 1)


@EVERY
def test_the_whole_says_that_pieces_may_be_had_and_is_for_one_reader(fetch, maja, form):
    document = built(maja, form)
    whole = fetch(document)
    assert (whole.status_code, whole.data) == (200, CONTENT)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"] == f'"{document.file_key}"'
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in whole.headers["Content-Security-Policy"]


def test_what_begins_behind_the_end_is_refused_with_the_length(fetch, maja):
    refused = fetch(built(maja), Range="bytes=5120-")
    assert refused.status_code == 416
    assert refused.headers["Content-Range"] == "bytes */5120"


@pytest.mark.parametrize(
    "wish", ["bytes=0-3,10-12", "pages=1-2", "bytes=9-3", "bytes=x", "nonsense", "bytes=-0-"]
)
def test_several_pieces_and_wishes_nobody_understands_give_the_whole(fetch, maja, wish):
    answer = fetch(built(maja), Range=wish)
    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_a_piece_of_another_file_is_never_added_to_what_somebody_has(fetch, maja):
    document = built(maja)
    same = fetch(document, Range="bytes=0-3", If_Range=f'"{document.file_key}"')
    assert (same.status_code, same.data) == (206, CONTENT[:4])
    other = fetch(document, Range="bytes=0-3", If_Range=f'"{"0" * 64}"')
    assert (other.status_code, other.data) == (200, CONTENT)


@EVERY
def test_who_has_the_file_is_told_so(fetch, maja, form):
    document = built(maja, form)
    known = fetch(document, If_None_Match=f'"{document.file_key}"')
    assert (known.status_code, known.data) == (304, b"")
    assert fetch(document, If_None_Match='"something else"').status_code == 200


@EVERY
def test_the_head_alone_says_the_same_without_a_byte(fetch, maja, form):
    document = built(maja, form)
    head, whole = fetch(document, "head"), fetch(document)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Disposition", "Accept-Ranges"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("form", "way", "ending"),
    [
        (FileFormat.PDF, "inline", "pdf"),
        (FileFormat.DOCX, "attachment", "docx"),
        (FileFormat.MARKDOWN, "attachment", "md.zip"),
    ],
    ids=str,
)
def test_the_name_is_in_the_language_of_who_reads_it(fetch, maja, form, way, ending):
    document = built(maja, form)
    document.manifest = document.manifest | {"title": 'Živa "Ljubljana"/../\n2030'}
    maja.language = "sl"
    db.session.commit()
    said = fetch(document).headers["Content-Disposition"]
    kind, plain, encoded = (part.strip() for part in said.split(";"))
    assert kind == way
    assert plain.isascii()
    name = unquote(encoded.removeprefix("filename*=UTF-8''"))
    assert name.startswith("Živa  Ljubljana  ..  2030 - osnutek - ")
    assert name.endswith(f".{ending}")


@EVERY
def test_a_file_is_not_there_for_those_who_may_not_read_it(client, maja, form):
    document = built(maja, form, Audience.CITY)
    address = f"/documents/{document.id}/file"
    assert "/sign-in" in client.get(address).location
    elsewhere = builders.contract("elsewhere")
    for other in (
        builders.person(Role.STAKEHOLDER),
        builders.person(None),
        builders.person(Role.COORDINATOR, contract=elsewhere),
    ):
        builders.sign_in(client, other)
        for headers in ({}, {"Range": "bytes=0-3"}, {"If-None-Match": f'"{document.file_key}"'}):
            refused = client.get(address, headers=headers)
            assert refused.status_code == 404
            assert document.file_key not in str(refused.headers)


@pytest.mark.parametrize("key", ["../../../../etc/passwd", "/etc/passwd", "", "0" * 64])
def test_no_name_leads_out_of_the_store(fetch, maja, key):
    document = built(maja)
    document.file_key = key
    db.session.commit()
    assert fetch(document).status_code == 404
