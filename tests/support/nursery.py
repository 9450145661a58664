"""Python processes that need not read our code first: children of one that has it in memory.

A start takes a tenth of what it takes elsewhere; otherwise these are processes like others, in groups of their own,
with their own environment, output and files. `tests/runner` starts Concord as people do.
"""

import atexit
import fcntl
import multiprocessing
import os
import runpy
import subprocess
import sys
import time
import types
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import reduction
from pathlib import Path

from runner.process import Process

OUT_OF_THE_WAY = 200
"""Files get numbers from here before they get those that they had."""


@cache
def _mother():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.preloaded"])
    return context


class Handed:
    """An open file that a child gets along with its arguments, where it is a number."""

    def __init__(self, number: int):
        self.number = number

    def __reduce__(self):
        return _taken, (reduction.DupFd(self.number),)


def _taken(file) -> int:
    return file.detach()


class Born:
    """What `subprocess.Popen` would tell of the process."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        keep: Sequence[int],
    ):
        hear, say = os.pipe()
        files = {number: Handed(number) for number in keep} | {1: Handed(say)}
        self._process = _mother().Process(
            target=_live, args=(list(command), dict(environment), str(folder), files)
        )
        of_the_tests, sys.modules["__main__"] = sys.modules["__main__"], types.ModuleType("main")
        try:
            self._process.start()
        finally:
            sys.modules["__main__"] = of_the_tests
            os.close(say)
        self.pid: int = self._process.pid
        self.stdout = os.fdopen(hear, encoding="utf-8", errors="replace")
        while self.poll() is None and os.getpgid(self.pid) != self.pid:
            time.sleep(0.001)

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired("", timeout)
        return self.poll()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


class Child(Process):
    """A process of the command `python [-W…] -m module …`."""

    def begin(self, command, *, environment, folder, keep, **_nobody_else) -> Born:
        return Born([str(word) for word in command], environment, folder, keep)


def _live(command: list[str], environment: dict[str, str], folder: str, files: dict[int, int]):
    os.setsid()
    apart = {
        number: fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
        for number, file in files.items()
    }
    for file in files.values():
        os.close(file)
    for number, file in apart.items():
        os.dup2(file, number)
        os.close(file)
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, write_through=True)
    options, (module, *arguments) = (
        command[1 : command.index("-m")],
        command[command.index("-m") + 1 :],
    )
    for option in options:
        action, _, message = option.removeprefix("-W").partition(":")
        warnings.filterwarnings(action, message)
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()
