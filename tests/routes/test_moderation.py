"""The moderators' page: the queue, many at once, the log; flags and appeals from the cards."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Comment, Person, Thread
from workflow.rules.vocabulary import Moderation, ModerationAct, Role, Stage, Visibility
from workflow.services import moderation


def here(person: Person) -> Person:
    """The person as a row of this session."""
    return db.session.get(Person, person.id)


@pytest.fixture
def section(anew, city):
    return builders.section("E-1", contract=city.contract, stage=Stage.CONSULTATION)


@pytest.fixture
def held(section) -> list[Thread]:
    return [
        builders.thread(
            section,
            text=f"Held words {number}.",
            visibility=Visibility.PUBLIC,
            moderation=Moderation.HELD,
        )
        for number in range(3)
    ]


@pytest.fixture
def maja(city, enter):
    return enter(city.coordinator)


def states() -> list[Moderation]:
    db.session.rollback()
    return [one.moderation for one in db.session.query(Comment).order_by(Comment.id)]


def test_only_moderators_see_the_page_and_the_link_to_it(city, enter, held, maja):
    address = f"/c/{city.slug}/moderation"
    page = maja.get(address).text
    assert "Held words 0." in page
    assert "3 comments wait for a moderator" in maja.get(f"/c/{city.slug}/").text
    for person in (city.editor, city.stakeholder, city.approver, city.observer):
        client = enter(person)
        assert client.get(address).status_code == 403
        assert address not in client.get(f"/c/{city.slug}/").text


def test_many_are_released_or_hidden_at_once(city, held, maja):
    address = f"/c/{city.slug}/moderation"
    two = [one.comments[0].id for one in held[:2]]
    assert maja.post(address, data={"act": "release", "comment": two}).status_code == 303
    assert states() == [Moderation.SHOWN, Moderation.SHOWN, Moderation.HELD]
    last = held[2].comments[0].id
    refused = maja.post(address, data={"act": "hide", "comment": last, "reason": ""})
    assert refused.status_code == 422
    assert "Please give a reason" in refused.text
    done = maja.post(address, data={"act": "hide", "comment": last, "reason": "Spam."})
    assert done.status_code == 303
    assert states()[2] is Moderation.HIDDEN
    log = maja.get(f"{address}?act=hide").text
    assert "Spam." in log
    assert log.count("<li>") < maja.get(address).text.count("<li>")


def test_nothing_chosen_and_nothing_known_change_nothing(city, held, maja):
    address = f"/c/{city.slug}/moderation"
    assert maja.post(address, data={"act": "release"}).status_code == 422
    first = held[0].comments[0].id
    assert maja.post(address, data={"act": "burn", "comment": first}).status_code == 422
    assert states() == [Moderation.HELD] * 3


def test_a_comment_of_another_city_is_not_decided_here(anew, city, maja):
    there = builders.contract()
    elsewhere = builders.section(contract=there, stage=Stage.CONSULTATION)
    theirs = builders.thread(elsewhere, moderation=Moderation.HELD).comments[0]
    address = f"/c/{city.slug}/moderation"
    assert maja.post(address, data={"act": "release", "comment": theirs.id}).status_code == 422


def test_a_reader_flags_from_the_card_and_a_moderator_dismisses(city, enter, section, maja):
    shown = builders.thread(section, text="Buy my shoes.")
    about = f"/threads/{shown.id}/moderation"
    reader = enter(city.observer)
    assert "Flag a comment" in reader.get(about).text
    form = {"act": "flag", "comment": shown.comments[0].id}
    assert reader.post(about, data=form).status_code == 422
    assert reader.post(about, data=form | {"reason": "Advertising."}).status_code == 303
    assert "You flagged this comment." in reader.get(about).text
    address = f"/c/{city.slug}/moderation"
    assert "Advertising." in maja.get(address).text
    form = {"act": "dismiss", "comment": shown.comments[0].id}
    assert maja.post(address, data=form).status_code == 303
    assert "Buy my shoes." not in maja.get(address).text


def test_the_author_appeals_from_his_own_card(city, enter, section, maja):
    author = builders.person(Role.STAKEHOLDER)
    shown = builders.thread(section, author=author, text="My hidden words.")
    with transaction():
        moderation.hide(shown.comments[0], by=here(city.coordinator), reason="Rude.")
    client = enter(author)
    section_page = f"/c/{city.slug}/sections/{section.id}/"
    assert "My hidden words." in client.get(section_page).text
    assert "My hidden words." not in enter(city.editor).get(section_page).text
    about = f"/threads/{shown.id}/moderation"
    form = {"act": "appeal", "comment": shown.comments[0].id, "reason": "It is true."}
    assert client.post(about, data=form).status_code == 303
    admin = enter(city.admin)
    address = f"/c/{city.slug}/moderation"
    assert "Another moderator decides" in maja.get(address).text
    form = {"act": "restore", "comment": shown.comments[0].id}
    assert maja.post(address, data=form).status_code == 422
    assert admin.post(address, data=form).status_code == 303
    assert states() == [Moderation.SHOWN]


def test_the_page_asks_the_same_few_questions_of_a_long_queue(app, city, section, maja):
    asked = []
    for many in (2, 20):
        for _number in range(many):
            builders.thread(section, author=builders.person(), moderation=Moderation.HELD)
        with app.app_context(), counted(app) as statements:
            assert maja.get(f"/c/{city.slug}/moderation").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8


def test_a_refused_decision_keeps_what_was_ticked_and_typed_where_it_was(city, held, maja):
    address = f"/c/{city.slug}/moderation"
    flagged = builders.comment(builders.thread(held[0].section))
    builders.moderated(flagged, ModerationAct.FLAG, by=city.observer, reason="Rude.")
    one, two, _three = (thread.comments[0].id for thread in held)
    refused = maja.post(address, data={"act": "hide", "comment": [one, two], "reason": "  "})
    assert refused.text.count(" checked>") == 2
    assert refused.text.count("field-error") == 1
    long = {"act": "hide", "comment": flagged.id, "reason": "Rude indeed. " + "x" * 1_000}
    refused = maja.post(address, data=long)
    assert refused.status_code == 422
    assert refused.text.count("Rude indeed.") == 1
    assert " checked>" not in refused.text
