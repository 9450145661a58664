"""How long words that tell a distance in time stay true."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from flask_babel import Babel
from hypothesis import example, given
from hypothesis import strategies as some

from workflow import filters, freshness

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECONDS = some.integers(-400 * 86_400, 400 * 86_400) | some.integers(-7_200, 7_200)
app = Flask(__name__)
Babel(app)


@given(seconds=SECONDS, later=some.floats(0, 1, exclude_max=True))
@example(seconds=0, later=0.0)
@example(seconds=-89, later=0.99)
def test_a_distance_is_told_in_the_same_words_until_the_moment_that_was_said(seconds, later):
    with app.app_context(), freshness.watched() as watch:
        at = NOW + timedelta(seconds=seconds)
        with time_machine.travel(NOW, tick=False):
            said = filters.ago(at)
        held = max(0.0, watch.until - NOW.timestamp())
        with time_machine.travel(NOW + timedelta(seconds=held * later), tick=False):
            assert filters.ago(at) == said


@given(seconds=some.integers(3_600, 400 * 86_400))
def test_what_is_older_than_an_hour_holds_for_minutes_from_one_change_to_the_next(seconds):
    held = freshness.distance_holds(timedelta(seconds=-seconds))
    assert 0 <= held < 366 * 86_400
    after = freshness.distance_holds(timedelta(seconds=-seconds - held - 2))
    assert held + after > 240


def test_what_is_said_inside_is_heard_by_whoever_listens_outside():
    with freshness.watched() as outer:
        freshness.holds_until(50.0)
        with freshness.watched() as inner:
            freshness.holds_until(20.0)
            freshness.holds_until(30.0)
    assert (outer.until, inner.until) == (20.0, 20.0)
    freshness.holds_until(1.0)
    assert outer.until == 20.0
