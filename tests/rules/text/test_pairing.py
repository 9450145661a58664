"""Blocks are paired with what they became: in their order where possible, else as moved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.complete import many
from workflow.rules.text.pairing import heaviest_chain, in_reading_order, pair

LINES = {
    name: f"the {name} plan of the city says {name} and {name} again".split()
    for name in ("heat", "tram", "wood", "bike", "roof")
}
pairs = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)), st.integers(1, 9), max_size=12
)


def paired(old, new):
    return pair(
        [LINES.get(name, name.split()) for name in old.split(",")],
        [LINES.get(name, name.split()) for name in new.split(",")],
    )


@settings(max_examples=many(200))
@given(pairs)
def test_the_chain_is_the_heaviest_that_keeps_its_order(weights):
    best: dict[tuple[int, int], int] = {}
    for i, j in sorted(weights):
        before = [total for (a, b), total in best.items() if a < i and b < j]
        best[i, j] = weights[i, j] + max(before, default=0)
    chain = heaviest_chain((i, j, weight) for (i, j), weight in weights.items())
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in zip(chain, chain[1:], strict=False))
    assert sum(weights[place] for place in chain) == max(best.values(), default=0)


def test_a_block_that_left_its_place_has_moved():
    pairing = paired("heat,tram,wood,bike", "tram,wood,bike,heat")
    assert pairing.kept == [(1, 0), (2, 1), (3, 2)]
    assert pairing.moved == [(0, 3)]


def test_a_rewritten_block_is_paired_by_what_it_kept():
    rewritten = "the heat plan of our city says heat and heat again now"
    assert paired("heat,tram", f"tram,{rewritten}").moved == [(0, 1)]
    assert paired("heat,tram,wood", f"{rewritten},tram,wood").kept == [(0, 0), (1, 1), (2, 2)]


def test_strangers_are_not_paired():
    pairing = paired("heat,a b c d,wood", "heat,w x y z,wood")
    assert pairing.kept == [(0, 0), (2, 2)]
    assert pairing.moved == []


def test_repeated_blocks_are_paired_in_their_order():
    assert paired("a,heat,a,tram,a", "a,heat,a,tram,a").kept == [(k, k) for k in range(5)]


def test_two_texts_read_as_one():
    pairing = paired("heat,tram,wood", "tram,bike,heat,wood")
    order = list(in_reading_order(pairing, 3, 4))
    assert [i for i, j in order if j is None] + [
        i for i, j in order if i is not None and j is not None
    ]
    assert [j for _, j in order if j is not None] == [0, 1, 2, 3]
    assert {i for i, _ in order if i is not None} == {0, 1, 2}
