"""`make run` for real, in a folder of its own and on a free port."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from runner.settings import ROOT
from tests.support.processes import Child, until


class Run(Child):
    """A runner and all that it started, recognised by the data folder in their environment."""

    def __init__(self, folder: Path, **settings: str):
        self.folder = folder
        self.environment = {
            **os.environ,
            "PORT": "0",
            "DATA_DIR": str(folder),
            "CONCORD_DEMO": "0",
        } | settings
        super().__init__(
            "make run",
            [sys.executable, "-m", "runner"],
            environment=self.environment,
            ready=lambda child: child.said("Concord is ready at") and child.said(" ready."),
        )

    @property
    def address(self) -> str:
        return self._find(r"Concord is ready at (\S+)")

    @property
    def mail_door(self) -> tuple[str, int]:
        host, _, port = self._find(r"mail +\| listening on (\S+),").partition(":")
        return host, int(port)

    def processes(self) -> Mapping[int, str]:
        return processes_of(self.folder)

    def matching(self, words: str) -> set[int]:
        """The processes whose command line contains the words."""
        return {pid for pid, command in self.processes().items() if words in command}

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait_until_nothing_runs(self, seconds: float = 20) -> None:
        until(
            lambda: not self.processes(),
            seconds=seconds,
            otherwise=lambda: f"still running: {self.processes()}\n{self.tail()}",
        )

    def _find(self, pattern: str) -> str:
        return next(found[1] for line in self.log if (found := re.search(pattern, line)))


def processes_of(folder: Path) -> Mapping[int, str]:
    """The command lines of everything that runs for this data folder.

    Valkey writes its title over its environment, and has the folder in the title.
    """
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        ours = f"DATA_DIR={folder}".encode() in environment
        if command and (ours or f"{folder}/broker" in command):
            found[int(entry.name)] = command
    return found


@pytest.fixture(scope="session", autouse=True)
def _heard() -> Iterator[None]:
    """Tests that were started in the background ignore requests to stop, and all that they start would, too."""
    before = {
        number: signal.signal(number, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGHUP)
        if signal.getsignal(number) == signal.SIG_IGN
    }
    yield
    for number, ignored in before.items():
        signal.signal(number, ignored)


@pytest.fixture(scope="module")
def new_run() -> Iterator[Callable[..., Run]]:
    """Makes runs that are stopped at the end of the module, whatever happens."""
    runs: list[Run] = []

    def new(folder: Path, **settings: str) -> Run:
        runs.append(Run(folder, **settings))
        return runs[-1]

    yield new
    for run in runs:
        run.stop()


@pytest.fixture(scope="module")
def running(new_run, tmp_path_factory) -> Run:
    """A run that several tests use."""
    return new_run(tmp_path_factory.mktemp("running")).start(seconds=90)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """Starts a run that must not start; returns the one line that it says instead."""

    def refuse(**settings: str) -> str:
        environment = {**os.environ, "PORT": "0", "DATA_DIR": str(tmp_path)} | settings
        ended = subprocess.run(
            [sys.executable, "-m", "runner"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert ended.returncode == 1
        assert ended.stdout == ""
        (line,) = ended.stderr.splitlines()
        return line

    return refuse
