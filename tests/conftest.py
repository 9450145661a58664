"""The fixtures of all tests: the application on both databases, and a real world around it.

app             migrated and empty, on SQLite and on PostgreSQL (turns.py: which test on both); ctx: inside its context
client          Flask's test client, without CSRF tokens and rate limits
smtp_sink       a real SMTP server that the application sends to; can refuse, stall and drop
redis_url       a real Redis, emptied;  postgres_url: the maintenance database of a real PostgreSQL
worker          a real Celery worker on the test's database;  live_server: a real web server
stack           web server, worker, beat and smtp_sink together: Concord as a whole
browser_page    one page in a real Chromium;  visitors: as many people as needed
"""

import gc
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.support import complete, evidence, servers, turns
from tests.support.application import Beat, LiveServer, Worker, address
from tests.support.browser import Visitors, chromium
from tests.support.databases import Postgresql, Sqlite
from tests.support.processes import running
from tests.support.smtp import Sink
from workflow import create_app, fragments

POSTGRES, REDIS = "CONCORD_TEST_POSTGRES", "CONCORD_TEST_REDIS"
OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "SMTP_URL", "MAIL_FROM", "BASE_URL")
OURS += ("MAIL_REPLY_HOST",)
OURS += ("DATA_DIR", "SECRET_KEY", "MAIL_CATCHER_DIR", "CONCORD_DEMO", "HOST", "PORT")

hypothesis.settings.register_profile("house", deadline=None, max_examples=complete.many(100))
hypothesis.settings.load_profile("house")


pytest_addoption = turns.add_option


def pytest_configure(config: pytest.Config) -> None:
    for name in OURS:
        os.environ.pop(name, None)
    config.pluginmanager.register(evidence)
    config.pluginmanager.register(turns)
    if hasattr(config, "workerinput"):
        return
    if complete.wanted():
        config.pluginmanager.register(complete.Complete())
    # A polite request to stop lets the servers be stopped, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if config.getoption("numprocesses", None) and not config.option.collectonly:
        config.stash[STARTED] = started = [servers.Postgres(), servers.Redis()]
        os.environ[POSTGRES] = started[0].url("postgres")
        os.environ[REDIS] = started[1].url(0)


LONG = {"browser", "crash", "journeys", "runner"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left with it when the others are done."""
    items.sort(key=lambda item: item.nodeid.split("/")[1] not in LONG)


STARTED = pytest.StashKey[list[servers.Postgres | servers.Redis]]()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [
        f"server: {type(server).__name__} {server.version}"
        for server in config.stash.get(STARTED, [])
    ]


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in config.stash.get(STARTED, []):
        server.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if given := os.environ.get(POSTGRES):
        yield given
        return
    server = servers.Postgres()
    yield server.url("postgres")
    server.stop()


@pytest.fixture(scope="session")
def redis_server(worker_id: str) -> Iterator[str]:
    """Each xdist process has a numbered database of its own."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    if given := os.environ.get(REDIS):
        yield f"{given.rpartition('/')[0]}/{number}"
        return
    server = servers.Redis()
    yield server.url(number)
    server.stop()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    with redis.from_url(redis_server) as connection:
        connection.flushdb()
    return redis_server


@pytest.fixture(scope="session")
def _sink() -> Iterator[Sink]:
    sink = Sink().start()
    yield sink
    sink.stop()


@pytest.fixture
def smtp_sink(_sink: Sink) -> Iterator[Sink]:
    _sink.clear()
    yield _sink
    _sink.clear()


@dataclass
class Migrated:
    """An application that lives as long as the test process, and its database."""

    app: Flask
    database: Sqlite | Postgresql
    folder: Path


@pytest.fixture(scope="session")
def _applications(request, tmp_path_factory, worker_id: str, _sink: Sink):
    made: dict[str, Migrated] = {}

    def of(kind: str) -> Migrated:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            if kind == "sqlite":
                database = Sqlite(folder / "database")
            else:
                server = request.getfixturevalue("postgres_url")
                database = Postgresql(server, f"concord_{worker_id}")
            app = create_app(
                {
                    "TESTING": True,
                    "SQLALCHEMY_DATABASE_URI": database.url,
                    "DATA_DIR": folder / "data",
                    "SECRET_KEY": "for tests only",
                    "SMTP_URL": _sink.url,
                    "BASE_URL": "http://concord.test",
                    "WTF_CSRF_ENABLED": False,
                    "RATELIMIT_ENABLED": False,
                }
            )
            database.migrate(app)
            made[kind] = Migrated(app, database, folder / "data")
            gc.freeze()  # what was loaded stays: nobody need look through it for rubbish again
            gc.set_threshold(20_000, 20, 20)
        return made[kind]

    return of


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, _applications, smtp_sink: Sink) -> Iterator[Flask]:
    migrated: Migrated = _applications(request.param)
    yield migrated.app
    migrated.database.empty(migrated.app)
    fragments.forget(migrated.app)
    shutil.rmtree(migrated.folder)
    migrated.folder.mkdir()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def _door() -> Iterator[socket.socket]:
    """The port that the site's links name, whether or not anybody serves it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield door


@pytest.fixture
def environment(app: Flask, redis_url: str, smtp_sink: Sink, _door) -> dict[str, str]:
    """What Concord's own processes are told; a test may change it before they start."""
    return {
        **os.environ,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CELERY_BROKER_URL": redis_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": smtp_sink.url,
        "BASE_URL": address(_door),
        "DATA_DIR": str(app.config["DATA_DIR"]),
        "SECRET_KEY": app.config["SECRET_KEY"],
        "CONCORD_BURST_SECONDS": "0",
        "CONCORD_RATE_LIMITS": "0",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[Worker]:
    worker = Worker(environment)
    with running(worker):
        yield worker


@pytest.fixture
def live_server(environment: dict[str, str], _door) -> Iterator[LiveServer]:
    server = LiveServer(_door, environment)
    with running(server):
        yield server


@pytest.fixture
def beat(environment: dict[str, str], tmp_path: Path) -> Iterator[Beat]:
    beat = Beat(environment, tmp_path / "schedule")
    with running(beat):
        yield beat


@dataclass
class Stack:
    """Concord as a whole; `url` is where a browser finds it."""

    app: Flask
    url: str
    web: LiveServer
    worker: Worker
    beat: Beat
    sink: Sink


@pytest.fixture
def stack(app, environment, _door, smtp_sink, tmp_path) -> Iterator[Stack]:
    web = LiveServer(_door, environment)
    worker = Worker(environment)
    beat = Beat(environment, tmp_path / "schedule")
    with running(web, worker, beat):
        yield Stack(app, web.url, web, worker, beat, smtp_sink)


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitors(_chromium: Browser) -> Iterator[Visitors]:
    """`visitors.new()` is a person at a browser; faults in any page's scripts fail the test."""
    visitors = Visitors(_chromium)
    yield visitors
    visitors.leave()
    assert not visitors.faults


@pytest.fixture
def browser_page(visitors: Visitors) -> Page:
    return visitors.new()
