"""A page is said to be unchanged only while it is: after whatever anybody did, and however late it is."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from tests import builders
from tests.routes.deeds import ACTS, AT_ONCE, LATER, NOON, PAGES, Town
from tests.support.pages import steady
from tests.support.queries import counted
from workflow import freshness, pulse
from workflow.db import db, transaction
from workflow.models import Event, Person, Pulse
from workflow.queries.pulse import RECENT
from workflow.queries.sections import is_late
from workflow.rules.refusals import Refusal
from workflow.rules.vocabulary import EventKind
from workflow.services import desk, drafts, threads
from workflow.services.visits import SITTING


class View:
    """One reader's page, as his browser keeps it."""

    def __init__(self, client, address: str):
        self.client, self.address = client, address
        self.kept = ""
        self.mark: str | None = None

    def get(self, **headers) -> tuple[int, str]:
        answer = self.client.get(self.address, headers=headers)
        self.mark = answer.headers.get("ETag")
        return answer.status_code, steady(answer.text)

    def settle(self) -> None:
        """The browser has the page as it is now."""
        _status, self.kept = self.get()

    def changed(self, what: str) -> bool:
        """Whether the browser shows another page when it asks again. What it shows then is the page as it is."""
        before = self.kept
        status, text = self.get(**{"If-None-Match": self.mark} if self.mark else {})
        if status != 304:
            self.kept = text
            return before != text
        _status, fresh = self.get()
        assert before == fresh, f"{what}: {self.address} was said to be the same"
        return False


@pytest.fixture
def views(app, town, enter) -> list[View]:
    with app.app_context():
        readers = town.ana, town.coordinator
        clients = [enter(reader) for reader in readers]
        addresses = [
            f"/c/{section.contract.slug}/sections/{section.id}/"
            for section in (getattr(town, name) for name in PAGES)
        ]
    return [
        View(client, address)
        for client in clients
        for address in (addresses if client is clients[1] else addresses[:2])
    ]


def settled(views: list[View], travel, at: datetime) -> datetime:
    """When all browsers have a page that they may keep, which is soon after `at`: some word may just be changing."""
    for minutes in (0, 1, 2, 3):
        travel(now := at + timedelta(minutes=minutes))
        for view in views:
            view.settle()
        if all(view.mark for view in views):
            return now
    raise AssertionError("nothing is kept")


@pytest.mark.timeout(300)
def test_after_whatever_was_done_nobody_is_told_that_a_changed_page_is_the_same(
    app, town, views, travel
):
    unseen, now = [], NOON
    for what, act in ACTS:
        now = settled(views, travel, now + timedelta(minutes=2 if what in AT_ONCE else 65))
        with app.app_context(), transaction():
            act(town)
        changed = [view.changed(what) for view in views]
        if not any(changed):
            unseen.append(what)
    assert not unseen, ", ".join(unseen)


def test_while_nothing_happens_the_same_page_is_not_sent_again(views, travel):
    travel(LATER)
    for view in views:
        view.settle()
        view.settle()
    asked = [view.get(**{"If-None-Match": view.mark})[0] for view in views]
    assert set(asked) == {304}
    travel(LATER + timedelta(hours=2))
    asked = [view.get(**{"If-None-Match": view.mark})[0] for view in views]
    assert set(asked) == {200}, "hours have passed, and pages tell of them"


@pytest.mark.parametrize(
    ("at", "later"),
    [
        (LATER, timedelta(seconds=20)),
        (LATER, timedelta(minutes=3)),
        (LATER, timedelta(hours=5)),
        (LATER, timedelta(days=41)),
        (NOON + timedelta(days=1, minutes=-1), timedelta(minutes=2)),
        (NOON + timedelta(days=40, minutes=-1), timedelta(minutes=2)),
        (NOON + timedelta(days=2, hours=11, minutes=59), timedelta(minutes=2)),
    ],
)
def test_words_that_time_makes_untrue_are_not_the_same(views, travel, at, later):
    """A day less is left from noon to noon, the round is over on its day, and what is due is due by the date."""
    travel(at)
    for view in views:
        view.settle()
    travel(at + later)
    for view in views:
        view.changed(f"{later} after {at}")


def test_until_the_last_announced_end_nobody_is_late(app, town, travel):
    with app.test_request_context(), freshness.watched() as watch:
        assert not is_late(LATER, town.shown)
        assert watch.until == LATER.timestamp()
        travel(LATER)
        assert is_late(LATER, town.shown)


