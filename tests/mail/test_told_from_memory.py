"""What was worded for earlier letters is told again only as long as every row behind it reads the same."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import Boolean, DateTime, Enum, Integer, String, Text, update
from sqlalchemy import inspect as columns_of
from sqlalchemy.exc import DBAPIError

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Comment, Contract, Digest, Organisation, Person, Section, Thread
from workflow.rules.vocabulary import Disposition, EventKind, Reason, Role
from workflow.services import sending
from workflow.services.memory import Memory
from workflow.services.tidings import REMEMBERED, Tidings

pytestmark = pytest.mark.usefixtures("ctx")

LATER = datetime(2031, 5, 4, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still():
    with time_machine.travel(datetime(2026, 11, 23, 11, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def thread():
    section = builders.section("B-1", markdown="It serves 74 % of all homes.")
    author = builders.person(Role.STAKEHOLDER, name="Peter Zajc")
    return builders.thread(
        section,
        author=author,
        quote="74 %",
        answer=Disposition.NOTED,
        organisation=builders.organisation("Heat utility"),
    )


@pytest.fixture
def events(thread):
    """One of each kind that is remembered."""
    reply = builders.comment(thread, author=builders.person(Role.EDITOR, name="Jona Kralj"))
    here = {"thread": thread, "section": thread.section, "contract": thread.section.contract}
    return [
        builders.event(
            kind,
            actor=reply.author,
            comment=reply if kind is EventKind.REPLY_MADE else thread.comments[0],
            **here,
        )
        for kind in sorted(REMEMBERED)
    ]


@pytest.fixture
def ids(events):
    """Digests that tell everything: to a coordinator, a voice, and the author himself."""
    people = [builders.person(role) for role in (Role.COORDINATOR, Role.STAKEHOLDER)]
    at, found = clock.now(), []
    for person in [*people, events[0].thread.author]:
        digest = builders.keep(
            Digest(
                person=person,
                rhythm=person.rhythm,
                due_at=at,
                composed_at=at,
                next_try_at=at,
                message_id=f"<{person.id}@example.org>",
            )
        )
        for event in events:
            notice = builders.notice(person, event)
            notice.reason, notice.digest_id = Reason.FOLLOWER, digest.id
        db.session.commit()
        found.append(digest.id)
    return found


def other(column, value):
    """Another value than the one that stands in the column; None where it is nothing that a letter could say."""
    if column.primary_key or column.foreign_keys:
        return None
    if isinstance(column.type, Enum):
        return next(one for one in column.type.enum_class if one != value)
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer):
        return (value or 0) + 7
    if isinstance(column.type, (String, Text)):
        return "sl" if column.name == "language" else f"{value or ''}zzz"
    return LATER if isinstance(column.type.dialect_impl(db.engine.dialect), DateTime) else None


@pytest.mark.parametrize(
    "model",
    [Thread, Comment, Section, Contract, Person, Organisation],
    ids=lambda one: one.__name__,
)
def test_whatever_changes_in_a_row_the_next_letter_says_what_stands_there_now(model, ids, thread):
    row = {
        Thread: thread,
        Comment: thread.comments[0],
        Section: thread.section,
        Contract: thread.section.contract,
        Person: thread.author,
        Organisation: thread.organisation,
    }[model]
    row_id, happened, changed = row.id, Tidings(Memory()), 0
    before = sending.write(ids, happened)
    assert not any(one.error for one in before)
    for column in columns_of(model).local_table.columns:
        value = db.session.execute(
            db.select(column).where(model.__table__.c.id == row_id)
        ).scalar_one()
        if (new := other(column, value)) is None:
            continue
        here = update(model.__table__).where(model.__table__.c.id == row_id)
        for state in (new, value):
            with suppress(DBAPIError), transaction():
                db.session.execute(here.values({column: state}))
            remembered = sending.write(ids, happened)
            assert remembered == sending.write(ids), f"{column} = {state!r}"
            changed += remembered != before
    assert changed, "nothing of it is ever told"
    assert sending.write(ids, happened) == before


def test_who_may_know_is_asked_of_roles_as_they_are_now(ids, thread):
    happened = Tidings(Memory())
    assert all(one.letter for one in sending.write(ids, happened))
    with transaction():
        person = db.session.get(Digest, ids[1]).person
        for membership in list(person.memberships):
            db.session.delete(membership)
    assert [bool(one.letter) for one in sending.write(ids, happened)] == [True, False, True]


def test_the_sectors_of_a_section_are_looked_up_each_time(ids, thread):
    happened = Tidings(Memory())
    sending.write(ids, happened)
    with transaction():
        section = db.session.get(Section, thread.section_id)
        section.sectors.append(builders.sector("waste"))
    assert sending.write(ids, happened) == sending.write(ids)


def test_what_is_remembered_costs_fewer_queries_and_is_not_worded_again(app, ids):
    happened = Tidings(Memory())
    with counted(app) as first:
        one = sending.write(ids, happened)
    with counted(app) as second:
        two = sending.write(ids, happened)
    assert one == two
    assert len(second) < len(first)


def test_what_was_not_asked_for_in_a_long_while_is_forgotten():
    said, memory = [], Memory(most=3)

    def ask(key):
        return memory.once(key, lambda: said.append(key) or key)

    for key in (1, 2, 1, 3, 1, 4, 1, 5, 6, 1, 7, 2):
        assert ask(key) == key
    assert said == [1, 2, 3, 4, 5, 6, 7, 2]


def test_old_events_do_not_fill_the_memory(ids, monkeypatch):
    monkeypatch.setattr("workflow.services.tidings.MOST", 1)
    happened = Tidings(Memory())
    assert sending.write(ids, happened) == sending.write(ids, happened)
