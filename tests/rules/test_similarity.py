import random
import time

from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.similarity import Said, groups

SHADE = (
    "Please plant trees along the bus lanes, so that people who wait have shade in summer.",
    "Plant trees along the bus lanes please! People who wait need shade in the summer.",
    "We ask the city to plant trees along bus lanes so people waiting have shade in summer.",
    "Trees along the bus lanes, please: people who wait need shade in summer.",
)
OTHERS = (
    "Who pays for the heat pumps of tenants when the owner lives abroad?",
    "The figure for biomass differs from the one that the statistical office published.",
    "Our members drive at night because no train runs after nine in the evening.",
)


def said(*remarks, quote=""):
    return [Said(key, remark, quote) for key, remark in enumerate(remarks, 1)]


def test_the_same_point_in_other_words_is_one_group_and_the_rest_stays_alone():
    [found] = groups(said(*SHADE, *OTHERS))
    assert set(found.keys) == {1, 2, 3, 4}
    assert 75 <= found.score <= 100


def test_the_largest_group_comes_first_and_nobody_is_in_two():
    found = groups(said(*SHADE, OTHERS[0], OTHERS[0].upper(), *OTHERS[1:]))
    assert [len(group.keys) for group in found] == [4, 2]
    keys = [key for group in found for key in group.keys]
    assert len(keys) == len(set(keys))


def test_a_shared_passage_alone_makes_no_group():
    quote = (
        "By 2030 the city will cut yearly greenhouse gas emissions on its territory by 80 percent"
    )
    assert groups(said(*OTHERS, quote=quote)) == []


def test_short_words_are_alike_only_when_they_are_the_same():
    assert groups(said("Why not?", "Why not now?", SHADE[0])) == []
    [found] = groups(said("Why not now?", "why not now", "Not now"))
    assert set(found.keys) == {1, 2}


def test_capitals_and_stops_make_no_difference_in_any_language():
    [found] = groups(said("Drevesa ob postajah dajejo senco!", "DREVESA OB POSTAJAH DAJEJO SENCO"))
    assert found.score == 100


def test_small_steps_do_not_chain_what_differs():
    source = random.Random(3)
    words = ["".join(source.choices("abcdefghijklmnoprstuvz", k=7)) for _ in range(60)]
    steps = [" ".join(words[start : start + 20]) for start in range(0, 40, 3)]
    found = groups(said(*steps))
    assert len(found) > 1
    for group in found:
        starts = [3 * (key - 1) for key in group.keys]
        assert max(abs(start - starts[0]) for start in starts) <= 12


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_said_nobody_is_in_two_groups_and_no_group_is_of_one(remarks):
    found = groups(said(*remarks))
    keys = [key for group in found for key in group.keys]
    assert len(keys) == len(set(keys))
    assert all(len(group.keys) > 1 for group in found)


def test_a_thousand_remarks_take_a_moment():
    source = random.Random(7)
    words = [f"w{number}" for number in range(400)]
    many = [Said(key, " ".join(source.sample(words, 40))) for key in range(1000)]
    before = time.process_time()
    groups(many)
    assert time.process_time() - before < 2
