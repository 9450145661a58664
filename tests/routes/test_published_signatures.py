"""What of the signatories leaves the house: on the public pages and as data, only what may be published."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import storage
from workflow.db import db
from workflow.models import Commitment
from workflow.rules.vocabulary import Mandate, OrganisationKind, SignatoryStatus, Stage, Tier

PUBLIC = "/public/ljubljana/signatories"
DATA = "/api/contracts/ljubljana/signatories"
PDF = b"%PDF-1.7\nA letter.\n%%EOF\n"


@pytest.fixture
def town(city, anew):
    """A contract with a public round; one has signed and publishes, one has signed and does not, one is on its way."""
    contract = builders.the_contract()
    builders.opened_to_all(builders.section(contract=contract, stage=Stage.CONSULTATION))
    manifest = builders.manifest(contract)
    heat = builders.organisation("Heat utility", kind=OrganisationKind.CITY_COMPANY)
    shown = builders.signatory(
        heat,
        status=SignatoryStatus.SIGNED,
        manifest=manifest,
        representative="Vesna Oblak",
        office="Director",
        may_publish=True,
        letter_key=storage.keep(PDF),
        letter_name="Pismo.pdf",
    )
    kept = builders.signatory(
        builders.organisation("Quiet bank"),
        status=SignatoryStatus.SIGNED,
        manifest=manifest,
        representative="Bor Zver",
        letter_key=storage.keep(PDF),
        letter_name="Pismo.pdf",
    )
    builders.signatory(builders.organisation("Not yet"), promises=["Soon."])
    for signatory, text, may_publish in (
        (shown, "No more coal.", True),
        (shown, "A secret plan.", False),
        (kept, "A quiet plan.", False),
    ):
        builders.keep(
            Commitment(
                signatory=signatory,
                text=text,
                tier=Tier.PREMIUM,
                tonnes_per_year=1000.0,
                may_publish=may_publish,
            )
        )
    return {
        "shown": shown,
        "kept": kept,
        "manifest": manifest,
        "vesna": builders.person(organisation=heat, mandate=Mandate.DELEGATE),
    }


def test_everybody_reads_who_signed_and_only_what_may_be_published(client, town):
    assert "2 organisations have signed the contract" in client.get("/public/ljubljana").text
    page = client.get(PUBLIC).text
    for words in ("Heat utility", "No more coal.", "Vesna Oblak", "Director", "Quiet bank"):
        assert words in page, words
    for words in ("A secret plan.", "A quiet plan.", "Bor Zver", "Not yet", "Soon."):
        assert words not in page, words
    assert "1,000 t CO₂e" in page
    assert town["manifest"].sha256[:16] in page


def test_the_search_of_everybody_finds_nothing_that_is_not_published(client, town):
    assert "Heat utility" in client.get(f"{PUBLIC}?q=coal").text
    for words in ("secret", "quiet plan", "%"):
        assert "No signatory fits" in client.get(PUBLIC, query_string={"q": words}).text


def test_consent_taken_back_takes_it_from_the_page_at_once(client, town):
    town["shown"].may_publish = False
    town["shown"].commitments[0].may_publish = False
    db.session.commit()
    page = client.get(PUBLIC).text
    assert "Vesna Oblak" not in page and "No more coal." not in page
    assert client.get(f"{PUBLIC}/{town['shown'].id}/letter").status_code == 404


def test_a_published_letter_is_saved_and_a_kept_one_is_not_there(client, town):
    answer = client.get(f"{PUBLIC}/{town['shown'].id}/letter")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{PUBLIC}/{town['kept'].id}/letter").status_code == 404


def test_a_contract_that_was_never_public_shows_no_signatories(client, town):
    builders.signatory(
        builders.organisation(contract=builders.contract("kranj")),
        status=SignatoryStatus.SIGNED,
        manifest=town["manifest"],
    )
    assert client.get("/public/kranj/signatories").status_code == 404
    assert client.get("/public/nowhere/signatories").status_code == 404


def test_the_data_are_those_of_the_list_for_each_reader(city, town, enter):
    whole = enter(city.coordinator).get(DATA).json
    assert (whole["total"], whole["promises"], whole["tonnes"]) == (3, 4, 3000.0)
    heat = whole["signatories"][0]
    assert heat["organisation"] == "Heat utility"
    assert heat["sha256"] == town["manifest"].sha256
    assert (heat["status"], heat["hold"], heat["representative"]) == (
        "signed",
        "current",
        "Vesna Oblak",
    )
    assert [one["text"] for one in heat["commitments"]] == ["No more coal.", "A secret plan."]
    part = enter(city.observer).get(DATA).json
    said = [one["text"] for line in part["signatories"] for one in line["commitments"]]
    assert (said, part["tonnes"]) == (["No more coal."], 1000.0)
    assert [line["representative"] for line in part["signatories"]] == ["Vesna Oblak", "", ""]
    own = enter(town["vesna"]).get(DATA).json
    assert len(own["signatories"][0]["commitments"]) == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=signed", 2),
        ("tier=premium", 2),
        ("kind=city_company", 1),
        ("q=coal", 1),
        ("page=2", 3),
    ],
)
def test_the_data_are_filtered_as_the_list_is(city, town, enter, query, found):
    assert enter(city.coordinator).get(f"{DATA}?{query}").json["total"] == found


@pytest.mark.parametrize("query", ["status=galaxy", "page=0", "page=x", "tier=1"])
def test_a_question_that_makes_no_sense_is_refused(city, town, enter, query):
    assert enter(city.coordinator).get(f"{DATA}?{query}").status_code == 422


def test_the_data_need_a_member(client, town):
    assert client.get(DATA).status_code == 401


def test_public_page_and_data_cost_the_same_with_many(app, client, city, town, enter):
    def costs() -> tuple[int, int]:
        found = []
        for reader, address in ((client, PUBLIC), (enter(city.coordinator), DATA)):
            with counted(app) as asked:
                assert reader.get(address).status_code == 200
            found.append(len(asked))
        return tuple(found)

    costs()
    few = costs()
    for number in range(60):
        builders.signatory(
            builders.organisation(f"Org {number}"),
            status=SignatoryStatus.SIGNED,
            manifest=town["manifest"],
            promises=["Trees."],
        )
    assert costs() == few
    assert max(few) <= 8
