"""A remark stays with its passage, or says that it lost it; it never points at other words."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import prose
from tests.support.complete import many
from workflow.rules.text import anchors, render
from workflow.rules.vocabulary import AnchorStatus

BASE = """Heat is the largest source of emissions in the city, and most of it comes from gas.

The city renovates forty public buildings a year until 2030, schools first.

Trams run every five minutes on the main lines. Buses bring people to the trams.

Solar panels cover the roofs of all new buildings from next year on."""


def carried(quote, new, old=BASE):
    """What became of a quote, as its status and its new words."""
    start = old.index(quote)
    passage = anchors.selector(old, start, start + len(quote))
    [placement] = anchors.carry(old, new, [passage])
    words = None if placement.start is None else new[placement.start : placement.end]
    return placement.status, words


@pytest.mark.parametrize("quote", ["Heat", "forty public buildings", "from next year on."])
def test_a_passage_that_nobody_touched_stays_exact(quote):
    assert carried(quote, BASE) == (AnchorStatus.EXACT, quote)
    assert carried(quote, f"A new first paragraph.\n\n{BASE}") == (AnchorStatus.EXACT, quote)
    assert carried(quote, BASE.replace("Buses bring", "Many buses bring")) == (
        AnchorStatus.EXACT,
        quote,
    )


def test_a_passage_whose_words_changed_is_edited():
    new = BASE.replace("forty public buildings", "sixty public buildings")
    status, words = carried("renovates forty public buildings", new)
    assert (status, words) == (AnchorStatus.EDITED, "renovates sixty public buildings")


def test_words_that_replace_the_end_of_a_passage_belong_to_it():
    new = BASE.replace("schools first", "hospitals first")
    assert carried("until 2030, schools", new)[1] == "until 2030, hospitals"


def test_a_rewritten_word_is_found_between_its_neighbours():
    new = BASE.replace("renovates", "renovated")
    assert carried("renovates", new) == (AnchorStatus.EDITED, "renovated")


def test_a_number_that_changed_in_its_place_keeps_its_remarks():
    assert carried("2030", BASE.replace("2030", "2045")) == (AnchorStatus.EDITED, "2045")
    row = "Trams\t1.200\t40 %\t2030"
    assert carried("40 %", row.replace("40", "55"), old=row)[1] == "55 %"
    assert carried("1.200", row.replace("1.200", "950"), old=row) == (AnchorStatus.EDITED, "950")
    assert carried("1.200", row.replace("1.200", "unknown"), old=row)[1] is None


def test_a_passage_moves_with_its_paragraph():
    first, *others = BASE.split("\n\n")
    new = "\n\n".join([*others, first])
    assert carried("most of it comes from gas", new) == (
        AnchorStatus.MOVED,
        "most of it comes from gas",
    )


def test_a_sentence_that_was_cut_and_pasted_is_found_again():
    sentence = "Buses bring people to the trams."
    new = BASE.replace(f" {sentence}", "").replace("schools first.", f"schools first. {sentence}")
    assert carried("bring people", new) == (AnchorStatus.MOVED, "bring people")


def test_a_paragraph_that_was_split_keeps_its_remarks():
    new = BASE.replace("lines. Buses", "lines.\n\nBuses")
    assert carried("main lines. Buses bring", new)[0] in (AnchorStatus.EXACT, AnchorStatus.EDITED)
    assert carried("Buses bring people", new) == (AnchorStatus.EXACT, "Buses bring people")


def test_a_deleted_passage_is_an_orphan():
    new = BASE.replace("Trams run every five minutes on the main lines. ", "")
    assert carried("every five minutes", new) == (AnchorStatus.ORPHANED, None)
    assert carried("every five minutes", "") == (AnchorStatus.ORPHANED, None)


def test_a_deleted_passage_is_not_mistaken_for_its_lookalike():
    twins = f"{BASE}\n\nTrams run every five minutes on the other lines. Cars stop."
    new = twins.replace("Trams run every five minutes on the main lines. ", "")
    assert carried("Trams run every five minutes", new, old=twins) == (AnchorStatus.ORPHANED, None)


def test_a_common_word_in_a_rewritten_paragraph_is_an_orphan():
    second = BASE.split("\n\n")[1]
    new = BASE.replace(second, "Owners get a grant of the state for each of their flats by 2040.")
    start = BASE.index("a year")
    [placement] = anchors.carry(BASE, new, [anchors.selector(BASE, start, start + 1)])
    assert placement is anchors.ORPHANED
    assert carried("until 2030", new) == (AnchorStatus.ORPHANED, None)


def test_a_short_cell_is_kept_by_its_row():
    old = "What\tNow\nTrams\t1\nBuses\t2"
    assert carried("2", old.replace("Now", "2030"), old=old) == (AnchorStatus.EXACT, "2")
    assert carried("2", old.replace("Buses\t2", ""), old=old) == (AnchorStatus.ORPHANED, None)


def test_a_passage_in_two_places_goes_where_its_neighbours_go():
    old = "The plan is good.\n\nThe plan is good."
    second = old.rindex("plan")
    passage = anchors.selector(old, second, second + 4)
    [placement] = anchors.carry(old, f"New words come first here.\n\n{old}", [passage])
    assert placement.start == second + len("New words come first here.\n\n")


def test_a_passage_may_begin_inside_a_word():
    start = BASE.index("novates")
    passage = anchors.selector(BASE, start, start + 7)
    [placement] = anchors.carry(BASE, f"New.\n\n{BASE}", [passage])
    assert placement == anchors.Placement(AnchorStatus.EXACT, start + 6, start + 13, 1.0)


def test_a_selector_whose_position_is_wrong_is_set_right_by_its_context():
    start = BASE.index("public buildings")
    right = anchors.selector(BASE, start, start + 16)
    wrong = anchors.Selector(right.exact, right.prefix, right.suffix, 3, 19)
    [placement] = anchors.carry(BASE, BASE, [wrong])
    assert placement.start == start
    lost = anchors.Selector("no such words here", "", "", 3, 19)
    assert anchors.carry(BASE, BASE, [lost]) == [anchors.ORPHANED]


def test_no_passages_take_no_work():
    assert anchors.carry(BASE, "", []) == []


@settings(max_examples=many(60))
@given(prose, prose, st.data())
def test_what_is_called_the_same_reads_the_same(old, new, data):
    spans = st.tuples(st.integers(0, len(old)), st.integers(0, len(old)))
    ranges = [sorted(pair) for pair in data.draw(st.lists(spans, max_size=5))]
    passages = [
        anchors.selector(old, start, end) for start, end in ranges if old[start:end].strip()
    ]
    for passage, placement in zip(passages, anchors.carry(old, new, passages), strict=True):
        if placement.status is AnchorStatus.ORPHANED:
            assert (placement.start, placement.end, placement.similarity) == (None, None, 0.0)
            continue
        assert 0 <= placement.start < placement.end <= len(new)
        same = placement.status in (AnchorStatus.EXACT, AnchorStatus.MOVED)
        if same:
            assert new[placement.start : placement.end].split() == passage.exact.split()
        assert same == (placement.similarity == 1.0)


@settings(max_examples=many(40))
@given(prose, st.data())
def test_in_a_text_that_did_not_change_everything_stays(text, data):
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    end = data.draw(st.integers(start, len(text)))
    if text[start:end].strip():
        passage = anchors.select(render(text), start, end)
        plain = render(text).plain
        [placement] = anchors.carry(plain, plain, [passage])
        assert (placement.status, placement.start, placement.end) == (
            AnchorStatus.EXACT,
            passage.start,
            passage.end,
        )


def test_a_selection_has_words_a_context_and_a_block():
    rendered = render("one two three\n\nfour five six")
    passage = anchors.select(rendered, 14, 20)
    assert passage == anchors.Selector("four", "one two three\n\n", " five six", 15, 19, 1)
    with pytest.raises(ValueError):
        anchors.select(rendered, 13, 15)


def test_the_context_of_a_selection_is_at_least_32_characters_of_whole_words():
    start = BASE.index("Trams")
    passage = anchors.selector(BASE, start, start + 5)
    assert len(passage.prefix) >= 32
    assert len(passage.suffix) >= 32
    assert passage.prefix.split()[0] in BASE.split()


def test_a_thousand_passages_are_carried_in_well_under_half_a_second():
    words = [f"w{number * 7919 % 2003}" for number in range(20_000)]
    old = "\n\n".join(" ".join(words[at : at + 60]) for at in range(0, len(words), 60))
    new = old.replace("w7 ", "other ").replace("w11 ", "").replace("w13 ", "w13 more ")
    starts = range(0, len(old) - 200, (len(old) - 200) // 1000)
    passages = [anchors.selector(old, start, start + 120) for start in starts]
    began = time.process_time()
    found = anchors.carry(old, new, passages)
    assert time.process_time() - began < 0.5
    assert sum(placement.start is None for placement in found) == 0
