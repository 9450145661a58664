from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules import policy
from workflow.rules.lifecycle import STOPPED, allowed
from workflow.rules.policy import GRANTS, Place
from workflow.rules.refusals import Denied, Frozen, NotNow
from workflow.rules.vocabulary import Act, Mandate, Role, Stage, Visibility

from .test_lifecycle import drawn

DRAWN = """
            read comment record answer edit consult close submit take_position request_changes approve reopen undo correct extend assign invite connect moderate freeze sign_off answer_reviewers audit compile read_internal operate
admin       yes  yes     yes    yes    yes  yes     yes   yes    -             -               -       yes    yes  yes     yes    yes    yes    yes     yes      yes    yes      yes              yes   yes     yes           yes
coordinator yes  yes     yes    yes    yes  yes     yes   yes    yes           yes             yes     yes    yes  yes     yes    yes    yes    yes     yes      yes    yes      yes              yes   yes     yes           -
editor      yes  yes     yes    yes    yes  -       -     yes    -             -               -       -      yes  -       -      -      -      -       -        -      -        yes              -     yes     yes           -
reviewer    yes  yes     -      -      -    -       -     -      yes           yes             -       -      yes  -       -      -      -      -       -        -      -        -                -     yes     -             -
approver    yes  yes     -      -      -    -       -     -      yes           yes             yes     yes    yes  -       -      -      -      -       -        -      -        -                -     yes     yes           -
stakeholder yes  yes     -      -      -    -       -     -      -             -               -       -      -    -       -      -      -      -       -        -      -        -                -     yes     -             -
observer    yes  -       -      -      -    -       -     -      -             -               -       -      -    -       -      -      -      -       -        -      -        -                yes   -       -             -
"""  # noqa: E501 - a picture is as wide as it is

HERE = Place(contract_id=1, section_id=10, sector_ids=frozenset({5}), stage=None)


@dataclass
class Member:
    role: Role
    contract_id: int = 1
    sector_id: int | None = None
    section_id: int | None = None
    organisation_id: int | None = None
    mandate: Mandate = Mandate.MEMBER


@dataclass
class Someone:
    memberships: list[Member] = field(default_factory=list)
    id: int = 7


@pytest.mark.parametrize(("role", "act", "granted"), list(drawn(DRAWN)))
def test_each_role_may_do_exactly_what_the_picture_shows(role, act, granted):
    assert policy.grants(Someone([Member(Role(role))]), Act(act), HERE) is granted


def test_every_act_is_granted_to_somebody_and_drawn():
    assert set(GRANTS) == set(Act)
    assert {act for _role, act, _granted in drawn(DRAWN)} == {act.value for act in Act}


@pytest.mark.parametrize(
    ("member", "reaches"),
    [
        (Member(Role.EDITOR), True),
        (Member(Role.EDITOR, sector_id=5), True),
        (Member(Role.EDITOR, sector_id=6), False),
        (Member(Role.EDITOR, section_id=10), True),
        (Member(Role.EDITOR, section_id=11), False),
        (Member(Role.EDITOR, contract_id=2), False),
    ],
    ids=["contract", "its sector", "another sector", "its section", "another section", "another"],
)
def test_a_membership_reaches_as_far_as_its_scope(member, reaches):
    assert policy.grants(Someone([member]), Act.EDIT, HERE) is reaches


def test_whoever_belongs_to_a_contract_may_read_all_of_it_and_nothing_of_another():
    lead = Someone([Member(Role.EDITOR, sector_id=6)])
    assert policy.grants(lead, Act.READ, HERE)
    assert not policy.grants(lead, Act.READ, Place(contract_id=2))


def test_a_refusal_says_who_may_or_in_which_stage():
    stranger, editor = Someone(), Someone([Member(Role.EDITOR)])
    closed = Place(1, 10, frozenset(), Stage.APPROVED)
    with pytest.raises(Denied) as denied:
        policy.require(stranger, Act.EDIT, closed)
    assert denied.value.roles == GRANTS[Act.EDIT]
    with pytest.raises(NotNow) as later:
        policy.require(editor, Act.EDIT, closed)
    assert later.value.stages == [Stage.DRAFT, Stage.REVISION]


@pytest.mark.parametrize("act", Act)
def test_a_frozen_contract_leaves_no_room_for_any_act_on_a_section(act):
    everybody = Someone([Member(role) for role in Role])
    for stage in Stage:
        place = Place(1, 10, frozenset({5}), stage, frozen=True)
        if act in STOPPED:
            with pytest.raises(Frozen):
                policy.require(everybody, act, place)
        else:
            policy.require(everybody, act, place)


@given(
    roles=st.lists(st.sampled_from(Role), max_size=3),
    stage=st.sampled_from(Stage),
    act=st.sampled_from(Act),
    frozen=st.booleans(),
)
def test_what_is_offered_is_what_is_possible(roles, stage, act, frozen):
    person = Someone([Member(role) for role in roles])
    place = Place(1, 10, frozenset({5}), stage, frozen)
    offered = act in policy.acts_at(person, place)
    granted = any(role in GRANTS[act] for role in roles)
    assert offered == (granted and allowed(stage, act, frozen=frozen))
    if not offered:
        with pytest.raises((Denied, NotNow)):
            policy.require(person, act, place)


@pytest.mark.parametrize("role", Role)
def test_remarks_for_the_city_are_read_by_its_own_people_only(role):
    seen = policy.visible_to(Someone([Member(role)]), HERE)
    assert (Visibility.CITY in seen) is (role in policy.CITY)
    assert Visibility.PARTICIPANTS in seen


def test_a_stranger_reads_public_remarks_only():
    assert policy.visible_to(Someone(), HERE) == {Visibility.PUBLIC}


@pytest.mark.parametrize("role", Role)
def test_what_members_say_among_themselves_is_read_by_members_whatever_anybodys_role(role):
    among = {"author_id": 8, "visibility": Visibility.ORGANISATION, "organisation_id": 3}
    assert not policy.may_read(Someone([Member(role)]), HERE, **among)
    assert policy.may_read(Someone([Member(role, organisation_id=3)]), HERE, **among)
    assert not policy.may_read(Someone([Member(role, organisation_id=4)]), HERE, **among)
    elsewhere = Someone([Member(role, contract_id=2, organisation_id=3)])
    assert not policy.may_read(elsewhere, HERE, **among)
