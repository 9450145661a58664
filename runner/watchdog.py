"""Ends what its owner started when the owner itself can no longer do it (kill -9, a crash).

Runs as a tiny process of its own and listens on a pipe: `+7` means group 7 has started, `-7` that
it has ended. The pipe closes when the owner dies, however that happened.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 2.0


class Watchdog:
    """The owner's end: tell it which process groups live."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", Path(__file__)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def started(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def ended(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """The owner leaves in order: whatever is still named is ended now."""
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()


def alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_group(group: int, number: int) -> None:
    """Send to a whole group; a group that has ended meanwhile is no error."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS answers "not permitted" for a group of which only a zombie is left.
        return


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(alive(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
