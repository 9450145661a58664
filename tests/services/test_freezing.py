"""The contract as a whole stands still under a manifest of what was approved, or a refusal lists what is open."""

import hashlib
import json
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from tests import builders
from tests.support.events import kinds
from workflow.db import db, transaction
from workflow.models import Contract, Manifest, ManifestEntry, Person, Section
from workflow.rules.canonical import canonical
from workflow.rules.refusals import Blocked, Bound, Denied, Frozen, Invalid, Outdated, Refusal
from workflow.rules.vocabulary import (
    Act,
    EventKind,
    ManifestStep,
    RemarkKind,
    ReviewBody,
    Role,
    SignatoryStatus,
    Stage,
)
from workflow.services import freezing, iterations, reviews, revisions, sections, undoing, wholes

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def contract():
    return builders.contract("ljubljana")


@pytest.fixture
def section(contract):
    return builders.approved("A-1", contract=contract)


def frozen(contract, by, **what):
    with transaction():
        return freezing.freeze(contract, by=by, **what)


def lifted(contract, by, reason="A figure is wrong."):
    with transaction():
        return freezing.lift(contract, by=by, reason=reason)


def keys(refusal) -> list[tuple]:
    return [(one.key, one.count, one.details) for one in refusal.value.blockers]


def test_a_frozen_contract_names_every_text_by_its_hash(contract, section, maja):
    left_out = builders.section("A-2", contract=contract, markdown=None)
    builders.element(left_out, code="B-1.2", because="There is no port.")
    manifest = frozen(contract, maja)
    assert contract.frozen is manifest
    [component] = manifest.content["components"]
    [module] = component["modules"]
    assert [(one["code"], one["revision"], one["sha256"]) for one in module["sections"]] == [
        ("A-1", section.current.number, section.current.sha256)
    ]
    assert [(one["code"], one["because"]) for one in module["not_applicable"]] == [
        ("B-1.2", "There is no port.")
    ]
    assert manifest.content["pack"] == {"id": "netzerocities", "version": "2024.1"}
    assert (manifest.number, manifest.iteration, manifest.supersedes) == (1, 1, None)
    assert kinds()[-1] is EventKind.CONTRACT_FROZEN


def test_the_hash_is_that_of_the_canonical_json_that_is_handed_out(contract, section, maja):
    manifest = frozen(contract, maja)
    db.session.expire_all()
    handed_out = canonical(manifest.content)
    assert json.loads(handed_out) == manifest.content
    assert hashlib.sha256(handed_out).hexdigest() == manifest.sha256


def test_the_figures_are_bound_by_their_hash(contract, section, maja):
    figures = builders.figures(contract, {"2018": 0.5, "rows": [{"š": 1.25}]})
    first = frozen(contract, maja)
    [listed] = first.content["figures"]
    lifted(contract, maja)
    figures.figures = {"2018": 0.51}
    db.session.commit()
    second = frozen(contract, maja)
    assert listed["key"] == second.content["figures"][0]["key"]
    assert listed["sha256"] != second.content["figures"][0]["sha256"]


def test_the_same_texts_have_the_same_hash_however_often_they_are_frozen(contract, section, maja):
    first = frozen(contract, maja)
    lifted(contract, maja)
    second = frozen(contract, maja)
    assert (second.number, second.sha256, second.supersedes) == (2, first.sha256, first)


def test_a_repeated_click_freezes_once(contract, section, maja):
    assert frozen(contract, maja).id == frozen(contract, maja).id
    assert kinds().count(EventKind.CONTRACT_FROZEN) == 1


def test_what_stands_in_the_way_is_listed_with_the_sections_concerned(contract, section, maja):
    builders.section("A-2", contract=contract)
    builders.section("A-3", contract=contract, stage=Stage.CONSULTATION)
    builders.section("A-4", contract=contract, stage=Stage.REVIEW)
    builders.section("A-5", contract=contract, stage=Stage.APPROVED)
    wanted = builders.section("A-6", contract=contract, markdown=None)
    builders.element(wanted)
    builders.thread(section, kind=RemarkKind.OBJECTION)
    builders.thread(section)
    with pytest.raises(Blocked) as refusal:
        frozen(contract, maja)
    assert keys(refusal) == [
        ("asked", 2, ("A-3", "A-4")),
        ("approved", 2, ("A-2", "A-6")),
        ("stale", 1, ("A-5",)),
        ("objections", 1, ("A-1",)),
        ("answers", 2, ("A-1",)),
    ]
    assert contract.frozen is None
    assert not db.session.query(Manifest).count()


