"""However a run ends, nothing of it is left running and nothing of the data is lost."""

import signal
import sqlite3
from contextlib import closing

import pytest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_is_followed_even_while_it_prepares(new_run, tmp_path, number):
    run = new_run(tmp_path).start(seconds=90, ready=lambda child: child.said("listening on"))
    run.send(number)
    assert run.ended() == 0
    assert run.processes() == {}


def test_a_run_that_was_killed_leaves_no_orphans_and_the_next_one_has_its_data(new_run, tmp_path):
    run = new_run(tmp_path).start(seconds=90)
    assert run.said("bringing the database up to date")
    with closing(sqlite3.connect(tmp_path / "concord.sqlite")) as database:
        database.execute("CREATE TABLE kept (word TEXT)")
    key = (tmp_path / "secret-key").read_text()
    run.send(signal.SIGKILL)
    run.wait_until_nothing_runs()

    again = new_run(tmp_path).start(seconds=90)
    assert not again.said("bringing the database up to date")
    with closing(sqlite3.connect(tmp_path / "concord.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert (tmp_path / "secret-key").read_text() == key

    assert len(again.processes()) >= 6
    again.send(signal.SIGINT)
    assert again.ended() == 0
    assert again.said("stopped, nothing is left running")
    assert again.processes() == {}
