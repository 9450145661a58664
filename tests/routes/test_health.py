"""Health: alive without asking anybody, ready only with a database."""

import socket

from sqlalchemy.exc import OperationalError

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Event
from workflow.rules.vocabulary import EventKind


def test_being_alive_asks_nobody(app, client):
    with counted(app) as statements:
        answer = client.get("/healthz/live")
    assert (answer.status_code, statements) == (200, [])


def test_being_ready_needs_the_database_and_reports_the_broker(app, client, redis_url, monkeypatch):
    assert client.get("/healthz/ready").get_json()["broker"] == "not configured"
    monkeypatch.setitem(app.config, "CELERY_BROKER_URL", redis_url)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "oldest_waiting_event_seconds": None,
        "troubles": ["worker_silent", "beat_silent"],
    }


def test_a_silent_broker_refuses_no_page(app, client, monkeypatch):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{door.getsockname()[1]}/0"
        monkeypatch.setitem(app.config, "CELERY_BROKER_URL", url)
        answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.get_json()["broker"] == "unreachable"


def test_it_says_since_when_the_oldest_event_waits(app, client):
    with app.app_context():
        contract = builders.contract()
        waiting = Event(kind=EventKind.REVISION_SAVED, contract_id=contract.id, at=clock.now())
        builders.keep(waiting)
    assert client.get("/healthz/ready").get_json()["oldest_waiting_event_seconds"] >= 0


def test_without_a_database_it_is_not_ready(app, client, monkeypatch):
    def silent(*_arguments, **_named):
        raise OperationalError("select", {}, Exception("no server"))

    monkeypatch.setattr(db.session, "execute", silent)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "unreachable"