def test_a_section_that_does_not_apply_and_an_empty_one_nobody_asks_for_do_not_block(
    contract, section, maja
):
    away = builders.section("A-2", contract=contract, stage=Stage.REVISION)
    builders.element(away, because="There is no port.")
    builders.section("A-3", contract=contract, markdown=None)
    spare = builders.section("A-4", contract=contract, markdown=None)
    builders.element(spare, required=False)
    manifest = frozen(contract, maja)
    assert [one["code"] for one in wholes.sections_of(manifest.content)] == ["A-1"]


def test_an_approval_that_was_taken_back_and_one_of_another_text_do_not_count(contract, maja):
    section = builders.approved("A-1", contract=contract)
    builders.revision(section, "Something that slipped in.")
    with pytest.raises(Blocked) as refusal:
        frozen(contract, maja)
    assert [one.key for one in refusal.value.blockers] == ["stale"]


def test_there_has_to_be_something_to_freeze(contract, maja):
    with pytest.raises(Blocked) as refusal:
        frozen(contract, maja)
    assert [one.key for one in refusal.value.blockers] == ["contents"]


def test_only_those_who_lead_freeze_and_lift(contract, section, maja):
    editor = builders.person(Role.EDITOR)
    with pytest.raises(Denied):
        frozen(contract, editor)
    frozen(contract, maja)
    with pytest.raises(Denied):
        lifted(contract, editor)


def test_nobody_freezes_what_he_has_not_seen(contract, section, maja):
    seen = wholes.read(contract).sha256
    builders.approved("A-2", contract=contract)
    with pytest.raises(Outdated):
        frozen(contract, maja, seen=seen)
    assert frozen(contract, maja, seen=wholes.read(contract).sha256)


ACTS = {
    "reopen": lambda one, by: reviews.move(
        one, Act.REOPEN, by=by, seen=one.current, reason="New figures."
    ),
    "open": lambda one, by: reviews.move(one, Act.CONSULT, by=by, seen=one.current),
    "save": lambda one, by: revisions.save(one, by=by, markdown="Another text.", base=one.current),
}


@pytest.mark.parametrize("name", ACTS)
def test_while_it_is_frozen_nothing_is_edited_reopened_or_opened(contract, section, maja, name):
    spare = builders.section("A-2", contract=contract, markdown=None)
    frozen(contract, maja)
    for one in (section, spare):
        with pytest.raises(Frozen), transaction():
            ACTS[name](one, maja)
    lifted(contract, maja)
    with transaction():
        reviews.move(section, Act.REOPEN, by=maja, seen=section.current, reason="New figures.")


def test_an_element_is_not_answered_otherwise_while_the_contract_is_frozen(contract, section, maja):
    away = builders.section("A-2", contract=contract, markdown=None)
    element = builders.element(away, because="There is no port.")
    frozen(contract, maja)
    with pytest.raises(Frozen), transaction():
        sections.set_aside(element, away, by=maja, because="")
    assert element.not_applicable_because


def test_an_approval_cannot_be_taken_back_under_the_freeze(contract, maja):
    section = builders.section("A-1", contract=contract, stage=Stage.REVIEW)
    approver = builders.person(Role.APPROVER)
    with transaction():
        decision = reviews.move(section, Act.APPROVE, by=approver, seen=section.current)
    frozen(contract, maja)
    assert undoing.last_of(section, by=approver) is None
    with pytest.raises(Frozen), transaction():
        undoing.undo(decision, by=approver)


def test_the_freeze_is_lifted_for_a_reason_that_is_kept(contract, section, maja):
    manifest = frozen(contract, maja)
    with pytest.raises(Invalid):
        lifted(contract, maja, reason=" ")
    lifted(contract, maja, reason="The gap table is wrong.")
    assert contract.frozen is None
    [entry] = manifest.entries
    assert (entry.step, entry.reason, entry.by) == (
        ManifestStep.LIFTED,
        "The gap table is wrong.",
        maja,
    )
    assert kinds()[-1] is EventKind.FREEZE_LIFTED
    assert lifted(contract, maja) is None


def test_what_somebody_signed_is_not_lifted_any_more_and_stays_in_force(contract, section, maja):
    manifest = frozen(contract, maja)
    builders.signatory(status=SignatoryStatus.SIGNED, manifest=manifest)
    with pytest.raises(Bound):
        lifted(contract, maja)
    assert freezing.in_force(contract) is manifest is contract.frozen


