"""The list of signatories: who finds what, what the sums count, and that it costs the same however many there are."""

import csv
import io
from datetime import timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Commitment, Organisation, Signatory, SignatoryEntry
from workflow.queries import signatories, signatory, tasks
from workflow.rules.signing import Hold
from workflow.rules.vocabulary import (
    Mandate,
    OrganisationKind,
    Role,
    SignatoryStatus,
    Tier,
)

INVITED, PREPARING, CHECKED, SIGNED, WITHDRAWN = SignatoryStatus


@pytest.fixture
def town(asked):
    contract = builders.contract("town")
    maja = builders.person(Role.COORDINATOR, name="Maja")
    first = builders.manifest(contract)
    heat = builders.organisation("Heat utility", kind=OrganisationKind.CITY_COMPANY)
    bikes = builders.organisation("Bike network", kind=OrganisationKind.NGO, sectors=["transport"])
    bank = builders.organisation("Žabja banka", kind=OrganisationKind.FINANCE)
    one = builders.signatory(
        heat, status=SIGNED, manifest=first, representative="Vesna Oblak", office="Director"
    )
    other = builders.signatory(bikes, status=PREPARING, due_on=builders.today())
    builders.signatory(bank, status=WITHDRAWN)
    promise(one, "No more coal.", tier=Tier.PREMIUM, tonnes=3100.0, euros=1e6, may_publish=True)
    promise(one, "A secret 100 % plan.", tier=Tier.BASIS, tonnes=900.0)
    promise(other, "Safe ways to school.", tier=Tier.BASIS, euros=30_000.0, sector="buildings")
    return {
        "contract": contract,
        "maja": maja,
        "vesna": builders.person(organisation=heat, mandate=Mandate.DELEGATE),
        "outsider": builders.person(Role.OBSERVER),
        "heat": one,
        "bikes": other,
    }


def promise(of, text, *, tier, tonnes=None, euros=None, sector=None, may_publish=False):
    return builders.keep(
        Commitment(
            signatory=of,
            text=text,
            tier=tier,
            tonnes_per_year=tonnes,
            investment_eur=euros,
            sector=builders.sector(sector) if sector else None,
            may_publish=may_publish,
        )
    )


def page(town, reader="maja", **wanted):
    return signatories.page(town["contract"], town[reader], wanted)


def names(town, reader="maja", **wanted) -> list[str]:
    return [line.name for line in page(town, reader, **wanted).lines]


def test_the_city_sees_everything_with_sums(town):
    shown = page(town)
    assert [line.name for line in shown.lines] == ["Bike network", "Heat utility", "Žabja banka"]
    assert (shown.sums.signatories, shown.sums.promises) == (3, 3)
    assert (shown.sums.tonnes, shown.sums.euros) == (4000.0, 1_030_000.0)
    assert {value: count for value, _word, count, _on in shown.statuses if count} == {
        "in_preparation": 1,
        "signed": 1,
        "withdrawn": 1,
    }
    assert shown.keeps and shown.in_force == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"status": "signed"}, ["Heat utility"]),
        ({"status": "earlier"}, []),
        ({"tier": "premium"}, ["Heat utility"]),
        ({"tier": "basis"}, ["Bike network", "Heat utility"]),
        ({"kind": "ngo"}, ["Bike network"]),
        ({"sector": "transport"}, ["Bike network"]),
        ({"sector": "buildings"}, ["Bike network"]),
        ({"q": "utility heat"}, ["Heat utility"]),
        ({"q": "school"}, ["Bike network"]),
        ({"q": "100 %"}, ["Heat utility"]),
        ({"q": "_"}, []),
        ({"q": "SECRET", "status": "in_preparation"}, []),
        ({"kind": "galaxy", "tier": "x", "sector": "y"}, None),
    ],
)
def test_the_list_shows_what_was_asked_for(town, wanted, found):
    if wanted.get("sector") in ("transport", "buildings"):
        wanted = {"sector": str(builders.sector(wanted["sector"]).id)}
    everybody = ["Bike network", "Heat utility", "Žabja banka"]
    assert names(town, **wanted) == (everybody if found is None else found)


def test_sums_follow_the_filter(town):
    shown = page(town, status="signed")
    assert (shown.sums.signatories, shown.sums.tonnes) == (1, 4000.0)
    assert shown.total.signatories == 3


def test_who_signed_an_earlier_state_is_found(town):
    builders.manifest(town["contract"])
    [line] = page(town, status="earlier").lines
    assert (line.name, line.hold, line.manifest) == ("Heat utility", Hold.EARLIER, 1)


def test_others_count_and_find_only_what_may_be_published(town):
    shown = page(town, "outsider")
    assert (shown.sums.promises, shown.sums.tonnes, shown.whole) == (1, 3100.0, False)
    assert names(town, "outsider", q="secret") == []
    assert names(town, "outsider", tier="basis") == []
    assert page(town, "vesna").sums.tonnes == 4000.0
    assert names(town, "vesna", q="secret") == ["Heat utility"]


