"""When the service is well, drawn as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from workflow.rules.vocabulary import Trouble
from workflow.rules.wellbeing import Signs, troubles

NOW = datetime(2026, 3, 29, 3, 0, tzinfo=UTC)
STALLED, WORKER, BEAT = Trouble


def signs(untried=0, in_vain=0, sent=None, workers=1, beat=20, started=None) -> Signs:
    """`sent` are minutes, `beat` and `started` seconds ago; None: never, or nobody knows when."""
    last_sent = None if sent is None else NOW - timedelta(minutes=sent)
    last_beat = None if beat is None else NOW - timedelta(seconds=beat)
    started_at = None if started is None else NOW - timedelta(seconds=started)
    return Signs(untried, in_vain, last_sent, workers, last_beat, started_at)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (signs(), []),
        (signs(untried=1), [STALLED]),
        (signs(untried=900, sent=59), []),
        (signs(untried=1, sent=61), [STALLED]),
        (signs(in_vain=2), []),
        (signs(in_vain=3), [STALLED]),
        (signs(in_vain=300, sent=1), []),
        (signs(workers=0), [WORKER]),
        (signs(beat=None), [BEAT]),
        (signs(beat=299), []),
        (signs(beat=301), [BEAT]),
        (signs(untried=1, sent=90, workers=0, beat=900), [STALLED, WORKER, BEAT]),
        (signs(workers=0, beat=None, started=59), []),
        (signs(untried=1, workers=0, beat=None, started=59), [STALLED]),
        (signs(workers=0, beat=None, started=60), [WORKER, BEAT]),
        (signs(workers=0, beat=None, started=-5), [WORKER, BEAT]),
        (signs(beat=900, started=5), [BEAT]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else(given, found):
    assert troubles(given, NOW) == found
