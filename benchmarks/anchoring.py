"""Do remarks stay with their passages? `python benchmarks/anchoring.py [--by kind|stratum|source]`.

First the cases from real revision histories, if they lie beside the repository: every passage is
carried over its edit and the answer compared with the known one. *Misplaced* and *false attach*
are wrong placements, the worst errors; *false orphan* is a passage given up although it is there.
Then the cost: 1,000 passages over one edit of a section of 20,000 words, beside a bare word diff.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from rapidfuzz.distance import Indel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.prose import edited, section  # noqa: E402
from workflow.rules.text import anchors  # noqa: E402
from workflow.rules.text.tokens import tokenise  # noqa: E402

CASES = ROOT.parent / "shared" / "anchoring" / "cases.jsonl"
COLUMNS = ("right", "exact", "misplaced", "false attach", "false orphan", "partial")
WORDS, PASSAGES, CHANGED, ROUNDS = 20_000, 1_000, 0.05, 5


def judge(case: dict, placement: anchors.Placement) -> set[str]:
    """What an answer is: right if it overlaps the truth by half, or rightly gave up."""
    truth_start, truth_end = case["truth_start"], case["truth_end"]
    start, end = placement.start, placement.end
    if truth_start is None:
        return {"right", "exact"} if start is None else {"false attach"}
    if start is None:
        return {"false orphan"}
    shared = max(0, min(end, truth_end) - max(start, truth_start))
    overlap = shared / ((end - start) + (truth_end - truth_start) - shared)
    verdict = {"right"} if overlap >= 0.5 else {"partial" if shared else "misplaced"}
    if abs(start - truth_start) <= 1 and abs(end - truth_end) <= 1:
        verdict.add("exact")
    return verdict


def score(by: str) -> None:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    spent = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        passage = anchors.selector(case["old_text"], case["start"], case["end"])
        began = time.process_time()
        placement = anchors.carry(case["old_text"], case["new_text"], [passage])[0]
        spent.append((time.process_time() - began) * 1000)
        for group in (case[by], "all"):
            groups[group].update({"cases", *judge(case, placement)})
    print(f"{by:24}{'cases':>7}" + "".join(f"{column:>14}" for column in COLUMNS))
    for group in sorted(groups, key=lambda name: (name == "all", name)):
        count = groups[group]
        shares = [f"{count[column] / count['cases']:.1%}" for column in COLUMNS[:2]]
        numbers = [*shares, *(count[column] for column in COLUMNS[2:])]
        print(f"{group:24}{count['cases']:>7}" + "".join(f"{number:>14}" for number in numbers))
    wrong = groups["all"]["misplaced"] + groups["all"]["false attach"]
    print(f"wrong placements: {wrong / groups['all']['cases']:.2%}")
    print(f"CPU per case: median {sorted(spent)[len(spent) // 2]:.1f} ms, most {max(spent):.1f} ms")


def cost() -> None:
    old, new = section(WORDS), edited(section(WORDS), CHANGED)
    draw = random.Random(3)
    starts = [draw.randrange(len(old) - 400) for _ in range(PASSAGES)]
    passages = [anchors.selector(old, start, start + draw.randint(20, 300)) for start in starts]
    ours, bare = [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        Indel.opcodes(tokenise(old).keys, tokenise(new).keys)
        bare.append(time.process_time() - began)
        began = time.process_time()
        placements = anchors.carry(old, new, passages)
        ours.append(time.process_time() - began)
    orphans = sum(placement.start is None for placement in placements)
    print(
        f"{PASSAGES:,} passages over one edit of {WORDS:,} words ({CHANGED:.0%} changed):"
        f" {min(ours) * 1000:.0f} ms CPU, a bare word diff {min(bare) * 1000:.0f} ms,"
        f" ratio {min(ours) / min(bare):.1f}; {orphans} orphans"
    )


if __name__ == "__main__":
    if CASES.exists():
        score(sys.argv[sys.argv.index("--by") + 1] if "--by" in sys.argv else "kind")
    else:
        print("No cases beside the repository: only the cost is measured.")
    cost()
