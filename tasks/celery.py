"""The Celery application: its options, a Flask context for each task, and the nudge that wakes the jobs.

The broker only wakes people up. What is to be done stands in the database, and the timetable looks there anyway.
"""

import gc
import logging
import mmap
import os
import threading

from celery import Celery, Task, signals
from flask import Flask, has_app_context

from workflow import config, create_app, dates
from workflow.db import db
from workflow.services import letters

from . import timetable
from .alive import alive

log = logging.getLogger(__name__)

for _chatty in ("celery.worker.strategy", "celery.app.trace"):
    # Three sweeps find nothing every few seconds; failures are logged as errors and still seen.
    logging.getLogger(_chatty).setLevel(logging.WARNING)


class FlaskTask(Task):
    """Runs inside the application's context, each time in a new one: no session outlives its task."""

    abstract = True

    def __call__(self, *arguments, **named):
        if has_app_context():
            return self.run(*arguments, **named)
        with application().app_context():
            alive(self.request.hostname)
            return self.run(*arguments, **named)


celery = Celery(
    "concord",
    task_cls=FlaskTask,
    include=(
        "tasks.audit",
        "tasks.guest_links",
        "tasks.hooks",
        "tasks.imports",
        "tasks.inbound",
        "tasks.mail",
        "tasks.documents",
        "tasks.operations",
        "tasks.reminders",
        "tasks.rounds",
    ),
)
celery.conf.update(
    broker_url=config.from_environment()["CELERY_BROKER_URL"] or None,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
    },
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_log_format="%(levelname)s %(name)s: %(message)s",
    beat_schedule=timetable.BEAT,
    timezone="UTC",
)

_making = threading.Lock()
_made: list[Flask] = []


def application() -> Flask:
    """The application of this worker, made once. It nudges nobody: a job that wakes jobs would never rest."""
    with _making:
        if not _made:
            _made.append(create_app())
        return _made[0]


AT_EASE = 50_000
"""New objects after which the collector looks for circles among them. A batch of letters is made of that many, and
all of them are in use."""


@signals.worker_init.connect
def _make_before_forking(**_) -> None:
    """What every worker needs is there before they part, and no collector ever walks through it again."""
    for language in application().config["LANGUAGES"]:
        dates.read(language)
    with application().app_context():
        letters.prepare()
    gc.collect()
    gc.freeze()
    gc.set_threshold(AT_EASE)


@signals.worker_process_init.connect
def _open_own_connections(**_) -> None:
    """A forked worker leaves its parent's database connections alone."""
    with application().app_context():
        db.engine.dispose(close=False)


class Leaving:
    """Set when the worker was asked to stop: long jobs end after what they have in hand.

    It is a byte of memory that forked processes share with the one that hears the signal. Without a lock: who is killed
    while he looks must not hold up the others.
    """

    def __init__(self):
        self._shared = mmap.mmap(-1, 1)

    def set(self) -> None:
        self._shared[0] = 1

    def is_set(self) -> bool:
        return self._shared[0] == 1


leaving = Leaving()


@signals.worker_shutting_down.connect
def _leave(**_) -> None:
    leaving.set()


IMPATIENT = {"socket_timeout": 5}
"""Who only wakes others does not wait for a broker that has gone silent; a worker's own line may be silent long."""


class Nudge:
    """Wakes the jobs, best effort: it returns at once, never raises, and one call stands for all that follow it
    until the message is out. Safe across forks; the thread starts with the first call."""

    def __init__(self):
        self._begin_again()
        os.register_at_fork(after_in_child=self._begin_again)

    def _begin_again(self) -> None:
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        if not celery.conf.broker_url:
            return
        self._wanted.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="nudge", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        line, down = None, False
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                line = line or celery.connection_for_write(transport_options=IMPATIENT)
                for name in timetable.WOKEN:
                    celery.send_task(
                        name, connection=line, retry=False, expires=timetable.EVERY[name]
                    )
                down = False
            except Exception as fault:  # noqa: BLE001 - whatever is wrong, the rows will be found
                if not down:
                    log.warning("the jobs could not be woken, they will look themselves: %s", fault)
                line, down = None, True


nudge = Nudge()
