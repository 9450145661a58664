"""However a run ends, nothing of it is left running and nothing of the data is lost."""

import signal
import sqlite3

import pytest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_is_followed_in_order(new_run, tmp_path, number):
    run = new_run(tmp_path).start(seconds=90)
    assert len(run.processes()) >= 6
    run.send(number)
    assert run.ended() == 0
    assert run.said("stopped, nothing is left running")
    assert run.processes() == {}


def test_a_request_to_stop_while_it_prepares_is_followed(new_run, tmp_path):
    run = new_run(tmp_path).start(seconds=90, ready=lambda child: child.said("listening on"))
    run.send(signal.SIGINT)
    assert run.ended() == 0
    assert run.processes() == {}


def test_killing_the_runner_leaves_no_orphans_and_the_next_run_has_the_data(new_run, tmp_path):
    run = new_run(tmp_path).start(seconds=90)
    with sqlite3.connect(tmp_path / "concord.sqlite") as database:
        database.execute("CREATE TABLE kept (word TEXT)")
    key = (tmp_path / "secret-key").read_text()
    run.send(signal.SIGKILL)
    run.wait_until_nothing_runs()

    again = new_run(tmp_path).start(seconds=90)
    assert run.said("bringing the database up to date")
    assert not again.said("bringing the database up to date")
    with sqlite3.connect(tmp_path / "concord.sqlite") as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert (tmp_path / "secret-key").read_text() == key
    again.send(signal.SIGTERM)
    again.wait_until_nothing_runs()
