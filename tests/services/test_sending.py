"""Digests that are taken up, written and given back together."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest
from workflow.rules.vocabulary import EventKind, Role
from workflow.services import sending, standing

pytestmark = pytest.mark.usefixtures("ctx")


def digests(count: int) -> list[int]:
    """So many digests that wait, of a remark and an approval each; gives their ids."""
    section = builders.section()
    remark = builders.thread(section)
    what = {"section": section, "contract": builders.the_contract()}
    told = [
        builders.event(EventKind.REMARK_MADE, thread=remark, comment=remark.comments[0], **what),
        builders.event(EventKind.SECTION_APPROVED, **what),
    ]
    at, ids = clock.now() - timedelta(minutes=1), []
    for _ in range(count):
        person = builders.person(Role.COORDINATOR)
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
        for event in told:
            notice = builders.notice(person, event)
            notice.digest_id = digest.id
            db.session.commit()
        ids.append(digest.id)
    return ids


def claim() -> list[int]:
    with transaction():
        return sending.claim(clock.now())


def tries() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Digest.attempts).order_by(Digest.id)))


def test_many_digests_ask_the_database_no_more_than_two(app):
    def asked(ids):
        db.session.rollback()
        db.session.expunge_all()
        with counted(app) as statements:
            found = standing.of_digests(ids)
        assert [len(told) for _digest, told in found] == [2] * len(ids)
        return len(statements)

    ids = digests(20)
    assert asked(ids) == asked(ids[:2])


def test_what_was_taken_up_and_not_tried_is_free_again_as_if_nothing_had_been():
    ids = digests(3)
    assert claim() == ids
    assert claim() == []
    with transaction():
        sending.release(ids[1:])
    assert tries() == [1, 0, 0]
    assert claim() == ids[1:]


def test_a_letter_that_was_tried_before_takes_few_others_with_it_and_then_none(monkeypatch):
    """One that brings down its worker would else take the same others with it again and again."""
    monkeypatch.setattr(sending, "TOGETHER", (4, 2, 1))
    ids = digests(8)
    with transaction():
        for number, tries in enumerate((3, 2, 1, 1, 1)):
            db.session.get(Digest, ids[number]).attempts = tries
    claims = [claim() for _ in range(6)]
    assert claims == [ids[:1], ids[1:2], ids[2:4], ids[4:5], ids[5:], []]


def test_letters_are_written_in_order_and_a_bad_one_alone_fails(unwritable):
    ids = digests(3)
    unwritable(db.session.get(Digest, ids[1]).person_id)
    good, bad, last = sending.write(ids)
    assert [one.digest_id for one in (good, bad, last)] == ids
    assert "no ink" in bad.error
    assert bad.letter is None
    assert good.letter.to != last.letter.to
    assert good.letter.message_id.startswith("<")
