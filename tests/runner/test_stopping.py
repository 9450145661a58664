"""However a run ends, nothing of it is left running and nothing of the data is lost."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from runner.settings import ROOT

from .conftest import processes_of


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_is_followed_even_while_it_prepares(new_run, tmp_path, number):
    run = new_run(tmp_path).start(seconds=90, ready=lambda child: child.said("listening on"))
    run.send(number)
    assert run.ended() == 0
    assert run.processes() == {}


def test_a_terminal_that_is_closed_stops_it(new_run, tmp_path):
    ours, theirs = pty.openpty()
    runner = subprocess.Popen(
        [sys.executable, "-m", "runner"],
        cwd=ROOT,
        env=new_run(tmp_path).environment,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    heard = b""
    while b"listening on" not in heard:
        heard += os.read(ours, 1000)
    os.close(ours)
    assert runner.wait(timeout=20) == 0
    assert processes_of(tmp_path) == {}


@pytest.mark.timeout(300)
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


def test_once_nobody_reads_what_is_said_later_goes_nowhere_and_a_run_ends_as_it_ended():
    reader, writer = os.pipe()
    os.close(reader)
    said = "from runner.log import Log; Log().say('stopping'); print('stopped', end='')"
    ended = subprocess.run([sys.executable, "-c", said], cwd=ROOT, stdout=writer)
    os.close(writer)
    assert ended.returncode == 0
