"""Statements that are kept while something else is done."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError

from tests import builders
from workflow.aside import Aside
from workflow.db import db
from workflow.models import Digest

pytestmark = pytest.mark.usefixtures("ctx")

AT = datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC)
ROWS = Digest.__table__
CHANGE = update(ROWS).where(ROWS.c.id == bindparam("digest_id"))


@pytest.fixture
def digest() -> int:
    person = builders.person()
    return builders.keep(
        Digest(
            person=person,
            rhythm=person.rhythm,
            due_at=AT,
            composed_at=AT,
            next_try_at=AT,
            message_id="<1@example.org>",
        )
    ).id


def kept(digest: int) -> tuple:
    db.session.rollback()
    what = select(Digest.subject, Digest.sent_at, Digest.last_error).where(Digest.id == digest)
    return tuple(db.session.execute(what).one())


def sent(digest: int, subject: str) -> dict:
    return {"digest_id": digest, "subject": subject, "sent_at": AT, "last_error": None}


def change(keep: Aside, values: dict) -> None:
    keep.begin(CHANGE, values)
    keep.wait()


def test_what_was_begun_is_kept_when_it_was_waited_for(digest):
    with Aside() as keep:
        keep.begin(CHANGE, sent(digest, "Žarek; 'news' $1"))
        keep.wait()
        assert kept(digest) == ("Žarek; 'news' $1", AT, None)
        keep.wait()


def test_one_comes_after_the_other_whatever_they_set(digest):
    with Aside() as keep:
        for number in range(3):
            keep.begin(CHANGE, sent(digest, f"number {number}"))
        keep.begin(CHANGE, {"digest_id": digest, "last_error": "451 Later"})
        keep(CHANGE, {"digest_id": digest, "subject": "the last"})
    assert kept(digest) == ("the last", AT, "451 Later")


def test_a_connection_that_was_used_before_knows_the_statement_still(digest):
    for number in range(3):
        with Aside() as keep:
            change(keep, sent(digest, f"number {number}"))
    assert kept(digest)[0] == "number 2"


def test_a_connection_whose_prepared_statements_were_let_go_serves_still(digest):
    with Aside() as keep:
        change(keep, sent(digest, "before"))
        line = keep._connected().connection.driver_connection
        if db.engine.dialect.name == "postgresql":
            line.execute("DEALLOCATE ALL")
        change(keep, sent(digest, "after"))
    assert kept(digest)[0] == "after"


def test_what_the_database_refuses_is_said_and_the_next_one_goes(digest):
    with Aside() as keep:
        with pytest.raises(DBAPIError):
            change(keep, {"digest_id": digest, "person_id": None})
        change(keep, sent(digest, "the next"))
    assert kept(digest)[0] == "the next"


def test_a_connection_that_broke_is_said_and_replaced(digest):
    with Aside() as keep:
        change(keep, sent(digest, "first"))
        keep._line.connection.driver_connection.close()
        with pytest.raises(DBAPIError):
            change(keep, sent(digest, "lost"))
        change(keep, sent(digest, "second"))
    assert kept(digest)[0] == "second"
