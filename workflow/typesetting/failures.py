"""The only place that says why no PDF came out."""

import signal

OUT_OF_MEMORY = (
    "memory allocation",
    "MemoryError",
    "failed to map segment",
    "Cannot allocate memory",
)


class TypesettingFailed(Exception):
    """No PDF came out. `kind` is time, memory, engine or crash; `reason` is for people, `engine` for the log.

    `worn`: it came from a process that had made documents before, and may be the fault of those.
    """

    REASONS = {
        "time": "The document took longer than {limit} seconds to typeset and was stopped.",
        "memory": "The document needed more than {limit} MB of memory to typeset and was stopped.",
        "engine": "The PDF engine refused the document.",
        "crash": "The PDF engine stopped without a word.",
    }

    def __init__(self, kind: str, *, limit: float = 0, engine: str = "") -> None:
        self.kind = kind
        self.reason = self.REASONS[kind].format(limit=round(limit))
        self.engine = engine
        self.worn = False
        super().__init__(self.reason)


def failure(code: int, words: str, *, timeout_s: float, memory_mb: int) -> TypesettingFailed:
    """What the way the child died says about why."""
    if code in {-signal.SIGXCPU, -signal.SIGALRM}:
        return TypesettingFailed("time", limit=timeout_s, engine=words)
    if code == -signal.SIGKILL or any(sign in words for sign in OUT_OF_MEMORY):
        return TypesettingFailed("memory", limit=memory_mb, engine=words)
    return TypesettingFailed("engine" if words.strip() else "crash", engine=words)
