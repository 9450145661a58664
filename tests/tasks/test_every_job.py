"""What holds for every job: it may come twice, late or after the broker was emptied, and carries an id at most."""

import inspect

import pytest
from sqlalchemy import func, select

from tests import builders
from workflow.db import db
from workflow.models import Event


@pytest.fixture
def jobs(ctx) -> dict:
    from tasks.celery import celery

    celery.loader.import_default_modules()
    return {name: job for name, job in celery.tasks.items() if not name.startswith("celery.")}


def test_a_job_is_told_no_more_than_an_id(jobs):
    assert len(jobs) > 10
    for name, job in jobs.items():
        told = list(inspect.signature(job.run).parameters)
        assert len(told) <= 1 and all(one.endswith("_id") for one in told), name


def test_the_timetable_names_jobs_that_there_are(jobs):
    from tasks import timetable

    assert {*timetable.EVERY, *timetable.WOKEN} <= jobs.keys()


def test_a_run_of_letters_ends_long_before_the_broker_gives_its_call_to_another(jobs):
    from tasks import mail
    from tasks.celery import celery

    options = celery.conf.broker_transport_options
    assert options["visibility_timeout"] > mail.LONGEST_RUN * 5
    assert celery.conf.task_acks_late


def test_what_comes_twice_finds_nothing_to_do(jobs, smtp_sink):
    from tasks import timetable

    builders.section(author=builders.person(None))
    for name in timetable.EVERY:
        jobs[name].run()
    before = db.session.scalar(select(func.count()).select_from(Event))
    for name in timetable.EVERY:
        jobs[name].run()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Event)) == before
    assert smtp_sink.letters == []
