"""A delegate goes from the invitation to the signature on a phone, and renews it after reading what changed."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_main_journey import sign_in
from workflow.db import db, transaction
from workflow.models import Contract, Manifest, Person, Section, Signatory
from workflow.rules.vocabulary import Role, SignatoryStatus, Stage
from workflow.services import freezing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

HOME = "/c/mesto"
INVITED = "Heat utility\tDora Delegate\tdora@example.org\nBike network"


@pytest.fixture
def town(ctx):
    contract = builders.contract("mesto")
    maja = builders.person(Role.COORDINATOR, name="Maja Coordinator", contract=contract)
    builders.approved("A-1", contract=contract, markdown="Heat comes from coal.")
    dora = builders.person(None, name="Dora Delegate", email="dora@example.org")
    return {"maja": maja.email, "dora": dora.email, "contract": contract.id}


def frozen(town) -> Manifest:
    with transaction():
        contract = db.session.get(Contract, town["contract"])
        by = db.session.query(Person).filter_by(email=town["maja"]).one()
        return freezing.freeze(contract, by=by)


def test_from_the_invitation_to_a_renewed_signature(town, live_server, visitors, tmp_path):
    url = live_server.url

    # The coordinator pastes two lines, looks through them, and confirms.
    maja = sign_in(visitors.new(), url, town["maja"])
    maja.goto(f"{url}{HOME}/signatories")
    maja.get_by_role("link", name="Invite the first ones").click()
    maja.get_by_label("Paste organisations").fill(INVITED)
    maja.get_by_role("button", name="Show what becomes of it").click()
    expect(maja.get_by_text("2 organisations would be asked to sign.")).to_be_visible()
    maja.get_by_role("button", name="Take 2 rows").click()
    expect(maja.get_by_text("2 organisations are asked to sign.")).to_be_visible()

    # The delegate finds on a phone what waits, and prepares it before anything is frozen.
    dora = sign_in(visitors.new(width=390, has_touch=True), url, town["dora"])
    dora.goto(url + HOME)
    dora.get_by_role("link", name="Prepare the signature of Heat utility").click()
    dora.get_by_role("link", name="Prepare the signature").click()
    dora.get_by_label("The commitment").fill("No more coal.")
    dora.get_by_label("Tonnes of CO₂e saved a year").fill("3.100")
    dora.get_by_role("button", name="Write it down").click()
    expect(dora.get_by_role("link", name="Is this 3.1, or 3,100?")).to_be_visible()
    expect(dora.get_by_label("The commitment")).to_have_value("No more coal.")
    dora.get_by_label("Tonnes of CO₂e saved a year").fill("3100")
    dora.get_by_role("button", name="Write it down").click()
    expect(dora.get_by_text("3,100 t CO₂e")).to_be_visible()
    dora.get_by_role("link", name="Next: who signs").click()
    dora.get_by_label("Name of the person who signs").fill("Dora Delegate")
    dora.get_by_role("button", name="Next: the letter").click()
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"%PDF-1.7\nWe sign.\n%%EOF\n")
    dora.get_by_label("The signed letter").set_input_files(letter)
    dora.get_by_role("button", name="Upload the letter").click()
    expect(dora.get_by_text("It cannot be signed yet.")).to_be_visible()

    # The contract is frozen: now it can be signed, and is.
    frozen(town)
    dora.reload()
    dora.get_by_label("I sign in the name of my organisation.").check()
    dora.get_by_role("button", name="Sign", exact=True).click()
    expect(dora.get_by_text("Heat utility has signed.")).to_be_visible()
    expect(dora.get_by_text("on manifest 1, which is in force")).to_be_visible()
    with dora.expect_download() as saved:
        dora.get_by_role("link", name="Letter.pdf").click()
    assert saved.value.suggested_filename == "Letter.pdf"

    # The city sees who signed; a later state is in force; one look and one click renew the signature.
    maja.goto(f"{url}{HOME}/signatories")
    expect(maja.get_by_text("1 of 2 have signed")).to_be_visible()
    later(town)
    dora.goto(url + HOME)
    dora.get_by_role("link", name="Renew the signature of Heat utility").click()
    expect(dora.get_by_role("link", name="A-1 Section A-1")).to_be_visible()
    dora.get_by_role("button", name="Renew the signature").click()
    expect(dora.get_by_text("on manifest 2, which is in force")).to_be_visible()
    signed = db.session.query(Signatory).filter_by(status=SignatoryStatus.SIGNED).one()
    assert db.session.get(Manifest, signed.manifest_id).number == 2


def later(town) -> None:
    """Another text is approved, and another manifest comes into force."""
    with transaction():
        contract = db.session.get(Contract, town["contract"])
        section = db.session.query(Section).one()
        builders.revision(section, "No more coal.")
        assert section.stage is Stage.APPROVED
        builders.manifest(contract)
