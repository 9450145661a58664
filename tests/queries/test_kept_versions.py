"""The list of documents as versions: who asked for which, and what became another since the one before."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Document
from workflow.queries import documents as pages
from workflow.queries import kept_versions
from workflow.rules.editions import Edition
from workflow.rules.versions import difference
from workflow.rules.vocabulary import Audience, BuildState, Disposition, FileFormat, Role, Stage
from workflow.services import documents
from workflow.typesetting import Pdf

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def contract():
    return builders.contract(slug="ljubljana")


@pytest.fixture
def section(contract):
    return builders.section("A-1", stage=Stage.CONSULTATION)


@pytest.fixture
def maja(section):
    return builders.person(Role.COORDINATOR)


def built(by, audience=Audience.PARTICIPANTS, **what) -> Document:
    edition = Edition(audience, "en", **what)
    with transaction():
        document = documents.request(builders.the_contract(), edition, by=by)
    with transaction():
        build = documents.claim(document.id, now=clock.now())
    made = Pdf(f"%PDF {document.id}".encode(), 3, (), ())
    with transaction():
        return documents.finish(build, made, key=storage.keep(made.bytes), now=clock.now())


def lines(contract, maja) -> list[pages.Line]:
    with force_locale("en"):
        return pages.index(contract, maja).documents


def newest(contract, maja) -> pages.Line:
    return lines(contract, maja)[0]


def test_the_first_of_its_kind_has_none_before(contract, maja):
    built(maja)
    line = newest(contract, maja)
    assert (line.before, line.changes, line.current) == (None, [], True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: builders.revision(one, "Another text."), "1 text changed: A-1"),
        (lambda one: builders.section("A-2"), "1 section came: A-2"),
        (lambda one: builders.thread(one), "1 comment more"),
        (lambda one: setattr(one, "stage", Stage.REVISION), "1 section is in another state: A-1"),
    ],
    ids=["text", "section", "comment", "state"],
)
def test_what_became_another_is_said_in_words(contract, section, maja, change, told):
    first = built(maja)
    change(section)
    db.session.commit()
    second = built(maja)
    line = newest(contract, maja)
    assert (line.id, line.before) == (second.id, first.id)
    assert line.changes == [told]
    assert not lines(contract, maja)[1].current
    with force_locale("en"):
        assert pages.show(second, maja).line.changes == [told]


def test_an_answer_is_a_change_without_another_comment(contract, section, maja):
    remark = builders.thread(section)
    built(maja)
    remark.disposition, remark.answer = Disposition.NOTED, "Thank you."
    remark.answered_at, remark.answered_by = clock.now(), maja
    db.session.commit()
    built(maja)
    assert newest(contract, maja).changes == ["Comments or answers changed"]


def test_what_its_readers_cannot_see_is_no_change_of_a_document(contract, section, maja):
    hidden = "Heat is known.\n\n::: city\nTalks go on until {}.\n:::\n"
    builders.revision(section, hidden.format("May"))
    for audience in (Audience.PUBLIC, Audience.CITY):
        built(maja, audience)
    builders.revision(section, hidden.format("June"))
    for audience, told in ((Audience.PUBLIC, []), (Audience.CITY, ["1 text changed: A-1"])):
        built(maja, audience)
        assert newest(contract, maja).changes == told
    builders.revision(section, hidden.format("June") + "\nGeothermal heat is not.\n")
    built(maja, Audience.PUBLIC)
    assert newest(contract, maja).changes == ["1 text changed: A-1"]


def test_other_numbers_of_a_chart_are_told(contract, section, maja):
    builders.revision(section, "::: chart baseline\nEmissions\n:::\n")
    by_source = [{"sector": "heat", "total": 40}]
    numbers = {"base_year": 2019, "total": 100, "by_source_sector": by_source}
    known = builders.figures(contract, numbers)
    built(maja)
    known.figures = numbers | {"total": 80}
    db.session.commit()
    built(maja)
    assert newest(contract, maja).changes == ["Figures changed"]


def test_only_the_same_edition_and_only_finished_ones_are_compared(contract, section, maja):
    first = built(maja)
    built(maja, Audience.CITY)
    built(maja, format=FileFormat.DOCX)
    assert [line.before for line in lines(contract, maja)] == [None, None, None]
    builders.revision(section, "Another text.")
    with transaction():
        failed = documents.request(contract, Edition(Audience.PARTICIPANTS, "en"), by=maja)
    assert newest(contract, maja).id == failed.id
    assert newest(contract, maja).before is None
    with transaction():
        documents.cancel(failed, by=maja)
    builders.revision(section, "A third text.")
    assert built(maja).id > failed.id
    assert newest(contract, maja).before == first.id


def test_many_sections_are_named_by_a_few_codes(contract, section, maja):
    built(maja)
    for number in range(9):
        builders.section(f"B-{number}")
    built(maja)
    [told] = newest(contract, maja).changes
    assert told == "9 sections came: B-0, B-1, B-2, B-3, B-4, B-5 …"


def test_what_left_and_everything_else_is_found_in_two_lists():
    def listed(*sections, **more):
        usual = {"template": ["1", "t"], "pack": ["p", "1"], "city": "X", "appendices": []}
        remarks = {"count": 2, "answered": 0, "sha256": "r"}
        modules = [{"sections": list(sections)}]
        return usual | {"remarks": remarks, "components": [{"modules": modules}]} | more

    one = {"id": 1, "code": "A-1", "sha256": "a", "stage": "draft", "pictures": ["x"]}
    two = {"id": 2, "code": "A-2", "sha256": "b", "stage": "draft", "pictures": []}
    found = difference(
        listed(one, two, figures="f"),
        listed(one | {"pictures": []}, city="Y", template=["2", "t"], appendices=[1]),
    )
    assert (found.left, found.entered, found.changed, found.pictured) == (
        ("A-2",),
        (),
        (),
        ("A-1",),
    )
    assert found.figures and found.appendices and found.bears and found.look
    later = one | {"sha256": "c", "read": "r"}
    assert difference(listed(one), listed(later)).changed == ("A-1",)
    assert difference(listed(later), listed(later | {"sha256": "d"})).changed == ()
    assert difference(listed(later | {"sha256": "a"}), listed(one)).changed == ()
    same = difference(listed(one), listed(one))
    assert not any(getattr(same, name) for name in same.__slots__)


def test_the_list_comes_in_pages_and_asks_the_same_however_long_it_is(
    ctx, client, contract, section, maja
):
    builders.sign_in(client, maja)

    def questions() -> int:
        db.session.expire_all()
        assert contract.slug and maja.memberships[0].role, "as every request has read them"
        with counted(ctx) as asked:
            lines(contract, maja)
        return len(asked)

    built(maja)
    few = questions()
    template = db.session.scalars(select(Document)).one()
    for number in range(kept_versions.AT_ONCE + 4):
        row = Document(
            contract_id=contract.id,
            requested_by_id=maja.id,
            edition=template.edition,
            manifest=template.manifest | {"as_of": f"2026-01-{number + 1:02}"},
            manifest_sha256=f"{number:064x}",
            state=BuildState.DONE,
            next_try_at=clock.now(),
        )
        builders.keep(row)
    assert questions() == few <= 8
    page = client.get("/c/ljubljana/documents").text
    assert page.count("row-link") == kept_versions.AT_ONCE
    assert "Page 1 of 2" in page
    second = client.get("/c/ljubljana/documents?page=2").text
    assert second.count("row-link") == 5
    assert "Since the one before" in second


def test_a_program_lists_documents_with_what_changed_and_stops_one(client, contract, section, maja):
    first = built(maja)
    builders.revision(section, "Another text.")
    second = built(maja)
    inside = built(maja, Audience.CITY)
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    told = client.get("/api/contracts/ljubljana/documents").json
    assert [one["id"] for one in told["documents"]] == [second.id, first.id]
    assert (told["total"], told["page"], told["pages"]) == (2, 1, 1)
    newest = told["documents"][0]
    assert (newest["before"], newest["changes"]) == (first.id, ["1 text changed: A-1"])
    assert client.post(f"/api/documents/{inside.id}/cancel", json={}).status_code == 404
    builders.revision(section, "A third text.")
    asked = client.post("/api/contracts/ljubljana/documents", json={"audience": "public"}).json
    stopped = client.post(f"/api/documents/{asked['id']}/cancel", json={})
    assert (stopped.status_code, stopped.json["state"]) == (200, "cancelled")
    builders.sign_in(client, maja)
    mine = client.post("/api/contracts/ljubljana/documents", json={"audience": "participants"}).json
    builders.sign_in(client, builders.person(Role.STAKEHOLDER))
    refused = client.post(f"/api/documents/{mine['id']}/cancel", json={})
    assert refused.status_code == 403
    assert "/api/documents/{document_id}/cancel" in client.get("/api/openapi.json").json["paths"]
