"""Random users do random things in a random order; whatever happens, what the house promises still holds."""

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from tests import builders
from tests.support.complete import many
from workflow.db import db, transaction
from workflow.models import (
    Decision,
    Display,
    Event,
    Manifest,
    ManifestEntry,
    Placement,
    Revision,
    Section,
    Thread,
)
from workflow.rules import gate
from workflow.rules.canonical import digest
from workflow.rules.lifecycle import MOVES, replay
from workflow.rules.refusals import Refusal
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    ManifestStep,
    RemarkKind,
    ReviewBody,
    Role,
    Stage,
    Stance,
)
from workflow.services import (
    approval_plans,
    contests,
    freezing,
    gatekeeping,
    iterations,
    positions,
    reviews,
    revisions,
    threads,
    undoing,
    wholes,
)

SENTENCES = (
    "The district heating network serves 74 % of all homes.",
    "By 2030 no home is heated with coal.",
    "The city renovates 3 % of its own buildings every year.",
    "Waste heat of the hospital warms the school next door.",
    "The cost is TBD.",
)
CAST = (
    Role.COORDINATOR,
    Role.COORDINATOR,
    Role.EDITOR,
    Role.APPROVER,
    Role.APPROVER,
    Role.REVIEWER,
    Role.STAKEHOLDER,
    Role.STAKEHOLDER,
    Role.OBSERVER,
    Role.ADMIN,
)
FOLLOW_UPS = (iterations.begin_addendum, iterations.begin)
people = st.integers(0, len(CAST) - 1)
sections = st.integers(0, 1)
picks = st.integers(0, 10_000)


