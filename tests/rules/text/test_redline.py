"""A difference cut down to its changes: nothing that changed is left out, and nothing is invented."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.text import diff
from workflow.rules.text.redline import CONTEXT, LONGEST, redline

FAR = " ".join(f"word{n}" for n in range(60))
words = st.lists(
    st.sampled_from(["heat", "74 %", "of", "homes.", "coal", "\n", "2030"]), max_size=40
)


def test_a_change_stands_between_a_few_words_of_its_line():
    old = f"First line.\nThe network serves 74 % of all homes. {FAR}\nLast line."
    [change] = redline(old, old.replace("74 %", "75 %")).changes
    assert change[0] == ("same", "The network serves ")
    assert change[1:3] == (("removed", "74"), ("added", "75"))
    kind, rest = change[3]
    assert kind == "same" and rest.startswith(" % of all homes. word0") and rest.endswith(" …")
    assert len(rest) <= CONTEXT + 2


def test_close_changes_are_one_and_distant_ones_are_two():
    near = redline("It serves 74 % of 100 homes.", "It serves 75 % of 101 homes.")
    assert len(near.changes) == 1
    far = redline(f"Serves 74 %. {FAR} In 2030.", f"Serves 75 %. {FAR} In 2031.")
    assert len(far.changes) == 2
    assert far.changes[1][0][1].startswith("… ")


def test_changes_in_different_lines_are_not_mixed():
    changes = redline("One 1.\nTwo 2.", "One 7.\nTwo 8.").changes
    assert [change[0] for change in changes] == [("same", "One "), ("same", "Two ")]


def test_of_many_changes_the_first_are_told_and_the_others_counted():
    old = "\n".join(f"Line {n} says {n}." for n in range(40))
    cut = redline(old, old.replace("says", "tells"), most=5)
    assert (len(cut.changes), cut.more) == (5, 35)


def test_a_long_new_passage_is_told_by_its_beginning():
    [change] = redline("Begin.", "Begin.\n" + "very long " * 400).changes
    assert all(len(text) <= LONGEST + 2 for _kind, text in change)
    assert change[-1][1].endswith(" …")


def test_the_same_text_has_no_change():
    assert redline("Heat.", "Heat.") == redline("", "")
    assert redline("Heat.", "Heat.").changes == ()


@given(words, words)
def test_every_word_that_came_or_went_is_told(old, new):
    before, after = " ".join(old), " ".join(new)
    told = redline(before, after, most=1_000)
    for kind in ("removed", "added"):
        said = "".join(text for change in told.changes for one, text in change if one == kind)
        changed = "".join(c.text for c in diff.words(before, after) if c.kind == kind)
        assert said == changed
