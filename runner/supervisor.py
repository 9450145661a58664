"""Keeps the parts running: starts them, restarts what dies, stops all of them in order."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .log import Log
from .parts import Part
from .process import Process
from .settings import Refusal
from .watchdog import Watchdog

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart; doubled each time
HEALTHY_AFTER = 30.0  # a part that lived so long starts again with the first pause
FALSE_STARTS = 3  # so often may a part die before it has ever answered
TICK = 0.1


class Stopped(Exception):
    """Somebody asked to stop while something was being started."""


@dataclass
class Running:
    """A part and its present process, or the time of its next one."""

    part: Part
    process: Process | None = None
    again_at: float = 0
    pause: float = FIRST_PAUSE
    deaths: int = 0
    answered: bool = False


class Supervisor:
    """One per `make run`; `environment` is what every part gets.

    When the process `owner` (make) is killed, the parts are stopped as if somebody had asked.
    """

    def __init__(self, *, folder: Path, environment: dict[str, str], log: Log, owner: int):
        self._environment = environment
        self._folder = folder
        self._log = log
        self._owner = owner
        self._watchdog = Watchdog()
        self._running: dict[str, Running] = {}
        self._asked = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup asks not to hear of hang-ups
                signal.signal(number, self._ask)

    def _ask(self, number: int, frame) -> None:
        self._asked += 1

    @property
    def stopping(self) -> bool:
        return bool(self._asked) or self._log.gone or os.getppid() != self._owner

    def once(
        self,
        command: Sequence[str],
        *,
        hear: Callable[[str], None],
        folder: Path | None = None,
        environment: dict[str, str] | None = None,
    ) -> int:
        """Run a step to its end; returns its status, raises Stopped when asked to meanwhile."""
        process = Process(
            command,
            environment=environment or self._environment,
            folder=folder or self._folder,
            hear=hear,
            watchdog=self._watchdog,
        )
        while process.status is None and not self.stopping:
            time.sleep(0.02)
        status = process.stop(patience=5)
        if self.stopping:
            raise Stopped
        return status

    def start(self, *parts: Part) -> None:
        for part in parts:
            running = self._running[part.name] = Running(part)
            self._launch(running)

    def until_answering(self, *names: str) -> None:
        """Wait for parts to answer for the first time; Refusal when one cannot start."""
        while waiting := [n for n in names if not self._answers(self._running[n])]:
            self._look_after()
            if self.stopping:
                raise Stopped
            for running in map(self._running.get, waiting):
                if running.deaths >= FALSE_STARTS:
                    raise Refusal(
                        f"“{running.part.name}” ended {running.deaths} times before it answered: "
                        "its lines above say why."
                    )
            time.sleep(TICK)

    def watch(self) -> None:
        """Restart what dies until somebody asks to stop."""
        while not self.stopping:
            self._look_after()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop the parts in order of their stages; a second request ends them at once."""
        already = self._asked
        for stage in sorted({r.part.stage for r in self._running.values()}, reverse=True):
            leaving = [
                r for r in self._running.values() if r.part.stage == stage and r.process is not None
            ]
            for running in leaving:
                running.process.ask()
            deadline = time.monotonic() + max((r.part.patience for r in leaving), default=0)
            while (
                any(r.process.status is None for r in leaving)
                and time.monotonic() < deadline
                and self._asked <= max(already, 1)
            ):
                time.sleep(0.02)
            for running in leaving:
                running.process.bury()
        self._watchdog.close()

    def _launch(self, running: Running) -> None:
        part = running.part
        running.process = Process(
            part.command,
            environment=self._environment,
            folder=self._folder,
            hear=lambda line: self._log.line(part.name, line),
            watchdog=self._watchdog,
            keep=part.keep,
        )

    def _answers(self, running: Running) -> bool:
        if not running.answered and running.process is not None:
            running.answered = running.part.answers is None or running.part.answers()
        return running.answered

    def _look_after(self) -> None:
        now = time.monotonic()
        for running in self._running.values():
            if running.process is None:
                if now >= running.again_at:
                    self._launch(running)
            elif running.process.status is not None:
                self._mourn(running, now)

    def _mourn(self, running: Running, now: float) -> None:
        if running.process.lived > HEALTHY_AFTER:
            running.pause = FIRST_PAUSE
        status = running.process.bury()
        running.process = None
        running.deaths += 1
        running.again_at = now + running.pause
        cause = f"status {status}" if status >= 0 else signal.Signals(-status).name
        self._log.say(
            f"“{running.part.name}” has ended ({cause}); starting it again in {running.pause:g} s"
        )
        running.pause = min(running.pause * 2, LONGEST_PAUSE)
