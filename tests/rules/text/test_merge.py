"""Two people wrote on one base: nothing that either wrote is lost, and no clash is hidden."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import corpus, markdown, sentence
from tests.support.complete import many
from workflow.rules.text import canonical, eyes, merge, units
from workflow.rules.text.merge import Origin
from workflow.rules.text.tokens import tokenise
from workflow.rules.vocabulary import Visibility

BASE = """# Plan

The city saves 30 % of heat until 2030. It insulates schools.

- one plan
- two trams

| What | Cost |
|---|---|
| Trams | 10 |

The end of it all.
"""

blocks = st.lists(
    sentence
    | sentence.map("## {}".format)
    | st.lists(sentence, min_size=1, max_size=3).map(lambda items: "- " + "\n- ".join(items))
    | sentence.map("| a | b |\n|---|---|\n| {} | 1 |".format),
    max_size=5,
)


@st.composite
def sides(draw):
    """A base and what two people made of it."""
    base = draw(blocks)
    texts = [base]
    for _ in range(2):
        mine = list(base)
        for _ in range(draw(st.integers(0, 3))):
            place = draw(st.integers(0, len(mine)))
            act = draw(st.sampled_from(["add", "drop", "move", "write"]))
            if act == "add" or place == len(mine):
                mine.insert(place, draw(sentence))
            elif act == "drop":
                del mine[place]
            elif act == "move":
                mine.insert(draw(st.integers(0, len(mine) - 1)), mine.pop(place))
            else:
                words = mine[place].split(" ")
                at = draw(st.integers(0, len(words)))
                words.insert(at, draw(st.sampled_from(["new", "other", "2040"])))
                mine[place] = " ".join(words)
        texts.append(mine)
    return [canonical("\n\n".join(text)) for text in texts]


def words(text):
    return Counter(tokenise(text).keys)


@settings(max_examples=many(100))
@given(sides())
def test_an_unchanged_side_leaves_the_other_as_it_is(texts):
    base, mine, _ = texts
    assert merge.three_way(base, mine, base).markdown == mine
    assert merge.three_way(base, base, mine).markdown == mine
    assert merge.three_way(base, mine, mine).markdown == mine


@settings(max_examples=many(150))
@given(sides())
def test_a_clean_merge_holds_every_word_that_either_side_added(texts):
    base, mine, theirs = texts
    merged = merge.three_way(base, mine, theirs)
    if merged.markdown is not None:
        for side in (mine, theirs):
            assert not (words(side) - words(base)) - words(merged.markdown)


@settings(max_examples=many(150))
@given(sides())
def test_what_does_not_merge_is_all_in_the_conflicts(texts):
    base, mine, theirs = texts
    merged = merge.three_way(base, mine, theirs)
    assert (merged.markdown is None) == bool(merged.conflicts)
    parts = Counter()
    for part in merged.parts:
        parts += words(part.text)
    for conflict in merged.conflicts:
        assert conflict.mine != conflict.theirs
        parts += words(conflict.mine) + words(conflict.theirs)
        assert merged.parts[conflict.position].origin is Origin.CONFLICT
    if merged.conflicts:
        for side in (mine, theirs):
            assert not (words(side) - words(base)) - parts


@settings(max_examples=many(100))
@given(sides())
def test_the_sides_are_equal(texts):
    base, mine, theirs = texts
    one, other = merge.three_way(base, mine, theirs), merge.three_way(base, theirs, mine)
    assert one.markdown == other.markdown
    assert [(c.base, c.mine, c.theirs, c.position) for c in one.conflicts] == [
        (c.base, c.theirs, c.mine, c.position) for c in other.conflicts
    ]


@settings(max_examples=many(100))
@given(markdown)
def test_a_text_is_the_sum_of_its_units(source):
    text = canonical(source)
    assert units.join(units.split(text)) == text


def test_the_examples_of_commonmark_are_the_sum_of_their_units():
    for case in corpus("commonmark-0.31.2-spec-tests.json"):
        text = canonical(case["markdown"])
        assert units.join(units.split(text)) == text


def test_changes_in_different_places_merge():
    mine = BASE.replace("30 %", "40 %").replace("- two trams", "- two fast trams")
    theirs = BASE.replace("schools", "schools and homes").replace("| 10 |", "| 12 |")
    assert merge.three_way(BASE, mine, theirs).markdown == (
        mine.replace("schools", "schools and homes").replace("| 10 |", "| 12 |")
    )


def test_items_and_rows_join_their_list_and_their_table():
    mine = BASE.replace("- two trams\n", "- two trams\n- three roofs\n")
    theirs = BASE.replace("| Trams | 10 |\n", "| Trams | 10 |\n| Buses | 5 |\n")
    merged = merge.three_way(BASE, mine, theirs).markdown
    assert "- two trams\n- three roofs\n\n|" in merged
    assert "| 10 |\n| Buses | 5 |\n\nThe" in merged


def test_paragraphs_at_the_end_stay_apart():
    mine = f"{BASE}\nMine comes last.\n"
    theirs = BASE.replace("\nThe end of it all.\n", "")
    assert merge.three_way(BASE, mine, theirs).markdown.endswith(
        "| Trams | 10 |\n\nMine comes last.\n"
    )


def test_both_changing_the_same_words_is_a_conflict():
    mine, theirs = BASE.replace("30 %", "40 %"), BASE.replace("30 %", "25 %")
    merged = merge.three_way(BASE, mine, theirs)
    [conflict] = merged.conflicts
    assert (conflict.base[15:19], conflict.mine[15:19], conflict.theirs[15:19]) == (
        "30 %",
        "40 %",
        "25 %",
    )
    assert merged.markdown is None
    assert merged.resolved([conflict.mine]) == mine
    assert merged.resolved([conflict.theirs]) == theirs
    assert merged.resolved([""]) == BASE.replace(
        "The city saves 30 % of heat until 2030. It insulates schools.\n\n", ""
    )
    with pytest.raises(ValueError):
        merged.resolved([])


def test_both_making_the_same_change_is_one_change():
    mine = BASE.replace("30 %", "40 %")
    merged = merge.three_way(BASE, f"{mine}\nMore.\n", mine)
    assert merged.markdown == f"{mine}\nMore.\n"
    assert Origin.BOTH in {part.origin for part in merged.parts}


def test_a_paragraph_that_one_removed_and_one_changed_is_a_conflict():
    mine = BASE.replace("\nThe end of it all.\n", "")
    theirs = BASE.replace("The end of it all", "The very end of it all")
    [conflict] = merge.three_way(BASE, mine, theirs).conflicts
    assert (conflict.mine, conflict.theirs) == ("", "The very end of it all.")


def test_a_paragraph_that_one_moved_takes_the_changes_of_the_other_along():
    last = "The end of it all.\n"
    mine = f"{last}\n{BASE.replace(last, '')}"
    theirs = BASE.replace("The end of it all", "The very end of it all")
    merged = merge.three_way(BASE, mine, theirs).markdown
    assert merged.startswith("The very end of it all.\n\n# Plan")
    assert merged.count("end of it all") == 1


def test_two_new_paragraphs_in_one_place_are_a_conflict():
    mine = BASE.replace("# Plan\n", "# Plan\n\nMine is new.\n")
    theirs = BASE.replace("# Plan\n", "# Plan\n\nTheirs is another.\n")
    [conflict] = merge.three_way(BASE, mine, theirs).conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (
        "",
        "Mine is new.\n",
        "Theirs is another.\n",
    )


def test_a_moved_paragraph_and_its_double_are_not_taken_for_one():
    base = "a b c d e\n\n2030 2030\n\nf g h i j k\n"
    mine = "f g h i j k\n\n2030 2030\n"
    theirs = "a b c d e\n\nx 2030 y 2030 z\n\nf g h i j k\n\n2030 2030\n"
    one, other = merge.three_way(base, mine, theirs), merge.three_way(base, theirs, mine)
    assert one.markdown == other.markdown
    said = " ".join([part.text for part in one.parts] + [c.theirs for c in one.conflicts])
    assert "x 2030 y 2030 z" in said
    assert "2030 2030" in said


def test_a_merge_never_uncovers_what_is_for_fewer_eyes():
    base = "First words here.\n\n::: city\nSecret words here.\n\n- secret item\n:::\n\nLast words here.\n"
    mine = base.replace("First words here.\n\n", "").replace("Secret words", "Secret new words")
    theirs = base.replace("Last words", "Very last words").replace("First", "The first")
    merged = merge.three_way(base, mine, theirs)
    text = merged.resolved([""] * len(merged.conflicts))
    assert text == (
        "::: city\nSecret new words here.\n\n- secret item\n:::\n\nVery last words here.\n"
    )
    assert eyes.without(text, {Visibility.PUBLIC}) == "Very last words here.\n"


def test_words_that_one_side_covers_are_covered_with_the_changes_of_the_other():
    base = "Some words that everyone reads.\n"
    mine = f"::: city\n{base}:::\n"
    theirs = base.replace("everyone", "nearly everyone")
    merged = merge.three_way(base, mine, theirs)
    assert merged.markdown == f"::: city\n{theirs}:::\n"


def test_uncovering_words_that_the_other_side_still_changes_is_a_conflict():
    base = "::: city\nSome words that the city reads.\n:::\n"
    theirs = base.replace("city reads", "city alone reads")
    for mine in ("Some words that the city reads.\n", base.replace("::: city", "::: participants")):
        merged = merge.three_way(base, mine, theirs)
        assert merged.markdown is None
        assert [conflict.theirs for conflict in merged.conflicts] == [theirs.strip()]
