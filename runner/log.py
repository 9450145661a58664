"""The one place that writes to the terminal: every line says whose it is."""

import contextlib
import os
import sys
import threading
import time
from typing import TextIO

COLOURS = {
    "web": 36,
    "worker": 32,
    "beat": 35,
    "broker": 33,
    "mail": 34,
    "replies": 34,
    "prepare": 90,
    "concord": 1,
}


class Log:
    """Lines with a clock and the name of the part that wrote them, coloured on a terminal."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stdout
        self._terminal = self._stream.isatty()
        self._colour = self._terminal and "NO_COLOR" not in os.environ
        self._broken = False
        self._lock = threading.Lock()

    @property
    def gone(self) -> bool:
        """Whether nobody reads any more: the terminal was closed, or the pipe's other end."""
        return self._broken or (self._terminal and not self._stream.isatty())

    def line(self, name: str, text: str) -> None:
        prefix = f"{time.strftime('%H:%M:%S')} {name:<7} |"
        if self._colour:
            prefix = f"\033[{COLOURS.get(name, 0)}m{prefix}\033[0m"
        with self._lock:
            try:
                self._stream.write(f"{prefix} {text.rstrip()}\n")
                self._stream.flush()
            except (OSError, ValueError):
                self._broken = True
                self._forget_what_is_left()

    def _forget_what_is_left(self) -> None:
        """Nobody reads what the stream still holds; the interpreter would end with 120 because it cannot write it."""
        with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), self._stream.fileno())

    def say(self, text: str) -> None:
        for line in text.splitlines() or [""]:
            self.line("concord", line)
