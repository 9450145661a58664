"""Kept parts of pages: everybody sees what would have been drawn for him alone."""

import re
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests import builders
from tests.support.complete import many
from tests.support.pages import drawn
from workflow import fragments
from workflow.db import db, transaction
from workflow.models import AnswerDraft, Person, Thread
from workflow.queries import threads as thread_pages
from workflow.queries.views import ThreadView
from workflow.rules.vocabulary import Disposition, RemarkKind, Role, Stage, Visibility
from workflow.services import threads

SECRET = "gooseberry"


@pytest.fixture
def town(app, city, enter):
    """A section with remarks of all kinds, and readers who may each see and do something else."""
    with app.app_context(), transaction():
        section = builders.section("B-1", contract=city.contract, stage=Stage.REVISION)
        voice = builders.person(Role.STAKEHOLDER, contract=city.contract)
        slovene = builders.person(Role.STAKEHOLDER, contract=city.contract, language="sl")
        cyclist = builders.person(
            Role.EDITOR, contract=city.contract, sector=builders.sector("transport")
        )
        cyclist.time_zone = "Asia/Tokyo"
        made = [
            builders.thread(section, author=author, visibility=seen_by, kind=kind, text=text)
            for author, seen_by, kind, text in (
                (voice, Visibility.CITY, RemarkKind.CONCERN, f"Only for the city: {SECRET}"),
                (voice, Visibility.PARTICIPANTS, RemarkKind.QUESTION, "Who pays?"),
                (slovene, Visibility.PUBLIC, RemarkKind.SUPPORT, "Well done."),
                (slovene, Visibility.PUBLIC, RemarkKind.OBJECTION, "Not like this."),
            )
        ]
        answered = builders.thread(section, author=voice, answer=Disposition.NOT_ACCEPTED)
        builders.thread(section, author=slovene, withdrawn=True)
        db.session.add(
            AnswerDraft(
                thread_id=made[1].id,
                disposition=Disposition.NOTED,
                answer="",
                by_id=city.editor.id,
                saved_at=answered.answered_at,
            )
        )
        address = f"/c/{city.slug}/sections/{section.id}/"
        ids = [thread.id for thread in made]
    readers = [voice, slovene, cyclist, city.admin, city.coordinator, city.observer, city.approver]
    return address, ids, {one.id: enter(one) for one in readers}, voice.id


@settings(max_examples=many(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_what_was_made_for_others_is_never_seen_in_place_of_ones_own(app, town, data):
    address, ids, readers, _voice = town
    steps = some.tuples(
        some.sampled_from(sorted(readers)), some.none() | some.sampled_from(ids[1:])
    )
    for reader, supported in data.draw(some.lists(steps, min_size=2, max_size=5)):
        if supported:
            readers[reader].post(f"/threads/{supported}/support")
        readers[reader].get(address)  # whatever is told once has been told
        with_kept = drawn(readers[reader], address)
        fragments.forget(app)
        assert with_kept == drawn(readers[reader], address)


def test_words_for_the_city_stay_with_the_city_after_the_city_has_read_them(town, city):
    address, _ids, readers, voice = town
    assert SECRET in drawn(readers[city.coordinator.id], address)
    seeing = {reader for reader, client in readers.items() if SECRET in drawn(client, address)}
    assert seeing == {voice, city.admin.id, city.coordinator.id, city.approver.id}


def test_nobody_is_handed_the_token_of_another(app, town):
    address, _ids, readers, _voice = town
    tokens = []
    for client in list(readers.values())[:2]:
        found = set(re.findall(r'name="csrf_token" value="([^"]+)"', client.get(address).text))
        assert len(found) == 1
        tokens += found
    assert len(set(tokens)) == 2
    for shelf in ("fragments", "pages"):
        kept = app.extensions[shelf].kept.values()
        assert kept
        assert not [token for token in tokens if any(token in "".join(one.pieces) for one in kept)]


def test_a_kept_card_is_found_under_the_whole_view_of_the_thread(app, town):
    _address, ids, _readers, voice = town
    with app.test_request_context():
        person = db.session.get(Person, voice)
        thread = db.session.get(Thread, ids[1])
        view, again = (thread_pages.one(thread, person) for _ in range(2))
        assert view is not again and {view: 1}[again] == 1
        assert all(one.compare and one.hash is not False for one in fields(ThreadView))
        with transaction():
            threads.reply(db.session.get(Thread, ids[1]), by=person, text="One word more.")
        assert thread_pages.one(thread, person) != view


def test_the_shelf_keeps_the_parts_that_were_used_last():
    shelf = fragments.Shelf(most=2)
    for key in "ab":
        shelf.put(key, fragments.Fragment([key], [], float("inf")))
    assert shelf.get("a")
    shelf.put("c", fragments.Fragment(["c"], [], float("inf")))
    assert [bool(shelf.get(key)) for key in "abc"] == [True, False, True]
    shelf.put("d", fragments.Fragment(["d"], [], 0.0))
    assert shelf.get("d") is None


def test_words_that_are_new_each_time_are_put_where_the_old_ones_stood():
    html = "<i>one</i> of two, one more"
    fragment = fragments.Fragment.cut(html, ("one", "two"), float("inf"))
    assert fragment.with_words(("one", "two")) == html
    assert fragment.with_words(("two", "one")) == "<i>two</i> of one, two more"
    assert fragments.Fragment.cut("", ("one",), float("inf")).with_words(("two",)) == ""
