import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.audience import PAST_MUTE, PROMPT
from workflow.rules.vocabulary import EventKind, Reason, Rhythm, Wish, WishScope
from workflow.rules.wishes import FIRST, RHYTHMS, SPECIFIC, hears, muted, pace, rank, rhythm

spoken = st.lists(st.tuples(st.sampled_from(WishScope), st.sampled_from(Wish)), max_size=6)
rhythms = st.sampled_from(Rhythm)


def test_every_scope_and_every_wish_has_its_place():
    assert set(SPECIFIC) == set(WishScope)
    assert set(FIRST) == set(Wish)


@pytest.mark.parametrize(
    ("said", "silent", "how_often"),
    [
        ([], False, Rhythm.DAILY),
        ([(WishScope.SECTION, Wish.MUTE)], True, Rhythm.DAILY),
        ([(WishScope.SECTION, Wish.FOLLOW)], False, Rhythm.DAILY),
        ([(WishScope.SECTION, Wish.WEEKLY)], False, Rhythm.WEEKLY),
        (
            [(WishScope.CONTRACT, Wish.MUTE), (WishScope.SECTION, Wish.IMMEDIATE)],
            False,
            Rhythm.IMMEDIATE,
        ),
        (
            [(WishScope.CONTRACT, Wish.WEEKLY), (WishScope.SECTION, Wish.FOLLOW)],
            False,
            Rhythm.WEEKLY,
        ),
        (
            [(WishScope.CONTRACT, Wish.IMMEDIATE), (WishScope.SECTOR, Wish.MUTE)],
            True,
            Rhythm.IMMEDIATE,
        ),
        ([(WishScope.SECTION, Wish.MUTE), (WishScope.THREAD, Wish.FOLLOW)], False, Rhythm.DAILY),
        (
            [(WishScope.SECTOR, Wish.WEEKLY), (WishScope.SECTOR, Wish.IMMEDIATE)],
            False,
            Rhythm.IMMEDIATE,
        ),
        ([(WishScope.SECTOR, Wish.MUTE), (WishScope.SECTOR, Wish.FOLLOW)], False, Rhythm.DAILY),
    ],
)
def test_the_most_specific_place_counts(said, silent, how_often):
    assert muted(said) is silent
    assert rhythm(said, Rhythm.DAILY) is how_often


@given(spoken, rhythms)
def test_what_is_said_about_a_less_specific_place_changes_nothing(said, own):
    about = [scope for scope in SPECIFIC if any(one[0] is scope for one in said)]
    if about and any(one[0] is about[0] and one[1] in RHYTHMS for one in said):
        first = [one for one in said if one[0] is about[0]]
        assert rhythm(said, own) is rhythm(first, own)
        assert muted(said) is muted(first)


@given(spoken, rhythms)
def test_the_order_in_which_wishes_are_found_is_of_no_matter(said, own):
    assert muted(said) == muted(said[::-1])
    assert rhythm(said, own) == rhythm(said[::-1], own)


@given(spoken)
def test_whoever_wants_no_mail_gets_none_whatever_he_follows(said):
    assert rhythm(said, Rhythm.OFF) is Rhythm.OFF
    assert pace(EventKind.SECTION_ASSIGNED, Reason.ASSIGNED, Rhythm.OFF) is Rhythm.OFF


@given(spoken, st.sampled_from(Reason))
def test_what_concerns_oneself_is_heard_of_a_muted_place(said, reason):
    assert hears(reason, said) or (muted(said) and reason not in PAST_MUTE)


@given(st.sampled_from(sorted(PROMPT)), st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]))
def test_what_one_must_do_never_waits_for_a_window(reason, own):
    assert pace(EventKind.SECTION_ASSIGNED, reason, own) is Rhythm.IMMEDIATE


def test_a_reminder_keeps_to_the_hour_and_a_link_to_sign_in_to_nothing():
    assert pace(EventKind.REMINDER_DUE, Reason.ASSIGNED, Rhythm.WEEKLY) is Rhythm.DAILY
    assert pace(EventKind.PERSON_INVITED, Reason.INVITED, Rhythm.OFF) is Rhythm.IMMEDIATE


def test_each_wish_has_a_rank_of_its_own():
    ranks = {rank(scope, wish) for scope in WishScope for wish in Wish}
    assert len(ranks) == len(WishScope) * len(Wish)


@pytest.mark.parametrize("own", [Rhythm.DAILY, Rhythm.WEEKLY])
def test_the_answer_to_oneself_and_what_one_must_judge_never_wait(own):
    assert pace(EventKind.REMARK_ANSWERED, Reason.AUTHOR, own) is Rhythm.IMMEDIATE
    assert pace(EventKind.REVIEW_REQUESTED, Reason.JUDGE, own) is Rhythm.IMMEDIATE
    assert pace(EventKind.REMARK_ANSWERED, Reason.FOLLOWER, own) is own
    assert pace(EventKind.REVIEW_REQUESTED, Reason.COORDINATOR, own) is own
