"""Child processes of the tests: heard, waited for, and ended even when the test run is killed."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from runner.process import Process
from runner.settings import ROOT
from runner.watchdog import Watchdog


@cache
def watchdog() -> Watchdog:
    """One per test process: when that ends, however it ends, its children end too."""
    return Watchdog()


def until(true: Callable[[], object], *, seconds: float, otherwise: Callable[[], str]):
    """Wait until something is true and return it; AssertionError with the reason when it is late."""
    deadline = time.monotonic() + seconds
    while not (answer := true()):
        if time.monotonic() > deadline:
            raise AssertionError(otherwise())
        time.sleep(0.02)
    return answer


class Child:
    """A process with its log; `start`, `kill` and `restart` as often as a test likes."""

    kind = Process

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        ready: Callable[["Child"], bool] = lambda child: True,
        keep: Sequence[int] = (),
        user: str | None = None,
        patience: float = 10,
        ask_with: signal.Signals = signal.SIGTERM,
    ):
        self.name = name
        self.log: list[str] = []
        self._command = command
        self._environment = dict(environment)
        self._ready = ready
        self._keep = keep
        self._user = user
        self._patience = patience
        self._ask_with = ask_with
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.status is None

    def ended(self, *, seconds: float = 20) -> int:
        """Wait for its end; returns the exit status."""
        until(
            lambda: not self.running,
            seconds=seconds,
            otherwise=lambda: f"{self.name} still runs:\n{self.tail()}",
        )
        return self._process.status

    def start(
        self, *, seconds: float = 30, ready: Callable[["Child"], bool] | None = None
    ) -> "Child":
        """Start and wait until it is ready, or until `ready` instead."""
        self.launch()
        self.wait_until_ready(seconds=seconds, ready=ready)
        return self

    def launch(self) -> None:
        """Start without waiting."""
        self._process = self.kind(
            self._command,
            environment=self._environment,
            folder=ROOT,
            hear=self.log.append,
            watchdog=watchdog(),
            keep=self._keep,
            user=self._user,
            group=self._user and _group_of(self._user),
        )

    def wait_until_ready(
        self, *, seconds: float = 30, ready: Callable[["Child"], bool] | None = None
    ) -> None:
        ready = ready or self._ready

        def ready_or_dead() -> bool:
            if not self.running:
                raise AssertionError(f"{self.name} ended while starting:\n{self.tail()}")
            return ready(self)

        until(
            ready_or_dead,
            seconds=seconds,
            otherwise=lambda: f"{self.name} was not ready in {seconds} s:\n{self.tail()}",
        )

    def stop(self) -> None:
        """Ask it to stop, and end by force what has not stopped in time."""
        if self._process is not None:
            self._process.stop(patience=self._patience, number=self._ask_with)
            self._process = None

    def kill(self) -> None:
        """Like a power cut: kill -9 for it and everything it started."""
        if self._process is not None:
            self._process.bury()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.log.clear()
        self.start()

    def said(self, text: str) -> bool:
        return any(text in line for line in list(self.log))

    def wait_for(self, text: str, *, seconds: float = 20) -> None:
        """Wait until a line of the log contains the text."""
        until(
            lambda: self.said(text),
            seconds=seconds,
            otherwise=lambda: f"{self.name} never said “{text}”:\n{self.tail()}",
        )

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log[-lines:])


@contextmanager
def running(*children: Child) -> Iterator[None]:
    """All of them together, started at once and gone afterwards."""
    try:
        for child in children:
            child.launch()
        for child in children:
            child.wait_until_ready()
        yield
    finally:
        for child in reversed(children):
            child.kill()


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
