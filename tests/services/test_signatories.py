"""The way of an organisation to its signature: who may take which step, and what exactly is signed."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from tests import builders
from workflow.db import db, transaction
from workflow.models import Contract, Event, Organisation, Person, Signatory, SignatoryEntry
from workflow.queries import signatory as pages
from workflow.rules import signing
from workflow.rules.refusals import Bound, Denied, Invalid, Outdated, OutOfTurn, Refusal
from workflow.rules.signing import Hold
from workflow.rules.vocabulary import EventKind, Mandate, Role, SignatoryStatus, Tier
from workflow.services import (
    audit,
    commitments,
    freezing,
    iterations,
    signatories,
    signatures,
    signed_letters,
)
from workflow.services.commitments import Promise

pytestmark = pytest.mark.usefixtures("ctx")

INVITED, PREPARING, CHECKED, SIGNED, WITHDRAWN = SignatoryStatus
PDF = b"%PDF-1.7\nA letter.\n%%EOF\n"


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def utility(maja):
    return builders.organisation("Heat utility")


@pytest.fixture
def vesna(utility):
    return builders.person(organisation=utility, mandate=Mandate.DELEGATE, name="Vesna")


@pytest.fixture
def signatory(utility, vesna):
    return builders.signatory(utility, promises=["No more coal."], representative="Vesna Oblak")


def last(signatory: Signatory) -> int | None:
    found = signatories.latest(signatory)
    return found.id if found else None


def move(signatory, to, by, **what):
    what = {"seen": last(signatory)} | what
    with transaction():
        return signatories.move(signatory, to, by=by, **what)


def sign(signatory, by, manifest, **what):
    what = {"seen": last(signatory), "sha256": manifest.sha256 if manifest else ""} | what
    with transaction():
        return signatures.sign(signatory, by=by, **what)


def letter(signatory, by, content=PDF, name="Letter.pdf"):
    with transaction():
        return signed_letters.attach(
            signatory, by=by, seen=last(signatory), name=name, content=content
        )


def ledger(signatory) -> list[SignatoryEntry]:
    query = select(SignatoryEntry).where(SignatoryEntry.signatory_id == signatory.id)
    return list(db.session.scalars(query.order_by(SignatoryEntry.id)))


def test_an_organisation_walks_from_the_invitation_to_its_signature_and_the_record_replays_it(
    maja, utility, vesna
):
    due = builders.today() + timedelta(days=30)
    with transaction():
        signatory = signatories.invite(builders.the_contract(), utility, by=maja, due_on=due)
    with transaction():
        commitments.add(signatory, Promise("No more coal.", Tier.PREMIUM, 3100.0), by=vesna)
    assert signatory.status is PREPARING
    with transaction():
        signatories.describe(
            signatory,
            by=vesna,
            seen=signatory.lock,
            representative=" Vesna  Oblak ",
            office="Director",
            may_publish=True,
        )
    move(signatory, CHECKED, vesna)
    manifest = builders.manifest()
    signed = sign(signatory, vesna, manifest)
    steps = ledger(signatory)
    assert [one.to_status for one in steps] == [INVITED, PREPARING, CHECKED, SIGNED]
    assert signing.replay([one.to_status for one in steps]) is signatory.status is SIGNED
    assert (signed.manifest_id, signed.sha256) == (manifest.id, manifest.sha256)
    assert signatory.manifest_id == manifest.id
    assert signatory.signed_on == builders.today()
    assert signed.content == {
        "organisation": "Heat utility",
        "representative": "Vesna Oblak",
        "office": "Director",
        "on": builders.today().isoformat(),
        "commitments": [
            {
                "text": "No more coal.",
                "tier": "premium",
                "tonnes_per_year": 3100.0,
                "investment_eur": None,
                "by_year": None,
                "sector": None,
            }
        ],
    }
    events = db.session.scalars(select(Event).order_by(Event.id)).all()
    assert [(one.kind, one.signatory_entry.to_status) for one in events] == [
        (EventKind.SIGNATORY_INVITED, INVITED),
        (EventKind.SIGNATORY_MOVED, PREPARING),
        (EventKind.SIGNATORY_MOVED, CHECKED),
        (EventKind.SIGNATORY_MOVED, SIGNED),
    ]
    with transaction():
        audit.seal()
    assert list(audit.verify()) == []


def test_inviting_twice_makes_one_signatory_and_moves_the_day(maja, utility):
    contract, today = builders.the_contract(), builders.today()
    for day in (today, today + timedelta(days=3)):
        with transaction():
            signatory = signatories.invite(contract, utility, by=maja, due_on=day)
    assert len(ledger(signatory)) == 1
    assert signatory.due_on == today + timedelta(days=3)


def test_only_coordinators_invite_and_only_into_their_own_contract(maja, utility, vesna):
    with pytest.raises(Denied), transaction():
        signatories.invite(builders.the_contract(), utility, by=vesna)
    stranger = builders.organisation(contract=builders.contract("kranj"))
    with pytest.raises(Invalid), transaction():
        signatories.invite(builders.the_contract(), stranger, by=maja)


@pytest.mark.parametrize("mandate", [Mandate.MEMBER, Mandate.DELEGATE, Mandate.SUBSTITUTE])
def test_delegates_and_substitutes_speak_and_other_members_do_not(signatory, utility, mandate):
    person = builders.person(organisation=utility, mandate=mandate)
    if mandate is Mandate.MEMBER:
        with pytest.raises(Denied):
            move(signatory, PREPARING, person)
    else:
        assert move(signatory, PREPARING, person).by_id == person.id


def test_the_delegate_of_another_organisation_is_nobody_here(signatory):
    other = builders.person(organisation=builders.organisation(), mandate=Mandate.DELEGATE)
    manifest = builders.manifest()
    with pytest.raises(Denied):
        sign(signatory, other, manifest)
    with pytest.raises(Denied), transaction():
        commitments.add(signatory, Promise("Ours.", Tier.BASIS), by=other)


def test_steps_back_need_a_reason_and_leave_the_table_only_where_it_leads(signatory, vesna):
    move(signatory, CHECKED, vesna)
    for target in (PREPARING, WITHDRAWN):
        with pytest.raises(Invalid, match="say why"):
            move(signatory, target, vesna, reason="  ")
    assert move(signatory, WITHDRAWN, vesna, reason="The board voted no.").reason
    with pytest.raises(OutOfTurn) as refusal:
        move(signatory, PREPARING, vesna)
    assert refusal.value.possible == []


def test_who_withdrew_is_invited_again_by_the_city_only(signatory, vesna, maja):
    move(signatory, WITHDRAWN, vesna, reason="Not now.")
    with pytest.raises(OutOfTurn):
        move(signatory, INVITED, vesna)
    move(signatory, INVITED, maja)
    assert signatory.status is INVITED
    kinds = db.session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds == [EventKind.SIGNATORY_MOVED, EventKind.SIGNATORY_INVITED]


def test_a_click_on_an_old_screen_is_refused_and_a_double_click_makes_one_step(signatory, vesna):
    seen = last(signatory)
    first = move(signatory, PREPARING, vesna)
    assert move(signatory, PREPARING, vesna, seen=seen).id == first.id
    with pytest.raises(Outdated):
        move(signatory, CHECKED, vesna, seen=seen)
    assert len(ledger(signatory)) == 2


def test_nothing_is_signed_before_there_is_a_manifest(signatory, vesna):
    with pytest.raises(Invalid, match="Nothing is frozen"):
        sign(signatory, vesna, None)


def test_exactly_the_manifest_that_was_seen_is_signed(signatory, vesna):
    seen = builders.manifest()
    builders.manifest()
    with pytest.raises(Outdated):
        sign(signatory, vesna, seen)
    assert signatory.status is INVITED


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        ({"representative": ""}, "who signs"),
        ({"promises": []}, "commits to"),
    ],
)
def test_a_signature_says_who_and_to_what(utility, vesna, lacks, message):
    what = {"promises": ["No more coal."], "representative": "Vesna Oblak"} | lacks
    signatory = builders.signatory(utility, **what)
    with pytest.raises(Invalid, match=message):
        sign(signatory, vesna, builders.manifest())


def test_the_city_signs_for_another_only_with_his_letter_and_not_in_the_future(signatory, maja):
    manifest = builders.manifest()
    with pytest.raises(Invalid, match="upload the signed letter"):
        sign(signatory, maja, manifest)
    beside = letter(signatory, maja)
    assert (beside.from_status, beside.to_status) == (INVITED, INVITED)
    tomorrow = builders.today() + timedelta(days=2)
    with pytest.raises(Invalid, match="future"):
        sign(signatory, maja, manifest, on=tomorrow)
    monday = builders.today() - timedelta(days=7)
    entry = sign(signatory, maja, manifest, on=monday)
    assert (entry.letter_key, entry.by_id) == (beside.letter_key, maja.id)
    assert signatory.signed_on == monday


def test_a_delegate_signs_today_whatever_day_he_names(signatory, vesna):
    long_ago = builders.today() - timedelta(days=400)
    sign(signatory, vesna, builders.manifest(), on=long_ago)
    assert signatory.signed_on == builders.today()


def test_a_signature_on_an_earlier_manifest_is_shown_as_such_and_renewed(signatory, vesna, maja):
    first = builders.manifest()
    sign(signatory, vesna, first)
    assert signing.held(SIGNED, signatory.manifest_id, first.id) is Hold.CURRENT
    second = builders.manifest()
    assert signing.held(SIGNED, signatory.manifest_id, second.id) is Hold.EARLIER
    entry = sign(signatory, vesna, second)
    assert (entry.from_status, entry.to_status, entry.manifest_id) == (SIGNED, SIGNED, second.id)
    assert signatory.manifest_id == second.id


def taken_up_again(contract, by, verb=iterations.begin_addendum):
    """The contract is worked on again: a section that its manifest lists is open."""
    section = builders.approved(contract=contract)
    db.session.expire_all()
    with transaction():
        verb(contract, [section], by=by, reason="A sum is wrong.")


@pytest.mark.parametrize("verb", [iterations.begin_addendum, iterations.begin])
def test_what_is_in_force_is_signed_also_while_the_next_state_is_written(
    signatory, vesna, maja, verb
):
    first, contract = builders.manifest(), builders.the_contract()
    another = builders.signatory(
        builders.organisation("Bank"), promises=["A loan."], representative="Ivo Kos"
    )
    sign(signatory, vesna, first)
    taken_up_again(contract, maja, verb)
    assert contract.frozen is None
    partner = builders.person(organisation=another.organisation, mandate=Mandate.DELEGATE)
    assert sign(another, partner, first).manifest_id == first.id
    page = pages.page(contract, another, partner)
    assert (page.hold, page.in_force.number, page.reworked) == (Hold.CURRENT, 1, True)
    second = builders.manifest()
    assert pages.page(contract, another, partner).hold is Hold.EARLIER
    with pytest.raises(Outdated):
        sign(signatory, vesna, first)
    assert sign(signatory, vesna, second).manifest_id == second.id


def test_what_nobody_relied_on_is_not_signed_once_its_freeze_is_lifted(signatory, vesna, maja):
    first = builders.manifest()
    with transaction():
        freezing.lift(builders.the_contract(), by=maja, reason="A sum is wrong.")
    with pytest.raises(Outdated):
        sign(signatory, vesna, first)


def test_a_letter_for_an_earlier_manifest_renews_nothing_in_the_hands_of_the_city(signatory, maja):
    letter(signatory, maja)
    sign(signatory, maja, builders.manifest())
    second = builders.manifest()
    with pytest.raises(Invalid, match="earlier state"):
        sign(signatory, maja, second)
    letter(signatory, maja, PDF.replace(b"A letter", b"Another letter"))
    assert sign(signatory, maja, second).manifest_id == second.id


def test_a_letter_that_was_laid_beside_a_signature_renews_nothing_in_the_hands_of_the_city(
    signatory, vesna, maja
):
    sign(signatory, vesna, builders.manifest())
    letter(signatory, vesna)
    second = builders.manifest()
    with pytest.raises(Invalid, match="earlier state"):
        sign(signatory, maja, second)
    assert sign(signatory, vesna, second).manifest_id == second.id


def test_what_is_signed_changes_only_after_it_was_taken_back(signatory, vesna):
    sign(signatory, vesna, builders.manifest())
    [promise] = signatory.commitments
    with pytest.raises(Invalid, match="does not change"), transaction():
        commitments.change(promise, Promise("Less coal.", Tier.BASIS), by=vesna, seen=promise.lock)
    with pytest.raises(Invalid, match="does not change"), transaction():
        commitments.add(signatory, Promise("More.", Tier.BASIS), by=vesna)
    with pytest.raises(Invalid, match="does not change"), transaction():
        commitments.remove(promise, by=vesna)
    with pytest.raises(Invalid, match="does not change"), transaction():
        signatories.describe(
            signatory,
            by=vesna,
            seen=signatory.lock,
            representative="Somebody else",
            office="",
            may_publish=True,
        )
    move(signatory, PREPARING, vesna, reason="We can do more.")
    assert (signatory.manifest_id, signatory.signed_on) == (None, None)
    with transaction():
        commitments.change(
            promise, Promise("No coal, no gas.", Tier.BASIS), by=vesna, seen=promise.lock
        )
    assert ledger(signatory)[-2].content["commitments"][0]["text"] == "No more coal."


def test_consent_is_given_and_taken_back_also_after_the_signature(signatory, vesna):
    sign(signatory, vesna, builders.manifest())
    [promise] = signatory.commitments
    for may in (True, False):
        with transaction():
            signatories.describe(
                signatory,
                by=vesna,
                seen=signatory.lock,
                representative=signatory.representative,
                office=signatory.office,
                may_publish=may,
            )
            said = Promise(promise.text, promise.tier, may_publish=may)
            commitments.change(promise, said, by=vesna, seen=promise.lock)
        assert (signatory.may_publish, promise.may_publish) == (may, may)


def test_two_who_describe_it_at_once_do_not_overwrite_each_other(signatory, vesna, maja):
    seen = signatory.lock
    what = {"office": "", "may_publish": False, "seen": seen}
    with transaction():
        signatories.describe(signatory, by=vesna, representative="Ana", **what)
    with pytest.raises(Outdated), transaction():
        signatories.describe(signatory, by=maja, representative="Bor", **what)
    [promise] = signatory.commitments
    seen = promise.lock
    with transaction():
        commitments.change(promise, Promise("A", Tier.BASIS), by=vesna, seen=seen)
    with pytest.raises(Outdated), transaction():
        commitments.change(promise, Promise("B", Tier.BASIS), by=maja, seen=seen)


def test_saving_the_same_words_twice_from_one_screen_does_no_harm(signatory, vesna):
    [promise] = signatory.commitments
    lock, seen = signatory.lock, promise.lock
    for _click in range(2):
        with transaction():
            signatories.describe(
                signatory,
                by=vesna,
                seen=lock,
                representative="Ana Kos",
                office="",
                may_publish=True,
            )
            commitments.change(promise, Promise("Trees.", Tier.BASIS), by=vesna, seen=seen)
    assert (signatory.representative, promise.text) == ("Ana Kos", "Trees.")


def test_a_letter_from_before_the_organisation_withdrew_is_void(signatory, vesna, maja):
    letter(signatory, maja)
    manifest = builders.manifest()
    sign(signatory, maja, manifest)
    move(signatory, WITHDRAWN, vesna, reason="We cannot keep it.")
    move(signatory, INVITED, maja)
    with pytest.raises(Invalid, match="upload the new one"):
        sign(signatory, maja, manifest)
    letter(signatory, maja, PDF.replace(b"A letter", b"Another letter"))
    assert sign(signatory, maja, manifest).manifest_id == manifest.id


def test_the_same_promise_twice_is_one(signatory, vesna):
    for _click in range(2):
        with transaction():
            commitments.add(signatory, Promise(" Trees. ", Tier.BASIS), by=vesna)
    assert [one.text for one in signatory.commitments] == ["No more coal.", "Trees."]


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"tonnes_per_year": -1.0}, "tonnes_per_year"),
        ({"tonnes_per_year": float("nan")}, "tonnes_per_year"),
        ({"investment_eur": 1e12}, "investment_eur"),
        ({"by_year": 1830}, "by_year"),
    ],
)
def test_what_cannot_be_promised_is_refused_beside_its_field(signatory, vesna, what, name):
    with pytest.raises(Invalid) as refusal, transaction():
        commitments.add(
            signatory, Promise(**{"text": "Trees.", "tier": Tier.BASIS} | what), by=vesna
        )
    assert refusal.value.name == name


def test_the_database_itself_refuses_to_rewrite_a_step(signatory, vesna):
    sign(signatory, vesna, builders.manifest())
    with pytest.raises(Exception, match="evidence"), transaction():
        db.session.execute(text("UPDATE signatory_entry SET content = NULL"))


def at_once(app, *verbs) -> list:
    """What comes of the verbs when they are done at the same instant: what they return, or their refusals' types."""
    start, outcomes = Barrier(len(verbs)), []

    def work(verb) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    outcomes.append(verb())
            except Refusal as refusal:
                outcomes.append(type(refusal))

    workers = [Thread(target=work, args=(verb,)) for verb in verbs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return outcomes


@pytest.mark.both_databases
def test_two_delegates_at_the_same_instant_make_one_signature(app, signatory, utility, vesna):
    manifest = builders.manifest()
    other = builders.person(organisation=utility, mandate=Mandate.SUBSTITUTE)
    ids, people, seen = signatory.id, (vesna.id, other.id), last(signatory)
    sha256 = manifest.sha256
    db.session.rollback()

    def signing_as(person_id):
        return lambda: (
            signatures.sign(
                db.session.get(Signatory, ids),
                by=db.session.get(Person, person_id),
                seen=seen,
                sha256=sha256,
            ).id
        )

    one, same = at_once(app, *map(signing_as, people))
    assert one == same
    assert [one.to_status for one in ledger(signatory)] == [INVITED, SIGNED]
    assert db.session.query(Event).count() == 1


@pytest.mark.both_databases
def test_a_signature_that_races_a_lifted_freeze_stands_or_is_refused(app, signatory, vesna, maja):
    manifest, city_id = builders.manifest(), maja.id
    ids, person_id, contract_id = signatory.id, vesna.id, signatory.contract_id
    sha256, seen = manifest.sha256, last(signatory)
    db.session.rollback()

    def lift():
        contract, by = db.session.get(Contract, contract_id), db.session.get(Person, city_id)
        freezing.lift(contract, by=by, reason="A figure is wrong.")
        return "lifted"

    def sign_it():
        signatures.sign(
            db.session.get(Signatory, ids),
            by=db.session.get(Person, person_id),
            seen=seen,
            sha256=sha256,
        )
        return "signed"

    outcomes = at_once(app, lift, sign_it)
    db.session.expire_all()
    frozen_id = db.session.get(Contract, contract_id).frozen_id
    if "signed" in outcomes:
        assert outcomes.count(Bound) == 1
        assert frozen_id == signatory.manifest_id == manifest.id
        assert ledger(signatory)[-1].sha256 == sha256
    else:
        assert outcomes.count("lifted") == outcomes.count(Outdated) == 1
        assert (frozen_id, signatory.status, len(ledger(signatory))) == (None, INVITED, 1)


@pytest.mark.both_databases
def test_an_organisation_invited_by_two_at_the_same_instant_is_there_once(app, maja, utility):
    organisation_id, person_id = utility.id, maja.id
    db.session.rollback()

    def inviting():
        organisation = db.session.get(Organisation, organisation_id)
        contract = db.session.get(Contract, organisation.contract_id)
        by = db.session.get(Person, person_id)
        return signatories.invite(contract, organisation, by=by).id

    one, same = at_once(app, inviting, inviting)
    assert one == same
    assert db.session.query(SignatoryEntry).count() == 1
