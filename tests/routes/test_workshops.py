"""Workshop capture in the browser: the form stays, a sheet is looked through first, and nothing typed is lost."""

import io
import re

import pytest
from openpyxl import load_workbook

from tests import builders
from tests.support.queries import counted
from workflow import spreadsheets
from workflow.db import db, transaction
from workflow.models import Comment, Section, Sheet, Thread
from workflow.rules.vocabulary import Channel, RemarkKind, Role, Stage, Visibility

RECORD = "/c/ljubljana/record"
SHEETS = f"{RECORD}/sheets"
ENTRY = {
    "source": "Workshop 3, table B",
    "channel": "paper",
    "kind": "concern",
    "visibility": "public",
    "language": "sl",
    "text": "Too dear.",
    "quote": "74 % of all homes",
    "on_behalf_of": "Ana Novak",
    "consent": "y",
}
ROOM = {"channel": "workshop", "visibility": "participants", "language": "sl", "source": "Hall"}


@pytest.fixture
def section(app, city) -> int:
    with app.app_context(), transaction():
        return builders.section("B-2.1", stage=Stage.CONSULTATION, author=city.editor).id


@pytest.fixture
def client(city, enter, section):
    return enter(city.coordinator)


def entry(section_id: int, **what) -> dict:
    return ENTRY | {"section": str(section_id)} | what


def threads(app) -> list[Thread]:
    with app.app_context():
        return db.session.query(Thread).order_by(Thread.id).all()


def upload(client, content: bytes, name: str = "table-b.csv", **values):
    return client.post(SHEETS, data=ROOM | values | {"file": (io.BytesIO(content), name)})


def test_an_entry_is_recorded_and_the_form_stays_with_what_it_remembers(app, client, section):
    answer = client.post(RECORD, data=entry(section))
    assert (answer.status_code, answer.location) == (303, f"{RECORD}#record-text")
    [thread] = threads(app)
    assert (thread.channel, thread.kind, thread.visibility) == (
        Channel.PAPER,
        RemarkKind.CONCERN,
        Visibility.PUBLIC,
    )
    assert (thread.on_behalf_of, thread.quote) == ("Ana Novak", "74 % of all homes")
    page = client.get(RECORD).text
    assert "Comment B-2.1/1 is written down." in page
    assert 'value="Workshop 3, table B"' in page
    assert re.search(rf'<option selected value="{section}">', page)
    assert '<option selected value="paper">' in page
    assert "Too dear." in page and "Ana Novak" in page


def test_an_entry_says_when_the_passage_was_not_found_or_the_name_not_kept(client, section):
    client.post(RECORD, data=entry(section, quote="no such words", consent=""))
    page = client.get(RECORD).text
    assert "The text has no such words" in page
    assert "The name is left out" in page


def test_nothing_typed_is_lost_when_an_entry_cannot_be_taken(app, client, section):
    answer = client.post(RECORD, data=entry(section, source=""))
    assert answer.status_code == 422
    for words in ("Too dear.", "74 % of all homes", "Ana Novak", "Please say where"):
        assert words in answer.text
    assert threads(app) == []


@pytest.mark.parametrize("missing", [*ENTRY, "section"])
def test_a_form_that_lacks_a_field_is_answered_with_words(client, section, missing):
    form = {name: value for name, value in entry(section).items() if name != missing}
    assert client.post(RECORD, data=form).status_code in (303, 422)


@pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 30, "\x00"])
@pytest.mark.parametrize("field", ["section", "organisation", "kind", "channel", "visibility"])
def test_a_choice_that_is_not_offered_is_refused(app, client, section, field, value):
    assert client.post(RECORD, data=entry(section, **{field: value})).status_code == 422
    assert threads(app) == []


def test_sending_the_same_form_twice_writes_it_down_once(app, client, section):
    for _time in range(2):
        assert client.post(RECORD, data=entry(section, token="once")).status_code == 303
    assert len(threads(app)) == 1


def test_what_was_just_entered_can_be_taken_back(app, client, section):
    client.post(RECORD, data=entry(section))
    [thread] = threads(app)
    assert client.post(f"{RECORD}/{thread.id}/undo").status_code == 303
    [thread] = threads(app)
    assert thread.withdrawn_at is not None and thread.on_behalf_of is None
    assert "Too dear." not in client.get(RECORD).text


