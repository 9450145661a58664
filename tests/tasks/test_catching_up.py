"""After a downtime of any part: one letter with everything, at most one in each window, none with nothing in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Person, Thread
from workflow.rules.vocabulary import RemarkKind, Rhythm, Role, Stage
from workflow.services import inbox, threads

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Ljubljana, where letters come at seven."""
DAYS = 3
LOOKS = (0, 0.1, 12, 20.9, 21)
"""Hours after the beginning of each of these days at which the jobs look: among them just before letters are made, as
jobs do that look every few seconds. Twenty-one is the hour of letters."""
BACK = START + timedelta(days=DAYS, hours=3)
READERS = {Rhythm.IMMEDIATE: "at-once", Rhythm.DAILY: "daily", Rhythm.WEEKLY: "weekly"}


@pytest.fixture
def jobs(ctx):
    from tasks import mail as jobs

    return jobs


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def section(ctx, travel):
    made = builders.section("A-1", stage=Stage.CONSULTATION, author=builders.person(None))
    for rhythm, name in READERS.items():
        builders.person(Role.COORDINATOR, email=f"{name}@example.org", rhythm=rhythm)
    return made


def say(section, words: str) -> Thread:
    author = builders.someone(Role.STAKEHOLDER)
    with transaction():
        return threads.open_thread(
            section, by=author, revision=section.current, kind=RemarkKind.QUESTION, text=words
        )


def nothing_runs(jobs, app, sink) -> None:
    """All workers are down."""


def only_telling(jobs, app, sink) -> None:
    jobs.tell()


def only_making(jobs, app, sink) -> None:
    jobs.tell()
    jobs.make()


def no_mail_server(jobs, app, sink) -> None:
    with shut(app):
        jobs.send_due()


def a_busy_mail_server(jobs, app, sink) -> None:
    sink.refuse("451 Try again later")
    jobs.send_due()
    sink.accept()


@contextmanager
def shut(app) -> Iterator[None]:
    address, app.config["SMTP_URL"] = app.config["SMTP_URL"], "smtp://127.0.0.1:1"
    try:
        yield
    finally:
        app.config["SMTP_URL"] = address


DOWN = (nothing_runs, only_telling, only_making, no_mail_server, a_busy_mail_server)


def days_of(down: Callable, jobs, app, sink, section, travel) -> list[Thread]:
    """Something is said each day, and several times a day whatever still works has its turn."""
    said = []
    for day in range(DAYS):
        for hours in LOOKS:
            travel(START + timedelta(days=day, hours=hours))
            if hours == 0:
                said.append(say(section, f"Said on day {day}"))
            down(jobs, app, sink)
    return said


def letters(sink, name: str) -> list[str]:
    found = sink.to(f"{name}@example.org")
    return [letter.get_body(("plain",)).get_content() for letter in found]


def run_until(end: datetime, jobs, travel) -> None:
    at = clock.now()
    while at <= end:
        travel(at)
        jobs.send_due()
        at += timedelta(hours=6)


@pytest.mark.parametrize("down", DOWN)
def test_one_letter_tells_everything_once_and_the_next_one_comes_in_its_own_window(
    down, jobs, app, smtp_sink, section, travel
):
    days_of(down, jobs, app, smtp_sink, section, travel)
    assert smtp_sink.letters == []
    travel(BACK)
    run_until(BACK + timedelta(hours=6), jobs, travel)
    for name in ("daily", "at-once"):
        [text] = letters(smtp_sink, name)
        assert [text.count(f"Said on day {day}") for day in range(DAYS)] == [1] * DAYS
    assert letters(smtp_sink, "weekly") == []
    say(section, "Said after it")
    run_until(BACK + timedelta(days=9), jobs, travel)
    first, second = letters(smtp_sink, "daily")
    assert "Said after it" not in first
    assert second.count("Said after it") == 1
    [weekly] = letters(smtp_sink, "weekly")
    assert weekly.count("Said ") == DAYS + 1
    assert all(
        text.count("Said ") for name in READERS.values() for text in letters(smtp_sink, name)
    )


@pytest.mark.parametrize("down", DOWN)
def test_what_was_taken_back_or_read_meanwhile_makes_no_letter(
    down, jobs, app, smtp_sink, section, travel
):
    said = days_of(down, jobs, app, smtp_sink, section, travel)
    travel(BACK)
    jobs.tell()
    with transaction():
        for thread in said[1:]:
            threads.withdraw(db.session.get(Thread, thread.id), by=thread.author)
        for person in db.session.query(Person).filter(Person.email.like("%@example.org")):
            inbox.read(person, about=None, section=None)
    run_until(BACK + timedelta(days=9), jobs, travel)
    assert smtp_sink.letters == []
    db.session.rollback()
    assert {digest.closed_at is None for digest in db.session.query(Digest)} <= {False}


def test_a_letter_that_may_have_left_is_not_told_again_under_another_name(
    jobs, app, smtp_sink, section, travel
):
    """The server took it and hung up before it said so: it goes again as the letter it was, and the next one is new."""
    say(section, "Said before")
    travel(START + timedelta(hours=21))
    smtp_sink.drop(accepted=True)
    jobs.send_due()
    with shut(app):
        for hours in (22, 30, 40):
            travel(START + timedelta(hours=hours))
            jobs.send_due()
    say(section, "Said after")
    smtp_sink.accept()
    run_until(START + timedelta(hours=47), jobs, travel)
    ids = Counter(letter["Message-ID"] for letter in smtp_sink.to("daily@example.org"))
    assert sorted(ids.values()) == [1, 2]
    assert sum("Said before" in text for text in letters(smtp_sink, "daily")) == 2
