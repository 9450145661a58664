"""A child process in a group of its own: started, heard line by line, ended with all it started."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .watchdog import Watchdog, alive, signal_group


class Process:
    """`hear` receives every line of its output, from a thread of its own."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        environment: dict[str, str],
        folder: Path,
        hear: Callable[[str], None],
        watchdog: Watchdog,
        keep: Sequence[int] = (),
        user: str | None = None,
        group: str | None = None,
    ):
        self.started_at = time.monotonic()
        self._watchdog = watchdog
        self._child = self.begin(
            command, environment=environment, folder=folder, keep=keep, user=user, group=group
        )
        watchdog.started(self.pid)
        self._pump = threading.Thread(target=self._listen, args=(hear,), daemon=True)
        self._pump.start()

    def begin(
        self,
        command: Sequence[str | Path],
        *,
        environment: dict[str, str],
        folder: Path,
        keep: Sequence[int],
        user: str | None,
        group: str | None,
    ) -> subprocess.Popen:
        return subprocess.Popen(
            [str(word) for word in command],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            pass_fds=keep,
            user=user,
            group=group,
            extra_groups=[] if user else None,
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._child.poll()

    @property
    def lived(self) -> float:
        return time.monotonic() - self.started_at

    def wait(self, seconds: float | None = None) -> int | None:
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def ask(self, number: int = signal.SIGTERM) -> None:
        """Ask the process itself, which knows how to stop what it started."""
        if self.status is None:
            self._child.send_signal(number)

    def bury(self) -> int:
        """Kill what is left of the group, collect it and let go; returns the exit status."""
        signal_group(self.pid, signal.SIGKILL)
        status = self._child.wait()
        # A zombie that nobody collects (a container without init) counts as alive: do not insist.
        deadline = time.monotonic() + 1
        while alive(self.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._watchdog.ended(self.pid)
        self._pump.join(timeout=1)
        return status

    def stop(self, *, patience: float, number: int = signal.SIGTERM) -> int:
        """Ask, wait, and end by force what has not ended by itself."""
        self.ask(number)
        self.wait(patience)
        return self.bury()

    def _listen(self, hear: Callable[[str], None]) -> None:
        for line in self._child.stdout:
            hear(line.rstrip("\n"))
