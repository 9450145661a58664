"""The nudge wakes the jobs when it can, and is never in anybody's way."""

import os
import socket
import threading
import time

import pytest
import redis

from tasks.timetable import WOKEN
from tests.support.processes import until


@pytest.fixture
def nudge(redis_url):
    """A nudge of its own, towards a real broker that no worker listens to."""
    from tasks.celery import Nudge, celery

    before = celery.conf.broker_url
    celery.conf.broker_url = redis_url
    yield Nudge()
    celery.conf.broker_url = before


def waiting(url) -> list[bytes]:
    with redis.from_url(url) as broker:
        return broker.lrange("celery", 0, -1)


def test_a_nudge_wakes_the_jobs_that_a_commit_makes_work_for(nudge, redis_url):
    nudge()
    until(
        lambda: len(waiting(redis_url)) == len(WOKEN),
        seconds=20,
        otherwise=lambda: f"queued: {waiting(redis_url)}",
    )
    for name in WOKEN:
        assert any(name.encode() in message for message in waiting(redis_url)), name


def test_a_thousand_nudges_at_once_are_few_messages(nudge, redis_url):
    started = time.monotonic()
    for _ in range(1000):
        nudge()
    assert time.monotonic() - started < 1
    until(
        lambda: len(waiting(redis_url)) >= len(WOKEN), seconds=20, otherwise=lambda: "nothing came"
    )
    time.sleep(0.2)
    assert len(waiting(redis_url)) < 200


@pytest.mark.parametrize("broker", ["down", "silent"])
def test_a_broker_that_does_not_answer_delays_no_page(nudge, broker):
    from tasks.celery import celery

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if broker == "down":
            server.close()
        celery.conf.broker_url = f"redis://127.0.0.1:{port}/0"
        started = time.monotonic()
        for _ in range(100):
            nudge()
        assert time.monotonic() - started < 1


def test_without_a_broker_there_is_no_thread(nudge):
    from tasks.celery import celery

    celery.conf.broker_url = None
    nudge()
    assert nudge._thread is None


def test_a_child_process_nudges_by_itself_after_a_fork(nudge, redis_url):
    nudge()
    until(
        lambda: len(waiting(redis_url)) == len(WOKEN), seconds=20, otherwise=lambda: "nothing came"
    )
    child = os.fork()
    if child == 0:
        nudge()
        deadline = time.monotonic() + 20
        while len(waiting(redis_url)) < 2 * len(WOKEN) and time.monotonic() < deadline:
            time.sleep(0.02)
        os._exit(0 if len(waiting(redis_url)) == 2 * len(WOKEN) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_web_application_nudges_after_each_commit(app, redis_url):
    from workflow.db import transaction

    calls = []
    app.extensions["nudge"] = lambda: calls.append(threading.current_thread().name)
    try:
        with app.app_context(), transaction():
            assert calls == []
    finally:
        del app.extensions["nudge"]
    assert len(calls) == 1
