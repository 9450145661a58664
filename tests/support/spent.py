"""The processor time of a command and of all that it starts: `python -m tests.support.spent COMMAND …`.

The shell's `time` knows only of processes that somebody waited for; servers and browsers are often killed instead.
Linux only.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Returns the command's own status, once everything that it started has ended."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system leaves orphans to somebody else")
    started, first, status = time.monotonic(), subprocess.Popen(command).pid, 1
    while True:
        try:
            pid, ended = os.wait()
        except ChildProcessError:
            break
        if pid == first:
            status = os.waitstatus_to_exitcode(ended)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = spent.ru_utime + spent.ru_stime
    print(f"{seconds:.0f} s of processors in {time.monotonic() - started:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
