"""Signs of life through a real worker, and the cry when letters stand still."""

import logging
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from tests.support.processes import until
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, LifeSign
from workflow.queries import mail
from workflow.rules.vocabulary import EventKind, Part, Rhythm, Role, Trouble
from workflow.services import life_signs, outbox, postmaster, sending


@pytest.fixture
def jobs(ctx):
    from tasks import operations as jobs

    return jobs


def seen():
    db.session.rollback()
    return {(sign.part, sign.name) for sign in db.session.scalars(select(LifeSign))}


def test_a_worker_at_work_is_seen_without_a_beat(app, worker):
    with app.app_context():
        worker.send("mail.relay")
        until(
            lambda: any(part is Part.WORKER for part, _ in seen()),
            seconds=20,
            otherwise=worker.tail,
        )
        assert not any(part is Part.BEAT for part, _ in seen())
        worker.send("operations.tick")
        until(lambda: (Part.BEAT, "beat") in seen(), seconds=20, otherwise=worker.tail)
        now = clock.now()
        assert mail.status(now).troubles(now) == []


def test_two_beats_leave_one_sign_and_old_workers_are_forgotten(jobs):
    with transaction():
        life_signs.give(Part.WORKER, "celery@gone", clock.now() - timedelta(days=2))
    jobs.tick()
    jobs.tick()
    assert seen() == {(Part.BEAT, "beat")}


def test_the_watch_cries_as_long_as_letters_stand_still(jobs, caplog):
    now = clock.now()
    at = now - timedelta(minutes=45)
    letter = builders.keep(
        Digest(
            person_id=builders.person().id,
            rhythm=Rhythm.DAILY,
            due_at=at,
            composed_at=at,
            next_try_at=at,
            message_id="<one@example.org>",
        )
    )
    jobs.watch()
    (cry,) = [record for record in caplog.records if record.name == "tasks.operations"]
    assert cry.levelno == logging.ERROR
    assert "letters stand still: 1 late ones wait" in cry.message
    assert "the last one left never" in cry.message
    letter.sent_at = clock.now()
    db.session.commit()
    caplog.clear()
    jobs.watch()
    assert not caplog.records
    assert Trouble.STALLED not in mail.status(now).troubles(now)


def refused(smtp_sink, mail_jobs, reply="550 5.7.1 Relaying denied"):
    """A letter that the mail server did not take, as a run left it."""
    section = builders.section(author=builders.person(None))
    builders.person(Role.COORDINATOR, email="now@example.org", rhythm=Rhythm.IMMEDIATE)
    with transaction():
        outbox.record(
            EventKind.SECTION_APPROVED, actor=None, contract_id=section.contract_id, section=section
        )
    smtp_sink.refuse(reply)
    mail_jobs.relay()
    assert smtp_sink.letters == []
    smtp_sink.clear()
    db.session.rollback()
    return db.session.scalars(select(Digest)).one()


@pytest.fixture
def mail_jobs(ctx):
    from tasks import mail as jobs

    ctx.config["BURST_SECONDS"], ctx.config["MAIL_LEASE_SECONDS"] = 0, 1
    yield jobs
    ctx.config["BURST_SECONDS"], ctx.config["MAIL_LEASE_SECONDS"] = 60, 300


def test_what_was_refused_goes_once_after_it_was_asked_for_again(mail_jobs, smtp_sink):
    letter = refused(smtp_sink, mail_jobs)
    assert letter.closed_at and "Relaying denied" in letter.last_error
    mail_jobs.send_due()
    assert smtp_sink.letters == []
    later = clock.now() + sending.lease()
    with transaction():
        assert postmaster.resend([letter.id], now=later) == [letter.id]
    with time_machine.travel(later + timedelta(seconds=1)):
        mail_jobs.send_due()
        mail_jobs.send_due()
        with transaction():
            assert postmaster.resend([letter.id], now=clock.now()) == []
        mail_jobs.send_due()
    assert [sent["Message-ID"] for sent in smtp_sink.letters] == [letter.message_id]


def test_what_was_stopped_never_goes(mail_jobs, smtp_sink):
    letter = refused(smtp_sink, mail_jobs, "451 Later")
    assert letter.closed_at is None
    with transaction():
        assert postmaster.stop([letter.id], now=clock.now()) == [letter.id]
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        mail_jobs.send_due()
    assert smtp_sink.letters == []
