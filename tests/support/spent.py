"""The processor time of a command and of all that it starts: `python -m tests.support.spent COMMAND …`.

`python -m tests.support.spent --folders` prints a table of all folders of tests, one run of pytest after the other.
The shell's `time` knows only of processes that somebody waited for; servers and browsers are often killed instead.
Linux only.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
TESTS = Path(__file__).parent.parent


def main(words: list[str]) -> int:
    """Returns the command's own status, once everything that it started has ended."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system leaves orphans to somebody else")
    if words == ["--folders"]:
        return by_folder()
    started = time.monotonic()
    status = ended(subprocess.Popen(words))
    print(f"{spent():.0f} s of processors in {time.monotonic() - started:.0f} s")
    return status


def ended(first: subprocess.Popen) -> int:
    """Waits for a process and for all that it left behind; returns its status."""
    status = 1
    while True:
        try:
            pid, how = os.wait()
        except ChildProcessError:
            return status
        if pid == first.pid:
            status = os.waitstatus_to_exitcode(how)


def spent() -> float:
    """Seconds, of all that has ended so far."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return of_children.ru_utime + of_children.ru_stime


def by_folder() -> int:
    """Returns the first status that is not 0."""
    status, before = 0, spent()
    folders = sorted({file.relative_to(TESTS).parts[0] for file in TESTS.glob("*/test_*.py")})
    for name, files in [(f, [TESTS / f]) for f in folders] + [("(rest)", TESTS.glob("test_*.py"))]:
        pytest = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:randomly", *files]
        run = subprocess.Popen(pytest, stdout=subprocess.PIPE, text=True)
        said = run.stdout.read().strip().rpartition("\n")[2]
        status = ended(run) or status
        print(f"{spent() - before:6.0f} s  {name:<14} {said}", flush=True)
        before = spent()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
