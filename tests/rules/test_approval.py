import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.approval import (
    Standing,
    Step,
    approving,
    awaited,
    four_eyes,
    lacking,
    may_speak,
    objecting,
    passed,
    standings,
)
from workflow.rules.vocabulary import Stance

ANA, BOR, CENE, DARJA = 1, 2, 3, 4
APPROVE, NO_OBJECTION, OBJECT = Stance.APPROVE, Stance.NO_OBJECTION, Stance.OBJECT

LEGAL = Step(order=1, asked=frozenset({ANA}), title="Legal")
FINANCE = Step(order=1, asked=frozenset({BOR}), title="Finance")
MAYOR = Step(order=2, asked=frozenset({CENE, DARJA}), quorum=2, title="Mayor and deputy")
STEPS = (LEGAL, FINANCE, MAYOR)

stances = st.dictionaries(st.integers(1, 6), st.sampled_from(Stance))
steps = st.lists(
    st.builds(
        Step,
        order=st.integers(1, 3),
        asked=st.frozensets(st.integers(1, 6), max_size=4),
        quorum=st.integers(1, 3),
    ),
    max_size=5,
)


@pytest.mark.parametrize(
    ("taken", "enough"),
    [
        ({CENE: APPROVE, DARJA: APPROVE}, True),
        ({CENE: APPROVE, DARJA: NO_OBJECTION}, True),
        ({CENE: NO_OBJECTION, DARJA: NO_OBJECTION}, False),
        ({CENE: APPROVE}, False),
        ({CENE: APPROVE, DARJA: Stance.ABSTAIN}, False),
        ({CENE: APPROVE, DARJA: Stance.RECUSE}, False),
        ({CENE: APPROVE, DARJA: Stance.NONE}, False),
        ({CENE: APPROVE, DARJA: OBJECT}, False),
        ({CENE: APPROVE, ANA: APPROVE}, False),
    ],
)
def test_a_step_needs_its_quorum_an_approval_and_no_objection(taken, enough):
    assert passed(MAYOR, taken) is enough


def test_steps_of_one_order_run_side_by_side_and_the_next_waits_for_both():
    assert standings(STEPS, {}) == [Standing.OPEN, Standing.OPEN, Standing.WAITING]
    assert standings(STEPS, {ANA: APPROVE}) == [Standing.PASSED, Standing.OPEN, Standing.WAITING]
    both = {ANA: APPROVE, BOR: APPROVE}
    assert standings(STEPS, both) == [Standing.PASSED, Standing.PASSED, Standing.OPEN]
    assert awaited(STEPS, both) == {CENE, DARJA}


def test_whose_turn_has_not_come_waits_and_who_has_spoken_may_think_again():
    assert not may_speak(CENE, STEPS, {ANA: APPROVE})
    both = {ANA: APPROVE, BOR: APPROVE}
    assert may_speak(CENE, STEPS, both)
    assert may_speak(ANA, STEPS, both)


def test_who_objects_later_puts_the_later_steps_back():
    taken = {ANA: OBJECT, BOR: APPROVE, CENE: APPROVE, DARJA: APPROVE}
    assert standings(STEPS, taken) == [Standing.OPEN, Standing.PASSED, Standing.WAITING]
    assert objecting(STEPS, taken) == {ANA}
    assert lacking(STEPS, taken) == 2


def test_without_steps_nothing_is_lacking():
    assert standings([], {}) == []
    assert lacking([], {ANA: APPROVE}) == 0


@pytest.mark.parametrize(
    ("approvers", "authors", "held"),
    [((), (ANA,), True), ((ANA,), (ANA,), False), ((ANA, BOR), (ANA,), True), ((BOR,), (), True)],
)
def test_an_author_is_never_the_only_approver(approvers, authors, held):
    assert four_eyes(approvers, authors) is held


@given(steps=steps, taken=stances)
def test_steps_are_passed_in_their_order(steps, taken):
    found = list(zip(steps, standings(steps, taken), strict=True))
    open_orders = {step.order for step, standing in found if standing is Standing.OPEN}
    assert len(open_orders) <= 1
    for step, standing in found:
        if standing is Standing.WAITING:
            assert open_orders and step.order > min(open_orders)
        if standing is Standing.PASSED:
            assert passed(step, taken)


@given(steps=steps, taken=stances, person=st.integers(1, 6))
def test_whoever_is_awaited_may_speak_and_has_not(steps, taken, person):
    if person in awaited(steps, taken):
        assert may_speak(person, steps, taken)
        assert taken.get(person, Stance.NONE) is Stance.NONE


@given(steps=steps, taken=stances)
def test_nothing_lacks_only_where_every_step_has_an_approver_and_nobody_objects(steps, taken):
    if lacking(steps, taken) == 0:
        assert not objecting(steps, taken)
        assert all(approving([step], taken) for step in steps)


@given(steps=steps, taken=stances, stranger=st.integers(7, 9), stance=st.sampled_from(Stance))
def test_who_is_not_asked_changes_nothing(steps, taken, stranger, stance):
    assert standings(steps, taken) == standings(steps, taken | {stranger: stance})
