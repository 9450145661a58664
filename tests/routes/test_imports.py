"""A contract that was written elsewhere in the browser: looked through first, and no choice is lost on the way."""

import io
import os
import re

import pytest

from tests import builders
from tests.word.strange import changed, word
from workflow.db import db, transaction
from workflow.models import Section, Sheet
from workflow.rules.vocabulary import Stage

HOME = "/c/ljubljana/import"


@pytest.fixture
def sections(app, city) -> dict[str, int]:
    with app.app_context(), transaction():
        return {
            "A-1": builders.section("A-1", author=city.editor).id,
            "B-3": builders.section("B-3", markdown=None).id,
            "C-1": builders.section("C-1", stage=Stage.APPROVED, author=city.editor).id,
        }


@pytest.fixture
def client(city, enter, sections):
    return enter(city.coordinator)


def contract() -> bytes:
    def fill(document):
        document.add_heading("A-1 Heat <b>", 1)
        document.add_paragraph("Wood & <script>alert(1)</script>.")
        document.add_heading("Our own chapter", 1)
        document.add_paragraph("Click here to enter text")

    return word(fill)


def send(client, content: bytes, name: str = "old.docx"):
    return client.post(HOME, data={"file": (io.BytesIO(content), name)})


def bring(client, content: bytes | None = None) -> str:
    answer = send(client, content or contract())
    assert answer.status_code == 303, answer.text
    return answer.location


def seen(client, at: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', client.get(at).text)[1]


def test_a_word_file_is_looked_through_and_then_taken_over(app, client, sections):
    at = bring(client)
    shown = client.get(at).text
    assert "1 section would get its text from here." in shown
    assert "1 part of the text has no place and stays out." in shown
    assert "<script>alert" not in shown
    change = client.get(f"{at}/sections/{sections['A-1']}")
    assert "Wood &amp; &lt;script&gt;" in re.sub("</?(ins|del)[^>]*>", "", change.text)
    answer = client.post(at, data={"seen": seen(client, at)}, follow_redirects=True)
    assert "1 section has its new text." in answer.text
    with app.app_context():
        assert db.session.get(Section, sections["A-1"]).current.plain.startswith("Wood & <script>")


def test_a_choice_that_was_not_kept_yet_is_kept_and_looked_at_before_anything_is_written(
    app, client, sections
):
    at = bring(client)
    chosen = {"piece-2": str(sections["B-3"]), "seen": seen(client, at)}
    answer = client.post(at, data=chosen, follow_redirects=True)
    assert "Your choices are kept." in answer.text
    assert "2 sections would get their texts from here." in answer.text
    assert "Click here to enter text" in answer.text
    with app.app_context():
        assert db.session.get(Section, sections["B-3"]).current is None
    answer = client.post(at, data={**chosen, "seen": seen(client, at)}, follow_redirects=True)
    assert "2 sections have their new text." in answer.text


def test_choices_may_be_kept_alone(client, sections):
    at = bring(client)
    kept = client.post(f"{at}/choices", data={"piece-1": "out", "csrf_token": "x"})
    assert kept.status_code == 303
    assert "2 parts of the text have no place and stay out." in client.get(at).text
    assert client.post(f"{at}/choices", data={"piece-1": "nonsense"}).status_code == 422


def test_what_is_no_contract_is_refused_beside_the_field(client):
    for content, name in ((b"PK\x03\x04", "x.docx"), (b"\xd0\xcf\x11\xe0", "x.doc"), (b"", "x.md")):
        answer = send(client, content, name)
        assert answer.status_code == 422
        assert "field-error" in answer.text
    assert client.post(HOME, data={}).status_code == 422


def test_a_file_larger_than_other_forms_may_send_is_read(client):
    text = b"# A-1\n\n" + b"words " * 800_000
    assert "larger than 4 MB" in send(client, text, "long.md").text


def test_it_belongs_to_whoever_brought_it(app, client, city, enter):
    at = bring(client)
    assert enter(city.editor).get(at).status_code == 404
    assert enter(city.stakeholder).get(HOME).status_code == 403
    assert client.post(f"{at}/discard").status_code == 303
    assert client.get(at).status_code == 404
    with app.app_context():
        assert db.session.query(Sheet).count() == 0


def test_the_documents_page_leads_there_only_for_those_who_write(client, city, enter):
    assert HOME in client.get("/c/ljubljana/documents").text
    assert HOME not in enter(city.stakeholder).get("/c/ljubljana/documents").text


def test_a_stale_screen_takes_nothing_over(app, client, city, sections):
    at = bring(client)
    old = seen(client, at)
    with app.app_context(), transaction():
        builders.revision(db.session.get(Section, sections["A-1"]), "Other words.")
    assert client.post(at, data={"seen": old}).status_code == 409


def test_a_large_file_is_shown_while_it_is_read_and_then_looked_through(app, client):
    padded = changed(contract(), lambda _name, content: content, padding=os.urandom(2_200_000))
    at = bring(client, padded)
    page = client.get(at).text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'data-poll="{at}/progress"' in page
    assert "old.docx" in client.get(HOME).text
    with app.app_context():
        from tasks import imports as jobs

        assert jobs.sweep() == 1
    piece = client.get(f"{at}/progress").text
    assert "data-poll" not in piece
    assert f'href="{at}"' in piece
    assert "1 section would get its text from here." in client.get(at).text


def test_a_large_file_that_cannot_be_read_says_why_in_the_readers_language(app, client):
    at = bring(client, b"PK\x03\x04" + os.urandom(2_200_000))
    with app.app_context():
        from tasks import imports as jobs

        assert jobs.sweep() == 0
    page = client.get(at).text
    assert "Please open it in Word and save it again as .docx." in page
    assert "data-poll" not in page
    client.post(f"{at}/discard")
    assert client.get(at).status_code == 404
