"""Role × stage × act × scope, drawn as a grid: the pictures of who and of when, laid over each other for each reach."""

from itertools import product

import pytest

from workflow.queries.help import page
from workflow.rules import policy
from workflow.rules.lifecycle import STAGED
from workflow.rules.policy import Place
from workflow.rules.signing import SIGNING
from workflow.rules.vocabulary import Act, Role, Stage

from .test_lifecycle import DRAWN as WHEN
from .test_lifecycle import drawn
from .test_policy import DRAWN as WHO
from .test_policy import Member, Someone

SECTION = Place(contract_id=1, section_id=10, sector_ids=frozenset({5, 6}))

SCOPES = {
    "whole contract": {},
    "its sector": {"sector_id": 5},
    "its other sector": {"sector_id": 6},
    "this section": {"section_id": 10},
    "another sector": {"sector_id": 7},
    "another section": {"section_id": 11},
    "another contract": {"contract_id": 2},
}

REACH = """
                 read compile audit other
whole contract   yes  yes     yes   yes
its sector       yes  yes     yes   yes
its other sector yes  yes     yes   yes
this section     yes  yes     yes   yes
another sector   yes  yes     yes   -
another section  yes  yes     yes   -
another contract -    -       -     -
"""
"""What a membership of each scope reaches in the section; `other` is every act that has no column."""


def picture(text: str) -> dict[tuple[str, str], bool]:
    return {(row, act): granted for row, act, granted in drawn(text)}


def reaches() -> dict[tuple[str, str], bool]:
    heads, *rows = REACH.strip().splitlines()
    acts = heads.split()
    found = {}
    for row in rows:
        words = row.split()
        cells = words[-len(acts) :]
        scope = " ".join(words[: -len(acts)])
        found |= {(scope, act): cell == "yes" for act, cell in zip(acts, cells, strict=True)}
    return found


def grid(allowed) -> str:
    """One line for each stage and act, one column for each role."""
    lines = []
    for stage, act in product(Stage, Act):
        cells = " ".join("x" if allowed(role, stage, act) else "." for role in Role)
        lines.append(f"{stage:<13}{act:<18}{cells}")
    return "\n".join(lines)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_grid_is_the_pictures_laid_over_each_other(scope):
    who, when, reach = picture(WHO), picture(WHEN), reaches()

    def expected(role: Role, stage: Stage, act: Act) -> bool:
        possible = when[stage.value, act.value] if act in STAGED else True
        known = act.value if (scope, act.value) in reach else "other"
        return who[role.value, act.value] and possible and reach[scope, known]

    def found(role: Role, stage: Stage, act: Act) -> bool:
        place = Place(SECTION.contract_id, SECTION.section_id, SECTION.sector_ids, stage)
        return policy.may(Someone([Member(role, **SCOPES[scope])]), act, place)

    assert grid(found) == grid(expected)


def test_several_memberships_grant_what_each_of_them_grants_and_no_more():
    for one, other in product(Role, Role):
        place = Place(1, 10, frozenset({5}))
        both = Someone([Member(one, sector_id=5), Member(other, sector_id=9)])
        alone, apart = Someone([Member(one, sector_id=5)]), Someone([Member(other, sector_id=9)])
        for act in Act:
            assert policy.grants(both, act, place) == (
                policy.grants(alone, act, place) or policy.grants(apart, act, place)
            )


def test_the_help_page_shows_the_same_grid():
    shown = page()
    assert {
        (role.value, act.value): granted
        for act, row in shown.grants
        for role, granted in row.items()
    } == picture(WHO)
    assert {status: set(targets) for status, targets in shown.signing} == {
        status: set(row) for status, row in SIGNING.items()
    }
    offered = {(step.stage.value, act.value) for step in shown.stages for act, _target in step.acts}
    assert offered == {
        key for key, possible in picture(WHEN).items() if possible and key[1] in STAGED
    }
