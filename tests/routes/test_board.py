"""The board in the browser without scripts: sorting by links, views that one keeps, files of exactly what is shown."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import SavedView, Section
from workflow.rules.vocabulary import RemarkKind, Role, Stage

MOST_QUERIES = 8


@pytest.fixture
def sections(app, city):
    with app.app_context(), transaction():
        a = builders.section("A", sectors=("energy",), author=city.editor)
        b = builders.section("B", sectors=("waste",), stage=Stage.REVISION, author=city.editor)
        builders.thread(b, kind=RemarkKind.OBJECTION)
        builders.section("C", sectors=("waste",), stage=Stage.REVIEW, author=city.editor)
        return [a.id, b.id]


def codes(page: str) -> list[str]:
    return re.findall(r'<span class="code">(\w+)</span>', page)


def test_each_head_is_a_link_that_sorts_and_says_how_it_is_sorted(city, sections, enter):
    client = enter(city.coordinator)
    page = client.get(f"/c/{city.slug}/board?sector=waste").text
    links = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', page)
    assert len(links) == 10
    assert "aria-sort" not in page
    for link in links:
        sorted_page = client.get(link.replace("&amp;", "&")).text
        assert sorted(codes(sorted_page)) == ["B", "C"]
        assert sorted_page.count("aria-sort=") == 1
    [back] = re.findall(
        r'aria-sort="descending"><a href="([^"]+)"',
        client.get(f"/c/{city.slug}/board?sort=blocking").text.replace("&amp;", "&"),
    )
    assert "down=0" in back
    assert 'aria-sort="ascending"' in client.get(back).text


def test_what_blocks_and_the_next_step_lead_to_where_they_are_done(city, sections, enter):
    page = enter(city.coordinator).get(f"/c/{city.slug}/board").text
    assert "2 things block approval" in page
    assert "1 blocking objection is open" in page
    assert f'href="/c/{city.slug}/desk?section={sections[1]}"' in page
    assert f'href="/c/{city.slug}/sections/{sections[1]}/?show=open"' in page
    outside = enter(city.observer).get(f"/c/{city.slug}/board").text
    assert "Answer 1 comment" in outside
    assert "/desk?section=" not in outside


def test_the_files_hold_exactly_what_is_shown(city, sections, enter):
    client = enter(city.coordinator)
    page = client.get(f"/c/{city.slug}/board?sector=waste&sort=stage&down=1").text
    [link] = re.findall(r'href="([^"]+board\.csv[^"]*)"', page)
    answer = client.get(link.replace("&amp;", "&"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row[1] for row in rows[1:]] == codes(page) == ["C", "B"]
    line = dict(zip(rows[0], rows[2], strict=True))
    assert (line["State"], line["Unanswered"], line["Blocking"]) == ("In revision", "1", "1")
    assert line["Next step"] == "Answer 1 comment"
    assert line["Blocks approval"].startswith("1 blocking objection is open; ")
    sheet = load_workbook(
        io.BytesIO(client.get(link.replace("csv", "xlsx").replace("&amp;", "&")).data)
    )
    assert [row[1] for row in sheet.active.iter_rows(min_row=2, values_only=True)] == ["C", "B"]


def test_a_view_is_kept_opened_renamed_and_removed(app, city, sections, enter):
    client = enter(city.coordinator)
    asked = f"/c/{city.slug}/board?sector=waste&galaxy=1&sort=due"
    [action] = re.findall(r'action="([^"]+/board/views[^"]*)"', client.get(asked).text)
    kept = client.post(action.replace("&amp;", "&"), data={"name": "Waste by date"})
    assert kept.status_code == 303
    assert kept.location == f"/c/{city.slug}/board?sector=waste&sort=due&down=0"
    page = client.get(kept.location).text
    assert 'aria-current="true">Waste by date</a>' in page
    assert "Keep this view" not in page
    with app.app_context():
        [view] = db.session.query(SavedView)
    own = f"/c/{city.slug}/board/views"
    assert client.post(f"{own}/{view.id}", data={"name": "Waste"}).status_code == 303
    assert 'value="Waste"' in client.get(own).text
    assert client.post(f"{own}/{view.id}/remove").status_code == 303
    assert "You keep no view yet" in client.get(own).text


def test_a_name_that_is_taken_says_so_and_what_was_typed_stays(city, sections, enter):
    client = enter(city.coordinator)
    address = f"/c/{city.slug}/board/views?sector=waste"
    client.post(address, data={"name": "Waste"})
    again = client.post(address.replace("waste", "energy"), data={"name": "Waste"})
    assert again.status_code == 422
    assert "You have a view of this name already." in again.text
    assert 'value="Waste"' in again.text
    assert codes(again.text) == ["A"]
    client.post(f"/c/{city.slug}/board/views?sector=energy", data={"name": "Energy"})
    views = re.findall(r'id="view-(\d+)"', client.get(f"/c/{city.slug}/board/views").text)
    refused = client.post(f"/c/{city.slug}/board/views/{views[0]}", data={"name": "Waste"})
    assert refused.status_code == 422
    assert "You have a view of this name already." in refused.text


def test_views_are_one_s_own(app, city, sections, enter):
    enter(city.coordinator).post(
        f"/c/{city.slug}/board/views?sector=waste", data={"name": "Maja's waste"}
    )
    with app.app_context():
        [view] = db.session.query(SavedView)
    client = enter(city.editor)
    assert "Maja&#39;s waste" not in client.get(f"/c/{city.slug}/board").text
    for address in (f"views/{view.id}", f"views/{view.id}/remove"):
        answer = client.post(f"/c/{city.slug}/board/{address}", data={"name": "Mine"})
        assert answer.status_code == 404


def test_the_board_costs_the_same_few_questions_whatever_is_in_it(app, city, enter):
    client = enter(city.coordinator)
    small = _grown(app, city, client, sections=5, remarks=5, organisations=2)
    large = _grown(app, city, client, sections=55, remarks=300, organisations=40)
    assert small == large <= MOST_QUERIES


def _grown(app, city, client, *, sections: int, remarks: int, organisations: int) -> int:
    with app.app_context(), transaction():
        made = [
            builders.section(stage=list(Stage)[n % 5], author=city.editor) for n in range(sections)
        ]
        for _ in range(organisations):
            builders.person(organisation=builders.organisation())
        for number in range(remarks):
            builders.thread(made[number % sections], author=city.stakeholder)
        db.session.add(
            SavedView(
                person_id=city.coordinator.id,
                contract_id=made[0].contract_id,
                name=f"{sections}",
                query="only=mine",
            )
        )
    with counted(app) as questions:
        assert client.get(f"/c/{city.slug}/board?sort=silent").status_code == 200
    return len(questions)


def test_a_page_drawn_once_changes_when_a_section_does(app, city, sections, enter):
    client = enter(city.coordinator)
    first = client.get(f"/c/{city.slug}/board").text
    assert client.get(f"/c/{city.slug}/board").text.count("<tr") == first.count("<tr")
    with app.app_context(), transaction():
        section = db.session.get(Section, sections[0])
        section.titles = {"en": "Another title"}
        builders.thread(section)
    later = client.get(f"/c/{city.slug}/board").text
    assert "Another title" in later
    assert "Answer 1 comment" in later


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.OBSERVER, Role.APPROVER])
def test_everybody_who_takes_part_may_take_the_file(city, sections, enter, role):
    answer = enter(getattr(city, role.value)).get(f"/c/{city.slug}/board.csv")
    assert answer.status_code == 200
