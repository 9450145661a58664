"""The record is tamper-evident: whatever is changed, removed or put in is found, and named by table and id."""

import threading
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from tests.support import tampering
from tests.support.complete import many
from workflow import clock
from workflow.db import Base, db, transaction
from workflow.models import (
    Decision,
    Manifest,
    ManifestEntry,
    Position,
    Round,
    RoundEntry,
    Seal,
    Signatory,
    SignatoryEntry,
)
from workflow.queries import ledgers
from workflow.rules.chain import CHANGING, GENESIS, GRACE, SEALED, Fault, Finding
from workflow.rules.vocabulary import (
    EventKind,
    ManifestKind,
    ManifestStep,
    ModerationAct,
    ReviewBody,
    Role,
    RoundChange,
    SignatoryStatus,
    Stage,
    Stance,
)
from workflow.services import audit

EACH = 3


@pytest.fixture
def ledger(ctx):
    """Three rows in every ledger."""
    with transaction():
        contract = builders.contract()
        section = builders.section()
        revision = builders.revision(section)
        person = builders.person(Role.APPROVER)
        at = clock.now()
        manifest = None
        for number in range(1, EACH + 1):
            decision = builders.keep(
                Decision(
                    section=section,
                    number=number,
                    act="submit",
                    from_stage=Stage.DRAFT,
                    to_stage=Stage.REVIEW,
                    by=person,
                    reason=f"Čas je, {number}",
                    revision=revision,
                    sha256=revision.sha256,
                    at=at,
                )
            )
            builders.keep(
                Position(
                    section=section,
                    review_id=decision.id,
                    person=person,
                    stance=Stance.APPROVE,
                    revision=revision,
                    sha256=revision.sha256,
                    at=at,
                )
            )
            manifest = builders.keep(
                Manifest(
                    contract=contract,
                    number=number,
                    kind=ManifestKind.CONTRACT,
                    iteration=1,
                    content={"sections": [1, 2, {"š": "ž", "a": None}], "share": 0.25},
                    sha256="a" * 64,
                    by=person,
                    at=at,
                )
            )
            builders.keep(
                ManifestEntry(
                    manifest=manifest,
                    step=ManifestStep.SUBMITTED,
                    body=ReviewBody.COMMISSION,
                    on=at.date(),
                    by=person,
                    at=at,
                )
            )
            signatory = builders.keep(
                Signatory(
                    contract=contract,
                    organisation=builders.organisation(f"Organisation {number}"),
                    status=SignatoryStatus.INVITED,
                )
            )
            builders.keep(
                SignatoryEntry(
                    signatory_id=signatory.id,
                    to_status=SignatoryStatus.INVITED,
                    manifest_id=manifest.id,
                    by=person,
                    at=at,
                )
            )
            round = builders.keep(
                Round(contract=contract, number=number, opened_by=person, opens_at=at, closes_at=at)
            )
            builders.keep(
                RoundEntry(
                    round_id=round.id,
                    change=RoundChange.EXTENDED,
                    closes_before=at,
                    closes_after=at + timedelta(days=number),
                    by=person,
                    reason="Holidays",
                )
            )
            thread = builders.thread(section)
            builders.moderated(thread.comments[0], ModerationAct.HOLD, by=person, reason="Words")
            builders.event(EventKind.REMARK_MADE, actor=person, section=section, thread=thread)
    return contract


@pytest.fixture
def sealed(ledger) -> str:
    """Everything sealed; the head that was kept elsewhere."""
    with transaction():
        assert audit.seal() == EACH * len(SEALED)
    return str(ledgers.head())


def found(**asked) -> list[Finding]:
    db.session.rollback()
    return list(audit.verify(**asked))


def test_every_column_of_a_ledger_is_sealed_or_known_to_change():
    for table, columns in SEALED.items():
        every = {column.name for column in Base.metadata.tables[table].columns}
        assert set(columns) | CHANGING.get(table, frozenset()) == every, table
        assert not set(columns) & CHANGING.get(table, frozenset())


def test_an_untouched_record_is_whole(sealed):
    assert found(expected=sealed) == []
    seals = db.session.query(Seal).order_by(Seal.id).all()
    assert [seal.id for seal in seals] == list(range(1, len(seals) + 1))
    assert seals[0].previous == GENESIS


def test_a_second_run_finds_nothing_to_seal(sealed):
    with transaction():
        assert audit.seal() == 0
    with transaction():
        builders.event(EventKind.CONTRACT_CREATED)
    with transaction():
        assert audit.seal() == 1
    assert found(expected=sealed) == []


def test_work_on_what_may_change_breaks_no_seal(sealed):
    tampering.change("event", 1, relayed_at=clock.now(), attempts=7, next_try_at=clock.now())
    tampering.change("moderation_entry", 1, settled_at=clock.now())
    assert found(expected=sealed) == []


def test_the_database_itself_refuses_to_change_a_seal(sealed):
    for act in ("UPDATE seal SET row_id = 99 WHERE id = 1", "DELETE FROM seal WHERE id = 1"):
        with pytest.raises(Exception, match="never rewritten"), transaction():
            db.session.execute(db.text(act))


