import pytest

from workflow.rules.gate import CONDITIONS, GATES, Facts, blockers
from workflow.rules.vocabulary import Act

READY = Facts(has_text=True)


def test_nothing_blocks_a_section_where_everything_is_done():
    assert all(blockers(act, READY) == [] for act in Act)


@pytest.mark.parametrize(
    ("facts", "key", "count"),
    [
        (Facts(has_text=False), "text", 1),
        (Facts(has_text=True, open_objections=2), "objections", 2),
        (Facts(has_text=True, unanswered=7), "answers", 7),
        (Facts(has_text=True, not_carried_out=2), "carried_out", 2),
        (Facts(has_text=True, open_elements=3), "elements", 3),
        (Facts(has_text=True, leftovers=("TBD", "XX")), "leftovers", 2),
        (Facts(has_text=True, undescribed=2), "pictures", 2),
        (Facts(has_text=True, own_text=True), "four_eyes", 1),
    ],
)
def test_approval_is_blocked_by_each_condition_alone_and_says_how_often(facts, key, count):
    [blocker] = blockers(Act.APPROVE, facts)
    assert (blocker.key, blocker.count) == (key, count)


def test_leftovers_are_quoted():
    [blocker] = blockers(Act.APPROVE, Facts(has_text=True, leftovers=("TBD",)))
    assert blocker.details == ("TBD",)


def test_an_empty_section_is_neither_displayed_nor_judged():
    for act in (Act.CONSULT, Act.SUBMIT):
        assert [blocker.key for blocker in blockers(act, Facts(has_text=False))] == ["text"]


def test_steps_back_have_no_gate():
    assert set(GATES).isdisjoint({Act.CLOSE, Act.REQUEST_CHANGES, Act.REOPEN})
    assert set(GATES[Act.APPROVE]) == set(CONDITIONS)
