"""Which sections a contract needs, and what of them stands in the way of freezing it."""

import pytest

from workflow.rules import whole
from workflow.rules.vocabulary import Stage
from workflow.rules.whole import Standing

DONE = Standing(1, "A-1", Stage.APPROVED, sha256="a", approved="a", has_text=True)


@pytest.mark.parametrize(
    ("section", "needed"),
    [
        (Standing(1, "A", Stage.DRAFT, has_text=True), True),
        (Standing(1, "A", Stage.DRAFT, wanted=1), True),
        (Standing(1, "A", Stage.DRAFT), False),
        (Standing(1, "A", Stage.REVISION, has_text=True, set_aside=True), False),
    ],
    ids=["a text", "a required element", "nothing", "not applicable"],
)
def test_a_contract_needs_what_is_written_or_required_and_applies(section, needed):
    assert section.needed is needed
    assert (whole.blockers([DONE, section]) == []) is not needed


def test_what_is_approved_at_its_own_text_with_nothing_open_does_not_block():
    assert whole.blockers([DONE]) == []


def test_an_answer_may_still_come_wherever_somebody_is_asked():
    for stage in (Stage.CONSULTATION, Stage.REVIEW):
        [blocker] = whole.blockers([DONE, Standing(2, "A-2", stage, set_aside=True)])
        assert (blocker.key, blocker.details) == ("asked", ("A-2",))


def test_each_section_blocks_by_one_stage_condition_only():
    sections = [
        Standing(number, f"A-{number}", stage, has_text=True)
        for number, stage in enumerate(Stage, 1)
    ]
    found = {one.key: one.details for one in whole.blockers(sections)}
    assert found == {
        "asked": ("A-2", "A-4"),
        "approved": ("A-1", "A-3"),
    }
