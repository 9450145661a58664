"""The next step of a section: one sentence for every state, and it is possible in the stage that it is named in."""

import pytest
from flask_babel import force_locale

from tests import builders
from workflow.queries import next_step
from workflow.queries.next_step import RULES, WORDS, Case, Next
from workflow.rules.gate import Facts
from workflow.rules.lifecycle import allowed
from workflow.rules.policy import Place
from workflow.rules.vocabulary import Role, Stage

WRITTEN = Facts(has_text=True)
OWING = Facts(has_text=True, unanswered=3, not_carried_out=2, leftovers=("TBD",))
PROMISED = Facts(has_text=True, not_carried_out=2, leftovers=("TBD",))
LEFT = Facts(has_text=True, leftovers=("TBD", "???"))
OBJECTED = Facts(has_text=True, objecting=1, lacking_steps=1)
ASKED = Facts(has_text=True, lacking_steps=1)


@pytest.mark.parametrize(
    ("stage", "facts", "days_left", "silent", "awaited", "step", "about"),
    [
        (Stage.DRAFT, Facts(has_text=False), None, 0, 0, Next.WRITE, 0),
        (Stage.DRAFT, WRITTEN, None, 0, 0, Next.OPEN, 0),
        (Stage.DRAFT, LEFT, None, 0, 0, Next.MEND, 2),
        (Stage.CONSULTATION, OWING, -1, 4, 0, Next.CLOSE, 0),
        (Stage.CONSULTATION, OWING, 5, 4, 0, Next.HEAR, 4),
        (Stage.CONSULTATION, OWING, 5, 0, 0, Next.ANSWER, 3),
        (Stage.CONSULTATION, PROMISED, None, 0, 0, Next.COMMENTS, 0),
        (Stage.REVISION, Facts(has_text=False, unanswered=1), None, 0, 0, Next.WRITE, 0),
        (Stage.REVISION, OWING, None, 0, 0, Next.ANSWER, 3),
        (Stage.REVISION, PROMISED, None, 0, 0, Next.CARRY_OUT, 2),
        (Stage.REVISION, LEFT, None, 0, 0, Next.MEND, 2),
        (Stage.REVISION, WRITTEN, None, 0, 0, Next.SUBMIT, 0),
        (Stage.REVIEW, OWING, None, 0, 2, Next.ANSWER, 3),
        (Stage.REVIEW, PROMISED, None, 0, 2, Next.CHANGE, 0),
        (Stage.REVIEW, OBJECTED, None, 0, 2, Next.SETTLE, 1),
        (Stage.REVIEW, ASKED, None, 0, 2, Next.POSITIONS, 2),
        (Stage.REVIEW, ASKED, None, 0, 0, Next.DECIDE, 0),
        (Stage.APPROVED, OWING, None, 0, 0, Next.NOTHING, 0),
    ],
)
def test_a_section_waits_for(stage, facts, days_left, silent, awaited, step, about):
    assert next_step.of(Case(stage, facts, days_left, silent, awaited)) == (step, about)
    acts = RULES[step].acts
    assert not acts or any(allowed(stage, act) for act in acts)


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_step_has_its_words_and_whoever_may_take_it_a_way(asked, language):
    assert set(WORDS) == set(RULES) == set(Next)
    with force_locale(language):
        for step in Next:
            assert "%(" not in next_step.words(step, 2)
            if RULES[step].acts:
                assert next_step.way(step, "city", 7).startswith("/c/city/")


def test_only_who_may_do_it_is_shown_the_way(ctx):
    contract = builders.contract()
    place = Place(contract.id, 1, frozenset(), Stage.REVIEW)
    approver, voice = (builders.person(role) for role in (Role.APPROVER, Role.STAKEHOLDER))
    assert next_step.may(approver, Next.POSITIONS, place)
    assert not next_step.may(voice, Next.POSITIONS, place)
    assert not next_step.may(approver, Next.NOTHING, place)
