"""Numbers for Prometheus, computed from the rows whenever they are asked for: every process of the web says the same.

They are shown to whoever brings the token; for everybody else, and where no token is set, there is nothing here.
"""

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from .. import clock
from ..extensions import csrf, limiter
from ..queries import metrics
from ..rules.vocabulary import Trouble

blueprint = Blueprint("metrics", __name__)
csrf.exempt(blueprint)
limiter.exempt(blueprint)


@blueprint.get("/metrics")
def show() -> Response:
    _known_or_404()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Rows())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


def _known_or_404() -> None:
    token = current_app.config["METRICS_TOKEN"]
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not token or not hmac.compare_digest(brought.encode(), token.encode()):
        abort(404)


class Rows(Collector):
    """What the rows say at this moment."""

    def collect(self) -> Iterator[Metric]:
        now = clock.now()
        numbers = metrics.numbers(now)
        yield _by(
            CounterMetricFamily("concord_letters_sent", "Letters that left.", labels=["rhythm"]),
            numbers.sent,
        )
        yield GaugeMetricFamily(
            "concord_letters_given_up",
            "Letters that were given up and have not been sent since.",
            numbers.given_up,
        )
        yield _by(
            GaugeMetricFamily(
                "concord_last_letter_timestamp_seconds",
                "When the last letter left; absent when none has.",
                labels=["rhythm"],
            ),
            {
                rhythm: moment.timestamp()
                for rhythm, moment in numbers.mail.last_sent_by.items()
                if moment
            },
        )
        yield _delays(numbers)
        yield from _queues(numbers, now)
        yield from _parts(numbers)
        broken = numbers.mail.troubles(now)
        yield GaugeMetricFamily(
            "concord_mail_stalled",
            "1 while late letters wait and none left in the last hour.",
            Trouble.STALLED in broken,
        )
        yield _by(
            GaugeMetricFamily(
                "concord_trouble", "1 while somebody should look after it.", labels=["trouble"]
            ),
            {trouble: trouble in broken for trouble in Trouble},
        )


def _delays(numbers: metrics.Numbers) -> Metric:
    """A histogram of the last hour, which falls again: what its reader wants to know is how it is now."""
    family = GaugeHistogramMetricFamily(
        "concord_letter_delay_seconds",
        "From when a letter was due to when it left, of the letters of the last hour.",
        labels=["rhythm"],
    )
    names = [*map(str, metrics.BOUNDS), "+Inf"]
    for rhythm, delays in numbers.delays.items():
        buckets = list(zip(names, delays.within, strict=True))
        family.add_metric([rhythm], buckets, gsum_value=delays.seconds)
    return family


def _queues(numbers: metrics.Numbers, now) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("concord_queue_rows", "Rows that wait.", labels=["queue"])
    in_vain = GaugeMetricFamily(
        "concord_queue_failing_rows", "Rows that wait and were tried in vain.", labels=["queue"]
    )
    oldest = GaugeMetricFamily(
        "concord_queue_oldest_seconds", "How long the oldest has been waiting.", labels=["queue"]
    )
    for line in numbers.queues:
        waiting.add_metric([line.queue], line.waiting)
        in_vain.add_metric([line.queue], line.in_vain)
        age = (now - line.oldest).total_seconds() if line.oldest else 0
        oldest.add_metric([line.queue], max(0, age))
    yield from (waiting, in_vain, oldest)
    yield _by(
        GaugeMetricFamily("concord_documents", "Documents by their state.", labels=["state"]),
        numbers.documents,
    )


def _parts(numbers: metrics.Numbers) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "concord_workers",
        "Workers that gave a sign of life in the last five minutes.",
        numbers.mail.workers,
    )
    if numbers.mail.last_beat:
        yield GaugeMetricFamily(
            "concord_beat_tick_timestamp_seconds",
            "When a tick of the beat last came through a worker.",
            numbers.mail.last_beat.timestamp(),
        )
    yield GaugeMetricFamily("concord_broker_up", "1 when the broker answers.", numbers.broker.up)
    if numbers.broker.calls is not None:
        yield GaugeMetricFamily(
            "concord_broker_calls", "Calls that wait in the broker.", numbers.broker.calls
        )


def _by(family: Metric, values: dict[str, float]) -> Metric:
    """The family with one sample for each value of its only label."""
    for name, value in values.items():
        family.add_metric([name], value)
    return family