def test_only_what_was_written_down_can_be_taken_back_here(app, client, section):
    with app.app_context(), transaction():
        own = builders.thread(db.session.get(Section, section)).id
    assert client.post(f"{RECORD}/{own}/undo").status_code == 404


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER, Role.APPROVER])
def test_the_pages_are_for_those_who_write(app, city, enter, section, role):
    other = enter(getattr(city, role.value))
    for address in (RECORD, SHEETS, f"{RECORD}/template.xlsx", f"{SHEETS}/1"):
        assert other.get(address).status_code == 403, address
    for address in (RECORD, SHEETS, f"{SHEETS}/1", f"{SHEETS}/1/discard", f"{RECORD}/1/undo"):
        assert other.post(address, data=entry(section)).status_code == 403, address
    assert threads(app) == []


def test_a_sheet_is_shown_before_anything_is_recorded(app, client):
    answer = upload(client, b"Section,Comment,Kind\nB-2.1,Too dear.,Concern\nB-9,Hm.,Sugestion\n")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "1 row would become a comment." in page
    assert "There is no section “B-9”. These take comments now: B-2.1." in page
    assert "“Sugestion” is not known here. One of these is: Question, Correction," in page
    assert threads(app) == []
    assert client.post(answer.location).status_code == 303
    page = client.get(answer.location).text
    assert "1 comment of this sheet is recorded." in page
    assert "B-9" in page and "Record " not in page
    [thread] = threads(app)
    assert (thread.source, thread.channel, thread.language) == ("Hall", Channel.WORKSHOP, "sl")


def test_confirming_twice_records_once(app, client):
    address = upload(client, b"Section,Comment\nB-2.1,Too dear.\n").location
    for _time in range(3):
        assert client.post(address).status_code == 303
    assert len(threads(app)) == 1


def test_the_faults_speak_slovene_too(app, city, client):
    client.post("/language", data={"language": "sl", "next": "/"})
    page = client.get(upload(client, b"Razdelek;Pripomba;Vrsta\nB-2.1;Da.;Xyz\n").location)
    assert "Vprašanje, Popravek" in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"B-2.1,Too dear.\n", "The first row has to name the columns"),
        (b"PK\x03\x04 broken", "This file cannot be read."),
        (b"x" * (spreadsheets.MAX_BYTES + 1), "This file is larger than 2 MB."),
        (b"Section,Comment\n" + b"B-2.1,x\n" * 2_001, "more than 2,000 rows"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_its_field(app, client, content, words):
    answer = upload(client, content, source="The long hall")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="The long hall"' in answer.text
    with app.app_context():
        assert db.session.query(Sheet).count() == 0


@pytest.mark.parametrize("form", [{}, {"file": "no file"}, {"file": ""}])
def test_no_file_at_all_is_told_so(client, form):
    answer = client.post(SHEETS, data=ROOM | form)
    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


@pytest.mark.parametrize(
    "name", ["", "\x00.csv", "ž" * 900 + ".csv", "../../etc/passwd", "<b>.csv"]
)
def test_odd_names_of_files_are_only_names(client, name):
    answer = upload(client, b"Section,Comment\nB-2.1,x\n", name or "x")
    page = client.get(answer.location).text
    assert "<b>.csv" not in page


def test_a_sheet_is_its_bringers_alone_and_can_be_thrown_away(app, client, city, enter):
    address = upload(client, b"Section,Comment,Name\nB-2.1,x,Ana Novak\n").location
    editor = enter(city.editor)
    assert editor.get(address).status_code == 404
    assert editor.post(address).status_code == 404
    assert editor.post(f"{address}/discard").status_code == 404
    assert "table-b.csv" in client.get(SHEETS).text
    assert client.post(f"{address}/discard").status_code == 303
    assert client.get(address).status_code == 404
    assert threads(app) == []


def test_the_sheet_that_we_offer_says_what_goes_where_and_is_taken_back(app, client):
    answer = client.get(f"{RECORD}/template.xlsx")
    book = load_workbook(io.BytesIO(answer.get_data()))
    first, about = book.worksheets
    first.append(["B-2.1", "Too dear."])
    said = [cell.value for row in about for cell in row if cell.value]
    assert "B-2.1" in said and "Kind" in said
    file = io.BytesIO()
    book.save(file)
    address = upload(client, file.getvalue(), "comments.xlsx").location
    client.post(address)
    with app.app_context():
        assert db.session.query(Comment.text).all() == [("Too dear.",)]


def test_no_page_asks_more_questions_for_more_rows(app, client, section):
    address = upload(client, b"Section,Comment\n" + b"B-2.1,x\n" * 150).location
    client.post(RECORD, data=entry(section))
    for page in (address, f"{address}?page=2", f"{address}?show=faulty", SHEETS, RECORD):
        with counted(app) as questions:
            assert client.get(page).status_code == 200
        assert len(questions) <= 8, (page, questions)