@pytest.mark.parametrize("act", ["UPDATE manifest SET note = 'x'", "DELETE FROM manifest_entry"])
def test_the_database_itself_refuses_to_rewrite_what_was_frozen(contract, section, maja, act):
    frozen(contract, maja)
    lifted(contract, maja)
    with pytest.raises(Exception, match="evidence"), transaction():
        db.session.execute(text(act))


RIVALS = {
    "reopening": (
        Stage.APPROVED,
        lambda one, by: reviews.move(
            one, Act.REOPEN, by=by, seen=one.current, reason="New figures."
        ),
    ),
    "approval": (
        Stage.REVIEW,
        lambda one, by: reviews.move(one, Act.APPROVE, by=by, seen=one.current),
    ),
    "saving": (
        Stage.REVISION,
        lambda one, by: revisions.save(one, by=by, markdown="Last words.", base=one.current),
    ),
}


def at_once(app, **verbs) -> dict[str, object]:
    """Each verb in a thread and a transaction of its own, at the same instant; what came of it by its name."""
    db.session.rollback()
    start, outcomes = Barrier(len(verbs)), {}

    def run(name: str, verb) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    verb()
                outcomes[name] = "done"
            except Refusal as refusal:
                outcomes[name] = type(refusal)

    workers = [Thread(target=run, args=pair) for pair in verbs.items()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    db.session.rollback()
    db.session.expire_all()
    return outcomes


@pytest.mark.both_databases
@pytest.mark.parametrize("rival", RIVALS)
def test_a_freeze_and_another_act_at_the_same_instant_end_in_one_order(
    app, contract, section, maja, rival
):
    stage, act = RIVALS[rival]
    other = section if stage is Stage.APPROVED else builders.section("A-2", stage=stage)
    approver = builders.person(Role.APPROVER) if rival != "saving" else maja
    ids = contract.id, other.id, maja.id, approver.id
    before = other.current.sha256

    def freeze() -> None:
        freezing.freeze(db.session.get(Contract, ids[0]), by=db.session.get(Person, ids[2]))

    def compete() -> None:
        act(db.session.get(Section, ids[1]), db.session.get(Person, ids[3]))

    outcomes = at_once(app, freeze=freeze, act=compete)
    contract, other = db.session.get(Contract, ids[0]), db.session.get(Section, ids[1])
    expected = {
        "reopening": [("done", Frozen), (Blocked, "done")],
        "approval": [("done", "done"), (Blocked, "done")],
        "saving": [(Blocked, "done")],
    }
    assert (outcomes["freeze"], outcomes["act"]) in expected[rival]
    if contract.frozen:
        listed = {one["id"]: one["sha256"] for one in wholes.sections_of(contract.frozen.content)}
        assert listed[other.id] == other.current.sha256 == before
        assert other.stage is Stage.APPROVED
        assert contract.frozen.content == wholes.read(contract).content


@pytest.mark.both_databases
def test_two_who_freeze_at_the_same_instant_make_one_manifest(app, contract, section, maja):
    ids = contract.id, maja.id, builders.person(Role.COORDINATOR).id

    def freeze(who: int):
        return lambda: freezing.freeze(
            db.session.get(Contract, ids[0]), by=db.session.get(Person, who)
        )

    assert at_once(app, one=freeze(ids[1]), other=freeze(ids[2])) == {
        "one": "done",
        "other": "done",
    }
    assert db.session.query(Manifest).count() == 1
    assert kinds().count(EventKind.CONTRACT_FROZEN) == 1


@pytest.mark.both_databases
def test_lifting_and_submitting_at_the_same_instant_end_in_one_of_both(
    app, contract, section, maja
):
    frozen(contract, maja)
    ids = contract.id, maja.id

    def here():
        return db.session.get(Contract, ids[0]), db.session.get(Person, ids[1])

    def lift() -> None:
        contract, by = here()
        freezing.lift(contract, by=by, reason="A sum is wrong.")

    def submit() -> None:
        contract, by = here()
        iterations.submit(contract, by=by, body=ReviewBody.COMMISSION, on=builders.today())

    outcomes = at_once(app, lift=lift, submit=submit)
    [entry] = db.session.query(ManifestEntry)
    if entry.step is ManifestStep.SUBMITTED:
        assert outcomes == {"lift": Bound, "submit": "done"}
        assert db.session.get(Contract, ids[0]).frozen_id
    else:
        assert outcomes == {"lift": "done", "submit": Invalid}
        assert db.session.get(Contract, ids[0]).frozen_id is None
