"""People are named in the forms with and without a script and by programs, and are marked where the words are read."""

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Round, Section, Thread
from workflow.rules.vocabulary import Moderation, Role, Stage, Visibility

MARK = '<span class="mention">@Ana Novak</span>'
HINT = "Write @ and somebody's full name to let them know, as in @Ana Novak."


@pytest.fixture
def section(app, city) -> Section:
    with app.app_context():
        builders.person(Role.STAKEHOLDER, name="Ana Novak", contract=city.contract)
        return builders.section("HEAT", contract=city.contract, stage=Stage.CONSULTATION)


@pytest.fixture
def at(city, section) -> str:
    return f"/c/{city.slug}/sections/{section.id}"


def form(section, text, **more):
    return {
        "revision": section.current_id,
        "kind": "question",
        "visibility": "participants",
        "text": text,
        "language": "en",
        "organisation": "",
    } | more


def number_of(app) -> int:
    with app.app_context():
        return db.session.scalar(select(Thread.id))


def test_a_name_is_marked_in_the_margin_and_on_the_page_of_the_remark(
    app, city, section, at, enter
):
    client = enter(city.stakeholder)
    client.post(f"{at}/threads", data=form(section, "Is it so, @Ana Novak? <b>"))
    number = number_of(app)
    client.post(f"/threads/{number}/replies", data={"text": "@Ana Novak, once more."})
    for page in (f"{at}/", f"/threads/{number}"):
        said = enter(city.coordinator).get(page).text
        assert said.count(MARK) == 2
        assert f"Is it so, {MARK}? &lt;b&gt;" in said


def test_the_forms_say_how_somebody_is_named(app, city, section, at, enter):
    client = enter(city.stakeholder)
    client.post(f"{at}/threads", data=form(section, "Who pays?"))
    pages = (f"{at}/", f"{at}/threads", f"/threads/{number_of(app)}")
    assert [page for page in pages if HINT not in client.get(page).text] == []


def test_programs_name_people_too_and_read_who_is_named(city, section, enter):
    client = enter(city.stakeholder)
    made = client.post(
        f"/api/sections/{section.id}/threads",
        json={"revision": section.current_id, "kind": "question", "text": "@ana novak?"},
    )
    assert made.json["comments"][0]["named"] == ["Ana Novak"]
    replied = client.post(
        f"/api/threads/{made.json['id']}/replies", json={"text": "ana@example.org, @Tine Kos"}
    )
    assert replied.json["comments"][1]["named"] == []


def test_names_cost_no_query_where_the_words_are_read(app, city, section, at, enter):
    client = enter(city.stakeholder)
    client.post(f"{at}/threads", data=form(section, "Who pays?"))
    client.get(f"{at}/")

    def asked():
        with counted(app) as statements:
            assert client.get(f"{at}/").status_code == 200
        return len(statements)

    before = asked()
    for _ in range(3):
        client.post(f"{at}/threads", data=form(section, "@Ana Novak"))
    assert client.get(f"{at}/").text.count(MARK) == 3
    assert asked() == before


def test_a_name_is_marked_wherever_the_words_are_read(app, city, anew, enter):
    with app.app_context():
        section = builders.opened_to_all(
            builders.section(
                "HEAT", contract=city.contract, stage=Stage.CONSULTATION, author=city.editor
            )
        )
        club = builders.organisation("Club", contract=city.contract)
        thread = builders.thread(
            section, text="Why, @Ana Novak?", visibility=Visibility.PUBLIC, organisation=club
        )
        thread.round = db.session.scalars(select(Round)).one()
        held = builders.comment(thread, text="@Ana Novak, no.", moderation=Moderation.HELD)
        for one in (thread.comments[0], held):
            one.named = [[city.stakeholder.id, "Ana Novak"]]
        db.session.commit()
        public = f"/public/{city.slug}/sections/{section.id}"
        pages = (
            f"/c/{city.slug}/desk",
            f"/c/{city.slug}/rounds/{thread.round.number}/matrix",
            f"/c/{city.slug}/moderation",
            f"/threads/{thread.id}/moderation",
            f"/c/{city.slug}/organisations/{club.id}",
        )
    client = enter(city.coordinator)
    assert {page: client.get(page).text.count(MARK) for page in pages} == dict.fromkeys(pages, 1)
    assert app.test_client().get(public).text.count(MARK) == 1
