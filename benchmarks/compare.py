"""What does it cost to render, compare and merge a section of 20,000 words?

`python benchmarks/compare.py` prints CPU milliseconds, the best of some rounds, and the ratio to a
bare word diff of the same two texts on the same machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz.distance import Indel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.prose import edited, section
from workflow.rules.text import compare, diff, merge, render
from workflow.rules.text.tokens import tokenise

WORDS, ROUNDS = 20_000, 5
SHARES = (0.02, 0.10, 0.25)


def best(task: Callable[[], object]) -> float:
    """The CPU milliseconds of the quickest round."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        task()
        spent.append((time.process_time() - began) * 1000)
    return min(spent)


def main() -> None:
    old = section(WORDS)
    before = render(old)
    print(f"render {WORDS:,} words: {best(lambda: render(old)):.0f} ms CPU")
    print(f"{'changed':>8}{'word diff':>11}{'diff.words':>18}{'compare.html':>18}{'three_way':>18}")
    for share in SHARES:
        new, other = edited(old, share), edited(old, share, seed=3)
        after = render(new)
        bare = best(lambda new=new: Indel.opcodes(tokenise(old).keys, tokenise(new).keys))
        tasks = (
            lambda new=new: diff.words(old, new),
            lambda after=after: compare.html(before, after),
            lambda new=new, other=other: merge.three_way(old, new, other),
        )
        costs = [best(task) for task in tasks]
        cells = [f"{cost:.0f} ms ({cost / bare:.1f})" for cost in costs]
        print(f"{share:>8.0%}{bare:>8.0f} ms" + "".join(f"{cell:>18}" for cell in cells))


if __name__ == "__main__":
    main()
