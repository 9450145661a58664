"""Random people take random steps of random signatories, often on old screens; what the record promises still holds."""

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from tests import builders
from tests.support.complete import many
from workflow.db import db, transaction
from workflow.models import Commitment, Event, Manifest, Signatory, SignatoryEntry
from workflow.rules import policy, signing
from workflow.rules.policy import Place
from workflow.rules.refusals import Refusal
from workflow.rules.vocabulary import Act, Mandate, Role, SignatoryStatus, Tier
from workflow.services import commitments, freezing, signatories, signatures, signed_letters
from workflow.services.commitments import Promise

SENTENCES = ("No more coal.", "Safe ways to school.", "Trees in every street.")
people = st.integers(0, 6)
which = st.integers(0, 1)
picks = st.integers(0, 10_000)


class Signing(RuleBasedStateMachine):
    """Two organisations with a delegate and a member each, a coordinator, an editor and an observer."""

    @initialize()
    def found(self):
        self.contract = builders.contract()
        self.people = [
            builders.person(role, contract=self.contract)
            for role in (Role.COORDINATOR, Role.EDITOR, Role.OBSERVER)
        ]
        self.ids = []
        for _organisation in range(2):
            of = builders.organisation(contract=self.contract)
            for mandate in (Mandate.DELEGATE, Mandate.MEMBER):
                self.people.append(
                    builders.person(contract=self.contract, organisation=of, mandate=mandate)
                )
            with transaction():
                made = signatories.invite(self.contract, of, by=self.people[0])
            self.ids.append(made.id)

    def signatory(self, one: int) -> Signatory:
        return db.session.get_one(Signatory, self.ids[one])

    def screen(self, one: int, pick: int) -> int | None:
        """The last step, or now and then an older one, as on a page that was opened long ago."""
        entries = self.entries(one)
        return entries[-1 if pick % 4 else pick % len(entries)].id

    def entries(self, one: int) -> list[SignatoryEntry]:
        query = select(SignatoryEntry).where(SignatoryEntry.signatory_id == self.ids[one])
        return list(db.session.scalars(query.order_by(SignatoryEntry.id)))

    def manifests(self) -> list[Manifest]:
        query = select(Manifest).where(Manifest.contract_id == self.contract.id)
        return list(db.session.scalars(query.order_by(Manifest.number)))

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
        return [
            db.session.scalar(select(func.count()).select_from(model))
            for model in (SignatoryEntry, Commitment, Event)
        ]

    @rule(who=people, one=which, text=st.sampled_from(SENTENCES))
    def promise(self, who, one, text):
        with self.trying():
            commitments.add(self.signatory(one), Promise(text, Tier.BASIS), by=self.people[who])

    @rule(who=people, one=which, pick=picks, text=st.sampled_from(SENTENCES))
    def change_or_remove(self, who, one, pick, text):
        promised = self.signatory(one).commitments
        if not promised:
            return
        commitment, by = promised[pick % len(promised)], self.people[who]
        with self.trying():
            if pick % 3:
                promise = Promise(text, Tier.PREMIUM, may_publish=bool(pick % 2))
                commitments.change(commitment, promise, by=by, seen=commitment.lock)
            else:
                commitments.remove(commitment, by=by)
        db.session.expire_all()

    @rule(who=people, one=which, name=st.sampled_from(["Ana Kos", "Bor Zver", ""]))
    def describe(self, who, one, name):
        signatory = self.signatory(one)
        what = {"representative": name, "office": "", "may_publish": bool(name)}
        with self.trying():
            signatories.describe(signatory, by=self.people[who], seen=signatory.lock, **what)

    @rule(who=people, one=which, pick=picks)
    def lay_a_letter_beside(self, who, one, pick):
        content = b"%%PDF-1.7\n%d\n%%%%EOF\n" % (pick % 3)
        with self.trying():
            signed_letters.attach(
                self.signatory(one),
                by=self.people[who],
                seen=self.screen(one, pick),
                name="letter.pdf",
                content=content,
            )

    @rule(who=people, one=which, pick=picks, to=st.sampled_from(SignatoryStatus))
    def move(self, who, one, pick, to):
        with self.trying():
            signatories.move(
                self.signatory(one),
                to,
                by=self.people[who],
                seen=self.screen(one, pick),
                reason="So it was decided." if pick % 5 else "",
            )

    @rule(who=people, one=which, pick=picks)
    def sign(self, who, one, pick):
        known = self.manifests()
        sha256 = known[-1 if pick % 4 else pick % len(known)].sha256 if known else ""
        with self.trying():
            signatures.sign(
                self.signatory(one),
                by=self.people[who],
                seen=self.screen(one, pick),
                sha256=sha256,
            )

    @rule(one=which)
    def the_organisation_goes_all_the_way(self, one):
        """Its delegate does what is asked of it, so that walks get far; any of it may be refused."""
        delegate = 3 + 2 * one
        self.promise(delegate, one, SENTENCES[one])
        self.describe(delegate, one, "Ana Kos")
        if freezing.in_force(self.contract) is None:
            self.another_state_is_frozen()
        self.sign(delegate, one, 1)

    @rule()
    def another_state_is_frozen(self):
        builders.manifest(self.contract)

    @rule()
    def the_freeze_is_lifted(self):
        with self.trying():
            freezing.lift(self.contract, by=self.people[0], reason="A sum is wrong.")
        db.session.refresh(self.contract)

    @invariant()
    def the_record_replays_to_where_each_stands(self):
        for one in range(len(self.ids)):
            steps = [entry.to_status for entry in self.entries(one)]
            assert signing.replay(steps) is self.signatory(one).status

    @invariant()
    def a_signature_is_on_exactly_one_manifest_and_on_what_is_promised(self):
        for one in range(len(self.ids)):
            signatory = self.signatory(one)
            signed = [entry for entry in self.entries(one) if entry.manifest_id]
            stands = signatory.status is SignatoryStatus.SIGNED
            assert (
                stands == (signatory.manifest_id is not None) == (signatory.signed_on is not None)
            )
            if stands:
                last = signed[-1]
                assert (last.manifest_id, last.to_status) == (
                    signatory.manifest_id,
                    SignatoryStatus.SIGNED,
                )
                assert last.content["representative"] == signatory.representative != ""
                said = [promise["text"] for promise in last.content["commitments"]]
                assert said == [promise.text for promise in signatory.commitments] != []

    @invariant()
    def every_step_was_taken_by_somebody_who_may(self):
        for one in range(len(self.ids)):
            signatory = self.signatory(one)
            for entry in self.entries(one):
                speaks = policy.speaks_for(entry.by, signatory.organisation_id)
                keeps = policy.grants(entry.by, Act.SIGN_OFF, Place(self.contract.id))
                assert speaks or keeps
                if entry.manifest_id:
                    assert entry.sha256 == entry.manifest.sha256
                    assert speaks or entry.letter_key

    @invariant()
    def no_letter_of_one_manifest_served_another_in_the_hands_of_the_city(self):
        for one in range(len(self.ids)):
            served: dict[str, set[int]] = {}
            organisation_id = self.signatory(one).organisation_id
            for entry in self.entries(one):
                if entry.manifest_id and not policy.speaks_for(entry.by, organisation_id):
                    served.setdefault(entry.letter_key, set()).add(entry.manifest_id)
            assert all(len(manifests) == 1 for manifests in served.values())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_whatever_people_do_in_whatever_order_the_record_holds(ctx):
    run_state_machine_as_test(
        Signing,
        settings=settings(
            max_examples=many(15),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