def other(value: object) -> object:
    """A value of the same kind that is not this one."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, dict):
        return {**value, "more": 1}
    return f"{value}x" if value is None or len(value) < 30 else value[:-1] + "x"


ROWS = st.tuples(st.sampled_from(sorted(SEALED)), st.integers(1, EACH))


def test_any_changed_row_is_found_and_named(sealed):
    @settings(max_examples=many(60))
    @given(where=ROWS, column=st.integers(0, 30))
    def change(where, column):
        table, row_id = where
        before = tampering.row(table, row_id)
        names = [name for name in SEALED[table] if name != "id" and before[name] is not None]
        name = names[column % len(names)]
        with tampering.hand_in_the_database() as hand:
            ledger = Base.metadata.tables[table]
            value = other(before[name])
            if isinstance(value, str):
                words = (
                    {type(before[name])(word).value for word in type(before[name])}
                    if hasattr(type(before[name]), "__members__")
                    else ()
                )
                value = next((word for word in words if word != before[name]), str(value))
            hand.execute(ledger.update().where(ledger.c.id == row_id).values({name: value}))
        assert found(expected=sealed) == [Finding(Fault.ROW_CHANGED, table, row_id)]
        tampering.change(table, row_id, **{name: before[name]})
        assert found(expected=sealed) == []

    change()


def test_any_removed_row_is_found_and_named(sealed):
    @settings(max_examples=many(25))
    @given(where=ROWS)
    def remove(where):
        before = tampering.row(*where)
        tampering.remove(*where)
        assert found(expected=sealed) == [Finding(Fault.ROW_REMOVED, *where)]
        tampering.put(where[0], before)

    remove()


def test_any_row_put_into_the_past_is_found_and_never_sealed(sealed):
    @settings(max_examples=many(15))
    @given(where=ROWS, minutes=st.integers(11, 100_000))
    def put(where, minutes):
        table, row_id = where
        copy = tampering.row(table, row_id)
        copy |= {"id": 5000, "at": copy["at"] - timedelta(minutes=minutes)}
        if "number" in copy:
            copy["number"] = 5000
        tampering.put(table, copy)
        with transaction():
            assert audit.seal() == 0
        assert found(expected=sealed) == [Finding(Fault.ROW_INSERTED, table, 5000)]
        tampering.remove(table, 5000)

    put()


def test_any_changed_seal_is_found_and_named(sealed):
    last = ledgers.head().position

    @settings(max_examples=many(30))
    @given(
        position=st.integers(1, last),
        name=st.sampled_from(["kind", "row_id", "row_sha256", "previous", "sha256", "at"]),
    )
    def change(position, name):
        before = tampering.row("seal", position)
        tampering.change("seal", position, **{name: other(before[name])})
        faults = found(expected=sealed)
        assert Fault.SEAL_CHANGED in {one.fault for one in faults if one.id == position}
        tampering.change("seal", position, **{name: before[name]})

    change()


def test_any_removed_seal_is_found_and_named(sealed):
    last = ledgers.head().position

    @settings(max_examples=many(25))
    @given(position=st.integers(1, last))
    def remove(position):
        before = tampering.row("seal", position)
        tampering.remove("seal", position)
        faults = found(expected=sealed)
        assert faults[0].table == "seal" and faults[0].id == position
        tampering.put("seal", before)
        assert found(expected=sealed) == []

    remove()


def test_seals_that_changed_places_are_found(sealed):
    one, two = tampering.row("seal", 4), tampering.row("seal", 9)
    tampering.remove("seal", 4)
    tampering.remove("seal", 9)
    tampering.put("seal", {**one, "id": 9})
    tampering.put("seal", {**two, "id": 4})
    named = {(finding.fault, finding.id) for finding in found()}
    assert {(Fault.SEAL_MISPLACED, 4), (Fault.SEAL_MISPLACED, 9)} <= named


def test_a_chain_computed_anew_fits_itself_but_not_the_head_that_was_kept(sealed):
    tampering.change("decision", 1, reason="It was never said")
    with tampering.hand_in_the_database() as hand:
        hand.execute(Base.metadata.tables["seal"].delete())
    with transaction():
        audit.seal(everything=True)
    assert found() == []
    last = EACH * len(SEALED)
    assert found(expected=sealed) == [Finding(Fault.HEAD_UNKNOWN, "seal", last)]


def test_verifying_may_begin_at_a_kept_head(sealed):
    tampering.change("decision", 1, reason="It was never said")
    last = ledgers.head().position
    assert found(since=last, expected=sealed) == []
    assert found(since=last + 5)[0] == Finding(Fault.SEAL_REMOVED, "seal", last + 5)


def test_a_writer_who_took_his_time_is_sealed_late(sealed):
    """His row has an older number and an older date than what was sealed before he was done."""
    copy = tampering.row("event", EACH)
    tampering.put("event", {**copy, "id": 900})
    with transaction():
        audit.seal()
    at = clock.now() - GRACE + timedelta(minutes=1)
    tampering.put("event", {**copy, "id": 500, "at": at})
    with transaction():
        assert audit.seal() == 1
    assert found() == []


@pytest.mark.both_databases
def test_two_sealers_at_once_make_one_chain(ledger, app):
    counts = []

    def work():
        with app.app_context(), transaction():
            counts.append(audit.seal())

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == EACH * len(SEALED)
    assert found() == []
