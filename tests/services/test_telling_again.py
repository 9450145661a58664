"""Words that were held while their letter was due are told when they are shown again; nobody hears of them twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import builders
from workflow.db import db, transaction
from workflow.models import Comment
from workflow.rules.vocabulary import RemarkKind, Rhythm, Role, Stage
from workflow.services import moderation, threads

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
READER = "reader@example.org"
WORDS = "How was this figure found?"


@pytest.fixture
def jobs(ctx):
    from tasks import mail as jobs

    return jobs


@pytest.fixture
def travel():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def section(ctx, travel):
    made = builders.section("A-1", stage=Stage.CONSULTATION, author=builders.person(None))
    builders.follow(builders.person(Role.OBSERVER, email=READER), made)
    builders.follow(
        builders.person(Role.OBSERVER, email="off@example.org", rhythm=Rhythm.OFF), made
    )
    return made


@pytest.fixture
def maja(section):
    return builders.person(Role.COORDINATOR, name="Maja", rhythm=Rhythm.OFF)


@pytest.fixture
def comment(section) -> Comment:
    author = builders.person(Role.STAKEHOLDER, name="Ana", rhythm=Rhythm.OFF)
    with transaction():
        thread = threads.open_thread(
            section, by=author, revision=section.current, kind=RemarkKind.QUESTION, text=WORDS
        )
    return thread.comments[0]


def hold(comment, by) -> None:
    with transaction():
        moderation.hold(db.session.get(Comment, comment.id), by=by)


def release(comment, by) -> None:
    with transaction():
        moderation.release(db.session.get(Comment, comment.id), by=by)


def told(sink) -> list[bool]:
    letters = [letter.get_body(("plain",)).get_content() for letter in sink.to(READER)]
    return [WORDS in letter for letter in letters]


def test_what_was_held_when_its_letter_was_due_comes_with_the_next_one(
    jobs, comment, maja, smtp_sink, travel
):
    jobs.tell()
    hold(comment, maja)
    travel(MORNING)
    jobs.send_due()
    assert not any(told(smtp_sink))
    travel(MORNING + timedelta(hours=2))
    release(comment, maja)
    jobs.send_due()
    travel(MORNING + timedelta(days=1))
    jobs.send_due()
    assert sum(told(smtp_sink)) == 1
    assert smtp_sink.to("off@example.org") == []


def test_what_was_held_before_anybody_was_told_is_told_when_it_is_shown(
    jobs, comment, maja, smtp_sink, travel
):
    hold(comment, maja)
    jobs.tell()
    travel(MORNING)
    jobs.send_due()
    release(comment, maja)
    travel(MORNING + timedelta(days=1))
    jobs.send_due()
    assert sum(told(smtp_sink)) == 1


def test_who_has_the_letter_is_not_told_again(jobs, comment, maja, smtp_sink, travel):
    travel(MORNING)
    jobs.send_due()
    assert sum(told(smtp_sink)) == 1
    hold(comment, maja)
    release(comment, maja)
    travel(MORNING + timedelta(days=1))
    jobs.send_due()
    assert sum(told(smtp_sink)) == 1


def test_what_is_shown_again_in_time_keeps_its_turn(jobs, comment, maja, smtp_sink, travel):
    jobs.tell()
    hold(comment, maja)
    release(comment, maja)
    travel(MORNING)
    jobs.send_due()
    assert sum(told(smtp_sink)) == 1
