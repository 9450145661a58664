"""Remarks survive the real histories of public texts, and a small history of our own."""

import json
from pathlib import Path

from workflow.rules.text import anchors

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "anchoring" / "cases.jsonl"

FIRST = """District heating

The utility supplies heat to 58 % of the flats in the city. Most of it is made from coal and gas.

Measure\tCost\tYear
Heat pumps at the river\t40\t2028
Storage for a summer\t25\t2029
Pipes to the north\t12\t2027

The measures are paid by the utility, the state and the households that join.

The utility reports once a year. The report is public."""

SECOND = """District heating and cooling

The measures are paid by the utility, the state and the households that want to join.

The utility supplies heat to 61 % of the flats in the city. All of it will be made without coal.

Measure\tUnit\tCost\tYear
Heat pumps at the river\tM€\t44\t2028
Storage for a winter\tM€\t25\t2030
Pipes to the north\tM€\t12\t2027

The report of the utility is public. The council discusses it in spring."""

OURS = [
    ("District heating", "District heating"),
    ("58 % of the flats", "61 % of the flats"),
    ("The utility supplies heat", "The utility supplies heat"),
    ("the households that join", "the households that want to join"),
    ("Heat pumps at the river", "Heat pumps at the river"),
    ("12", "12"),
    ("40", "44"),
    ("Pipes to the north", "Pipes to the north"),
    ("Storage for a summer", "Storage for a winter"),
    ("once a year", None),
    ("coal and gas", "coal"),
]


def right(placement, truth_start, truth_end):
    """The scorer's rule: at least half of what both ranges cover is shared."""
    if placement.start is None or truth_start is None:
        return placement.start is None and truth_start is None
    start, end = placement.start, placement.end
    shared = min(end, truth_end) - max(start, truth_start)
    return shared * 2 >= (end - start) + (truth_end - truth_start) - shared


def wrong(placement, truth_start, truth_end):
    """Shown on other words than its own: the worst that can happen to a remark."""
    if placement.start is None:
        return False
    return truth_start is None or min(placement.end, truth_end) <= max(placement.start, truth_start)


def test_remarks_survive_a_history_of_our_own():
    for quote, now in OURS:
        start = FIRST.index(quote)
        passage = anchors.selector(FIRST, start, start + len(quote))
        [placement] = anchors.carry(FIRST, SECOND, [passage])
        words = None if placement.start is None else SECOND[placement.start : placement.end]
        assert words == now, quote


def test_remarks_survive_the_histories_of_public_texts():
    if not CASES.exists():
        return
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    verdicts = []
    for case in cases:
        passage = anchors.selector(case["old_text"], case["start"], case["end"])
        [placement] = anchors.carry(case["old_text"], case["new_text"], [passage])
        truth = case["truth_start"], case["truth_end"]
        verdicts.append((right(placement, *truth), wrong(placement, *truth)))
    assert sum(good for good, _ in verdicts) >= 0.985 * len(cases)
    assert sum(bad for _, bad in verdicts) <= 0.005 * len(cases)
