"""A difference tells the whole story, and it can be read."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import prose
from tests.support.complete import many
from workflow.rules.text import diff
from workflow.rules.text.diff import Kind

TEXTS = prose | st.text(alphabet="ab \n.,", max_size=30)
FRAMES = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "[+{}+]"}


def told(old, new):
    return "".join(FRAMES[change.kind].format(change.text) for change in diff.words(old, new))


@settings(max_examples=many(150))
@given(TEXTS, TEXTS)
def test_the_changes_make_both_texts(old, new):
    changes = diff.words(old, new)
    assert "".join(c.text for c in changes if c.kind is not Kind.ADDED) == old
    assert "".join(c.text for c in changes if c.kind is not Kind.REMOVED) == new
    assert all(change.text for change in changes)
    assert all(a.kind is not b.kind for a, b in zip(changes, changes[1:], strict=False))
    for change in changes:
        if change.kind is not Kind.ADDED:
            assert old.startswith(change.text, change.old)
        if change.kind is not Kind.REMOVED:
            assert new.startswith(change.text, change.new)


@settings(max_examples=many(100))
@given(TEXTS, TEXTS)
def test_the_replacements_make_the_new_text(old, new):
    for start, end, text in reversed(diff.replacements(old, new)):
        old = old[:start] + text + old[end:]
    assert old == new


@settings(max_examples=many(30))
@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert [change.kind for change in diff.words(text, text)] == [Kind.SAME] * bool(text)


def test_only_the_words_that_changed_are_marked():
    assert (
        told("We save 30 % of heat.", "We save 40 % of heat.") == "We save [-30-][+40+] % of heat."
    )
    assert told("foo bar", "foo, bar") == "foo[+,+] bar"


def test_words_that_agree_by_chance_are_part_of_a_rewriting():
    assert told(
        "We reduce emissions by 30 in all sectors.", "We cut pollution by 40 in all sectors."
    ) == ("We [-reduce emissions by 30-][+cut pollution by 40+] in all sectors.")


def test_an_added_sentence_begins_where_a_sentence_begins():
    assert told("One. Two. Three.", "One. Two and more. Two. Three.") == (
        "One. [+Two and more. +]Two. Three."
    )


def test_sentences_are_rewritten_one_by_one():
    assert (
        told("A b c. The d e f.", "X y z. The q r s.")
        == "[-A b c-][+X y z+]. The [-d e f-][+q r s+]."
    )


def test_a_new_paragraph_is_added_as_a_whole():
    assert told("one\n\ntwo", "one\n\nnew words\n\ntwo") == "one\n\n[+new words\n\n+]two"


def test_a_capital_letter_is_a_change():
    assert told("the account", "the Account") == "the [-account-][+Account+]"


def test_a_labelled_range_is_the_same_if_its_label_is():
    old, new = diff.cut("a[1] b", [(1, 4, "x")]), diff.cut("a[2] b", [(1, 4, "x")])
    assert [change.kind for change in diff.changes(old, new)] == [Kind.SAME]
    other = diff.cut("a[1] b", [(1, 4, "y")])
    assert Kind.ADDED in [change.kind for change in diff.changes(old, other)]


def test_a_long_section_is_compared_in_well_under_half_a_second():
    words = [f"w{number * 7919 % 2003}" for number in range(20_000)]
    old = "\n\n".join(" ".join(words[at : at + 60]) for at in range(0, len(words), 60))
    new = old.replace("w7 ", "other ").replace("w11 ", "").replace("w13 ", "w13 more ")
    began = time.process_time()
    diff.words(old, new)
    assert time.process_time() - began < 0.5
