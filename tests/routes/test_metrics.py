"""The numbers for Prometheus: read back by its own parser, behind a token, at a price that does not grow."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as families

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest
from workflow.rules.vocabulary import Part, Rhythm
from workflow.services import life_signs

ALERTS = Path(__file__).parents[2] / "deploy" / "prometheus" / "alerts.yml"
TOKEN = {"Authorization": "Bearer a-long-token"}


@pytest.fixture
def client(app, monkeypatch, ctx):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "a-long-token")
    return app.test_client()


def letters(now, count, *, age=1, **what):
    person = builders.person()
    rows = []
    for number in range(count):
        at = now - timedelta(minutes=age, microseconds=number)
        row = {
            "person_id": person.id,
            "rhythm": Rhythm.DAILY,
            "due_at": at,
            "composed_at": at,
            "next_try_at": at,
            "message_id": f"<{person.id}.{number}@example.org>",
        }
        rows.append(Digest(**row | what))
    builders.keep(*rows)


def scraped(client) -> dict[tuple, float]:
    """Each sample by its name and its label."""
    text = client.get("/metrics", headers=TOKEN).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families(text)
        for sample in family.samples
    }


def test_without_a_token_there_is_nothing(app, client, monkeypatch):
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer a-long-tokeñ"}):
        assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get("/metrics", headers=TOKEN).status_code == 200
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "")
    for headers in ({}, {"Authorization": "Bearer "}, TOKEN):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_the_numbers_are_those_of_the_rows(client):
    now = clock.now()
    letters(now, 3, sent_at=now)
    letters(now, 2, rhythm=Rhythm.WEEKLY, sent_at=now - timedelta(days=40))
    letters(now, 1, closed_at=now, last_error="550 No")
    letters(now, 2, age=10, last_error="451 Later")
    with transaction():
        life_signs.give(Part.BEAT, "beat", now)
        life_signs.give(Part.WORKER, "celery@one", now)
    found = scraped(client)
    assert found["concord_letters_sent_total", "daily"] == 3
    assert found["concord_letters_sent_total", "weekly"] == 2
    assert found["concord_letters_sent_total", "immediate"] == 0
    assert found["concord_letters_given_up",] == 1
    assert found["concord_queue_rows", "letters"] == 2
    assert found["concord_queue_failing_rows", "letters"] == 2
    assert 600 <= found["concord_queue_oldest_seconds", "letters"] < 700
    assert found["concord_queue_oldest_seconds", "documents"] == 0
    assert found["concord_last_letter_timestamp_seconds", "daily"] == pytest.approx(now.timestamp())
    assert found["concord_beat_tick_timestamp_seconds",] == pytest.approx(now.timestamp())
    assert found["concord_workers",] == 1
    assert found["concord_mail_stalled",] == 0
    assert found["concord_broker_up",] == 0


def test_how_long_letters_took_stands_in_a_histogram_of_the_last_hour(client):
    now = clock.now()
    for minutes in (1, 10, 120):
        letters(now, 1, age=minutes, sent_at=now - timedelta(seconds=1))
    letters(now, 1, age=180, sent_at=now - timedelta(minutes=61))
    letters(now, 1, age=1, sent_at=now, rhythm=Rhythm.WEEKLY)
    found = scraped(client)

    def within(bound, rhythm="daily"):
        return found["concord_letter_delay_seconds_bucket", bound, rhythm]

    assert [within(bound) for bound in ("15", "60", "900", "3600", "21600", "+Inf")] == [
        0, 1, 2, 2, 3, 3
    ]  # fmt: skip
    assert within("+Inf", "weekly") == 1
    assert within("+Inf", "immediate") == 0
    assert found["concord_letter_delay_seconds_gcount", "daily"] == 3
    seconds = found["concord_letter_delay_seconds_gsum", "daily"]
    assert seconds == pytest.approx(131 * 60 - 3, abs=0.1)


def test_letters_that_stand_still_are_one(client):
    letters(clock.now(), 1, age=31)
    found = scraped(client)
    assert found["concord_mail_stalled",] == found["concord_trouble", "stalled"] == 1
    assert found["concord_trouble", "beat_silent"] == 1
    assert ("concord_beat_tick_timestamp_seconds",) not in found


def test_the_calls_in_the_broker_are_counted(app, client, monkeypatch, redis_url):
    monkeypatch.setitem(app.config, "CELERY_BROKER_URL", redis_url)
    found = scraped(client)
    assert (found["concord_broker_up",], found["concord_broker_calls",]) == (1, 0)


def test_who_asks_for_open_metrics_gets_them(client):
    headers = TOKEN | {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = client.get("/metrics", headers=headers)
    assert answer.content_type.startswith("application/openmetrics-text")
    assert "concord_letters_sent" in {family.name for family in open_metrics(answer.text)}


def test_names_keep_the_conventions(client):
    text = client.get("/metrics", headers=TOKEN).text
    for family in families(text):
        assert re.fullmatch("concord_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        assert family.type == "counter" or not family.name.endswith("_total")


def test_asking_costs_the_same_with_many_letters(app, client):
    costs = []
    for count in (1, 300):
        letters(clock.now(), count, sent_at=clock.now())
        db.session.commit()
        with counted(app) as questions:
            client.get("/metrics", headers=TOKEN)
        costs.append(len(questions))
    assert costs[0] == costs[1] <= 6


def test_the_alerts_ask_for_numbers_that_there_are(client):
    now = clock.now()
    with transaction():
        life_signs.give(Part.BEAT, "beat", now)
    known = {name for name, *_ in scraped(client)}
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    assert len(rules) >= 5
    for rule in rules:
        asked = set(re.findall(r"concord_[a-z_]+", rule["expr"]))
        assert asked <= known, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