def test_news_is_news_for_a_sitting(app, town, views, travel):
    news, view = "The text has changed since your last visit.", views[1]
    settled([view], travel, LATER)
    with app.app_context(), transaction():
        builders.revision(town.revised, "Quite another text.")
    read_at = LATER + timedelta(days=3, hours=1)
    travel(read_at)
    view.settle()
    view.settle()
    assert news in view.kept
    travel(read_at + SITTING + timedelta(minutes=1))
    assert view.changed("the sitting is over")
    assert news not in view.kept


def test_who_left_is_not_said_to_write_any_more(app, town, views, travel):
    travel(LATER)
    view = views[1]
    with app.app_context(), transaction():
        drafts.seen(town.revised, by=town.editor)
    view.settle()
    view.settle()
    with app.app_context(), transaction():
        drafts.left(town.revised, by=town.editor)
    assert view.changed("left")


def test_who_was_told_something_in_passing_is_told_it_once(views, travel):
    travel(LATER)
    view = views[0]
    view.settle()
    with view.client.session_transaction() as session:
        session["_flashes"] = [("done", "Your comment is number 7.")]
    status, told = view.get(**{"If-None-Match": view.mark})
    assert (status, view.mark) == (200, None)
    assert "Your comment is number 7." in told
    assert "Your comment is number 7." not in view.get()[1]


def test_a_page_of_another_session_is_another_page(views, travel):
    travel(LATER)
    view = views[0]
    view.settle()
    mark = view.mark
    with view.client.session_transaction() as session:
        session["csrf_token"] = "another"
    assert view.get(**{"If-None-Match": mark})[0] == 200


def test_an_unchanged_page_costs_two_questions_and_keeps_the_policy_it_came_with(
    app, views, travel
):
    travel(LATER)
    view = views[0]
    view.settle()
    view.settle()
    with counted(app) as statements:
        answer = view.client.get(view.address, headers={"If-None-Match": view.mark})
    assert (answer.status_code, len(statements)) == (304, 2)
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


LOOKED_AT = {"draft", "event", "notification", "pulse", "subscription"}
"""What `queries.pulse` reads."""
NEVER_KEPT = {"visit"}
"""A page that tells of news is made anew each time."""


def test_whatever_a_page_reads_either_beats_or_is_looked_at(app, views):
    with counted(app) as statements:
        for view in views:
            view.settle()
    read = set(re.findall(r"(?:FROM|JOIN) \"?(\w+)", " ".join(statements)))
    assert {"section", "thread", "comment", "element", "draft"} <= read
    assert read & pulse.QUIET <= LOOKED_AT | NEVER_KEPT


def test_a_change_that_no_event_tells_of_beats_once_and_what_is_quiet_does_not(app, town):
    def beats() -> int:
        return db.session.scalar(select(Pulse.beats)) or 0

    with app.app_context():
        before = beats()
        with transaction():
            drafts.seen(town.revised, by=town.editor)
        with transaction():
            threads.support(town.said, by=town.bor)
        assert beats() == before
        with transaction():
            desk.draft(town.first, by=town.editor, disposition="noted", text="Hm")
            desk.draft(town.said, by=town.editor, disposition="noted", text="Hm")
        assert beats() == before + 1
        with pytest.raises(Refusal), transaction():
            discarded_and_refused(town)
        with transaction():
            drafts.seen(town.revised, by=town.editor)
        assert beats() == before + 1


def test_what_was_written_before_a_part_that_failed_beats(app, town):
    with app.app_context():
        before = db.session.scalar(select(Pulse.beats)) or 0
        with transaction():
            town.ana.name = "Another"
            db.session.flush()
            with suppress(IntegrityError), db.session.begin_nested():
                builders.event(EventKind.REMARK_MADE)
                db.session.execute(insert(Person).values(id=town.ana.id, name="", email=""))
        assert db.session.scalar(select(Pulse.beats)) == before + 1


def discarded_and_refused(town: Town) -> None:
    desk.discard(town.first, by=town.editor)
    threads.withdraw(town.said, by=town.observer)


@pytest.mark.parametrize("before", [1, RECENT + 1])
def test_an_event_is_noticed_also_when_it_is_committed_after_a_newer_one(
    app, views, travel, before
):
    """As if the first of two transactions had taken longer than the second."""
    with app.app_context():
        one = {"kind": EventKind.CONTRACT_CREATED, "at": NOON}
        db.session.execute(insert(Event), [one] * before)
        db.session.commit()
        number = db.session.scalar(select(func.max(Event.id))) + 1
        builders.event(EventKind.REMARK_MADE, id=number + 1)
    view = views[0]
    settled([view], travel, LATER)
    assert view.get(**{"If-None-Match": view.mark})[0] == 304
    for late in (number, number + 2):
        with app.app_context():
            builders.event(EventKind.REMARK_MADE, id=late)
        assert view.get(**{"If-None-Match": view.mark})[0] == 200
