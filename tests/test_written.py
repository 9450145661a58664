"""A row that is written at once is the same row that a session would read."""

import pytest
from sqlalchemy import inspect

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction, written
from workflow.models import Comment, Event, Thread
from workflow.rules.vocabulary import EventKind, RemarkKind, Stage
from workflow.services import outbox

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def thread() -> Thread:
    return builders.thread(builders.section(stage=Stage.REVISION))


def of_a_remark(thread: Thread) -> list[Thread | Comment | Event]:
    """New rows with no more than has to be said."""
    section, author = thread.section_id, thread.author_id
    about = {"contract_id": thread.section.contract_id, "thread_id": thread.id}
    return [
        Thread(
            section_id=section,
            number=99,
            revision_id=thread.revision_id,
            author_id=author,
            kind=RemarkKind.QUESTION,
        ),
        Comment(thread_id=thread.id, author_id=author, text="Who?"),
        Event(kind=EventKind.REMARK_MADE, at=clock.now(), **about),
    ]


def columns(row) -> dict:
    return {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs}


def test_it_has_the_values_that_a_reader_finds(thread):
    with transaction():
        rows = [written(row) for row in of_a_remark(thread)]
        assert not db.session.new
        known = [columns(row) for row in rows]
    for row, values in zip(rows, known, strict=True):
        db.session.expire(row)
        assert columns(row) == values, type(row)


def test_it_can_be_changed_and_leads_to_what_it_refers_to(thread):
    with transaction():
        made, comment, _event = (written(row) for row in of_a_remark(thread))
        assert made.section is thread.section and comment.thread is thread
        made.official, comment.text = True, "Who answers?"
    db.session.expire_all()
    assert made.official and made.lock == 2 and comment.text == "Who answers?"


def test_what_is_undone_was_never_written(thread):
    def say_and_fail():
        with transaction():
            for row in of_a_remark(thread):
                written(row)
            raise KeyError("anything")

    with pytest.raises(KeyError):
        say_and_fail()
    assert db.session.query(Thread).count() == 1


def test_an_event_finds_rows_that_wait_for_the_session(app, thread):
    with transaction(), counted(app) as statements:
        comment = Comment(thread=thread, author=thread.author, text="Who?")
        db.session.add(comment)
        told = outbox.record(
            EventKind.REPLY_MADE,
            actor=thread.author,
            contract_id=thread.section.contract_id,
            thread=thread,
            comment=comment,
        )
        assert told.comment is comment and told.comment_id == comment.id
    inserted = [one.split()[2] for one in statements if one.startswith("INSERT")]
    assert inserted == ["comment", "event"]
