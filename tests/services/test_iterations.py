"""What was signed or submitted stands: what changes goes into an addendum, or into the next iteration."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.events import kinds
from workflow.db import db, transaction
from workflow.models import Decision, Event
from workflow.rules.refusals import Blocked, Bound, Denied, Frozen, Invalid
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    EventKind,
    ManifestKind,
    ManifestStep,
    ReviewBody,
    Role,
    Stage,
)
from workflow.services import freezing, iterations, reviews, revisions, wholes

pytestmark = pytest.mark.usefixtures("ctx")
PLATFORM = ReviewBody.MISSION_PLATFORM


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def approver():
    return builders.person(Role.APPROVER)


@pytest.fixture
def contract():
    return builders.contract("ljubljana")


@pytest.fixture
def heat(contract):
    return builders.approved("A-1", contract=contract)


@pytest.fixture
def waste(contract):
    return builders.approved("A-2", contract=contract, markdown="Waste is burnt.")


@pytest.fixture
def first(contract, heat, waste, maja):
    """The manifest that was handed in."""
    manifest = freeze(contract, maja)
    submit(contract, maja)
    return manifest


def freeze(contract, by, **what):
    with transaction():
        return freezing.freeze(contract, by=by, **what)


def submit(contract, by, body=PLATFORM, on=None):
    with transaction():
        return iterations.submit(contract, by=by, body=body, on=on or builders.today())


def amend(contract, by, *sections, reason="The reviewers asked for it."):
    with transaction():
        return iterations.begin_addendum(contract, sections, by=by, reason=reason)


def begin(contract, by, *sections, reason="Two years have passed."):
    with transaction():
        return iterations.begin(contract, sections, by=by, reason=reason)


def rewritten(section, maja, approver, markdown):
    """The section with another text, approved again."""
    with transaction():
        revisions.save(section, by=maja, markdown=markdown, base=section.current)
        reviews.move(section, Act.SUBMIT, by=maja, seen=section.current)
        reviews.move(section, Act.APPROVE, by=approver, seen=section.current)


def test_a_submission_is_kept_once_for_each_body_with_its_day(contract, first, maja):
    submit(contract, maja)
    submit(contract, maja, ReviewBody.COMMISSION)
    assert [(entry.step, entry.body) for entry in first.entries] == [
        (ManifestStep.SUBMITTED, PLATFORM),
        (ManifestStep.SUBMITTED, ReviewBody.COMMISSION),
    ]
    assert kinds().count(EventKind.CONTRACT_SUBMITTED) == 2


def test_another_day_of_a_submission_that_is_kept_is_not_said_to_be_kept(contract, first, maja):
    today = builders.today()
    assert submit(contract, maja, on=today) == submit(contract, maja, on=today)
    yesterday = today - timedelta(days=1)
    with pytest.raises(Invalid, match="submitted to them already"):
        submit(contract, maja, on=yesterday)
    assert len(first.entries) == 1


@pytest.mark.parametrize("days", [-2, 2])
def test_a_contract_is_submitted_on_a_day_on_which_it_was_frozen(contract, heat, maja, days):
    freeze(contract, maja)
    with pytest.raises(Invalid):
        submit(contract, maja, on=builders.today() + timedelta(days=days))


def test_only_a_frozen_contract_is_submitted_and_only_by_those_who_lead(contract, heat, maja):
    with pytest.raises(Invalid):
        submit(contract, maja)
    freeze(contract, maja)
    with pytest.raises(Denied):
        submit(contract, builders.person(Role.EDITOR))


def test_what_was_submitted_is_not_lifted(contract, first, maja):
    with pytest.raises(Bound), transaction():
        freezing.lift(contract, by=maja, reason="A figure is wrong.")
    assert contract.frozen is first


def test_an_addendum_opens_only_what_it_changes_and_says_so(
    contract, first, heat, waste, maja, approver
):
    amend(contract, maja, waste)
    assert (heat.stage, waste.stage) == (Stage.APPROVED, Stage.REVISION)
    assert freezing.in_force(contract) is first
    with pytest.raises(Blocked):
        freeze(contract, maja, note="Waste is sorted.")
    before = waste.current.sha256
    rewritten(waste, maja, approver, "Waste is sorted.")
    with pytest.raises(Invalid):
        freeze(contract, maja)
    manifest = freeze(contract, maja, note="Waste is sorted.")
    assert (manifest.kind, manifest.supersedes, manifest.note) == (
        ManifestKind.ADDENDUM,
        first,
        "Waste is sorted.",
    )
    assert manifest.content["addendum"] == {
        "to": first.sha256,
        "on": builders.today().isoformat(),
        "note": "Waste is sorted.",
        "sections": [["A-2", before, waste.current.sha256]],
    }
    assert wholes.texts(manifest.content) == wholes.read(contract).content
    assert kinds()[-1] is EventKind.ADDENDUM_ISSUED
    assert freezing.in_force(contract) is manifest


def test_an_addendum_that_changes_nothing_is_none(contract, first, waste, maja, approver):
    amend(contract, maja, waste)
    with transaction():
        reviews.move(waste, Act.SUBMIT, by=maja, seen=waste.current)
        reviews.move(waste, Act.APPROVE, by=approver, seen=waste.current)
    assert freeze(contract, maja) is first is contract.frozen


def test_an_addendum_that_nobody_relies_on_can_be_lifted_and_made_anew(
    contract, first, waste, maja, approver
):
    amend(contract, maja, waste)
    rewritten(waste, maja, approver, "Waste is sorted.")
    second = freeze(contract, maja, note="Waste.")
    with transaction():
        freezing.lift(contract, by=maja, reason="The note is too short.")
    assert freezing.in_force(contract) is first
    third = freeze(contract, maja, note="Waste is sorted from now on.")
    assert (third.number, third.supersedes) == (second.number + 1, first)


@pytest.mark.parametrize("verb", [amend, begin])
def test_what_nobody_relies_on_is_lifted_not_followed_up(contract, heat, maja, verb):
    freeze(contract, maja)
    with pytest.raises(Invalid):
        verb(contract, maja, heat)
    assert contract.frozen


@pytest.mark.parametrize("verb", [amend, begin])
def test_what_follows_needs_a_reason_and_somebody_who_leads(contract, first, heat, maja, verb):
    with pytest.raises(Invalid):
        verb(contract, maja, heat, reason=" ")
    with pytest.raises(Denied):
        verb(contract, builders.person(Role.EDITOR), heat)
    assert contract.frozen is first


@pytest.mark.parametrize("verb", [amend, begin])
def test_a_repeated_click_begins_one(contract, first, heat, maja, verb):
    assert verb(contract, maja, heat) is verb(contract, maja, heat)
    assert contract.iteration == (2 if verb is begin else 1)
    assert db.session.query(Decision).filter_by(act=Act.REOPEN).count() == 1


@pytest.mark.parametrize("verb", [amend, begin])
def test_a_second_beginning_with_other_sections_is_no_repeated_click(
    contract, first, heat, waste, maja, verb
):
    verb(contract, maja, heat)
    with pytest.raises(Invalid):
        verb(contract, maja, waste)
    assert waste.stage is Stage.APPROVED


def test_the_next_iteration_starts_from_what_was_frozen(
    contract, first, heat, waste, maja, approver
):
    heat.owner, heat.due_on = maja, builders.today()
    thread = builders.thread(heat, answer=Disposition.NOTED)
    texts = heat.current_id, waste.current_id
    begin(contract, maja, heat)
    assert contract.iteration == 2
    assert (heat.current_id, waste.current_id) == texts
    assert (heat.stage, waste.stage) == (Stage.REVISION, Stage.APPROVED)
    assert (heat.owner, heat.due_on) == (maja, None)
    assert not thread.unanswered
    rewritten(heat, maja, approver, "Heat comes from the river.")
    second = freeze(contract, maja)
    assert (second.kind, second.iteration, second.supersedes) == (ManifestKind.CONTRACT, 2, first)
    assert wholes.changes(first.content, second.content) == [
        ("A-1", wholes.sections_of(first.content).__next__()["sha256"], heat.current.sha256)
    ]


def test_the_record_of_each_section_says_that_it_was_opened_and_one_letter_tells_of_all(
    contract, first, heat, waste, maja
):
    begin(contract, maja, heat, waste)
    reopened = db.session.scalars(select(Event).where(Event.kind == EventKind.SECTION_REOPENED))
    assert all(event.relayed_at for event in reopened)
    [decision, _other] = db.session.scalars(select(Decision).filter_by(act=Act.REOPEN))
    assert decision.reason == "Two years have passed."


def test_a_section_that_was_not_chosen_is_opened_later(contract, first, heat, waste, maja):
    with pytest.raises(Frozen), transaction():
        reviews.move(waste, Act.REOPEN, by=maja, seen=waste.current, reason="New figures.")
    begin(contract, maja, heat)
    with transaction():
        reviews.move(waste, Act.REOPEN, by=maja, seen=waste.current, reason="New figures.")
    assert waste.stage is Stage.REVISION