def test_one_page_keeps_from_others_what_is_not_for_publication(town):
    def seen(reader):
        return signatory.page(town["contract"], town["heat"], town[reader])

    for reader in ("maja", "vesna"):
        assert seen(reader).representative == "Vesna Oblak"
        assert len(seen(reader).promises) == 2
        assert seen(reader).record
    strange = seen("outsider")
    assert (strange.representative, strange.office, strange.record) == ("", "", [])
    assert [one.text for one in strange.promises] == ["No more coal."]
    assert not strange.acts
    town["heat"].may_publish = True
    db.session.commit()
    assert seen("outsider").office == "Director"


def test_what_changed_between_two_manifests_is_told_by_section(town):
    section = builders.approved("A-1", contract=town["contract"])
    builders.approved("A-2", contract=town["contract"])
    old = builders.manifest(town["contract"])
    before = section.current
    builders.revision(section, "No more coal.")
    new = builders.manifest(town["contract"])
    [change] = signatory.changes(old, new)
    assert (change.code, change.old, change.new) == (
        "A-1",
        before.number,
        section.current.number,
    )


@pytest.mark.parametrize(
    ("status", "frozen", "text"),
    [
        (INVITED, False, "Prepare the signature of Heat utility"),
        (CHECKED, True, "Sign the contract for Heat utility"),
        (WITHDRAWN, True, None),
    ],
)
def test_a_signature_waits_for_whoever_speaks_for_the_organisation(asked, status, frozen, text):
    contract = builders.contract("town")
    heat = builders.organisation("Heat utility")
    due = builders.today() - timedelta(days=1)
    builders.signatory(heat, status=status, due_on=due)
    if frozen:
        builders.manifest(contract)
    delegate = builders.person(organisation=heat, mandate=Mandate.DELEGATE)
    found = tasks.waiting(contract, delegate, [])
    assert [(task.text, task.overdue) for task in found] == ([(text, True)] if text else [])
    member = builders.person(organisation=heat)
    assert tasks.waiting(contract, member, []) == []


def test_a_signature_on_an_earlier_state_waits_to_be_renewed(town):
    assert tasks.waiting(town["contract"], town["vesna"], []) == []
    builders.manifest(town["contract"])
    [task] = tasks.waiting(town["contract"], town["vesna"], [])
    assert task.text == "Renew the signature of Heat utility"
    assert task.url.endswith("/sign")


def rows(client, reader, **query) -> list[dict]:
    answer = builders.sign_in(client, reader).get("/c/town/signatories.csv", query_string=query)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.get_data(as_text=True).lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_a_line_for_each_commitment_that_the_reader_may_read(client, town):
    whole = rows(client, town["maja"])
    assert [(row["Organisation"], row["Commitment"]) for row in whole] == [
        ("Bike network", "Safe ways to school."),
        ("Heat utility", "No more coal."),
        ("Heat utility", "A secret 100 % plan."),
        ("Žabja banka", ""),
    ]
    assert whole[1]["Tonnes of CO₂e saved a year"] == "3100"
    assert whole[1]["Name of the person who signs"] == "Vesna Oblak"
    part = rows(client, town["outsider"], status="signed")
    assert [row["Commitment"] for row in part] == ["No more coal."]
    assert part[0]["Name of the person who signs"] == ""


def test_the_pages_cost_the_same_with_hundreds_of_signatories(client, town):
    addresses = (
        "/c/town/signatories",
        "/c/town/signatories?tier=basis&q=school&status=signed",
        f"/c/town/signatories/{town['heat'].id}",
        f"/c/town/signatories/{town['heat'].id}/sign",
        f"/c/town/signatories/{town['heat'].id}/commitments",
        "/c/town/",
    )

    def costs():
        found = {}
        for reader in ("maja", "vesna"):
            builders.sign_in(client, town[reader])
            for address in addresses:
                if reader == "maja" and address.endswith("commitments"):
                    continue
                with counted(client.application) as asked:
                    assert client.get(address).status_code == 200, address
                found[reader, address] = len(asked)
        return found

    costs()
    few = costs()
    with transaction():
        for number in range(230):
            organisation = Organisation(
                contract_id=town["contract"].id,
                name=f"Org {number}",
                kind=OrganisationKind.BUSINESS,
                sectors=[builders.sector("energy")],
            )
            made = Signatory(
                contract_id=town["contract"].id,
                organisation=organisation,
                status=list(SignatoryStatus)[number % 3],
                commitments=[Commitment(text="Less school.", tier=Tier.BASIS) for _ in range(3)],
                entries=[SignatoryEntry(to_status=INVITED, by=town["maja"], at=clock.now())],
            )
            db.session.add(made)
        for number in range(30):
            promise(town["heat"], f"Promise {number}", tier=Tier.BASIS)
    many = costs()
    assert many == few
    assert max(many.values()) <= 8, many
    assert client.get("/c/town/signatories?page=5").status_code == 200