class City(RuleBasedStateMachine):
    """Two sections of a contract and ten people who try things that they may or may not do."""

    @initialize()
    def found(self):
        self.contract = builders.contract()
        self.people = [builders.person(role, contract=self.contract) for role in CAST]
        self.ids = [builders.section(contract=self.contract).id for _ in range(2)]
        self.remarks = 0

    def section(self, which: int) -> Section:
        return db.session.get_one(Section, self.ids[which])

    def authors_before(self, approval: Decision) -> set[int]:
        """Who wrote a revision after the approval before this one."""
        earlier = db.session.scalar(
            select(func.max(Revision.number))
            .join(Decision, Decision.revision_id == Revision.id)
            .where(
                Decision.section_id == approval.section_id,
                Decision.act == Act.APPROVE,
                Decision.id < approval.id,
                Decision.id.not_in(
                    select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
                ),
            )
        )
        return set(
            db.session.scalars(
                select(Revision.author_id).where(
                    Revision.section_id == approval.section_id, Revision.number > (earlier or 0)
                )
            )
        )

    def a_remark(self, pick: int) -> Thread:
        found = db.session.scalars(
            select(Thread).where(Thread.section_id.in_(self.ids)).order_by(Thread.id)
        ).all()
        return found[pick % len(found)]

    @contextmanager
    def trying(self):
        """A refusal is an answer, anything else is a fault. Either everything happened or nothing."""
        before = self.traces()
        try:
            with transaction():
                yield
        except Refusal as refusal:
            note(f"refused: {refusal!r}")
            assert self.traces() == before

    def traces(self) -> list[int]:
        counts = (
            select(func.count()).where(Event.contract_id == self.contract.id),
            select(func.count()).where(Manifest.contract_id == self.contract.id),
            select(func.count()).where(
                ManifestEntry.manifest_id == Manifest.id,
                Manifest.contract_id == self.contract.id,
            ),
            *(
                select(func.count()).where(model.section_id.in_(self.ids))
                for model in (Decision, Thread, Revision, Display)
            ),
        )
        return [db.session.scalar(count) for count in counts]

    @rule(who=people, where=sections, words=st.lists(st.sampled_from(SENTENCES), max_size=4))
    def save(self, who, where, words):
        section = self.section(where)
        with self.trying():
            revisions.save(
                section, by=self.people[who], markdown="\n\n".join(words), base=section.current
            )

    @rule(who=people, where=sections, act=st.sampled_from(MOVES))
    def move(self, who, where, act):
        section = self.section(where)
        with self.trying():
            reviews.move(
                section,
                act,
                by=self.people[who],
                seen=section.current,
                reason="Because of the figures.",
            )

    @rule(where=sections)
    def someone_moves_on(self, where):
        """What usually comes next, so that walks get far."""
        act = {
            Stage.DRAFT: Act.CONSULT,
            Stage.CONSULTATION: Act.CLOSE,
            Stage.REVISION: Act.SUBMIT,
            Stage.REVIEW: Act.APPROVE,
            Stage.APPROVED: Act.REOPEN,
        }[self.section(where).stage]
        self.move(3 if act is Act.APPROVE else 0, where, act)

    @rule(who=people, where=sections, stance=st.sampled_from(Stance))
    def take_a_position(self, who, where, stance):
        section = self.section(where)
        with self.trying():
            reviews.take(
                section,
                stance,
                by=self.people[who],
                seen=section.current,
                text="So I see it.",
            )

    @rule(where=sections, who=people)
    def ask_for_two(self, where, who):
        """From now on two judges have to agree to the section. An approval that was given before stands as it is."""
        if self.section(where).stage is Stage.APPROVED:
            return
        with self.trying():
            approval_plans.add(
                self.contract,
                self.section(where),
                by=self.people[who],
                title="Two judges",
                order=1,
                quorum=2,
                role=Role.APPROVER,
            )

    @rule(who=people)
    def freeze(self, who):
        with self.trying():
            freezing.freeze(self.contract, by=self.people[who], note="What has changed.")

    @rule(first=st.booleans())
    def the_city_brings_it_to_a_freeze(self, first):
        """An editor writes, answers and submits, approvers agree, a coordinator freezes; any of it may be refused."""
        for where in range(len(self.ids)):
            if self.section(where).stage in (Stage.DRAFT, Stage.REVISION):
                self.save(2, where, SENTENCES[:2] if first else SENTENCES[1:3])
            if self.section(where).stage is Stage.CONSULTATION:
                self.move(0, where, Act.CLOSE)
            if self.remarks:
                self.everything_is_noted(where)
            self.move(0, where, Act.SUBMIT)
            for approver in (3, 4):
                self.take_a_position(approver, where, Stance.APPROVE)
        self.freeze(0)

    @rule(who=people)
    def lift_the_freeze(self, who):
        with self.trying():
            freezing.lift(self.contract, by=self.people[who], reason="A sum is wrong.")

    @rule(who=people)
    def submit_the_contract(self, who):
        with self.trying():
            iterations.submit(
                self.contract,
                by=self.people[who],
                body=ReviewBody.COMMISSION,
                on=builders.today(),
            )

    @rule(who=people, where=sections, verb=st.sampled_from(FOLLOW_UPS))
    def follow_up(self, who, where, verb):
        """Open a section for an addendum, or for the next iteration."""
        with self.trying():
            verb(self.contract, [self.section(where)], by=self.people[who], reason="Asked for.")

    @rule(who=people, where=sections)
    def undo(self, who, where):
        section = self.section(where)
        last = undoing.last_of(section, by=self.people[who])
        if last:
            with self.trying():
                undoing.undo(last, by=self.people[who])

    @rule(who=people, where=sections, kind=st.sampled_from(RemarkKind), share=st.floats(0, 1))
    def remark(self, who, where, kind, share):
        section = self.section(where)
        room = len(section.current.plain) - 20
        start = int(share * room) if room > 0 else None
        with self.trying():
            threads.open_thread(
                section,
                by=self.people[who],
                revision=section.current,
                kind=kind,
                text="I wonder about this.",
                start=start,
                end=None if start is None else start + 20,
            )
            self.remarks += 1

    @precondition(lambda self: self.remarks)
    @rule(who=people, pick=picks, disposition=st.sampled_from(Disposition), carried=st.booleans())
    def answer(self, who, pick, disposition, carried):
        thread = self.a_remark(pick)
        with self.trying():
            threads.answer(
                thread,
                by=self.people[who],
                disposition=disposition,
                text="For these reasons.",
                carried_out_by=thread.section.current if carried else None,
                duplicate_of=self.a_remark(pick + 1),
            )

    @precondition(lambda self: self.remarks)
    @rule(where=sections)
    def everything_is_noted(self, where):
        """An editor answers all that is open, so that gates open now and then."""
        open_ones = db.session.scalars(
            select(Thread).where(
                Thread.section_id == self.ids[where],
                Thread.unanswered,
                Thread.withdrawn_at.is_(None),
            )
        ).all()
        for thread in open_ones:
            with self.trying():
                threads.answer(
                    thread, by=self.people[2], disposition=Disposition.NOTED, text="Thank you."
                )

    @precondition(lambda self: self.remarks)
    @rule(pick=picks)
    def contest(self, pick):
        thread = self.a_remark(pick)
        with self.trying():
            contests.contest(thread, by=thread.author, text="That is not what I asked.")

    @precondition(lambda self: self.remarks)
    @rule(who=people, pick=picks)
    def withdraw(self, who, pick):
        with self.trying():
            threads.withdraw(self.a_remark(pick), by=self.people[who])

    @precondition(lambda self: self.remarks)
    @rule(who=people, pick=picks)
    def reply(self, who, pick):
        with self.trying():
            threads.reply(self.a_remark(pick), by=self.people[who], text="I see it otherwise.")

    def teardown(self):
        db.session.rollback()

    @invariant()
    def the_ledger_replays_to_the_stage(self):
        for which in range(len(self.ids)):
            section = self.section(which)
            ledger = db.session.scalars(
                select(Decision).where(Decision.section_id == section.id).order_by(Decision.number)
            ).all()
            assert replay([Act(line.act) for line in ledger]) is section.stage

    @invariant()
    def an_approved_section_is_approved_at_its_current_hash_with_nothing_open(self):
        for which in range(len(self.ids)):
            section = self.section(which)
            if section.stage is not Stage.APPROVED:
                continue
            approval = db.session.scalars(
                select(Decision)
                .where(Decision.section_id == section.id, Decision.act == Act.APPROVE)
                .order_by(Decision.number.desc())
            ).first()
            assert approval.sha256 == section.current.sha256
            ballot = positions.ballot(section)
            assert ballot.lacking == 0
            assert not ballot.objecting
            assert ballot.approving - self.authors_before(approval)
            assert gate.blockers(Act.APPROVE, gatekeeping.facts(section)) == []

    @invariant()
    def a_frozen_contract_is_exactly_what_its_manifest_seals(self):
        manifest = self.contract.frozen
        if manifest is None:
            return
        found = wholes.read(self.contract)
        assert found.blockers == []
        assert wholes.texts(manifest.content) == found.content
        assert digest(manifest.content) == manifest.sha256
        listed = {one["id"]: one["sha256"] for one in wholes.sections_of(manifest.content)}
        approved = {one.id: one.approved for one in found.standings if one.needed}
        assert listed == approved

    @invariant()
    def what_others_rely_on_stays_in_force_until_something_else_is_frozen(self):
        relied_on = db.session.scalars(
            select(Manifest).where(Manifest.contract_id == self.contract.id, freezing.RELIED_ON)
        ).all()
        in_force = freezing.in_force(self.contract)
        assert (in_force is not None) or not relied_on
        lifted = {
            entry.manifest_id
            for one in relied_on
            for entry in one.entries
            if entry.step is ManifestStep.LIFTED
        }
        assert not lifted

    @invariant()
    def no_remark_is_lost(self):
        kept = db.session.scalar(
            select(func.count()).select_from(Thread).where(Thread.section_id.in_(self.ids))
        )
        assert kept == self.remarks

    @invariant()
    def every_quote_has_its_place_in_the_text_of_today_or_says_that_it_has_none(self):
        quoted = db.session.scalars(
            select(Thread).where(
                Thread.section_id.in_(self.ids),
                Thread.quote.is_not(None),
                Thread.withdrawn_at.is_(None),
            )
        ).all()
        for thread in quoted:
            current = thread.section.current
            if thread.revision_id == current.id:
                assert current.plain[thread.start : thread.end] == thread.quote
                continue
            placed = db.session.scalars(
                select(Placement).where(
                    Placement.thread_id == thread.id, Placement.revision_id == current.id
                )
            ).one()
            assert (placed.start is None) == (placed.end is None)

    @invariant()
    def what_is_on_display_is_what_is_open_and_only_that(self):
        for which in range(len(self.ids)):
            section = self.section(which)
            shown = db.session.scalars(
                select(Display).where(Display.section_id == section.id, Display.closed_at.is_(None))
            ).all()
            expected = [section.current_id] if section.stage is Stage.CONSULTATION else []
            assert [display.revision_id for display in shown] == expected


@pytest.mark.usefixtures("ctx")
@pytest.mark.timeout(300)
def test_whatever_people_do_in_whatever_order_the_promises_hold():
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=many(12),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
