"""Letters about signatures: who is asked and what to do, who signed what, why somebody withdrew, what is late."""

from datetime import date, timedelta

import pytest

from tasks import reminders
from tests import builders
from tests.mail.conftest import MONDAY
from workflow.db import db, transaction
from workflow.models import Organisation, Person, Signatory
from workflow.rules.vocabulary import Mandate, Rhythm, Role, SignatoryStatus, Tier
from workflow.services import (
    commitments,
    freezing,
    signatories,
    signatory_sheets,
    signatures,
)
from workflow.services.commitments import Promise

SOON = MONDAY + timedelta(minutes=2)
DUE = date(2026, 12, 7)


@pytest.fixture
def contract(travel):
    contract = builders.contract("ljubljana")
    for name in ("Maja", "Mitja"):
        builders.person(
            Role.COORDINATOR,
            name=f"{name} Hribar",
            email=f"{name}@example.org".lower(),
            rhythm=Rhythm.IMMEDIATE,
        )
    heat = builders.organisation("Heat utility")
    builders.person(
        organisation=heat, mandate=Mandate.DELEGATE, name="Vesna Oblak", email="vesna@example.org"
    )
    builders.person(
        organisation=heat,
        mandate=Mandate.SUBSTITUTE,
        name="Bor Zver",
        email="bor@example.org",
        language="sl",
    )
    return contract


def one(name: str) -> Person:
    return db.session.query(Person).filter(Person.name.startswith(name)).one()


@pytest.fixture
def signatory(contract) -> Signatory:
    heat = db.session.query(Organisation).one()
    with transaction():
        return signatories.invite(contract, heat, by=one("Maja"), due_on=DUE)


@pytest.fixture
def signed(signatory) -> Signatory:
    with transaction():
        commitments.add(signatory, Promise("No more coal.", Tier.PREMIUM), by=one("Maja"))
        signatories.describe(
            signatory,
            by=one("Maja"),
            seen=signatory.lock,
            representative="Vesna Oblak",
            office="Director",
            may_publish=True,
        )
    manifest = builders.manifest()
    with transaction():
        signatures.sign(
            signatory,
            by=one("Vesna"),
            seen=signatories.latest(signatory).id,
            sha256=manifest.sha256,
        )
    return signatory


def test_who_speaks_for_an_organisation_is_told_what_to_do_and_by_when(
    signatory, post, smtp_sink, as_kept
):
    post(SOON)
    as_kept("signatory-invited", *smtp_sink.to("vesna@example.org"))
    as_kept("signatory-invited-sl", *smtp_sink.to("bor@example.org"))
    assert smtp_sink.to("mitja@example.org") == []


def test_the_city_hears_who_signed_exactly_what(signed, post, smtp_sink, as_kept):
    post(SOON)
    [letter] = smtp_sink.to("mitja@example.org")
    as_kept("signatory-signed", letter)
    assert smtp_sink.to("vesna@example.org") != smtp_sink.to("bor@example.org")


def test_who_withdraws_is_heard_with_the_reason(signed, travel, post, smtp_sink, as_kept):
    post(SOON)
    travel(MONDAY + timedelta(hours=1))
    with transaction():
        signatories.move(
            signed,
            SignatoryStatus.WITHDRAWN,
            by=one("Vesna"),
            seen=signatories.latest(signed).id,
            reason="The board voted no on 23 November.",
        )
    post(MONDAY + timedelta(hours=1, minutes=2))
    as_kept("signatory-withdrawn", smtp_sink.to("mitja@example.org")[-1])


def remind(travel, post, day: date) -> None:
    """The reminders of that day are given before the hour at which people want their letters."""
    night = MONDAY.replace(month=day.month, day=day.day, hour=4)
    travel(night)
    reminders.give()
    post(night)
    travel(night + timedelta(hours=3))
    post(night + timedelta(hours=3))


def test_a_late_signature_is_reminded_of_from_the_delegate_up_to_the_city(
    signatory, travel, post, smtp_sink, as_kept
):
    post(SOON)
    smtp_sink.clear()
    remind(travel, post, DUE - timedelta(days=3))
    as_kept("signature-awaited", *smtp_sink.to("vesna@example.org"))
    assert smtp_sink.to("bor@example.org") == smtp_sink.to("mitja@example.org") == []
    remind(travel, post, DUE + timedelta(days=1))
    assert len(smtp_sink.to("bor@example.org")) == 1
    assert smtp_sink.to("mitja@example.org") == []
    remind(travel, post, DUE + timedelta(days=7))
    assert len(smtp_sink.to("mitja@example.org")) == 1


def test_who_has_signed_is_reminded_only_of_a_later_state(signed, travel, post, smtp_sink):
    post(SOON)
    smtp_sink.clear()
    remind(travel, post, DUE - timedelta(days=3))
    assert smtp_sink.to("vesna@example.org") == []
    builders.manifest()
    remind(travel, post, DUE + timedelta(days=1))
    assert len(smtp_sink.to("vesna@example.org")) == 1


def test_an_invitation_by_the_sheet_says_what_is_asked(contract, post, smtp_sink, as_kept):
    pasted = "Bike network; Ana Kos; ana@example.org"
    with transaction():
        sheet = signatory_sheets.bring(contract, by=one("Maja"), pasted=pasted)
    with transaction():
        signatory_sheets.confirm(sheet, by=one("Maja"))
    post(SOON)
    as_kept("invitation-to-sign", *smtp_sink.to("ana@example.org"))


def test_who_is_to_sign_hears_at_once_that_it_can_be_signed(
    signatory, travel, post, smtp_sink, as_kept
):
    builders.approved("A-1", markdown="Heat comes from coal.")
    post(SOON)
    smtp_sink.clear()
    travel(MONDAY + timedelta(hours=1))
    with transaction():
        freezing.freeze(signatory.contract, by=one("Maja"))
    post(MONDAY + timedelta(hours=1, minutes=2))
    [letter] = smtp_sink.to("vesna@example.org")
    as_kept("can-be-signed", letter)
    assert (
        "signatories" not in smtp_sink.to("mitja@example.org")[0].get_body(("plain",)).get_content()
    )
