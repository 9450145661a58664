import pytest

from workflow.rules.lifecycle import (
    ANNOUNCES,
    LIFECYCLE,
    MOVES,
    NEEDS_REASON,
    allowed,
    leads_to,
    replay,
    stages_for,
)
from workflow.rules.vocabulary import Act, Stage

DRAWN = """
             read comment record answer edit consult close submit take_position request_changes approve reopen correct extend
draft        yes  -       -      yes    yes  yes     -     yes    -             -               -       -      -       -
consultation yes  yes     yes    yes    -    -       yes   -      -             -               -       -      yes     yes
revision     yes  yes     yes    yes    yes  yes     -     yes    -             -               -       -      -       -
review       yes  yes     yes    yes    -    -       -     -      yes           yes             yes     -      -       -
approved     yes  -       -      -      -    -       -     -      -             -               -       yes    -       -
"""  # noqa: E501 - a picture is as wide as it is


def drawn(picture: str):
    heads, *rows = picture.strip().splitlines()
    acts = heads.split()
    for row in rows:
        name, *cells = row.split()
        for act, cell in zip(acts, cells, strict=True):
            yield name, act, cell == "yes"


@pytest.mark.parametrize(("stage", "act", "possible"), list(drawn(DRAWN)))
def test_each_stage_allows_exactly_what_the_picture_shows(stage, act, possible):
    assert allowed(Stage(stage), Act(act)) is possible


def test_the_text_is_frozen_while_it_is_on_display_and_under_review():
    assert stages_for(Act.EDIT) == [Stage.DRAFT, Stage.REVISION]


def test_every_stage_can_be_left_and_every_stage_reached():
    reached = {leads_to(stage, act) for stage, row in LIFECYCLE.items() for act in row}
    assert reached == set(Stage)
    for stage, row in LIFECYCLE.items():
        assert any(target not in (None, stage) for target in row.values())


def test_a_move_is_what_leads_to_another_stage_and_each_is_announced():
    moving = {act for row in LIFECYCLE.values() for act, target in row.items() if target}
    assert moving == set(MOVES) == set(ANNOUNCES)


def test_steps_back_from_a_judgement_need_a_reason():
    back = {
        act
        for stage in (Stage.REVIEW, Stage.APPROVED)
        for act, target in LIFECYCLE[stage].items()
        if target is Stage.REVISION
    }
    assert back == NEEDS_REASON


def test_a_ledger_replays_to_the_stage_that_it_led_to():
    path = [Act.CONSULT, Act.CLOSE, Act.SUBMIT, Act.REQUEST_CHANGES, Act.SUBMIT, Act.APPROVE]
    assert replay(path) is Stage.APPROVED
    with pytest.raises(KeyError):
        replay([Act.APPROVE])


def test_a_step_that_was_taken_back_leads_to_where_it_came_from():
    assert replay([Act.SUBMIT, Act.UNDO]) is Stage.DRAFT
    assert replay([Act.SUBMIT, Act.APPROVE, Act.UNDO]) is Stage.REVIEW
    assert replay([Act.CONSULT, Act.UNDO, Act.CONSULT, Act.CLOSE]) is Stage.REVISION
